"""Take declared pay in and let the wage fund move at once, without waiting for the night."""

from datetime import datetime

from agents.models import PayrollUpload
from agents.services.payroll_uploads import read_upload
from billing.services.release_fund import ReleaseCounts, release_company
from billing.services.take_in import first_open_day
from illico_platform.lib.periods import paris_day


def take_pay(*, upload_id: int, now: datetime) -> PayrollUpload:
    """Read a company's payroll file, then settle its fund on what is posted by now; again changes nothing."""
    upload = read_upload(upload_id=upload_id, now=now)
    if upload.state == PayrollUpload.State.DONE:
        release_now(company_id=upload.company_id, now=now)
    return upload


def release_now(*, company_id: int, now: datetime) -> ReleaseCounts:
    """Settle a company's fund at this instant, as the night would. The entries wait for the night's seal."""
    return release_company(company_id=company_id, until=paris_day(now), since=first_open_day(now), now=now)
