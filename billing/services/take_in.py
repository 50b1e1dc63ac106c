"""Take a file in and show its calls judged and priced at once; posting waits for the night."""

from datetime import date, datetime, timedelta
from pathlib import Path

from django.db import transaction

from agents.services.judge import judge_company
from billing.selectors import open_since
from billing.services.rate import rate_company
from illico_platform.lib.periods import paris_day
from numbers.models import CallDay, Source, User
from numbers.services.intake import IntakeReport, run_intake
from numbers.services.take_rechecks import spread_rechecks

OPEN_DAYS = 366  # a claim lapses after one year (L.34-2 CPCE); facts older than that change no price


def take_in(
    *, connector: str, path: Path, source: Source, now: datetime, by: User | None = None, name: str | None = None
) -> IntakeReport:
    """Run the intake, then judge and rate the companies it may have touched.

    Args:
        connector: key of a connector.
        path: the file; ``name`` is what the user calls it when that differs.
        source: the PBX or carrier it comes from.
    Raises:
        UnusableInput: nothing of the file was stored.
    """
    report = run_intake(connector=connector, path=path, source=source, now=now, by=by, name=name)
    show_at_once(source=source, now=now)
    return report


def show_at_once(*, source: Source, now: datetime) -> None:
    """Judge and rate what a source has just brought, for the companies that it may concern."""
    since = first_open_day(now)
    with transaction.atomic():
        spread_rechecks(stage="judge")
        spread_rechecks(stage="rate")
    for company_id in _companies(source):
        judge_company(company_id=company_id, since=since, now=now)
        rate_company(company_id=company_id, since=since, now=now)


def first_open_day(now: datetime) -> date:
    """The first day whose verdicts and prices may still change at this instant."""
    return open_since(earliest=paris_day(now) - timedelta(days=OPEN_DAYS))


def _companies(source: Source) -> list[int]:
    """The companies whose calls a source may bring: its own, or for a carrier all that have calls."""
    if source.company_id:
        return [source.company_id]
    return list(CallDay.objects.order_by().values_list("company_id", flat=True).distinct())
