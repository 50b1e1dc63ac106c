"""Channels beside voice: what numbers offer, from when to when, with which hours."""

import polars as pl

from illico_platform.frames import copy_out
from numbers.rules.channel_hours import ACCESS_SCHEMA, OWN_SCHEMA


def access_channels(*, company_id: int) -> pl.DataFrame:
    """Every channel that a company's numbers offer or offered: ``ACCESS_SCHEMA``."""
    frame = copy_out(
        """SELECT a.id, a.number_id, a.channel, (a.opening = 'same')::int, a.valid_from, a.valid_until
             FROM numbers_accesschannel a JOIN numbers_premiumnumber n ON n.id = a.number_id WHERE n.company_id = %s""",
        [company_id],
        ACCESS_SCHEMA | {"is_same": pl.Int8},
    )
    return frame.with_columns(pl.col("is_same").cast(pl.Boolean))


def own_openings(*, company_id: int) -> pl.DataFrame:
    """The weeks of the channels that have hours of their own: ``OWN_SCHEMA``."""
    return copy_out(
        """SELECT o.access_id, o.weekday, o.opens_s, o.closes_s
             FROM numbers_accessopening o JOIN numbers_accesschannel a ON a.id = o.access_id
             JOIN numbers_premiumnumber n ON n.id = a.number_id
            WHERE n.company_id = %s AND a.opening = 'own'""",
        [company_id],
        OWN_SCHEMA,
    )
