"""Which of a call's events count, in which order: copies, re-entries, late-comers, clock changes."""

from __future__ import annotations

import re

import polars as pl

from .queue_events import Kind

LINGER_US = 3_600 * 1_000_000  # a caller sent away may be put back into a queue within the hour
LIFE_US = 24 * LINGER_US  # nobody waits or talks longer
_KIND = pl.col("kind")
_ENDS = [int(Kind.DONE), int(Kind.MOVED)]
_EXITS = [int(Kind.KEY), int(Kind.TIMEOUT), int(Kind.EMPTY), int(Kind.FULL), int(Kind.WITHDRAWN)]
_CHANNEL_START = re.compile(r"^(?:.*-)?(\d{10})\.\d+$")


def plain_events(events: pl.DataFrame) -> pl.DataFrame:
    """The events that count, so that each decisive kind stands at most once per call and in its place.

    Dropped are: a second copy of the same event; a CONNECT whose agent gave up before the caller heard them
    (AGENTDUMP); what comes more than an hour after the caller was sent away, or a day after anything (``expired``);
    agents and ends after the first agent; exits before the last entry; everything after the end.

    Args:
        events: ``queue_events.EVENT_FRAME`` of calls, in order within each call.
    Returns:
        The same columns and ``expired``; a call that begins with anything but an entry keeps that event first.
    """
    same = ["external_id", "at_us", "kind", "queue", "agent", "number", "wait_s", "talk_s"]
    kept = events.unique(subset=same, keep="first", maintain_order=True)
    kept = kept.sort("external_id", maintain_order=True).with_row_index("n").with_columns(pl.col("n").cast(pl.Int64))
    kept = _without_given_up(kept)
    kept = _without_late(kept)
    return _without_after_first(kept).drop("n")


def settle_clock(events: pl.DataFrame) -> pl.DataFrame:
    """Choose between the two instants of events whose local time occurred twice (the clocks went back).

    Within a call time does not run backwards and the logged wait fits; the channel's id tells its start. What is
    left undecided is the earlier instant.

    Args:
        events: ``queue_events.EVENT_FRAME``, in order; ``alt_us`` is the later of the two, null when there is one.
    """
    doubled = events.filter(pl.col("alt_us").is_not_null())["external_id"].unique()
    if doubled.is_empty():
        return events
    touched = events.filter(pl.col("external_id").is_in(doubled.implode()))
    chosen = {
        row["seq"]: at_us
        for (name,), call in touched.group_by("external_id", maintain_order=True)
        for row, at_us in _settled(str(name), call.to_dicts())
    }
    settled = pl.DataFrame(
        {"seq": list(chosen), "settled": list(chosen.values())}, schema={"seq": pl.Int64, "settled": pl.Int64}
    )
    joined = events.join(settled, on="seq", how="left", maintain_order="left")
    return joined.with_columns(at_us=pl.coalesce("settled", "at_us")).drop("settled")


def _settled(name: str, rows: list[dict[str, int]]) -> list[tuple[dict[str, int], int]]:
    """Rows of one call with the instants that contradict each other, the log and the channel's id the least."""
    doubled = [row for row in rows if row["alt_us"] is not None]
    start = _CHANNEL_START.match(name)
    best: tuple[int, dict[int, int]] | None = None
    for early in range(len(doubled), -1, -1):  # once the second hour has begun, no event lies in the first
        picked = {row["seq"]: row["at_us" if index < early else "alt_us"] for index, row in enumerate(doubled)}
        cost = _contradiction([(row, picked.get(row["seq"], row["at_us"])) for row in rows])
        if start:
            first = picked.get(rows[0]["seq"], rows[0]["at_us"])
            cost += abs(first - int(start[1]) * 1_000_000)
        if best is None or cost < best[0]:
            best = cost, picked
    assert best is not None
    return [(row, best[1].get(row["seq"], row["at_us"])) for row in rows]


