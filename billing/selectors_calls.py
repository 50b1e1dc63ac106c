"""How many calls a company's days hold, by verdict, without opening the calls. It only reads."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

from django.db import connection
from django.db.models import Count

from agents.models import JudgedDay, Verdict
from agents.models.verdict import VerdictKind
from agents.selectors_answers import answers_of_days
from billing.models import RatedCall

SLOT_MS = 5_000  # of the histogram of waits


@dataclass(frozen=True)
class CallsOfDay:
    """One day of a company: its calls, those of each verdict, those charged, the numbers called.

    ``is_judged`` tells whether the verdicts counted are those of the calls stored: each was judged, and none changed
    since; ``is_rated`` the same of the prices.
    """

    day: date
    calls: int
    counts: dict[str, int]
    charged: int
    numbers: list[int]
    is_judged: bool
    is_rated: bool


_DAYS = """
    SELECT c.day, sum(c.calls), array_agg(c.number_id), bool_and(j.seen_revision IS NOT DISTINCT FROM c.revision),
           bool_and(j.seen_revision IS NOT DISTINCT FROM c.revision
                    AND r.seen_revision IS NOT DISTINCT FROM j.revision),
           coalesce(sum(r.calls), 0), {sums}
      FROM numbers_callday c
      LEFT JOIN agents_judgedday j ON j.number_id = c.number_id AND j.day = c.day
      LEFT JOIN billing_ratedday r ON r.number_id = c.number_id AND r.day = c.day
     WHERE c.company_id = %(company)s AND c.day BETWEEN %(first)s AND %(last)s AND c.calls > 0
       AND (%(number)s::bigint IS NULL OR c.number_id = %(number)s)
     GROUP BY c.day ORDER BY c.day
""".format(sums=", ".join(f"coalesce(sum(j.{kind}), 0)" for kind in VerdictKind.values))


def days_of_calls(*, company_id: int, first: date, last: date, number_id: int | None = None) -> list[CallsOfDay]:
    """The days with calls from the first to the last, both included, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(_DAYS, {"company": company_id, "first": first, "last": last, "number": number_id})
        return [
            CallsOfDay(
                day=day,
                calls=int(calls),
                counts=dict(zip(VerdictKind.values, map(int, counts), strict=True)),
                charged=int(charged),
                numbers=numbers,
                is_judged=is_judged,
                is_rated=is_rated,
            )
            for day, calls, numbers, is_judged, is_rated, charged, *counts in cursor.fetchall()
        ]


def days_of_agent(
    *, company_id: int, agent_id: int, days: Sequence[CallsOfDay], verdicts: Collection[str]
) -> dict[date, int]:
    """How many calls of each of these days, of all numbers of the company, an agent answered.

    Args:
        verdicts: only those with one of them; all where it is empty.
    """
    if not days:
        return {}
    found = answers_of_days(company_id=company_id, first=days[0].day, last=days[-1].day)
    return {
        day: sum(calls for kind, calls in answers.get(agent_id, {}).items() if kind in verdicts or not verdicts)
        for day, answers in found.items()
    }


def days_of_agent_on_number(
    *, agent_id: int, number_id: int, days: Sequence[CallsOfDay], verdicts: Collection[str]
) -> dict[date, int]:
    """The same on one number alone."""
    rows = Verdict.objects.filter(
        agent_id=agent_id,
        number_id=number_id,
        month__in={each.day.replace(day=1) for each in days},
        day__in=[each.day for each in days],
    )
    if verdicts:
        rows = rows.filter(verdict__in=verdicts)
    return dict(rows.order_by().values_list("day").annotate(calls=Count("pk")))


def wait_bound(*, days: Sequence[CallsOfDay], rows: int, is_longest: bool) -> tuple[int | None, int | None]:
    """The wait, in ms, that the ``rows`` longest or shortest of these calls certainly reach, or stay below.

    Answered calls are counted by five seconds of wait up to the minute; where too few of them were answered, or a day
    is not judged, neither is said.
    """
    none = (None, None)
    if not all(day.is_judged for day in days):
        return none
    numbers = {number for day in days for number in day.numbers}
    found = JudgedDay.objects.filter(number_id__in=numbers, day__in=[day.day for day in days])
    histogram = [sum(slot) for slot in zip_longest(*found.values_list("wait_histogram", flat=True), fillvalue=0)]
    counted = 0
    for rank, calls in reversed(list(enumerate(histogram))) if is_longest else enumerate(histogram[:-1]):
        counted += calls
        if counted >= rows:
            return (rank * SLOT_MS, None) if is_longest else (None, (rank + 1) * SLOT_MS)
    return none


def calls_by_price(*, days: Sequence[CallsOfDay], start: int, end: int, is_highest: bool) -> list[int] | None:
    """Ids of the calls from one rank to another in the order of their price, then of their id, the charged ones first.

    None where a day is not rated, or the ranks reach past the charged calls.
    """
    if not all(day.is_rated for day in days) or end > sum(day.charged for day in days):
        return None
    rows = RatedCall.objects.filter(
        month__in={day.day.replace(day=1) for day in days},
        day__in=[day.day for day in days],
        number_id__in={number for day in days for number in day.numbers},
    )
    order = ("-ttc_micros", "-call_id") if is_highest else ("ttc_micros", "call_id")
    return list(rows.order_by(*order).values_list("pk", flat=True)[start:end])
