"""Findings about the wage share: pay that is missing, holds that were too small, payroll that is overdue. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from billing.rules.checks import FindingDraft, draft
from illico_platform.lib.periods import Month

# The later of the two days of the DSN calendar: employers of fewer than 50 people, and those who pay a month behind.
DSN_DUE_DAY = 15


@dataclass(frozen=True)
class FundFacts:
    """One month of one company's wage fund, cents, as the release stage settled it.

    ``carried_in`` is positive for pay in excess of earlier months that may count for this one.
    """

    company_id: int
    month: date
    due: int
    held: int
    credited: int
    carried_in: int
    is_declared: bool


@dataclass(frozen=True)
class HoldFacts:
    """What one number's month should hold for wages and what its share allowed, cents."""

    number_id: int
    digits: str
    month: date
    due: int
    shortfall: int


def check_wage_short(months: Sequence[FundFacts]) -> list[FindingDraft]:
    """Declared months whose pay is still missing, after what later months of the year made up for.

    Args:
        months: all months of the fund of one company, ordered; January starts at zero.
    """
    drafts = []
    for _, year in groupby(months, key=lambda facts: facts.month.year):
        drafts += [
            draft(
                "wage_short",
                facts.company_id,
                f"{facts.month:%Y-%m}",
                month=facts.month,
                missing_cents=missing,
                due_cents=facts.due,
                credited_cents=facts.credited,
                carried_in_cents=facts.carried_in,
            )
            for facts, missing in outstanding(list(year))
            if facts.is_declared
        ]
    return drafts


def outstanding(year: Sequence[FundFacts]) -> list[tuple[FundFacts, int]]:
    """The months of one year whose pay is still missing, with the cents; later excess pays the oldest first.

    Their sum is what the year still misses: minus the last month's carry where that is negative.
    """
    missing: list[tuple[FundFacts, int]] = []
    for facts in year:
        left = facts.credited + max(facts.carried_in, 0) - facts.due
        if left < 0:
            missing.append((facts, -left))
        while left > 0 and missing:
            oldest, cents = missing.pop(0)
            if cents > left:
                missing.insert(0, (oldest, cents - left))
            left -= cents
    return missing


def check_payroll_overdue(months: Sequence[FundFacts], *, day: date) -> list[FindingDraft]:
    """Months with money held whose payroll was due (15th of the next month) before ``day`` and is not declared."""
    drafts = []
    for facts in months:
        due_on = Month.of(facts.month).next.first.replace(day=DSN_DUE_DAY)
        if facts.is_declared or facts.held <= 0 or day <= due_on:
            continue
        drafts.append(
            draft(
                "payroll_overdue",
                facts.company_id,
                f"{facts.month:%Y-%m}",
                month=facts.month,
                due_on=str(due_on),
                held_cents=facts.held,
            )
        )
    return drafts


def check_hold_shortfall(months: Sequence[HoldFacts]) -> list[FindingDraft]:
    """Number-months whose company share is smaller than the wage share due of them."""
    return [
        draft(
            "hold_shortfall",
            facts.number_id,
            f"{facts.month:%Y-%m}",
            month=facts.month,
            number=facts.digits,
            due_cents=facts.due,
            shortfall_cents=facts.shortfall,
        )
        for facts in months
        if facts.shortfall > 0
    ]
