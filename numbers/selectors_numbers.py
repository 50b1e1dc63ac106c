"""When a number is open: its week on a day, the weeks planned, its own days, what it does on holidays."""

from collections.abc import Iterable, Sequence
from datetime import date

import polars as pl
from django.db.models import Q, QuerySet

from numbers.models import HolidayRule, OpeningException, OpeningHours, PremiumNumber
from numbers.rules.hours import EXCEPTIONS_SCHEMA, HOURS_SCHEMA, POLICIES_SCHEMA, spans_of_days, with_holidays
from numbers.rules.opening import Clock, Run, runs_of

Week = list[list[Clock]]
NO_WEEK: Week = [[] for _ in range(7)]


def week_on(number: PremiumNumber, day: date) -> Week:
    """The weekly hours in force on a day: the spans of each weekday from Monday."""
    return _week(OpeningHours.objects.filter(number=number).exclude(valid_until__lte=day), day)


def weeks_on(number_ids: Sequence[int], day: date) -> dict[int, Week]:
    """The weekly hours in force on a day of each of these numbers that has any."""
    found: dict[int, list[OpeningHours]] = {}
    for row in OpeningHours.objects.filter(_held(day), number_id__in=number_ids) if number_ids else []:
        found.setdefault(row.number_id, []).append(row)
    return {number_id: _week(rows, day) for number_id, rows in found.items()}


def planned_weeks(number: PremiumNumber, *, after: date) -> list[tuple[date, Week]]:
    """The weekly hours that begin after a day, the first to come on top, each with its first day."""
    rows = list(OpeningHours.objects.filter(number=number).exclude(valid_until__lte=after))
    starts = sorted({row.valid_from for row in rows if row.valid_from > after})
    return [(start, _week(rows, start)) for start in starts]


def own_days(number: PremiumNumber, *, since: date | None = None, until: date | None = None) -> list[Run]:
    """The days for which the number has hours of its own, in order, those that follow each other as one.

    Args:
        since, until: only days [since, until).
    """
    rows = OpeningException.objects.filter(number=number)
    if since is not None:
        rows = rows.filter(day__gte=since)
    if until is not None:
        rows = rows.filter(day__lt=until)
    days: dict[date, tuple[list[Clock], str]] = {}
    for day, opens_s, closes_s, reason in rows.order_by("day", "opens_s").values_list(
        "day", "opens_s", "closes_s", "reason"
    ):
        spans, _ = days.setdefault(day, ([], reason))
        if opens_s is not None:
            spans.append((opens_s, closes_s))
    return runs_of((day, tuple(spans), reason) for day, (spans, reason) in days.items())


def holiday_rules(number: PremiumNumber, *, since: date) -> QuerySet[HolidayRule]:
    """What the number does on public holidays on a day and after it, in order."""
    return HolidayRule.objects.filter(number=number).exclude(valid_until__lte=since).order_by("valid_from")


def spans_on(number: PremiumNumber, day: date) -> list[Clock]:
    """When the number is open on a day, all considered: its own days, holidays, the week."""
    hours = _frame(OpeningHours.objects.filter(_held(day), number=number), HOURS_SCHEMA)
    own = _frame(OpeningException.objects.filter(number=number, day=day), EXCEPTIONS_SCHEMA)
    policies = _frame(HolidayRule.objects.filter(_held(day), number=number), POLICIES_SCHEMA)
    exceptions = with_holidays(own, hours, policies, first=day, last=day)
    asked = pl.DataFrame([(number.pk, day)], schema={"number_id": pl.Int64, "day": pl.Date}, orient="row")
    spans = spans_of_days(asked, hours, exceptions).sort("opens_s")
    return list(spans.select("opens_s", "closes_s").iter_rows())


def _held(day: date) -> Q:
    return Q(valid_from__lte=day) & (Q(valid_until=None) | Q(valid_until__gt=day))


def _week(rows: Iterable[OpeningHours], day: date) -> Week:
    week: Week = [[] for _ in range(7)]
    for row in rows:
        if row.valid_from <= day and (row.valid_until is None or day < row.valid_until):
            week[row.weekday].append((row.opens_s, row.closes_s))
    return [sorted(spans) for spans in week]


def _frame(rows: QuerySet, schema: dict[str, pl.DataType]) -> pl.DataFrame:
    return pl.DataFrame(list(rows.order_by().values_list(*schema)), schema=schema, orient="row")
