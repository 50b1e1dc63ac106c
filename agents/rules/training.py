"""Compulsory training: the spans in which an agent lacks a certificate that was asked for. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Required:
    """A course that every agent must hold a certificate of, from a day on."""

    course_id: int
    since: date


@dataclass(frozen=True)
class Certificate:
    """What an agent holds: good over [since, until), an end of None never comes."""

    agent_id: int
    course_id: int
    since: date
    until: date | None


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the month's last where it has no such day.

    >>> months_after(date(2026, 1, 31), 1), months_after(date(2026, 11, 16), 24)
    (datetime.date(2026, 2, 28), datetime.date(2028, 11, 16))
    """
    years, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + years, month + 1, 1)
    return min(first + timedelta(days=day.day - 1), date(first.year + month // 11, (month + 1) % 12 + 1, 1) - _ONE_DAY)


def training_gaps(
    agents: Iterable[int], required: Iterable[Required], certificates: Iterable[Certificate]
) -> list[tuple[int, date, date | None]]:
    """(agent, first day, day after the last) of each span without one of the certificates; None never ends.

    Spans of two courses may overlap; those of one course do not.

    >>> held = [Certificate(7, 1, date(2026, 1, 5), date(2026, 3, 1))]
    >>> training_gaps([7], [Required(1, date(2026, 1, 1))], held)
    [(7, datetime.date(2026, 1, 1), datetime.date(2026, 1, 5)), (7, datetime.date(2026, 3, 1), None)]
    """
    held: dict[tuple[int, int], list[Certificate]] = {}
    for each in certificates:
        held.setdefault((each.agent_id, each.course_id), []).append(each)
    required = list(required)
    return [
        (agent_id, *gap)
        for agent_id in agents
        for course in required
        for gap in _uncovered(course.since, held.get((agent_id, course.course_id), []))
    ]


def _uncovered(since: date, held: list[Certificate]) -> list[tuple[date, date | None]]:
    gaps: list[tuple[date, date | None]] = []
    free: date | None = since  # the first day not looked at yet; None: everything is covered
    for each in sorted(held, key=lambda certificate: certificate.since):
        if free is None or (each.until is not None and each.until <= free):
            continue
        if each.since > free:
            gaps.append((free, each.since))
        free = each.until
    if free is not None:
        gaps.append((free, None))
    return gaps
