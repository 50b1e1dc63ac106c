"""The checks of the night: load what each check speaks of, let the rules find, record. Repairs nothing."""

from datetime import date, datetime
from typing import Any

from billing.services.check_calls import calls_checked
from billing.services.check_chain import chain_checked
from billing.services.check_employers import employers_checked
from billing.services.check_home import home_checked
from billing.services.check_intake import intake_checked
from billing.services.check_ledger import ledger_checked
from billing.services.check_numbers import numbers_checked
from billing.services.check_people import people_checked
from billing.services.check_wage import wage_checked
from billing.services.record_findings import FindingCounts, record_findings
from billing.services.settle_finding import release_of_leavers
from billing.services.take_in import first_open_day


def check_company(*, company_id: int, day: date, since: date, now: datetime) -> FindingCounts:
    """All checks of one company; again changes nothing but when findings were last seen.

    Args:
        company_id: whose rows.
        day: the last day that the night closed; later days are left to later nights.
        since: first day of the open months; older months are not looked at and their findings stay as they are.
        now: when findings that are gone are resolved.
    """
    span: dict[str, Any] = {"company_id": company_id, "day": day, "since": since}
    checked = [
        *calls_checked(**span),
        *wage_checked(**span),
        *people_checked(**span, now=now),
        *home_checked(**span, now=now),
        *ledger_checked(**span, now=now),
        *numbers_checked(**span),
        *intake_checked(company_id=company_id, day=day, now=now),
    ]
    release_of_leavers(company_id=company_id, now=now)
    return record_findings(company_id=company_id, checked=checked, day=day, now=now)


def check_platform(*, day: date, now: datetime) -> FindingCounts:
    """All checks that concern no single company: the chain of the books, what carriers' files left."""
    checked = [
        *chain_checked(since=first_open_day(now)),
        *employers_checked(day=day),
        *intake_checked(company_id=None, day=day, now=now),
    ]
    return record_findings(company_id=None, checked=checked, day=day, now=now)
