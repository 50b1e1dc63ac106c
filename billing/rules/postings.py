"""What is to be posted of a number's month: daily entries and adjustments whose cents never drift. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from billing.rules.shares import Cents, Exact, cents_of

# Column of a posting -> (account of the French chart, True for a debit).
# Source: agent mode, DESIGN of the books: S is held for companies in 467, only our fee is income.
ACCOUNTS = {
    "receivable": ("411", True),
    "fee": ("706", False),
    "fee_vat": ("44571", False),
    "hold": ("4672", False),
    "available": ("4671", False),
}


@dataclass(frozen=True)
class DayState:
    """One number-day: its exact columns as they are now, and whether an earlier entry already counts it."""

    day: date
    exact: Exact
    is_posted: bool
    changed: bool = False


@dataclass(frozen=True)
class Draft:
    """One entry to write: cents per column (only columns that are not zero), for a day or as an adjustment.

    ``day`` is the day posted, or for an adjustment the first day whose figures changed.
    """

    kind: str
    day: date
    cents: dict[str, int]


@dataclass(frozen=True)
class DraftLine:
    """One line of an entry: an account and cents on one side."""

    account: str
    debit: int
    credit: int


def plan_postings(days: Sequence[DayState], posted: dict[str, int]) -> list[Draft]:
    """The entries that bring what was posted of one number's month to the cents of its exact totals.

    First at most one adjustment for the days already posted, then one entry per new day in order:
    cents(total up to that day) - cents(total before it). Later days do not cascade, rounding never drifts:
    whatever the order of arrival, the sum of all entries is the rounded month.

    Args:
        days: the number's days of one month up to the night's day, in any order.
        posted: cents per column of ``ACCOUNTS`` that earlier entries of this number and month sum to.
    Returns:
        Drafts in posting order; a draft whose columns are all zero is left out.
    """
    done = [day for day in days if day.is_posted]
    total = _sum(day.exact for day in done)
    before = {column: posted.get(column, 0) for column in ACCOUNTS}
    drafts = []
    after = _columns(cents_of(total))
    if done and after != before:
        first = min((day.day for day in done if day.changed), default=done[0].day)
        drafts.append(Draft("adjustment", first, _minus(after, before)))
    for day in sorted((day for day in days if not day.is_posted), key=lambda day: day.day):
        before = after
        total = total + day.exact
        after = _columns(cents_of(total))
        drafts.append(Draft("day", day.day, _minus(after, before)))
    return [draft for draft in drafts if draft.cents]


def lines_of(draft: Draft) -> list[DraftLine]:
    """The balanced lines of a draft: positive amounts only, an amount below zero changes its side.

    >>> [str(line.account) for line in lines_of(Draft("day", date(2026, 11, 25), {"receivable": 5, "available": 5}))]
    ['411', '4671']
    """
    lines = []
    for column, (account, is_debit) in ACCOUNTS.items():
        cents = draft.cents.get(column, 0)
        if cents:
            debit = is_debit == (cents > 0)
            lines.append(DraftLine(account, abs(cents) if debit else 0, 0 if debit else abs(cents)))
    return lines


def _sum(columns: Iterable[Exact]) -> Exact:
    total = Exact()
    for exact in columns:
        total = total + exact
    return total


def _columns(cents: Cents) -> dict[str, int]:
    return {column: getattr(cents, column) for column in ACCOUNTS}


def _minus(after: dict[str, int], before: dict[str, int]) -> dict[str, int]:
    return {column: after[column] - before[column] for column in ACCOUNTS if after[column] != before[column]}
