"""How long agents were signed in to the queues, and on pause, from what the switch wrote of them. Pure; sets.

Signed in: in at least one queue. On pause: signed in, and on pause in every queue that one is in. Time in two queues
counts once. What the log leaves open counts up to the last sign of life, and its day is told to be incomplete.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from .spans import SPAN

LONGEST = pl.duration(hours=16)  # nobody is at work longer: what lasts longer was left open
INSTANT = SPAN["start"]
EVENTS = {
    "agent_id": pl.Int64,
    "source_id": pl.Int64,
    "queue": pl.String,
    "at": INSTANT,
    "place": pl.Int64,
    "kind": pl.String,
}
SIGNS = {"agent_id": pl.Int64, "at": INSTANT}
CORRECTIONS = {"agent_id": pl.Int64, "day": pl.Date, **SPAN, "paused_ms": pl.Int64}
DAYS: dict[str, Any] = {
    "agent_id": pl.Int64,
    "day": pl.Date,
    "logged_ms": pl.Int64,
    "paused_ms": pl.Int64,
    "first_in": INSTANT,
    "last_out": INSTANT,
    "is_complete": pl.Boolean,
    "is_corrected": pl.Boolean,
}
_QUEUE = ["agent_id", "source_id", "queue"]
_IN = pl.col("kind").is_in(["in", "in_paused"])


@dataclass(frozen=True)
class Worked:
    """``spans``: agent_id, start, end, is_paused, apart and in order; ``open``: agent_id, at of what was left open."""

    spans: pl.DataFrame
    open: pl.DataFrame


def work_spans(events: pl.DataFrame, signs: pl.DataFrame) -> Worked:
    """When each agent was signed in, and when on pause.

    Args:
        events: ``EVENTS``; an empty queue is all of the agent's queues of that source.
        signs: ``SIGNS``, ends of the agents' conversations.

    A session begins with « in » and ends with the first « out » after it. Without one within sixteen hours, or when
    another « in » comes first, it ends at the agent's last event or conversation before that. An « out » without its
    « in » counts no time: when that work began is unknown.
    """
    rows = _spread(events.select(*EVENTS)).sort(*_QUEUE, "at", "place", maintain_order=True)
    rows = rows.with_columns(session=_IN.cum_sum().over(_QUEUE))
    sessions = _sessions(rows.filter(pl.col("session") > 0), pl.concat([events.select(*SIGNS), signs.select(*SIGNS)]))
    orphans = _orphans(rows, sessions)
    left_open = sessions.filter("is_open").select("agent_id", at="end")
    begun_open = sessions.filter("is_open").select("agent_id", at="start")
    return Worked(_sweep(_pieces(rows, sessions)), pl.concat([left_open, begun_open, orphans]))


def work_days(worked: Worked, corrections: pl.DataFrame) -> pl.DataFrame:
    """Each agent's Paris days: ``DAYS``, whole milliseconds floored. A correction stands for all its day.

    Args:
        worked: of ``work_spans``.
        corrections: ``CORRECTIONS``, one an agent and day at most.
    """
    spans = _cut_at_midnight(worked.spans)
    length = (pl.col("end") - pl.col("start")).dt.total_microseconds()
    logged = spans.group_by("agent_id", _day_of("start")).agg(
        logged_ms=length.sum() // 1000,
        paused_ms=length.filter("is_paused").sum() // 1000,
        first_in=pl.col("start").min(),
        last_out=pl.col("end").max(),
    )
    left_open = worked.open.group_by("agent_id", _day_of("at")).agg(pl.col("at").min())
    days = logged.join(left_open, on=["agent_id", "day"], how="full", coalesce=True).select(
        "agent_id",
        "day",
        pl.col("logged_ms", "paused_ms").fill_null(0),
        pl.col("first_in", "last_out").fill_null(pl.col("at")),
        is_complete=pl.col("at").is_null(),
        is_corrected=pl.lit(False),
    )
    corrected = corrections.select(
        "agent_id",
        "day",
        logged_ms=length // 1000,
        paused_ms="paused_ms",
        first_in="start",
        last_out="end",
        is_complete=pl.lit(True),
        is_corrected=pl.lit(True),
    )
    kept = days.join(corrected, on=["agent_id", "day"], how="anti")
    return pl.concat([kept.select(*DAYS), corrected.select(*DAYS)]).sort("agent_id", "day")


def _spread(events: pl.DataFrame) -> pl.DataFrame:
    """A pause without a queue is one in each of the agent's queues of that source."""
    everywhere = (pl.col("queue") == "") & pl.col("kind").is_in(["pause", "resume"])
    queues = events.filter(_IN).select(*_QUEUE).unique()
    spread = events.filter(everywhere).drop("queue").join(queues, on=["agent_id", "source_id"])
    return pl.concat([events.filter(~everywhere), spread.select(*EVENTS)])


