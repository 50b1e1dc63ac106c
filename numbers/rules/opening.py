"""Whether a number is open at an instant, and when that next changes: one number, from the spans of its days. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from illico_platform.lib.periods import PARIS

DAY_S = 86_400
Span = tuple[date, int, int]  # day, first second, second after the last
Clock = tuple[int, int]  # the same of a day that is known


@dataclass(frozen=True)
class Opening:
    """Open or not, and the wall-clock instant in Paris when it changes; None: not within the days looked at."""

    is_open: bool
    changes_at: datetime | None


def opening_at(spans: Iterable[Span], now: datetime) -> Opening:
    """What to tell a caller at ``now``: open until when, or closed until when.

    Spans that touch, also over midnight, are one. The clock on the wall decides, as in ``hours.is_open``.

    Args:
        spans: of today and the days after it (``hours.spans_of_days``), in any order, overlaps allowed.
        now: aware.

    >>> now = datetime(2026, 11, 25, 17, 0, tzinfo=PARIS)
    >>> opening_at([(date(2026, 11, 25), 32_400, 64_800)], now).changes_at.strftime("%d %H:%M")
    '25 18:00'
    >>> opening_at([(date(2026, 11, 26), 32_400, 64_800)], now).is_open
    False
    """
    local = now.astimezone(PARIS).replace(tzinfo=None)
    for opens, closes in _joined(spans):
        if opens <= local < closes:
            return Opening(True, closes)
        if local < opens:
            return Opening(False, opens)
    return Opening(False, None)


@dataclass(frozen=True)
class Run:
    """Days that follow each other and have the same hours for the same reason; no spans is closed.

    Args:
        reason: why, as the company wrote it; None for what public holidays bring.
    """

    first: date
    last: date
    spans: tuple[Clock, ...]
    reason: str | None = ""


def runs_of(days: Iterable[tuple[date, tuple[Clock, ...], str | None]]) -> list[Run]:
    """The days with their spans and reason, in order, those that read alike and follow each other told as one.

    Args:
        days: each day once, in any order.

    >>> [run.last.day for run in runs_of([(date(2026, 12, day), (), "Congés") for day in (24, 26, 25, 28)])]
    [26, 28]
    """
    found: list[Run] = []
    for day, spans, reason in sorted(days, key=lambda each: each[0]):
        before = found[-1] if found else None
        if before and day - before.last == timedelta(days=1) and (spans, reason) == (before.spans, before.reason):
            found[-1] = replace(before, last=day)
        else:
            found.append(Run(day, day, spans, reason))
    return found


def keep_past(before: Iterable[Clock], after: Iterable[Clock], passed_s: int) -> list[Clock]:
    """The hours of a day that has begun: as they were up to ``passed_s``, as they shall be from then on.

    Args:
        before, after: spans of the day, seconds since midnight, half-open, in any order.
        passed_s: how much of the day has passed (``passed_of_day``).
    Returns:
        Spans in order that neither touch nor overlap; empty is closed.

    >>> keep_past([(32_400, 64_800)], [], 50_400)
    [(32400, 50400)]
    """
    kept = [(opens, min(closes, passed_s)) for opens, closes in before if opens < passed_s]
    new = [(max(opens, passed_s), closes) for opens, closes in after if closes > passed_s]
    found: list[Clock] = []
    for opens, closes in sorted(kept + new):
        if found and opens <= found[-1][1]:
            found[-1] = (found[-1][0], max(closes, found[-1][1]))
        else:
            found.append((opens, closes))
    return found


def passed_of_day(now: datetime) -> int:
    """The seconds of the wall clock in Paris that some call of today may have been offered at, in whole minutes.

    In the second passage of the hour that comes twice, all of it has passed.

    >>> passed_of_day(datetime(2026, 11, 25, 14, 0, 1, tzinfo=PARIS))
    50460
    """
    local = now.astimezone(PARIS)
    minutes = (local.hour + 1) * 60 if local.fold else local.hour * 60 + local.minute + 1
    return min(minutes * 60, DAY_S)


def _joined(spans: Iterable[Span]) -> list[tuple[datetime, datetime]]:
    found: list[tuple[datetime, datetime]] = []
    for day, opens_s, closes_s in sorted(spans):
        midnight = datetime.combine(day, time.min)
        opens, closes = midnight + timedelta(seconds=opens_s), midnight + timedelta(seconds=closes_s)
        if found and opens <= found[-1][1]:
            found[-1] = (found[-1][0], max(closes, found[-1][1]))
        else:
            found.append((opens, closes))
    return found
