"""Half-open spans of time of agents, and which of them hold an instant. Pure."""

from __future__ import annotations

import polars as pl

SPAN = {"start": pl.Datetime("us", "UTC"), "end": pl.Datetime("us", "UTC")}  # an end of null never comes


def attach_span(
    rows: pl.DataFrame, spans: pl.DataFrame, *, id_column: str, on: list[str] | None = None
) -> pl.DataFrame:
    """Add ``id_column``: the span that holds the instant of each row; the lowest id where several do, else null.

    Args:
        rows: _row (its number), _at (the instant), and the columns of ``on``.
        spans: the columns of ``on`` (agent_id unless said), ``id_column``, start, end.
    """
    hits = _hits(rows, spans, on or ["agent_id"]).group_by("_row").agg(pl.col(id_column).min())
    return rows.join(hits, on="_row", how="left", maintain_order="left")


def covered(rows: pl.DataFrame, spans: pl.DataFrame) -> pl.Series:
    """Whether some span of the row's agent holds its instant, one boolean a row."""
    return rows["_row"].is_in(_hits(rows, spans, ["agent_id"])["_row"].unique().implode())


def _hits(rows: pl.DataFrame, spans: pl.DataFrame, on: list[str]) -> pl.DataFrame:
    return (
        rows.select("_row", "_at", *on)
        .join(spans, on=on, how="inner")
        .filter((pl.col("start") <= pl.col("_at")) & (pl.col("end").is_null() | (pl.col("_at") < pl.col("end"))))
    )
