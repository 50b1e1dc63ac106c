"""What each agent of a company answered, day by day: counted once a day, kept while the day's verdicts stand."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.core.cache import cache
from django.db import connection
from django.db.models import Count, Max, Sum

from agents.models import JudgedDay, Verdict

_KEEP_S = 7 * 24 * 3600

# Calls of one day: by agent and verdict.
DayAnswers = dict[int, dict[str, int]]


def answers_of_days(*, company_id: int, first: date, last: date) -> dict[date, DayAnswers]:
    """The calls with a known agent of each judged day from the first to the last, both included.

    A day is counted from its verdicts and kept for as long as none of them changes: every change makes the revision of
    its number-day grow.
    """
    return _kept("answers", _counted, company_id, first, last)


def talk_of_days(*, company_id: int, first: date, last: date) -> dict[date, dict[int, int]]:
    """Conversation of each agent on each judged day, whole milliseconds, whatever the verdict; kept likewise."""
    return _kept("talk", _talked, company_id, first, last)


def _kept(
    what: str,
    count: Callable[[int, list[dict[str, Any]]], dict[date, Any]],
    company_id: int,
    first: date,
    last: date,
) -> dict[date, Any]:
    judged = JudgedDay.objects.filter(company_id=company_id, day__range=(first, last)).order_by("day")
    # The company's birth tells databases apart that share a cache and number their rows alike.
    days = judged.values("day").annotate(
        rows=Count("pk"),
        revisions=Sum("revision"),
        numbers=ArrayAgg("number_id", default=[]),
        born=Max("company__created_at"),
    )
    keys = {
        row["day"]: f"{what}:{company_id}:{row['born'].timestamp()}:{row['day']}:{row['rows']}:{row['revisions']}"
        for row in days
    }
    kept = cache.get_many(keys.values())
    missing = [row for row in days if keys[row["day"]] not in kept]
    counted = count(company_id, missing) if missing else {}
    cache.set_many({keys[day]: found for day, found in counted.items()}, _KEEP_S)
    return {day: kept.get(key, counted.get(day, {})) for day, key in keys.items()}


def _counted(company_id: int, days: list[dict[str, Any]]) -> dict[date, DayAnswers]:
    # Naming the months and numbers lets the verdicts' partitions and their index find the rows.
    rows = Verdict.objects.filter(
        company_id=company_id,
        month__in={row["day"].replace(day=1) for row in days},
        number_id__in={number for row in days for number in row["numbers"]},
        day__in=[row["day"] for row in days],
        agent__isnull=False,
    )
    found: dict[date, DayAnswers] = {row["day"]: {} for row in days}
    for day, agent_id, kind, calls in (
        rows.order_by().values_list("day", "agent_id", "verdict").annotate(calls=Count("pk"))
    ):
        found[day].setdefault(agent_id, {})[kind] = calls
    return found


def _talked(company_id: int, days: list[dict[str, Any]]) -> dict[date, dict[int, int]]:
    found: dict[date, dict[int, int]] = {row["day"]: {} for row in days}
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT v.day, v.agent_id, sum(c.talk_ms)
                 FROM agents_verdict v JOIN numbers_call c ON c.id = v.call_id AND c.month = v.month
                WHERE v.company_id = %s AND v.month = ANY(%s) AND v.number_id = ANY(%s) AND v.day = ANY(%s)
                  AND v.agent_id IS NOT NULL AND c.talk_ms IS NOT NULL
                GROUP BY v.day, v.agent_id""",
            [
                company_id,
                sorted({row["day"].replace(day=1) for row in days}),
                sorted({number for row in days for number in row["numbers"]}),
                [row["day"] for row in days],
            ],
        )
        for day, agent_id, talk_ms in cursor.fetchall():
            found[day][agent_id] = int(talk_ms)
    return found
