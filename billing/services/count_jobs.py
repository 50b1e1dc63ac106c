"""Count the jobs that the promise pays for: hours of pay that count, by number and department. A roll-up of the night.

Calls are read of a month only when its pay or its verdicts have changed since it was counted.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl
from django.db import connection, transaction
from django.db.models import Sum

from agents.models import PayrollDeclaration, VerdictChange
from agents.rules.department import place_of
from agents.selectors_paid import workplaces_of_payslips
from billing.models import JobMonth
from billing.rules.pay_counted import NO_HOURS, NO_LOG
from billing.selectors_counted import counted_payslips
from illico_platform.lib.money import euros_of_cents
from numbers.services.locks import lock_in_transaction

_NEWS = timedelta(days=2)  # verdicts that changed since have their month counted again: a night may be missed
_MS_PER_HUNDREDTH = 36_000

# Each person's hours are shared among the numbers by the time spent talking on each, in hundredths of an hour by the
# largest remainder, so that parts add up to the whole. Who never talked keeps the hours without a number.
_SHARE = """
    WITH paid AS (
        SELECT * FROM unnest(%(agents)s::bigint[], %(months)s::date[], %(places)s::text[], %(hours)s::bigint[])
            AS p(agent_id, month, place, hours)),
    heard AS (
        SELECT v.month, v.agent_id, v.number_id, sum(c.talk_ms)::bigint AS talk_ms
          FROM agents_judgedday j
          JOIN agents_verdict v ON v.month = date_trunc('month', j.day)::date AND v.number_id = j.number_id
               AND v.day = j.day AND v.month = ANY(%(read)s::date[])
          JOIN numbers_call c ON c.id = v.call_id AND c.month = v.month AND c.month = ANY(%(read)s::date[])
         WHERE j.company_id = %(company)s AND j.answered > 0
           AND date_trunc('month', j.day)::date = ANY(%(read)s::date[]) AND c.talk_ms > 0 AND v.agent_id IS NOT NULL
         GROUP BY 1, 2, 3),
    cut AS (
        SELECT p.month, p.agent_id, p.place, h.number_id, p.hours,
               p.hours * h.talk_ms / sum(h.talk_ms) OVER person AS exact
          FROM paid p LEFT JOIN heard h ON h.month = p.month AND h.agent_id = p.agent_id AND p.hours > 0
        WINDOW person AS (PARTITION BY p.month, p.agent_id, p.place)),
    ranked AS (
        SELECT month, number_id, place, coalesce(trunc(exact), hours)
               + (row_number() OVER (PARTITION BY month, agent_id, place
                                     ORDER BY exact - trunc(exact) DESC, number_id)
                  <= hours - sum(coalesce(trunc(exact), hours)) OVER (PARTITION BY month, agent_id, place))::int AS part
          FROM cut)
    INSERT INTO billing_jobmonth (company_id, month, number_id, place, hours, unknown)
    SELECT %(company)s, month, number_id, place, sum(part) / 100, 0 FROM ranked
     GROUP BY month, number_id, place HAVING sum(part) <> 0
"""


@dataclass
class JobCounts:
    """What counting did: months counted again."""

    months: int = 0


def count_jobs(*, company_id: int, day: date, since: date, now: datetime) -> JobCounts:
    """Count the jobs of the open months whose pay or verdicts changed; again changes nothing.

    Args:
        day: the night's day; months after it are not counted.
        since: first day of the open months; months before it stay as they were counted.
        now: verdicts that changed shortly before have their month counted again.
    """
    with transaction.atomic():
        lock_in_transaction("jobs", company_id)
        first = since.replace(day=1)
        declared = PayrollDeclaration.objects.filter(company_id=company_id, in_force=True, month__range=(first, day))
        months = sorted(set(declared.values_list("month", flat=True)))
        paid, unknown = _paid(company_id, months)
        stale = _stale(company_id, first, day, now, paid, unknown)
        JobMonth.objects.filter(company_id=company_id, month__in=stale).delete()
        if stale:
            _count(company_id, [key for key in paid if key[1] in stale], paid)
            _tell_unknown(company_id, stale, unknown)
    return JobCounts(months=len(stale))


Person = tuple[int, date, str]  # agent, month, place


def _paid(company_id: int, months: list[date]) -> tuple[Counter[Person], Counter[tuple[date, str]]]:
    """Hundredths of hours that count, by person, month and place; payslips without known hours, by month and place."""
    hours: Counter[Person] = Counter()
    unknown: Counter[tuple[date, str]] = Counter()
    if not months:
        return hours, unknown
    places = workplaces_of_payslips(company_id=company_id, months=months)
    counted = counted_payslips(company_id=company_id, months=months)
    counts = pl.col("why_not").is_null() | pl.col("why_not").is_in([NO_HOURS, NO_LOG])
    rows = counted.filter(counts).select("payslip_id", "agent_id", "month", "counted_ms").rows()
    for payslip_id, agent_id, month, counted_ms in rows:
        place = place_of(places.get(payslip_id, []))
        if counted_ms is None:
            unknown[month, place] += 1
        else:
            hours[agent_id, month, place] += counted_ms // _MS_PER_HUNDREDTH
    return hours, unknown


def _stale(
    company_id: int,
    first: date,
    day: date,
    now: datetime,
    paid: Counter[Person],
    unknown: Counter[tuple[date, str]],
) -> set[date]:
    """The months whose roll-up does not hold the hours of pay, or whose verdicts have changed since."""
    due: Counter[tuple[date, str]] = Counter()
    for (_, month, place), hundredths in paid.items():
        due[month, place] += hundredths
    keys = due.keys() | unknown.keys()
    wanted = {key: (euros_of_cents(due[key]), unknown[key]) for key in keys if due[key] or unknown[key]}
    rows = JobMonth.objects.filter(company_id=company_id, month__range=(first, day)).order_by()
    sums = rows.values_list("month", "place").annotate(of_hours=Sum("hours"), of_unknown=Sum("unknown"))
    stored = {(month, place): (hours, people) for month, place, hours, people in sums}
    changed = {month for month, _ in stored.keys() ^ wanted.keys()}
    changed |= {key[0] for key in stored.keys() & wanted.keys() if stored[key] != wanted[key]}
    news = VerdictChange.objects.filter(company_id=company_id, changed_at__gte=now - _NEWS)
    heard = {day.replace(day=1), *news.values_list("month", flat=True)}
    return changed | (heard & {month for month, _ in wanted})


def _count(company_id: int, persons: Iterable[Person], paid: Counter[Person]) -> None:
    rows = [(agent, month, place, paid[agent, month, place]) for agent, month, place in sorted(persons)]
    if not rows:
        return
    agents, months, places, hours = (list(column) for column in zip(*rows, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(
            _SHARE,
            {
                "company": company_id,
                "agents": agents,
                "months": months,
                "places": places,
                "hours": hours,
                "read": sorted(set(months)),
            },
        )


def _tell_unknown(company_id: int, stale: set[date], unknown: Counter[tuple[date, str]]) -> None:
    """Payslips whose hours nobody knows stand on the line without a number of their month and place."""
    JobMonth.objects.bulk_create(
        [
            JobMonth(company_id=company_id, month=month, number=None, place=place, hours=0, unknown=people)
            for (month, place), people in sorted(unknown.items())
            if month in stale
        ],
        update_conflicts=True,
        unique_fields=["company", "month", "number", "place"],
        update_fields=["unknown"],
    )
