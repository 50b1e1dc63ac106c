"""What the callers of one day live through: when they call, how long they wait, how it ends. Drawn, not simulated."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from illico_platform.generate.night import Shape

# Calls by half-hour from 08:00 to 22:00: two humps, at the end of the morning and of the afternoon.
_HALF_HOURS = np.array(
    [20, 35, 60, 80, 95, 100, 95, 85, 65, 50, 45, 55, 70, 80, 85, 90, 92, 88, 80, 70, 58, 48, 40, 32, 25, 18, 12, 8]
)
OPENS_S, CLOSES_S, NIGHT_S = 28_800, 79_200, 82_800


class Kind(IntEnum):
    """What befalls a call. The second half of the list is only forced, once a log, so that it does occur."""

    PLAIN = 0
    KEY = 1
    FULL = 2
    EMPTY = 3
    FAILED = 4
    WITHDRAWN = 5
    REENTRY = 6
    OVERFLOW = 7
    BLIND = 8
    ATTENDED = 9
    STRANGE = 10
    OUTSIDE = 11
    ANSWERED = 12
    LATE = 13
    ABANDONED = 14
    TIMEOUT = 15


_RARE = [kind for kind in Kind if Kind.KEY <= kind <= Kind.ATTENDED]
_TALKING = [Kind.BLIND, Kind.ATTENDED, Kind.STRANGE, Kind.ANSWERED, Kind.LATE]
_OWN_ENDS = {
    Kind.KEY: "key",
    Kind.FULL: "full",
    Kind.EMPTY: "empty",
    Kind.FAILED: "failed",
    Kind.WITHDRAWN: "withdrawn",
}


def draw_day(rng: np.random.Generator, size: int, numbers: int, shape: Shape, *, every_kind: bool) -> pl.DataFrame:
    """The calls of one day, in the order they come.

    Returns:
        kind Int64 (``Kind``), number Int64 (index), offered_s Float64 (seconds of the day), first_s (wait of an
        earlier entry, 0 for most), gap_s (between the entries), wait_s (of the last entry), talk_s, outcome Utf8.
    """
    kind = _kinds(rng, size, shape, every_kind)
    offered = _arrivals(rng, kind)
    order = np.argsort(offered, kind="stable")
    kind, offered = kind[order], offered[order]
    again = (kind == Kind.REENTRY) | (kind == Kind.OVERFLOW)
    wait, outcome = _endings(rng, kind, shape)
    popularity = 1.0 / np.arange(1, numbers + 1) ** 0.5
    talk = np.clip(rng.lognormal(np.log(shape.talk_s), shape.talk_sigma, size), 2, 1_800)
    return pl.DataFrame(
        {
            "kind": kind,
            "number": rng.choice(numbers, size, p=popularity / popularity.sum()),
            "offered_s": offered,
            "first_s": np.where(again, rng.uniform(8, 50, size), 0.0),
            "gap_s": np.where(again, rng.uniform(0, 4, size), 0.0),
            "wait_s": wait,
            "talk_s": talk,
            "outcome": outcome,
        }
    )


def _kinds(rng: np.random.Generator, size: int, shape: Shape, every_kind: bool) -> np.ndarray:
    shares = np.zeros(len(Kind))
    shares[_RARE] = shape.rare_share
    shares[Kind.STRANGE], shares[Kind.OUTSIDE] = shape.strange_share, shape.outside_share
    shares[Kind.PLAIN] = 1 - shares.sum()
    kind = rng.choice(len(Kind), size, p=shares)
    if every_kind:
        forced = rng.permutation(size)[: len(Kind)]
        kind[forced] = np.arange(len(Kind))[: len(forced)]
    return kind


def _arrivals(rng: np.random.Generator, kind: np.ndarray) -> np.ndarray:
    half_hour = rng.choice(len(_HALF_HOURS), len(kind), p=_HALF_HOURS / _HALF_HOURS.sum())
    within = OPENS_S + (half_hour + rng.random(len(kind))) * 1_800
    return np.where(kind == Kind.OUTSIDE, rng.uniform(CLOSES_S, NIGHT_S, len(kind)), within)


def _endings(rng: np.random.Generator, kind: np.ndarray, shape: Shape) -> tuple[np.ndarray, np.ndarray]:
    """The last entry's wait and how it ends: whichever of agent, patience and the queue's timeout comes first."""
    size = len(kind)
    agent = rng.exponential(np.where(rng.random(size) < shape.long_share, shape.long_wait_s, shape.wait_s))
    patience = 2 + rng.exponential(shape.patience_s, size)
    talking = np.isin(kind, _TALKING)
    agent = np.where(talking, np.minimum(agent, 50), agent)
    agent[kind == Kind.LATE] = 75.0
    agent[np.isin(kind, [Kind.ABANDONED, Kind.TIMEOUT])] = np.inf
    patience[talking | (kind == Kind.TIMEOUT)] = np.inf
    patience[kind == Kind.ABANDONED] = 12.0
    timeout = np.full(size, float(shape.queue_timeout_s))
    wait = np.minimum(np.minimum(agent, patience), timeout)
    choices = [kind == own for own in _OWN_ENDS] + [wait == agent, wait == patience]
    outcome = np.select(choices, [*_OWN_ENDS.values(), "answered", "abandoned"], "timeout")
    return np.where(kind == Kind.FULL, 0.0, wait), outcome
