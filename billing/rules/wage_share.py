"""The wage fund of a company over the months of a year: due, proven by payroll, carried, released. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise


@dataclass(frozen=True)
class MonthFacts:
    """One month of one company, cents.

    Args:
        base: the policy's base; due: its share (60 %); held: what was really held on 4672 (at most due).
        credited: pay of call-centre employees that counts under the policy.
        carry_excess: whether pay beyond the due of a month proves later months of the year.
    """

    month: date
    base: int
    due: int
    held: int
    credited: int
    carry_excess: bool


@dataclass(frozen=True)
class MonthFund:
    """The month's result, cents. ``carried`` is positive for pay in excess, negative for pay still missing."""

    month: date
    balance: int
    carried_in: int
    carried_out: int
    released: int
    year_due: int
    year_credited: int


def settle_year(months: Sequence[MonthFacts]) -> list[MonthFund]:
    """Run the fund over consecutive months of one calendar year, oldest first; January starts at zero.

    Pay first proves what earlier months still miss, then the month's own due. Held money is released euro for
    euro as pay proves it, oldest first, never more than is held. Excess is carried only where the policy says so.

    Args:
        months: one row a month, ordered, of one year.
    Returns:
        One row a month, in order: ``sum(released)`` never passes ``sum(held)``.
    Raises:
        ValueError: months out of order or of two years.
    Source: the operator's wage policy, ``docs/wage_share.md``.

    >>> a = MonthFacts(date(2026, 10, 1), 1000, 600, 600, 400, False)
    >>> b = MonthFacts(date(2026, 11, 1), 1000, 600, 600, 900, False)
    >>> [(m.released, m.carried_out) for m in settle_year([a, b])]
    [(400, -200), (800, 0)]
    """
    if any(later.month <= earlier.month for earlier, later in pairwise(months)):
        raise ValueError("months are not in order")
    if len({month.month.year for month in months}) > 1:
        raise ValueError("months of two years")
    results: list[MonthFund] = []
    carried = year_due = year_credited = unreleased = 0
    for facts in months:
        year_due += facts.due
        year_credited += facts.credited
        missing, excess = max(-carried, 0), max(carried, 0)
        proof = facts.credited + excess
        unreleased += facts.held
        released = max(0, min(unreleased, proof))
        unreleased -= released
        left = proof - missing - facts.due
        carried_out = left if left < 0 or facts.carry_excess else 0
        balance = facts.credited - facts.due
        results.append(MonthFund(facts.month, balance, carried, carried_out, released, year_due, year_credited))
        carried = carried_out
    return results
