"""Take declared pay in and let the wage fund move at once, without waiting for the night."""

from datetime import datetime

import structlog
from django.db import transaction

from agents.models import PayrollUpload
from agents.services.payroll_uploads import read_upload, start_reading
from billing.services.release_fund import ReleaseCounts, release_company
from billing.services.take_in import first_open_day
from illico_platform.lib.periods import paris_day

log = structlog.get_logger()


def take_pay(*, upload_id: int, now: datetime) -> PayrollUpload:
    """Read a company's payroll file and settle its fund on what is posted by now; again changes nothing.

    Both are seen together: whoever reads that a file is done finds the fund moved.
    """
    start_reading(upload_id=upload_id, now=now)
    with transaction.atomic():
        upload = read_upload(upload_id=upload_id, now=now)
        if upload.state == PayrollUpload.State.DONE:
            _settle(upload.company_id, now)
    return upload


def _settle(company_id: int, now: datetime) -> None:
    try:
        with transaction.atomic():
            release_now(company_id=company_id, now=now)
    except Exception:
        # The pay is in, which is what the company asked for; the night settles what could not be settled now.
        log.exception("fund not settled after pay came in", company=company_id)


def release_now(*, company_id: int, now: datetime) -> ReleaseCounts:
    """Settle a company's fund at this instant, as the night would. The entries wait for the night's seal."""
    return release_company(company_id=company_id, until=paris_day(now), since=first_open_day(now), now=now)
