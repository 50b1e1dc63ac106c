"""Findings about the working time of home agents: calls outside contact hours, days that lasted too long. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from billing.rules.checks import FindingDraft, draft, examples


@dataclass(frozen=True)
class HomeDay:
    """One agent's Paris day of work from home.

    Args:
        began, ended: first and last sign of work: a check-in, the answer and the end of a call.
        outside: calls answered outside the contact hours of the agreement that ran then; ``call_ids``: some of them.
    """

    agent_id: int
    employee_number: str
    day: date
    began: datetime
    ended: datetime
    outside: int = 0
    call_ids: Sequence[int] = ()

    @property
    def minutes(self) -> int:
        """From the first sign of work to the last, whole minutes: more than the work itself, since breaks are in it."""
        return int((self.ended - self.began).total_seconds() // 60)


def check_home_time(days: Sequence[HomeDay], limits: Mapping[date, int]) -> list[FindingDraft]:
    """Work from home outside what was agreed or allowed, one finding an agent and month.

    Args:
        limits: by the day from which it holds, how many minutes a day may span; before the first none is checked.
    Source: Code du travail, art. L.1222-9 (contact hours, control of working time) and L.3121-18.
    """
    by_month: dict[tuple[int, date], list[HomeDay]] = {}
    for each in sorted(days, key=lambda one: (one.employee_number, one.day)):
        by_month.setdefault((each.agent_id, each.day.replace(day=1)), []).append(each)
    return [found for month, of_month in by_month.items() if (found := _of_month(month[1], of_month, limits))]


def limit_on(day: date, limits: Mapping[date, int]) -> int | None:
    """How many minutes a day of work from home may span on that day.

    >>> limit_on(date(2026, 11, 25), {date(2012, 3, 22): 600, date(2027, 1, 1): 540})
    600
    """
    since = max((each for each in limits if each <= day), default=None)
    return None if since is None else limits[since]


def _of_month(month: date, days: Sequence[HomeDay], limits: Mapping[date, int]) -> FindingDraft | None:
    long = [each for each in days if (limit := limit_on(each.day, limits)) is not None and each.minutes > limit]
    outside = [each for each in days if each.outside]
    if not long and not outside:
        return None
    return draft(
        "outside_contact_hours",
        days[0].agent_id,
        f"{month:%Y-%m}",
        month=month,
        agent=days[0].agent_id,
        employee_number=days[0].employee_number,
        calls=sum(each.outside for each in outside),
        long_days=[str(each.day) for each in long],
        longest_minutes=max((each.minutes for each in long), default=None),
        days=[str(each.day) for each in days if each in long or each in outside],
        call_ids=examples([call for each in outside for call in each.call_ids]),
    )
