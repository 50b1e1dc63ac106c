"""Take declared pay in and let the wage fund move at once, without waiting for the night."""

from datetime import datetime
from pathlib import Path

import structlog
from django.db import transaction

from agents.models import PayrollUpload
from agents.services.declare_payroll import PayrollReport, declare_payroll
from agents.services.payroll_uploads import read_upload, start_reading
from billing.services.release_fund import ReleaseCounts, release_company
from billing.services.take_in import first_open_day
from illico_platform.lib.periods import paris_day
from numbers.models import User

log = structlog.get_logger()
FUND_WAITS = "the wage fund could not be settled at once: the night settles it"


def take_pay(*, upload_id: int, now: datetime) -> PayrollUpload:
    """Read a company's payroll file and settle its fund on what is posted by now; again changes nothing.

    Both are seen together: whoever reads that a file is done finds the fund moved.
    """
    start_reading(upload_id=upload_id, now=now)
    with transaction.atomic():
        upload = read_upload(upload_id=upload_id, now=now)
        if upload.state == PayrollUpload.State.DONE:
            upload.outcome["notes"] += _settle([upload.company_id], now)
            upload.save(update_fields=["outcome"])
    return upload


def declare_pay(
    *, connector: str, path: Path, now: datetime, by: User | None = None, name: str | None = None
) -> PayrollReport:
    """Take in a payroll file of any enrolled companies and settle their funds, as for a file from the space.

    Args:
        connector: key of a payroll connector.
        path: the file; ``name`` is what the user calls it when that differs.
    Raises:
        UnusableInput: nothing of the file was stored.
    """
    with transaction.atomic():
        report = declare_payroll(connector=connector, path=path, now=now, by=by, name=name)
        report.notes += _settle(report.companies, now)
    return report


def _settle(companies: list[int], now: datetime) -> list[str]:
    """Settle the funds of these companies; what a person should know of it when one could not be settled."""
    waiting = False
    for company_id in companies:
        try:
            with transaction.atomic():
                release_now(company_id=company_id, now=now)
        except Exception:
            # The pay is in, which is what was asked for; the night settles what could not be settled now.
            log.exception("fund not settled after pay came in", company=company_id)
            waiting = True
    return [FUND_WAITS] if waiting else []


def release_now(*, company_id: int, now: datetime) -> ReleaseCounts:
    """Settle a company's fund at this instant, as the night would. The entries wait for the night's seal."""
    return release_company(company_id=company_id, until=paris_day(now), since=first_open_day(now), now=now)
