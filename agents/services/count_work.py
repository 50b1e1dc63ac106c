"""Count the days that agents were signed in to the queues, wherever a log or a correction said something new."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl
from django.db import transaction

from agents.models import WorkDay
from agents.rules.work import work_days
from agents.selectors_work import corrections_of, work_between
from illico_platform.frames import copy_in
from illico_platform.lib.periods import paris_day
from numbers.services.locks import lock_in_transaction
from numbers.services.take_rechecks import RecheckSpan, take_rechecks

ONE_DAY = timedelta(days=1)


@dataclass
class WorkCounts:
    """What counting did: agents' days that stand now in the days that were counted."""

    days: int = 0


def count_work(*, company_id: int, since: date, now: datetime) -> WorkCounts:
    """Count again what the company's notes speak of, in one transaction; without a note it does nothing.

    To be called after judging, which tells whose conversations are the signs of life of a session left open.

    Args:
        company_id: whose agents.
        since: first day of the open months; days before it stay as they were counted.
        now: nothing after its day is counted.
    """
    with transaction.atomic():
        lock_in_transaction("work", company_id)
        days = _days(take_rechecks(stage="work", company_id=company_id), since, paris_day(now))
        if days is None:
            return WorkCounts()
        first, last = days
        found = work_days(
            work_between(company_id=company_id, first=first, last=last), corrections_of(company_id, *days)
        )
        found = found.filter(pl.col("day").is_between(first, last)).with_columns(company_id=pl.lit(company_id))
        WorkDay.objects.filter(company_id=company_id, day__range=days).delete()
        copy_in("agents_workday", found)
    return WorkCounts(found.height)


def _days(spans: list[RecheckSpan], since: date, today: date) -> tuple[date, date] | None:
    """First and last day that the notes speak of, both included; None when there is none to count."""
    if not spans:
        return None
    first = max(since, min(span.since for span in spans))
    last = min(today, max((span.until or today + ONE_DAY) - ONE_DAY for span in spans))
    return (first, last) if first <= last else None
