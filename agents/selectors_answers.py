"""What each agent of a company answered, day by day: counted once a day, kept while the day's verdicts stand."""

from datetime import date
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.core.cache import cache
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
    judged = JudgedDay.objects.filter(company_id=company_id, day__range=(first, last)).order_by("day")
    # The company's birth tells databases apart that share a cache and number their rows alike.
    days = judged.values("day").annotate(
        rows=Count("pk"),
        revisions=Sum("revision"),
        numbers=ArrayAgg("number_id", default=[]),
        born=Max("company__created_at"),
    )
    keys = {
        row["day"]: f"answers:{company_id}:{row['born'].timestamp()}:{row['day']}:{row['rows']}:{row['revisions']}"
        for row in days
    }
    kept = cache.get_many(keys.values())
    missing = [row for row in days if keys[row["day"]] not in kept]
    counted = _counted(company_id, missing) if missing else {}
    cache.set_many({keys[day]: answers for day, answers in counted.items()}, _KEEP_S)
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
