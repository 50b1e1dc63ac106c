"""What of an agent's proofs runs out, and on which of the steps before its end somebody is told. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

STEPS = (30, 7, 1)  # days before the first day that is no longer covered


@dataclass(frozen=True)
class Held:
    """Something good over [since, until); an end of None never comes."""

    since: date
    until: date | None


def ending_of(held: Iterable[Held], *, today: date, within: int = STEPS[0]) -> date | None:
    """The first day without cover of what several spans give together, if it is at most ``within`` days away, or ago.

    A span that follows without a gap prolongs the cover; one that begins after a day without does not, since that day
    is lost. Cover that ended longer ago than ``within`` days is no longer told.

    >>> spans = [Held(date(2026, 1, 1), date(2026, 3, 1)), Held(date(2026, 3, 1), date(2026, 4, 1))]
    >>> ending_of(spans, today=date(2026, 2, 25)), ending_of(spans, today=date(2026, 3, 10))
    (None, datetime.date(2026, 4, 1))
    """
    reached: Held | None = None
    for each in sorted(held, key=lambda one: one.since):
        if each.since > today and (reached is None or reached.until is None or each.since > reached.until):
            break  # nothing after a day without cover
        if reached is None or _later(each.until, reached.until):
            reached = each
    if reached is None or reached.until is None or abs((reached.until - today).days) > within:
        return None
    return reached.until


def step_of(expires_on: date, *, today: date) -> int | None:
    """The step that an end has come to: the nearest one; None before the first and once it is over.

    >>> [step_of(date(2026, 3, 31), today=date(2026, 3, day)) for day in (1, 2, 23, 24, 30, 31)]
    [30, 30, 30, 7, 1, None]
    """
    days = (expires_on - today).days
    return min((step for step in STEPS if days <= step), default=None) if days > 0 else None


def _later(until: date | None, than: date | None) -> bool:
    return than is not None and (until is None or until > than)
