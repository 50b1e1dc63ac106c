"""Local times as instants, on the days when the clocks change too."""

from __future__ import annotations

import polars as pl


def instants(local: pl.Series, *, zone: str) -> pl.DataFrame:
    """Instants of naive local times.

    Args:
        local: Datetime(us) without zone; null stays null.
        zone: IANA name.
    Returns:
        ``at_us``: microseconds since 1970 UTC, the earlier of the two when the time occurred twice, null when it
        never did (the clocks went forward); ``alt_us``: the later of the two, null when there is one only.

    >>> from datetime import datetime
    >>> times = pl.Series([datetime(2026, 10, 25, 2, 30), datetime(2026, 3, 29, 2, 30)])
    >>> instants(times, zone="Europe/Paris")["at_us"].to_list()
    [1792888200000000, None]
    """
    early = local.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    late = local.dt.replace_time_zone(zone, ambiguous="latest", non_existent="null")
    frame = pl.DataFrame({"at_us": early.dt.epoch("us"), "alt_us": late.dt.epoch("us")})
    return frame.with_columns(alt_us=pl.when(pl.col("alt_us") != pl.col("at_us")).then("alt_us"))


def read_times(written: pl.Series, *, zone: str) -> pl.DataFrame:
    """Times as databases write them: epoch seconds, or date and time with or without fraction and offset.

    Returns:
        As ``instants``; an offset in the text wins over the zone. Null where it is no time.

    >>> read_times(pl.Series(["2023-04-12 07:00:36.992026+00", "1767603600"]), zone="Europe/Paris")["at_us"].to_list()
    [1681282836992026, 1767603600000000]
    """
    frame = pl.DataFrame({"text": written.cast(pl.String)}).with_columns(
        offset=pl.col("text").str.extract(r"\d{2}:\d{2}:\d{2}(?:\.\d+)?\s*(Z|[+-]\d{2}(?::?\d{2})?)$"),
        plain=pl.col("text")
        .str.extract(r"^(\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?)")
        .str.replace("T", " "),
        epoch=pl.col("text").str.extract(r"^(\d{10}(?:\.\d{1,6})?)$"),
    )
    text = pl.col("plain").str.to_datetime("%Y-%m-%d %H:%M:%S%.f", time_unit="us", strict=False)
    parsed = frame.with_columns(local=text)
    own = instants(parsed["local"], zone=zone)
    sign = pl.when(pl.col("offset").str.starts_with("-")).then(-1).otherwise(1)
    digits = pl.col("offset").str.replace_all(r"\D", "").str.pad_end(4, "0").str.replace(r"^$", "0000")
    minutes = sign * (digits.str.slice(0, 2).cast(pl.Int64) * 60 + digits.str.slice(2, 2).cast(pl.Int64))
    seconds = pl.col("epoch").str.slice(0, 10).cast(pl.Int64)
    micros = pl.col("epoch").str.slice(11).str.pad_end(6, "0").cast(pl.Int64)
    fixed = parsed.select(
        given=pl.coalesce(
            pl.col("local").dt.epoch("us") - pl.when(pl.col("offset").is_not_null()).then(minutes) * 60_000_000,
            seconds * 1_000_000 + micros,
        )
    )["given"]
    return own.with_columns(given=fixed).select(
        at_us=pl.coalesce("given", "at_us"), alt_us=pl.when(pl.col("given").is_null()).then("alt_us")
    )
