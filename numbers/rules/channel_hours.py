"""When a number's channels beside voice are open, and how that compares with its voice line. Columnar; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from numbers.rules.hours import EXCEPTIONS_SCHEMA, HOURS_SCHEMA, is_open, valid_on

ACCESS_SCHEMA = {
    "access_id": pl.Int64,
    "number_id": pl.Int64,
    "channel": pl.String,
    "is_same": pl.Boolean,
    "valid_from": pl.Date,
    "valid_until": pl.Date,
}
OWN_SCHEMA = {"access_id": pl.Int64, "weekday": pl.Int64, "opens_s": pl.Int64, "closes_s": pl.Int64}
WHOLE_BP = 10_000
Week = Sequence[Sequence[tuple[int, int]]]


def channel_is_open(
    calls: pl.DataFrame, access: pl.DataFrame, own: pl.DataFrame, hours: pl.DataFrame, exceptions: pl.DataFrame
) -> pl.Series:
    """Whether each call was offered inside the hours of the channel that it came through.

    A channel follows the voice line's week or has one of its own; a number's dated exceptions, those of public
    holidays among them, are those of all its channels. A channel that the number did not offer that day is closed.

    Args:
        calls: number_id Int64, channel Utf8, offered_at Datetime(us, UTC); other columns are ignored.
        access: ``ACCESS_SCHEMA``: the channels, no two of a number and channel on one day.
        own: ``OWN_SCHEMA``: the weeks of channels with hours of their own.
        hours, exceptions: the number's, as for ``hours.is_open``.
    Returns:
        Boolean, without nulls, named ``is_open``, in the order of ``calls``.
    """
    day = pl.col("offered_at").dt.convert_time_zone("Europe/Paris").dt.date()
    rows = calls.select("number_id", "channel", "offered_at", _day=day).with_row_index("_row")
    held = rows.join(access, on=["number_id", "channel"], how="inner").filter(valid_on("_day"))
    # A channel is a line of its own: its id takes the number's place.
    lines = held.select("_row", "offered_at", number_id="access_id")
    opened = lines.with_columns(is_open(lines, _weeks(access, own, hours), _days(access, exceptions)))
    found = rows.join(opened.select("_row", "is_open"), on="_row", how="left", maintain_order="left")
    return found.select(pl.col("is_open").fill_null(False)).get_column("is_open")


def _weeks(access: pl.DataFrame, own: pl.DataFrame, hours: pl.DataFrame) -> pl.DataFrame:
    """``HOURS_SCHEMA`` with channels for numbers; a channel's own days bound the hours it borrows."""
    borrowed = access.filter("is_same").join(hours, on="number_id", how="inner", suffix="_voice")
    since = pl.max_horizontal("valid_from", "valid_from_voice")
    until = pl.min_horizontal("valid_until", "valid_until_voice")
    same = borrowed.with_columns(valid_from=since, valid_until=until)
    apart = access.filter(~pl.col("is_same")).join(own, on="access_id", how="inner")
    columns = [pl.col("access_id").alias("number_id"), *list(HOURS_SCHEMA)[1:]]
    return pl.concat([same.select(columns), apart.select(columns)])


def _days(access: pl.DataFrame, exceptions: pl.DataFrame) -> pl.DataFrame:
    """``EXCEPTIONS_SCHEMA`` with channels for numbers, on the days that each channel is offered."""
    both = access.join(exceptions, on="number_id", how="inner").filter(valid_on("day"))
    return both.select(pl.col("access_id").alias("number_id"), *list(EXCEPTIONS_SCHEMA)[1:])


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
