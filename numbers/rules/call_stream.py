"""Calls out of events that arrive in pieces: what is over leaves, what may still change is kept. Memory stays flat.

The result does not depend on where the pieces were cut. It knows no format (``assemble`` is given) and no table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from .calls import CALLS, EXITED, FINAL, LIFE_US, LINGER_US, OPEN

CLOCK_SLACK_US = LINGER_US  # a PBX clock that is set back by less than this makes no call leave early
ENDED_KEPT = 20_000  # ids of the latest calls that ended: what a transfer makes of them later is no call
_EARLIER = 1 << 40
_STATE = pl.col("state")


@dataclass(frozen=True)
class Rest:
    """What is left when a file is over.

    Args:
        calls: to be stored now: ended, sent away, interrupted by a restart, or silent for a day.
        events: of every call that a later file may still change.
        waiting: how many of those calls have no outcome yet.
    """

    calls: pl.DataFrame
    events: pl.DataFrame
    waiting: int


class CallStream:
    """Feed events in file order, take the calls that are over.

    Args:
        assemble: events -> ``rules.calls.CALLS``.
        kept: events of calls that earlier files left open, with negative ``seq``.
        stored: ids among them that are stored already (sent away or interrupted); they stay told as incomplete.
    """

    def __init__(
        self, assemble: Callable[[pl.DataFrame], pl.DataFrame], *, kept: pl.DataFrame, stored: frozenset[str]
    ) -> None:
        self._assemble, self._stored = assemble, stored
        self._kept_ids = kept["external_id"].unique()
        self._beheaded = self._without_beginning(kept)
        self._events = kept
        self._ended = pl.Series("external_id", [], dtype=pl.String)
        self._held: set[str] = set()
        self._restart_seq: int | None = None
        self.clock_us: int | None = None
        self.touched: set[str] = set()
        self.late = 0

    def feed(self, events: pl.DataFrame, *, restart_seq: int | None) -> pl.DataFrame:
        """Take a block's events; returns the calls that nothing can change any more, ready to be stored."""
        if restart_seq is not None:
            self._restart_seq = restart_seq
        if events.is_empty():
            return pl.DataFrame(schema=CALLS)
        newest: int = events["at_us"].max()  # type: ignore[assignment]
        self.clock_us = max(newest, self.clock_us or newest)
        self._note(events)
        if len(self._ended):
            events = events.join(self._ended.to_frame(), on="external_id", how="anti", maintain_order="left")
        self._events = self._in_order(events)
        calls = self._assemble(self._events)
        leaving = calls.filter(self._leaves())
        self._let_go(leaving["external_id"])
        self.late += int(leaving["expired"].sum())
        return self._told(leaving)

    def finish(self) -> Rest:
        """The file is over."""
        self._drop_superseded()
        calls = self._assemble(self._events)
        self._let_go(calls.filter(self._leaves())["external_id"])
        broken = pl.col("first_seq") < (self._restart_seq if self._restart_seq is not None else -(1 << 62))
        known = pl.col("external_id").is_in(list(self._stored))
        silent = (self.clock_us or 0) - pl.col("last_us") > LIFE_US
        ready = (_STATE != OPEN) | broken | known | silent | pl.col("expired")
        told = self._told(calls.filter(ready))
        waiting = calls.height - told.height
        return Rest(told, self._events, waiting)

    def _note(self, events: pl.DataFrame) -> None:
        """Ids of kept calls that this file speaks of, and of those whose line may yet change."""
        if len(self._kept_ids):
            self.touched.update(events.filter(pl.col("external_id").is_in(self._kept_ids.implode()))["external_id"])
        if (events["provisional"]).any() or events["line"][0] == 0:
            loose = events.filter(pl.col("provisional") | (pl.col("line") == 0))
            self._held.update(loose["external_id"])

    def _in_order(self, events: pl.DataFrame) -> pl.DataFrame:
        """Kept events first, unless the file brings the missing beginning of a call."""
        if len(self._beheaded):
            earlier = (
                events.join(self._beheaded, on="external_id")
                .group_by("external_id")
                .agg(pl.col("at_us").max() < pl.col("kept_us").first())
                .filter("at_us")["external_id"]
            )
            shift = pl.when(pl.col("external_id").is_in(earlier.implode())).then(_EARLIER).otherwise(0)
            events = events.with_columns(seq=pl.col("seq") - shift)
            seen = events["external_id"].unique()
            self._beheaded = self._beheaded.filter(~pl.col("external_id").is_in(seen.implode()))
            if len(earlier):
                return pl.concat([self._events, events]).sort("seq")
        return pl.concat([self._events, events]) if self._events.height else events

    def _leaves(self) -> pl.Expr:
        age = self.clock_us or 0
        silent = age - pl.col("last_us") - CLOCK_SLACK_US
        over = (_STATE == FINAL) | pl.col("expired")
        over |= (_STATE == EXITED) & (silent > LINGER_US)
        over |= (_STATE == OPEN) & (silent > LIFE_US)
        return over & ~pl.col("external_id").is_in(list(self._held))

    def _let_go(self, ids: pl.Series) -> None:
        if len(ids):
            self._events = self._events.join(ids.to_frame(), on="external_id", how="anti", maintain_order="left")
            self._ended = pl.concat([self._ended, ids]).tail(ENDED_KEPT)

    def _told(self, calls: pl.DataFrame) -> pl.DataFrame:
        return calls.filter("is_call")

    def _drop_superseded(self) -> None:
        """A line that the previous file had cut short, when this file has it whole."""
        loose = self._events.filter(pl.col("line") == 0)
        if loose.is_empty():
            return
        same = ["external_id", "at_us", "kind"]
        whole = self._events.filter(pl.col("line") > 0).select(same).unique()
        gone = loose.join(whole, on=same, how="semi")["seq"]
        self._events = self._events.filter(~pl.col("seq").is_in(gone.implode()))

    def _without_beginning(self, kept: pl.DataFrame) -> pl.DataFrame:
        calls = self._assemble(kept) if kept.height else pl.DataFrame(schema=CALLS)
        open_calls = calls.filter((_STATE == OPEN) & pl.col("caller").is_null())
        return open_calls.join(
            kept.group_by("external_id").agg(kept_us=pl.col("at_us").min()), on="external_id", how="left"
        ).select("external_id", "kept_us")
