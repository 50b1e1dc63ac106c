"""The jobs that the promise pays for, as pages show them: full-time equivalents in France, by month and department."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Q, QuerySet, Sum

from agents.rules.department import ABROAD, NAMES, SEVERAL, UNKNOWN, is_in_france
from billing.models import FullTime, FundMonth, JobMonth
from numbers.models import PremiumNumber
from numbers.rules.lifecycle import Status

_CENT = Decimal("0.01")


@dataclass(frozen=True)
class PlaceJobs:
    """Hours of pay that count at one place: a department by code and name, or ``kind`` says what else it is."""

    place: str
    hours: Decimal
    full_time: Decimal | None

    @property
    def name(self) -> str:
        """The department's name; empty where there is none."""
        return NAMES.get(self.place, "")

    @property
    def kind(self) -> str:
        """``department``, ``several``, ``unknown`` or ``abroad``."""
        return {SEVERAL: "several", UNKNOWN: "unknown", ABROAD: "abroad"}.get(self.place, "department")


@dataclass(frozen=True)
class JobsOfMonth:
    """One month: the jobs in France, where they are, and what could not be counted.

    Args:
        full_time: the legal hours of one full-time job; None where nobody stated them.
        hours: paid hours that count in France; ``outside``: at places abroad or unknown.
        unknown: payslips that count and whose hours nobody knows.
        unheard: hours in France of people who answered no call, in a company's or the operator's month.
    """

    month: date
    full_time: Decimal | None
    hours: Decimal
    unknown: int
    unheard: Decimal
    places: list[PlaceJobs] = field(default_factory=list)
    outside: list[PlaceJobs] = field(default_factory=list)

    @property
    def jobs(self) -> Decimal | None:
        """Full-time equivalents in France."""
        return equivalents(self.hours, self.full_time)

    @property
    def named(self) -> list[PlaceJobs]:
        """The departments that have a name, most hours first."""
        return [each for each in self.places if each.name]

    @property
    def is_whole(self) -> bool:
        """Whether every payslip that counts has its hours and its place."""
        return not self.unknown and not any(each.place == UNKNOWN for each in self.outside)


def equivalents(hours: Decimal, full_time: Decimal | None) -> Decimal | None:
    """Jobs of so many hours a month, to the hundredth, half up; None where the legal hours are unknown."""
    return None if full_time is None else (hours / full_time).quantize(_CENT, ROUND_HALF_UP)


def jobs_by_month(
    *, company_id: int | None = None, number_id: int | None = None, months: Sequence[date] | None = None
) -> list[JobsOfMonth]:
    """The jobs of each month, latest first; of all companies, of one, or of one number. Two queries.

    Args:
        months: these months only; all when absent.
    """
    rows: QuerySet[JobMonth] = JobMonth.objects.order_by()
    rows = rows.filter(company_id=company_id) if company_id else rows
    rows = rows.filter(number_id=number_id) if number_id else rows
    rows = rows if months is None else rows.filter(month__in=months)
    sums = rows.annotate(is_unheard=Q(number=None)).values_list("month", "place", "is_unheard")
    sums = sums.annotate(of_hours=Sum("hours"), of_unknown=Sum("unknown"))
    full_times = list(FullTime.objects.order_by("valid_from").values_list("valid_from", "valid_until", "hours"))
    found: dict[date, list[tuple[str, bool, Decimal, int]]] = {}
    for month, place, is_unheard, hours, unknown in sums:
        found.setdefault(month, []).append((place, is_unheard, hours, unknown))
    return [
        _month(month, found[month], _full_time(month, full_times))  # one row a month, latest first
        for month in sorted(found, reverse=True)
    ]


def _full_time(month: date, rows: list[tuple[date, date | None, Decimal]]) -> Decimal | None:
    return next((hours for start, end, hours in rows if start <= month and (end is None or month < end)), None)


def _month(month: date, rows: list[tuple[str, bool, Decimal, int]], full_time: Decimal | None) -> JobsOfMonth:
    by_place: dict[str, Decimal] = {}
    for place, _, hours, _ in rows:
        by_place[place] = by_place.get(place, Decimal(0)) + hours
    places = [
        PlaceJobs(place, hours, equivalents(hours, full_time) if is_in_france(place) else None)
        for place, hours in sorted(by_place.items(), key=lambda item: (-item[1], item[0]))
        if hours
    ]
    in_france = [each for each in places if is_in_france(each.place)]
    return JobsOfMonth(
        month=month,
        full_time=full_time,
        hours=sum((each.hours for each in in_france), Decimal(0)),
        unknown=sum(unknown for *_, unknown in rows),
        unheard=sum((hours for place, alone, hours, _ in rows if alone and is_in_france(place)), Decimal(0)),
        places=in_france,
        outside=[each for each in places if not is_in_france(each.place)],
    )


def numbers_of_month(*, company_id: int, month: date) -> list[tuple[str, str, Decimal]]:
    """A company's numbers with the hours in France that their calls are worth in a month: label, digits, hours."""
    rows = JobMonth.objects.filter(company_id=company_id, month=month, number__isnull=False).order_by()
    rows = rows.exclude(place__in=[UNKNOWN, ABROAD])
    sums = rows.values_list("number__label", "number__digits").annotate(total=Sum("hours"))
    return sorted(sums, key=lambda row: row[1])


def last_whole_month(*, digits: str, before: date) -> JobsOfMonth | None:
    """The jobs of a number in service in its company's latest declared month, if everything of that month is known.

    Args:
        before: first day of the running month.
    """
    live = PremiumNumber.objects.filter(digits=digits, status=Status.LIVE).values_list("company_id", "pk").first()
    if live is None:
        return None
    company_id, number_id = live
    declared = FundMonth.objects.filter(company_id=company_id, month__lt=before, is_declared=True)
    month = declared.order_by("-month").values_list("month", flat=True).first()
    if month is None:
        return None
    whole = jobs_by_month(company_id=company_id, months=[month])
    if not whole or not whole[0].is_whole:
        return None
    return next(iter(jobs_by_month(number_id=number_id, months=[month])), None)