def _contradiction(timed: list[tuple[dict[str, int], int]]) -> int:
    """Microseconds by which instants run backwards or miss the waits and talks that the PBX logged."""
    cost, entered, connected = 0, None, None
    for index, (row, at_us) in enumerate(timed):
        if index:
            cost += 10 * max(0, timed[index - 1][1] - at_us)
        if row["kind"] == Kind.ENTER:
            entered = at_us
        elif row["wait_s"] is not None and entered is not None:
            cost += abs(at_us - entered - row["wait_s"] * 1_000_000)
        elif row["talk_s"] is not None and connected is not None:
            cost += abs(at_us - connected - row["talk_s"] * 1_000_000)
        if row["kind"] == Kind.CONNECT:
            connected = at_us
    return cost


def _without_given_up(kept: pl.DataFrame) -> pl.DataFrame:
    if not (kept["kind"] == Kind.DUMP).any():
        return kept
    dumped = (_KIND.shift(-1).over("external_id") == Kind.DUMP) & (
        pl.col("agent").shift(-1).over("external_id") == pl.col("agent")
    )
    return kept.filter(~((_KIND == Kind.CONNECT) & dumped.fill_null(False)))


def _without_late(kept: pl.DataFrame) -> pl.DataFrame:
    """A number dialled again (DID) does not wake a call that was sent away."""
    told = pl.when(_KIND != Kind.DID).then(_KIND)
    before = told.forward_fill().shift(1).over("external_id")
    gap = pl.col("at_us") - pl.col("at_us").shift(1).over("external_id")
    limit = pl.when(before.is_in(_EXITS)).then(LINGER_US).otherwise(LIFE_US)
    late = kept.with_columns(late=(gap > limit).fill_null(False))
    late = late.with_columns(late=pl.col("late").cast(pl.Int8).cum_max().over("external_id") > 0)
    return late.with_columns(expired=pl.col("late").any().over("external_id")).filter(~pl.col("late")).drop("late")


def _without_after_first(kept: pl.DataFrame) -> pl.DataFrame:
    """Keep the first agent, that agent's own end, the last exit before it, and nothing after."""
    n = pl.col("n")

    def first(mark: pl.Expr) -> pl.Expr:
        return pl.when(mark).then(n).min().over("external_id")

    connect = _KIND == Kind.CONNECT
    kept = kept.with_columns(
        opening=first(_KIND != Kind.DID),
        connect_n=first(connect),
        left_n=first(_KIND.is_in([int(Kind.ABANDON), int(Kind.FAILED)])),
    )
    agent, queue = (
        pl.when(n == pl.col("connect_n")).then(pl.col(name).fill_null("")).max().over("external_id")
        for name in ("agent", "queue")
    )
    kept = kept.with_columns(mine=(pl.col("agent").fill_null("") == agent) & (pl.col("queue").fill_null("") == queue))
    later = n > pl.col("connect_n")
    kept = kept.with_columns(again_n=first(connect & pl.col("mine") & later))
    own_end = _KIND.is_in(_ENDS) & later & pl.col("mine") & (n < pl.col("again_n").fill_null(2**62))
    kept = kept.with_columns(done_n=first(own_end))
    decided = pl.min_horizontal("connect_n", "left_n").fill_null(2**62)
    kept = kept.with_columns(decided_n=decided)
    entry = (_KIND == Kind.ENTER) & (n < pl.col("decided_n"))
    kept = kept.with_columns(entry_n=pl.when(entry).then(n).max().over("external_id"))
    before_decided = n < pl.col("decided_n")
    stays = (
        (n == pl.col("opening"))
        | (n == pl.col("decided_n"))
        | ((n == pl.col("done_n")) & (pl.col("connect_n") == pl.col("decided_n")))
        | (before_decided & _KIND.is_in([int(Kind.ENTER), int(Kind.DID), int(Kind.RING), int(Kind.DUMP)]))
        | (before_decided & _KIND.is_in(_EXITS) & (n > pl.col("entry_n")))
    )
    drop = ["opening", "connect_n", "left_n", "mine", "again_n", "done_n", "decided_n", "entry_n"]
    return kept.filter(stays.fill_null(False)).drop(drop)
