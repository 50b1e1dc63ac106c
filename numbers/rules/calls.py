"""Events of a queue as calls: one row per caller's call, whatever happened to it. It knows no file and no table.

What a call is, when its wait ends, whose talk counts and when nothing can change it any more is decided here.
"""

from __future__ import annotations

import polars as pl

from .event_order import LIFE_US, LINGER_US, plain_events
from .queue_events import Kind

OPEN, EXITED, FINAL = 0, 1, 2
MOST_MS = 2_147_483_647

CALLS: dict[str, type[pl.DataType]] = {
    "external_id": pl.String,
    "number": pl.String,
    "queue": pl.String,
    "caller": pl.String,
    "offered_us": pl.Int64,
    "outcome": pl.String,
    "wait_ms": pl.Int64,
    "talk_ms": pl.Int64,
    "agent": pl.String,
    "transferred": pl.Boolean,
    "line": pl.Int64,
    "state": pl.Int8,
    "last_us": pl.Int64,
    "first_seq": pl.Int64,
    "expired": pl.Boolean,
    "is_call": pl.Boolean,
}

_OUTCOMES = {
    Kind.KEY: "key",
    Kind.TIMEOUT: "timeout",
    Kind.EMPTY: "empty",
    Kind.FULL: "full",
    Kind.WITHDRAWN: "withdrawn",
}
__all__ = ["CALLS", "EXITED", "FINAL", "LIFE_US", "LINGER_US", "OPEN", "assemble_calls"]
EXITS = tuple(int(kind) for kind in _OUTCOMES)
_KIND = pl.col("kind")
_I = pl.col("i")


def assemble_calls(events: pl.DataFrame, *, queue_number: pl.Expr) -> pl.DataFrame:
    """One row per call, from its events in file order.

    The wait runs from the first entry into any queue to the first agent; for a single entry it is the figure the
    PBX logged. Talk is that of the first agent only: what follows a transfer is nobody's second call. Fractions of a
    millisecond are cut off. A call whose beginning is not in the events is never guessed at.

    Args:
        events: ``queue_events.EVENT_FRAME``; instants already settled (``event_order.settle_clock``).
        queue_number: the number found in the name of a queue (an expression over ``queue``).
    Returns:
        ``CALLS``, in no order. ``state``: OPEN (``outcome`` is then ``incomplete``, as far as is known), EXITED (the
        caller was sent away and may come back within the hour), FINAL (no event can change it). ``expired``: an
        event came too late to belong to it. ``is_call``: false for a number that was dialled but reached no queue.
    Source: events of app_queue.c; DESIGN §5 "Time": a caller who re-enters is one call.
    """
    if events.is_empty():
        return pl.DataFrame(schema=CALLS)
    groups = _groups(events)
    mask = _tangled(groups, events)
    calls, tangled = _rows(groups.filter(~mask), events, queue_number), groups.filter(mask)
    if tangled.is_empty():
        return calls
    combed = plain_events(events.join(tangled, on="external_id", how="semi", maintain_order="left"))
    return pl.concat([calls, _rows(_groups(combed), combed, queue_number)])


def _groups(events: pl.DataFrame) -> pl.DataFrame:
    """Per call the row number of the first event of each decisive kind, and how many there are."""
    marked = events.select(
        "external_id",
        "at_us",
        "seq",
        expired=pl.col("expired") if "expired" in events.columns else pl.lit(False),
        i=pl.int_range(pl.len(), dtype=pl.Int64),
        kind="kind",
        number="number",
        caller="caller",
    ).with_columns(**_marks())
    counted = ("entry", "connect", "done", "left", "exit", "dump")
    return marked.group_by("external_id").agg(
        pl.col("first", "entry", "dialled", "connect", "done", "left", "exit", "named").min(),
        *(pl.col(name).count().alias(f"{name}_count") for name in counted),
        last=_I.max(),
        expired=pl.col("expired").any(),
        first_seq=pl.col("seq").min(),
        last_us=pl.col("at_us").max(),
        first_us=pl.col("at_us").min(),
    )


def _tangled(groups: pl.DataFrame, events: pl.DataFrame) -> pl.Series:
    """Calls with more than one entry, agent or end, or a long silence: which events count must be sorted out first."""
    counts = [pl.col(f"{name}_count") for name in ("entry", "connect", "done", "left", "exit")]
    mixed = (pl.col("connect_count") > 0) & (pl.col("left_count") + pl.col("exit_count") > 0)
    long = pl.col("last_us") - pl.col("first_us") > LINGER_US
    found = (pl.max_horizontal(counts) > 1) | mixed | (pl.col("dump_count") > 0) | long
    others = groups.select(
        agent=events["agent"].gather(groups["connect"]).ne_missing(events["agent"].gather(groups["done"])),
        queue=events["queue"].gather(groups["connect"]).ne_missing(events["queue"].gather(groups["done"])),
    ).select(pl.any_horizontal("agent", "queue"))
    ended = pl.col("done").is_not_null()
    return groups.select(found | (ended & pl.lit(others.to_series()))).to_series()