def _sessions(rows: pl.DataFrame, signs: pl.DataFrame) -> pl.DataFrame:
    """Sessions of one agent in one queue: start, end, is_open."""
    found = rows.group_by(*_QUEUE, "session", maintain_order=True).agg(
        start=pl.col("at").first(), out=pl.col("at").filter(pl.col("kind") == "out").first()
    )
    limit = pl.col("start") + LONGEST
    found = found.with_columns(
        next=pl.col("start").shift(-1).over(_QUEUE), out=pl.when(pl.col("out") <= limit).then("out")
    )
    before = (pl.col("at") <= limit) & (pl.col("at") < pl.col("next")).fill_null(True)
    open_ends = (
        found.filter(pl.col("out").is_null())
        .join(signs, on="agent_id")
        .filter((pl.col("at") >= pl.col("start")) & before)
        .group_by(*_QUEUE, "session")
        .agg(pl.col("at").max())
    )
    return found.join(open_ends, on=[*_QUEUE, "session"], how="left").select(
        *_QUEUE, "session", "start", end=pl.coalesce("out", "at", "start"), is_open=pl.col("out").is_null()
    )


def _orphans(rows: pl.DataFrame, sessions: pl.DataFrame) -> pl.DataFrame:
    """The first « out » after each session that it did not end, or after none: SIGNS."""
    outs = rows.filter(pl.col("kind") == "out").group_by(*_QUEUE, "session").agg(pl.col("at").min())
    ended = sessions.filter(~pl.col("is_open"))
    return outs.join(ended, on=[*_QUEUE, "session"], how="anti").select(*SIGNS)


def _pieces(rows: pl.DataFrame, sessions: pl.DataFrame) -> pl.DataFrame:
    """Spans of one agent in one queue in one state: agent_id, start, end, is_paused."""
    paused = pl.when(pl.col("kind").is_in(["pause", "in_paused"])).then(True).when(pl.col("kind") != "out").then(False)
    of_session = [*_QUEUE, "session"]
    return (
        rows.join(sessions.select(*of_session, "end"), on=of_session, maintain_order="left")
        .with_columns(is_paused=paused.forward_fill().over(of_session), next=pl.col("at").shift(-1).over(of_session))
        .select("agent_id", "is_paused", start="at", end=pl.min_horizontal("next", "end"))
        .filter(pl.col("start") < pl.col("end"))
    )


def _sweep(pieces: pl.DataFrame) -> pl.DataFrame:
    """The pieces of all queues laid over one another: signed in where any is, on pause where all are."""
    active = (~pl.col("is_paused")).cast(pl.Int32)
    begun = pieces.select("agent_id", at="start", queues=pl.lit(1), active=active)
    ended = pieces.select("agent_id", at="end", queues=pl.lit(-1), active=-active)
    steps = pl.concat([begun, ended]).group_by("agent_id", "at").agg(pl.col("queues", "active").sum())
    steps = steps.sort("agent_id", "at").with_columns(
        pl.col("queues", "active").cum_sum().over("agent_id"), end=pl.col("at").shift(-1).over("agent_id")
    )
    within = steps.filter(pl.col("queues") > 0)
    return within.select("agent_id", start="at", end="end", is_paused=pl.col("active") == 0)


def _cut_at_midnight(spans: pl.DataFrame) -> pl.DataFrame:
    """No session passes two midnights: what crosses one is cut there."""
    local = pl.col("end").dt.convert_time_zone("Europe/Paris")
    midnight = local.dt.truncate("1d").dt.convert_time_zone("UTC")
    crosses = (pl.col("start") < midnight) & (midnight < pl.col("end"))
    crossing = spans.filter(crosses)
    return pl.concat(
        [spans.filter(~crosses), crossing.with_columns(end=midnight), crossing.with_columns(start=midnight)]
    )


def _day_of(column: str) -> pl.Expr:
    return pl.col(column).dt.convert_time_zone("Europe/Paris").dt.date().alias("day")
