"""Who was there: a company's day, one agent's day in detail, and a month of signed-in time against paid hours."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import polars as pl
from django.db.models import Count, Q, QuerySet, Sum

from agents.models import Agent, CheckIn, Payslip, WorkCorrection, WorkDay
from agents.selectors_answers import talk_of_days
from agents.selectors_roster import planned_ms
from agents.selectors_work import LoggedMonth, logged_months, work_between
from illico_platform.lib.periods import Month, day_start

ONE_DAY = timedelta(days=1)
MS_PER_HOUR = 3_600_000


@dataclass(frozen=True)
class Presence:
    """One agent on one day. ``work`` is None where no log speaks of it: unknown, not zero."""

    agent: Agent
    check_ins: list[CheckIn] = field(default_factory=list)
    work: WorkDay | None = None


@dataclass(frozen=True)
class Stretch:
    """A stretch of an agent's day: signed in or on pause. ``left``, ``width``: of the day, hundredths of a percent."""

    start: datetime
    end: datetime
    is_paused: bool
    left: int
    width: int


@dataclass(frozen=True)
class PresenceMonth:
    """One agent's month: time on the queues and planned, conversation, hours paid; None: unknown, or not shown."""

    agent: Agent
    logged: LoggedMonth | None
    talk_ms: int
    planned_ms: int | None
    paid_hours: Decimal | None

    @property
    def occupancy_bp(self) -> int | None:
        """Conversation of the time in which calls could come, basis points; None where that time is unknown."""
        if self.logged is None or not self.logged.ready_ms:
            return None
        return self.talk_ms * 10_000 // self.logged.ready_ms

    @property
    def unpaid_ms(self) -> int | None:
        """Signed in beyond the hours paid; negative: paid beyond it. None where either is unknown."""
        if self.logged is None or self.paid_hours is None:
            return None
        return self.logged.logged_ms - int(self.paid_hours * MS_PER_HOUR)


def presence_on(*, company_id: int, day: date, now: datetime) -> list[Presence]:
    """The agents at work on a day, and those who could have been: active ones, by employee number."""
    check_ins: dict[int, list[CheckIn]] = defaultdict(list)
    for each in check_ins_on(company_id=company_id, day=day).select_related("site"):
        check_ins[each.agent_id].append(each)
    work = {each.agent_id: each for each in WorkDay.objects.filter(company_id=company_id, day=day)}
    there = Q(is_active=True) | Q(pk__in=[*check_ins, *work])
    agents = Agent.objects.filter(there, company_id=company_id).order_by("employee_number")
    return [Presence(agent, check_ins[agent.pk], work.get(agent.pk)) for agent in agents]


def check_ins_on(*, company_id: int, day: date, agent_id: int | None = None) -> QuerySet[CheckIn]:
    """Check-ins that held at some moment of a Paris day, earliest first."""
    found = CheckIn.objects.filter(
        company_id=company_id, started_at__lt=day_start(day + ONE_DAY), ends_at__gt=day_start(day)
    )
    return (found.filter(agent_id=agent_id) if agent_id else found).order_by("started_at")


def stretches_of(*, agent: Agent, day: date) -> list[Stretch]:
    """What the switch's log says of an agent's day, stretch by stretch; corrections are not in it."""
    begin, end = day_start(day).astimezone(UTC), day_start(day + ONE_DAY).astimezone(UTC)
    spans = work_between(company_id=agent.company_id, first=day, last=day, agent_id=agent.pk).spans
    spans = spans.filter((pl.col("end") > begin) & (pl.col("start") < end))
    found = []
    for start, until, is_paused in spans.select("start", "end", "is_paused").iter_rows():
        start, until = max(start, begin), min(until, end)
        left, width = ((moment / (end - begin)) for moment in (start - begin, until - start))
        found.append(Stretch(start, until, is_paused, round(left * 10_000), round(width * 10_000)))
    return found


def correction_of(*, agent: Agent, day: date) -> WorkCorrection | None:
    """The correction that stands for an agent's day."""
    return WorkCorrection.objects.filter(agent=agent, day=day).first()


def presence_month(*, company_id: int, month: date, with_pay: bool) -> list[PresenceMonth]:
    """A month of each agent who worked, talked or was paid in it, by employee number.

    Args:
        month: its first day.
        with_pay: whether hours paid may be shown.
    """
    last = Month(month).last
    logged = logged_months(company_id=company_id, first=month, last=last)
    talk: dict[int, int] = defaultdict(int)
    for of_day in talk_of_days(company_id=company_id, first=month, last=last).values():
        for agent_id, talk_ms in of_day.items():
            talk[agent_id] += talk_ms
    planned = planned_ms(company_id=company_id, month=month)
    paid = _paid_hours(company_id, month) if with_pay else {}
    ids = {agent_id for agent_id, _ in logged} | set(talk) | set(planned) | set(paid)
    agents = Agent.objects.filter(company_id=company_id, pk__in=ids).order_by("employee_number")
    return [
        PresenceMonth(agent, logged.get((agent.pk, month)), talk[agent.pk], planned.get(agent.pk), paid.get(agent.pk))
        for agent in agents
    ]


def _paid_hours(company_id: int, month: date) -> dict[int, Decimal | None]:
    """Paid and overtime hours of the payslips in force, by agent; None where a payslip does not say."""
    slips = Payslip.objects.filter(company_id=company_id, month=month, declaration__in_force=True)
    sums = (
        slips.exclude(agent=None)
        .order_by()
        .values_list("agent_id")
        .annotate(
            paid=Sum("hours_paid"),
            over=Sum("overtime_hours", default=Decimal(0)),
            silent=Count("pk", filter=Q(hours_paid=None)),
        )
    )
    return {agent_id: None if silent else paid + over for agent_id, paid, over, silent in sums}
