"""The checks of the night: load what each check speaks of, let the rules find, record. Repairs nothing."""

from datetime import date, datetime

from billing.services.check_calls import calls_checked
from billing.services.record_findings import FindingCounts, record_findings


def check_company(*, company_id: int, day: date, since: date, now: datetime) -> FindingCounts:
    """All checks of one company; again changes nothing but when findings were last seen.

    Args:
        company_id: whose rows.
        day: the last day that the night closed; later days are left to later nights.
        since: first day of the open months; older months are not looked at and their findings stay as they are.
        now: when findings that are gone are resolved.
    """
    checked = calls_checked(company_id=company_id, day=day, since=since)
    return record_findings(company_id=company_id, checked=checked, day=day, now=now)


def check_platform(*, day: date, now: datetime) -> FindingCounts:
    """All checks that concern no single company."""
    return record_findings(company_id=None, checked=[], day=day, now=now)
