"""Planned shifts: a company's week, an agent's next ones, a month's hours."""

from datetime import date, datetime, timedelta

from django.db.models import F, QuerySet, Sum

from agents.models import Agent, Shift
from illico_platform.lib.periods import Month, day_start


def shifts_between(*, company_id: int, first: date, last: date) -> QuerySet[Shift]:
    """The shifts that begin on these Paris days, in their order."""
    rows = Shift.objects.filter(
        company_id=company_id, starts_at__gte=day_start(first), starts_at__lt=day_start(last + timedelta(days=1))
    )
    return rows.select_related("agent").order_by("starts_at", "agent__employee_number")


def next_shifts(*, agent: Agent, now: datetime, limit: int = 14) -> QuerySet[Shift]:
    """An agent's shifts that are not over, soonest first."""
    return agent.shifts.filter(ends_at__gt=now).order_by("starts_at")[:limit]


def planned_ms(*, company_id: int, month: date) -> dict[int, int]:
    """Planned work of each agent in the shifts that begin in a month, breaks left out; who has none is absent."""
    shifts = shifts_between(company_id=company_id, first=month, last=Month(month).last).order_by()
    sums = shifts.values_list("agent_id").annotate(
        present=Sum(F("ends_at") - F("starts_at")), breaks=Sum("break_minutes")
    )
    return {
        agent_id: (present - timedelta(minutes=breaks)) // timedelta(milliseconds=1)
        for agent_id, present, breaks in sums
    }
