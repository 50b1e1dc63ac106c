"""Where a network lies: which countries are France, and the spans that what was seen stands for. Pure."""

from __future__ import annotations

import polars as pl

# ISO 3166-1: France and what is French overseas, each of which has a code of its own.
OVERSEAS = frozenset(["GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF", "WF", "PF", "NC", "TF"])
FRANCE = frozenset(["FR"]) | OVERSEAS


def seen_spans(sightings: pl.DataFrame) -> pl.DataFrame:
    """The span for which each sighting stands: until the next one of that agent, at most until its Paris day ends.

    Args:
        sightings: agent_id, start (Datetime us, UTC), is_french, is_abroad.
    Returns:
        The same rows, oldest first, with ``end``.
    """
    midnight = (
        pl.col("start")
        .dt.convert_time_zone("Europe/Paris")
        .dt.offset_by("1d")
        .dt.truncate("1d")
        .dt.convert_time_zone("UTC")
    )
    following = pl.col("start").shift(-1).over("agent_id")
    return sightings.sort("agent_id", "start").with_columns(end=pl.min_horizontal(following, midnight))


def run_starts(found: pl.DataFrame) -> pl.DataFrame:
    """The first of each run of sightings that tell the same network of an agent on a Paris day; oldest first.

    Args:
        found: agent_id, at (Datetime us, UTC), country, is_private, network_hash and whatever else.
    """
    told = ["agent_id", "country", "is_private", "network_hash"]
    rows = found.unique([*told, "at"]).sort("at", *told)
    day = pl.col("at").dt.convert_time_zone("Europe/Paris").dt.date()
    same = [pl.col(name) == pl.col(name).shift(1).over("agent_id") for name in told[1:]]
    follows = pl.all_horizontal(*same, day == day.shift(1).over("agent_id")).fill_null(False)
    return rows.filter(~follows)