def _marks() -> dict[str, pl.Expr]:
    """Row numbers of the events that decide, null elsewhere: their minimum per call is then one cheap pass."""
    marks = {
        "first": _KIND != Kind.DID,
        "entry": _KIND == Kind.ENTER,
        "dialled": (_KIND == Kind.DID) & pl.col("number").is_not_null(),
        "connect": _KIND == Kind.CONNECT,
        "done": _KIND.is_in([int(Kind.DONE), int(Kind.MOVED)]),
        "left": _KIND.is_in([int(Kind.ABANDON), int(Kind.FAILED)]),
        "exit": _KIND.is_in(EXITS),
        "dump": _KIND == Kind.DUMP,
        "named": pl.col("caller").is_not_null(),
    }
    return {name: pl.when(mark).then(_I) for name, mark in marks.items()}


def _rows(groups: pl.DataFrame, events: pl.DataFrame, queue_number: pl.Expr) -> pl.DataFrame:
    def at(index: str, column: str) -> pl.Series:
        return events[column].gather(groups[index])

    whole = (pl.col("entry") <= pl.col("first")).fill_null(False)
    answered = whole & pl.col("connect").is_not_null()
    ended = answered & (pl.col("done") > pl.col("connect")).fill_null(False)
    left = whole & ~answered & pl.col("left").is_not_null()
    gone = whole & ~answered & ~left & pl.col("exit").is_not_null()
    groups = groups.with_columns(start=pl.when(whole).then("entry").otherwise(pl.coalesce("first", "dialled", "last")))
    groups = groups.with_columns(
        end=pl.when(answered).then("connect").when(left).then("left").when(gone).then("exit"),
        outcome=pl.when(ended)
        .then(pl.lit("answered"))
        .when(left)
        .then(pl.when(pl.lit(at("left", "kind")) == Kind.ABANDON).then(pl.lit("abandoned")).otherwise(pl.lit("failed")))
        .when(gone)
        .then(pl.lit(at("exit", "kind")).replace_strict({int(k): v for k, v in _OUTCOMES.items()}, default=None))
        .otherwise(pl.lit("incomplete")),
        state=pl.when(ended | left).then(FINAL).when(gone).then(EXITED).otherwise(OPEN).cast(pl.Int8),
        talked=ended,
        is_call=pl.col("first").is_not_null(),
    )
    groups = groups.with_columns(
        queue=at("start", "queue"),
        offered_us=at("start", "at_us"),
        line=at("start", "line"),
        end_us=at("end", "at_us"),
        logged_s=at("end", "wait_s"),
        done_us=at("done", "at_us"),
        talk_s=at("done", "talk_s"),
        moved=(at("done", "kind") == Kind.MOVED).fill_null(False),
        agent=pl.when(answered).then(pl.lit(at("connect", "agent"))),
        caller=at("named", "caller"),
        dialled_number=pl.when((pl.col("dialled") > pl.coalesce("connect", "left")).fill_null(False))
        .then(None)
        .otherwise(pl.lit(at("dialled", "number"))),
    )
    plain_wait = pl.when(pl.col("entry_count") == 1).then(pl.col("logged_s") * 1000)
    talked = pl.when(pl.col("talked"))
    return groups.select(
        "external_id",
        number=pl.coalesce("dialled_number", _numbers_in(groups["queue"], queue_number)),
        queue="queue",
        caller="caller",
        offered_us="offered_us",
        outcome="outcome",
        wait_ms=pl.coalesce(plain_wait, _span_ms("offered_us", "end_us")),
        talk_ms=talked.then(pl.coalesce(pl.col("talk_s") * 1000, _span_ms("end_us", "done_us"))),
        agent="agent",
        transferred=pl.col("talked") & pl.col("moved"),
        line="line",
        state="state",
        last_us="last_us",
        first_seq="first_seq",
        expired="expired",
        is_call="is_call",
    )


def _numbers_in(queues: pl.Series, queue_number: pl.Expr) -> pl.Series:
    """The number in each queue's name. A source has few queues: each name is read once."""
    names = queues.drop_nulls().unique().to_frame("queue").with_columns(number=queue_number)
    return queues.replace_strict(names["queue"], names["number"], default=None, return_dtype=pl.String)


def _span_ms(start: str, end: str) -> pl.Expr:
    """Whole milliseconds between two instants, never negative: a clock set back during a call costs nobody."""
    return ((pl.col(end) - pl.col(start)) // 1000).clip(0, MOST_MS)
