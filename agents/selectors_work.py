"""How long agents were signed in: what the logs say, what was corrected, the sums by agent and month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl
from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from agents.models import WorkCorrection, WorkDay
from agents.rules.work import CORRECTIONS, EVENTS, SIGNS, Worked, work_spans
from illico_platform.frames import copy_out, epoch_us, instant
from illico_platform.lib.periods import day_start, paris_day

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class LoggedMonth:
    """One agent's month on the queues, milliseconds; ``incomplete`` days have a beginning or an end left open."""

    logged_ms: int
    paused_ms: int
    days: int
    incomplete: int

    @property
    def ready_ms(self) -> int:
        """Signed in and not on pause: the time in which calls could come."""
        return self.logged_ms - self.paused_ms


def logged_months(*, company_id: int, first: date, last: date) -> dict[tuple[int, date], LoggedMonth]:
    """Signed-in time by (agent, month) over these days. Who is absent is unknown, not zero."""
    days = WorkDay.objects.filter(company_id=company_id, day__range=(first, last)).order_by()
    sums = days.values_list("agent_id", TruncMonth("day")).annotate(
        logged=Sum("logged_ms"),
        paused=Sum("paused_ms"),
        days=Count("pk"),
        open=Count("pk", filter=Q(is_complete=False)),
    )
    return {(agent, month): LoggedMonth(*figures) for agent, month, *figures in sums}


def work_days_of(*, agent_id: int, first: date, last: date) -> QuerySet[WorkDay]:
    """An agent's days, latest first."""
    return WorkDay.objects.filter(agent_id=agent_id, day__range=(first, last)).order_by("-day")


def corrections_of(company_id: int, first: date, last: date) -> pl.DataFrame:
    """The corrections that stand for days of a company's agents: ``CORRECTIONS``."""
    rows = WorkCorrection.objects.filter(agent__company_id=company_id, day__range=(first, last))
    return pl.DataFrame(
        list(rows.values_list("agent_id", "day", "started_at", "ended_at", "paused_ms")),
        schema=CORRECTIONS,
        orient="row",
    )


def work_between(*, company_id: int, first: date, last: date, agent_id: int | None = None) -> Worked:
    """When the company's agents, or one, were signed in on these days; of days beside them not all is told."""
    # A session lasts sixteen hours at most: those of the first and of the last day begin and end within these.
    since, until = day_start(first - ONE_DAY), day_start(last + 2 * ONE_DAY)
    events = staff_events_of(company_id=company_id, since=since, until=until, agent_id=agent_id)
    nothing = conversations_of(company_id=company_id, agent_ids=[], since=since, until=until)
    worked = work_spans(events, nothing)
    if worked.open.is_empty():
        return worked
    # Only the few sessions left open ask for a sign of life, and only calls can tell of it.
    signs = conversations_of(
        company_id=company_id, agent_ids=worked.open["agent_id"].unique().to_list(), since=since, until=until
    )
    return work_spans(events, signs)


def staff_events_of(*, company_id: int, since: datetime, until: datetime, agent_id: int | None = None) -> pl.DataFrame:
    """What a company's switches wrote of its known agents, or of one, in [since, until): ``EVENTS``."""
    frame = copy_out(
        f"""SELECT n.agent_id, e.source_id, e.queue, {epoch_us("e.at")}, e.place, e.kind
              FROM numbers_staffevent e
              JOIN numbers_source s ON s.id = e.source_id AND s.company_id = %s
              JOIN agents_pbxname n ON n.source_id = e.source_id AND n.name = e.agent_name
               AND (e.at AT TIME ZONE 'Europe/Paris')::date >= n.valid_from
               AND (n.valid_until IS NULL OR (e.at AT TIME ZONE 'Europe/Paris')::date < n.valid_until)
             WHERE e.at >= %s AND e.at < %s AND (%s IS NULL OR n.agent_id = %s)""",
        [company_id, since, until, agent_id, agent_id],
        {**EVENTS, "at": pl.Int64},
    )
    return frame.with_columns(instant("at"))


def conversations_of(*, company_id: int, agent_ids: Sequence[int], since: datetime, until: datetime) -> pl.DataFrame:
    """When conversations of these agents in [since, until) ended: ``SIGNS``."""
    if not agent_ids:
        return pl.DataFrame(schema=SIGNS)
    first, last = paris_day(since), paris_day(until)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    frame = copy_out(
        f"""SELECT v.agent_id, {epoch_us("c.offered_at")} + 1000 * (c.wait_ms + c.talk_ms)::bigint
              FROM agents_verdict v JOIN numbers_call c ON c.id = v.call_id AND c.month = v.month
             WHERE v.company_id = %s AND v.month = ANY(%s) AND v.day = ANY(%s) AND v.agent_id = ANY(%s)
               AND c.wait_ms IS NOT NULL AND c.talk_ms IS NOT NULL""",
        [company_id, sorted({day.replace(day=1) for day in days}), days, list(agent_ids)],
        {**SIGNS, "at": pl.Int64},
    )
    return frame.with_columns(instant("at"))
