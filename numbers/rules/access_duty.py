"""How long a number's channels must be open beside its voice line, and which lines the law names. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from numbers.rules.eligibility import UseCase

WHOLE_BP = 10_000
Week = Sequence[Sequence[tuple[int, int]]]

# Lines that the law opens to deaf people whoever holds them: law 2005-102, art. 78.
_PUBLIC_LINES = {UseCase.PUBLIC_MISSION, UseCase.STATE_ADMIN, UseCase.SOCIAL_SECURITY, UseCase.LOCAL_AUTHORITY}
# Customer lines, which it opens where the firm is above its threshold: Code de la consommation, art. L.112-8.
_CUSTOMER_LINES = {
    UseCase.CONSUMER_AFTER_SALES,
    UseCase.CONSUMER_COMPLAINT,
    UseCase.CONTRACT_EXECUTION,
    UseCase.TELECOM_HOTLINE,
}


def is_named_by_law(use_case: UseCase, *, is_large: bool) -> bool:
    """Whether the law itself wants this line open to deaf and hard-of-hearing people.

    Args:
        is_large: the company's turnover in France is above the threshold.

    >>> is_named_by_law(UseCase.CONSUMER_COMPLAINT, is_large=False)
    False
    """
    return use_case in _PUBLIC_LINES or (is_large and use_case in _CUSTOMER_LINES)


@dataclass(frozen=True)
class Shortfall:
    """A channel that is open less than the law asks.

    Args:
        open_bp: the part of the voice line's week in which the channel is open too, basis points, rounded down.
        least_bp: the part that the law asks for.
        missing_s: seconds of a week in which the voice line is open and the channel is not.
        weekdays: those on which that happens, from Monday 0.
    """

    open_bp: int
    least_bp: int
    missing_s: int
    weekdays: tuple[int, ...]


@dataclass(frozen=True)
class DutyRow:
    """A dated row of the law: the part of the voice line's hours, in basis points, over days [since, until)."""

    least_share_bp: int
    since: date
    until: date | None


# As shipped: data for the ``AccessDuty`` table; nobody has compared them with the decree yet (``verified``).
DUTIES = (
    DutyRow(5_000, date(2018, 10, 7), date(2026, 10, 1)),
    DutyRow(10_000, date(2026, 10, 1), None),
)
DUTY_SOURCE = "Loi 2016-1321, art. 105 ; décret 2017-875"


def duty_on(rows: Sequence[DutyRow], day: date) -> DutyRow | None:
    """The row in force on a day; None before there was any.

    >>> duty_on([DutyRow(5_000, date(2018, 10, 7), date(2026, 10, 1))], date(2026, 10, 1)) is None
    True
    """
    held = [row for row in rows if row.since <= day and (row.until is None or day < row.until)]
    return held[-1] if held else None


def shortfall(voice: Week, channel: Week, *, least_bp: int) -> Shortfall | None:
    """What a channel's week lacks against the voice line's; None when it is open long enough.

    Time in which the channel is open and the voice line is not makes up for nothing: the law speaks of the same
    hours. A voice line that never opens asks for nothing.

    Args:
        voice, channel: seven days from Monday, each the (opens, closes) seconds of the day, in any order.
        least_bp: ``DutyRow.least_share_bp``.

    >>> nine_to_six, mornings = [[(32_400, 64_800)]] * 5 + [[], []], [[(32_400, 43_200)]] * 5 + [[], []]
    >>> shortfall(nine_to_six, mornings, least_bp=5_000)
    Shortfall(open_bp=3333, least_bp=5000, missing_s=108000, weekdays=(0, 1, 2, 3, 4))
    >>> shortfall(nine_to_six, nine_to_six, least_bp=10_000) is None
    True
    """
    asked = [_length(_joined(day)) for day in voice]
    shared = [_overlap(_joined(ours), _joined(theirs)) for ours, theirs in zip(voice, channel, strict=True)]
    total, missing = sum(asked), sum(asked) - sum(shared)
    open_bp = WHOLE_BP if not total else WHOLE_BP * sum(shared) // total
    if WHOLE_BP * sum(shared) >= least_bp * total:
        return None
    days = tuple(rank for rank, (wanted, got) in enumerate(zip(asked, shared, strict=True)) if got < wanted)
    return Shortfall(open_bp, least_bp, missing, days)


def _joined(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for opens, closes in sorted(spans):
        if found and opens <= found[-1][1]:
            found[-1] = (found[-1][0], max(closes, found[-1][1]))
        else:
            found.append((opens, closes))
    return found


def _length(spans: list[tuple[int, int]]) -> int:
    return sum(closes - opens for opens, closes in spans)


def _overlap(one: list[tuple[int, int]], other: list[tuple[int, int]]) -> int:
    return sum(max(0, min(a[1], b[1]) - max(a[0], b[0])) for a in one for b in other)
