"""Findings about what came in: refused rows, calls left open, sources that fell silent. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from billing.rules.checks import FindingDraft, draft, examples

HABIT_DAYS = 7  # so many days in a row with calls make silence strange
LOOK_BACK_DAYS = 37  # a silence is told for a month


@dataclass(frozen=True)
class RefusedRows:
    """Rows of one intake that were refused and not replayed since; ``rows``: some, without their values."""

    intake_id: int
    file_name: str
    source: str
    count: int
    rows: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class LeftOpen:
    """Calls of one source that no file has ended for more than a day; ``external_ids`` are some of them."""

    source_id: int
    source: str
    count: int
    oldest: date
    external_ids: Sequence[str]


def check_rejects(intakes: Sequence[RefusedRows]) -> list[FindingDraft]:
    """Refused rows that wait, one finding an intake."""
    return [
        draft(
            "rows_rejected",
            each.intake_id,
            intake=each.intake_id,
            file_name=each.file_name,
            source=each.source,
            rows=each.count,
            examples=examples(each.rows),
        )
        for each in intakes
    ]


def check_left_open(sources: Sequence[LeftOpen]) -> list[FindingDraft]:
    """Calls open for more than a day, one finding a source."""
    return [
        draft(
            "calls_left_open",
            each.source_id,
            source=each.source,
            calls=each.count,
            oldest=str(each.oldest),
            external_ids=examples(each.external_ids),
        )
        for each in sources
    ]


def check_silent(source_id: int, source: str, busy: Collection[date], *, day: date) -> list[FindingDraft]:
    """Silences of a source up to ``day``: days without a call right after seven days that each had calls.

    Args:
        busy: days with calls among the ``LOOK_BACK_DAYS`` up to ``day``.
    """
    drafts = []
    for back in range(LOOK_BACK_DAYS - HABIT_DAYS - 1, -1, -1):
        first = day - timedelta(days=back)
        had_habit = all(first - timedelta(days=before) in busy for before in range(1, HABIT_DAYS + 1))
        if first in busy or not had_habit:
            continue
        last = first
        while last < day and last + timedelta(days=1) not in busy:
            last += timedelta(days=1)
        drafts.append(
            draft(
                "source_silent",
                source_id,
                first,
                source=source,
                first_day=str(first),
                last_day=str(last),
            )
        )
    return drafts
