"""Write what became of the calls by channels beside voice, per number and day: one line a channel."""

import polars as pl
from django.db import connection

from agents.models.verdict import VerdictKind
from illico_platform.frames import copy_in


def store_channel_days(*, company_id: int, pending: pl.DataFrame, calls: pl.DataFrame, verdicts: pl.DataFrame) -> None:
    """Replace the lines of the pending number-days; those of voice have none, the rest of the day's roll-up is theirs.

    Args:
        pending: number_id, day.
        calls: number_id, day, channel (null for voice), outcome, setup_ms.
        verdicts: verdict, charged_ms, in the order of ``calls``.
    """
    both = pl.concat(
        [
            calls.select("number_id", "day", "channel", "outcome", "setup_ms"),
            verdicts.select("verdict", "charged_ms"),
        ],
        how="horizontal",
    ).filter(pl.col("channel").is_not_null())
    kept = pl.col("verdict") == VerdictKind.KEPT.value
    counts = both.group_by("number_id", "day", "channel", maintain_order=True).agg(
        pl.lit(company_id).first().alias("company_id"),
        pl.len().alias("calls"),
        (pl.col("outcome") == "answered").sum().alias("answered"),
        *((pl.col("verdict") == kind).sum().alias(kind) for kind in VerdictKind.values),
        pl.col("charged_ms").sum(),
        pl.col("setup_ms").filter(kept).sum().alias("free_setup_ms"),
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM agents_channelday c USING unnest(%s, %s::date[]) AS p (number_id, day)"
            " WHERE c.number_id = p.number_id AND c.day = p.day",
            [pending["number_id"].to_list(), pending["day"].to_list()],
        )
    copy_in("agents_channelday", counts)
