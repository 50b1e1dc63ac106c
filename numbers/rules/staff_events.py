"""Lines of Asterisk's queue_log about the agents themselves: who came into a queue, left it, went on pause, came back.

It decides nothing about time, see the work rules of the agents app.
"""

from __future__ import annotations

import polars as pl

from .queue_events import Kind

# Source: app_queue.c and chan_agent.c of Asterisk 1.4 to 22; XiVO and Wazo for the callback log-ins.
STAFF_EVENTS = {
    "ADDMEMBER": "in",
    "AGENTLOGIN": "in",
    "AGENTCALLBACKLOGIN": "in",
    "REMOVEMEMBER": "out",
    "AGENTLOGOFF": "out",
    "AGENTCALLBACKLOGOFF": "out",
    "PAUSE": "pause",
    "PAUSEALL": "pause",
    "UNPAUSE": "resume",
    "UNPAUSEALL": "resume",
}
STAFF_FRAME: dict[str, type[pl.DataType]] = {
    "at_us": pl.Int64,
    "agent_name": pl.String,
    "queue": pl.String,
    "kind": pl.String,
    "place": pl.Int64,
}
NOBODY = ("", "NONE")
LONGEST_NAME = 128


def staff_events(lines: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """What the lines say of agents signing in and out.

    Args:
        lines: as ``queue_events.read_events`` takes them.
        events: what it made of them, faulty lines left out.
    Returns:
        ``STAFF_FRAME``; ``queue`` is empty where the event is about all of the agent's queues; ``place`` is the rank
        among the events of one agent in one instant. The same event twice in an instant stands once, where it was
        last.

    >>> from .queue_events import FIELDS, read_events
    >>> fields = dict.fromkeys(FIELDS) | {"callid": "NONE", "queue": "q", "agent": "A", "event": "PAUSE"}
    >>> row = {"line": 1, "seq": 1, "at_us": 1767603600000000, "alt_us": None, "when": "1767603600", **fields}
    >>> lines = pl.DataFrame([row], schema_overrides={name: pl.String for name in FIELDS})
    >>> staff_events(lines, read_events(lines)[0]).row(0)
    (1767603600000000, 'A', 'q', 'pause', 0)
    """
    if not (events["kind"] == Kind.OTHER).any():
        return pl.DataFrame(schema=STAFF_FRAME)
    about = events.filter(pl.col("kind") == Kind.OTHER).select("seq")
    kind = pl.col("event").replace_strict(STAFF_EVENTS, default=None, return_dtype=pl.String)
    paused = (pl.col("event") == "ADDMEMBER") & (pl.col("d1") == "PAUSED")
    named = ~pl.col("agent").is_in(NOBODY) & (pl.col("agent").str.len_chars() <= LONGEST_NAME)
    found = (
        lines.join(about, on="seq", how="semi", maintain_order="left")
        .with_columns(kind=pl.when(paused.fill_null(False)).then(pl.lit("in_paused")).otherwise(kind))
        .filter(pl.col("kind").is_not_null() & named.fill_null(False))
    )
    queue = pl.when(~pl.col("queue").is_in(NOBODY)).then(pl.col("queue").str.slice(0, LONGEST_NAME))
    return (
        found.select("at_us", agent_name="agent", queue=queue.fill_null(""), kind="kind")
        .with_columns(place=pl.int_range(pl.len(), dtype=pl.Int64).over("at_us", "agent_name"))
        .unique(["at_us", "agent_name", "queue", "kind"], keep="last", maintain_order=True)
    )
