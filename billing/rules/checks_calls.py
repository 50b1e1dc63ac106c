"""Findings about calls: kept without a price, never ended, answered by somebody who is not proven. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from agents.rules.evidence import REASONS
from billing.rules.checks import FindingDraft, draft, examples

UNPROVEN = ("agent_unknown", "no_contract", "no_proof", *REASONS)


@dataclass(frozen=True)
class NumberDays:
    """Calls of one number that share a trouble, and the days they fall on; ``call_ids`` are some of them."""

    number_id: int
    digits: str
    days: Sequence[date]
    calls: int
    call_ids: Sequence[int] = ()


@dataclass(frozen=True)
class Unproven:
    """One person's (or unknown name's) answered calls of one month that were not charged for want of proof.

    ``reason``: one of ``UNPROVEN``. ``talk_ms``: the conversation that was not charged.
    """

    reason: str
    month: date
    source_id: int | None
    agent_id: int | None
    name: str
    days: Sequence[date]
    calls: int
    talk_ms: int
    call_ids: Sequence[int] = ()


def check_unpriced(months: Sequence[NumberDays]) -> list[FindingDraft]:
    """Kept calls that have no price, one finding a number and month (``days`` of one month each)."""
    return [
        draft(
            "unpriced",
            each.number_id,
            f"{each.days[0]:%Y-%m}",
            month=each.days[0],
            number=each.digits,
            calls=each.calls,
            days=examples(map(str, each.days)),
        )
        for each in months
    ]


def check_incomplete(days: Sequence[NumberDays]) -> list[FindingDraft]:
    """Calls whose end or answer was never recorded, one finding a number and day."""
    return [
        draft(
            "incomplete",
            each.number_id,
            each.days[0],
            month=each.days[0],
            number=each.digits,
            day=str(each.days[0]),
            calls=each.calls,
            call_ids=examples(each.call_ids),
        )
        for each in days
    ]


def check_unproven(people: Sequence[Unproven]) -> list[FindingDraft]:
    """Calls answered in time that nobody proven answered: one finding a person (or unknown name) and month.

    What they would have cost is unknown, and not guessed: calls and seconds are told.
    """
    return [_unproven(each) for each in people]


def _unproven(each: Unproven) -> FindingDraft:
    subject = [each.agent_id] if each.agent_id is not None else [each.source_id, each.name]
    return draft(
        each.reason,
        *subject,
        f"{each.month:%Y-%m}",
        month=each.month,
        source=each.source_id,
        agent=each.agent_id,
        name=each.name,
        calls=each.calls,
        talk_s=each.talk_ms // 1000,
        days=[str(day) for day in each.days],
        call_ids=examples(each.call_ids),
    )
