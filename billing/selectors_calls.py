"""How many calls a company's days hold, by verdict, without opening the calls. It only reads."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Count

from agents.models import Verdict
from agents.models.verdict import VerdictKind
from agents.selectors_answers import answers_of_days


@dataclass(frozen=True)
class CallsOfDay:
    """One day of a company: its calls, those of each verdict, the numbers called.

    ``is_judged`` tells whether the verdicts counted are those of the calls stored: each was judged, and none changed
    since.
    """

    day: date
    calls: int
    counts: dict[str, int]
    numbers: list[int]
    is_judged: bool


_DAYS = """
    SELECT c.day, sum(c.calls), array_agg(c.number_id), bool_and(j.seen_revision IS NOT DISTINCT FROM c.revision),
           {sums}
      FROM numbers_callday c LEFT JOIN agents_judgedday j ON j.number_id = c.number_id AND j.day = c.day
     WHERE c.company_id = %(company)s AND c.day BETWEEN %(first)s AND %(last)s AND c.calls > 0
       AND (%(number)s::bigint IS NULL OR c.number_id = %(number)s)
     GROUP BY c.day ORDER BY c.day
""".format(sums=", ".join(f"coalesce(sum(j.{kind}), 0)" for kind in VerdictKind.values))


def days_of_calls(*, company_id: int, first: date, last: date, number_id: int | None = None) -> list[CallsOfDay]:
    """The days with calls from the first to the last, both included, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(_DAYS, {"company": company_id, "first": first, "last": last, "number": number_id})
        return [
            CallsOfDay(day, int(calls), dict(zip(VerdictKind.values, map(int, counts), strict=True)), numbers, judged)
            for day, calls, numbers, judged, *counts in cursor.fetchall()
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
