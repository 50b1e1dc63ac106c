"""When a number's channels beside voice are open. Columnar; pure."""

from __future__ import annotations

import polars as pl

from numbers.rules.hours import EXCEPTIONS_SCHEMA, HOURS_SCHEMA, is_open, spans_of_days, valid_on

ACCESS_SCHEMA = {
    "access_id": pl.Int64,
    "number_id": pl.Int64,
    "channel": pl.String,
    "is_same": pl.Boolean,
    "valid_from": pl.Date,
    "valid_until": pl.Date,
}
OWN_SCHEMA = {"access_id": pl.Int64, "weekday": pl.Int64, "opens_s": pl.Int64, "closes_s": pl.Int64}


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


def spans_of_channels(
    days: pl.DataFrame, access: pl.DataFrame, own: pl.DataFrame, hours: pl.DataFrame, exceptions: pl.DataFrame
) -> pl.DataFrame:
    """When channels are open on given days.

    Args:
        days: number_id Int64, day Date, each pair once.
        access, own, hours, exceptions: as for ``channel_is_open``.
    Returns:
        number_id, channel, day, opens_s, closes_s: no row for a day on which a channel is closed, or not offered.
    """
    lines = days.join(access, on="number_id", how="inner").filter(valid_on("day"))
    asked = lines.select(pl.col("access_id").alias("number_id"), "day")
    spans = spans_of_days(asked, _weeks(access, own, hours), _days(access, exceptions))
    named = spans.rename({"number_id": "access_id"}).join(
        access.select("access_id", "number_id", "channel"), on="access_id", how="left", maintain_order="left"
    )
    return named.select("number_id", "channel", "day", "opens_s", "closes_s")


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
