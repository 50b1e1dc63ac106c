"""How many people answer a load of calls in time: Erlang B and C, callers taken as endlessly patient. Pure.

C is the careful bound: real callers hang up, which shortens everybody else's wait. Shares and loads are floats: they
are estimates, never money.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

MOST_AGENTS = 5_000
_FULL_BP = 10_000


@dataclass(frozen=True)
class StaffedHour:
    """One hour's staff: agents on the phone, offered load in erlang, share waiting too long, share of time busy."""

    agents: int
    load: float
    late_share: float
    busy_share: float


def erlang_b(agents: int, load: float) -> float:
    """The share of calls that find every agent busy, when those are lost.

    Args:
        agents: on the phone, 0 or more.
        load: offered, in erlang: calls a second times seconds a call.

    >>> round(erlang_b(10, 8), 12)
    0.121661064253
    """
    blocked = 1.0
    for each in range(1, agents + 1):
        blocked = load * blocked / (each + load * blocked)
    return blocked


def erlang_c(agents: int, load: float) -> float:
    """The share of calls that wait at all, when callers never hang up; 1 when the load exceeds the agents.

    Source: A. K. Erlang; reference values of 60 digits in the tests.

    >>> round(erlang_c(10, 8), 12)
    0.409180150796
    """
    if load <= 0:
        return 0.0
    if load >= agents:
        return 1.0
    blocked = erlang_b(agents, load)
    return agents * blocked / (agents - load * (1 - blocked))


def share_waiting_longer(agents: int, load: float, *, handle_s: int, limit_s: int) -> float:
    """The share of calls that wait longer than ``limit_s`` when callers never hang up (Erlang C).

    Args:
        handle_s: seconds an agent is taken by one call, talk and wrap-up.

    >>> round(share_waiting_longer(14, 10, handle_s=300, limit_s=60), 12)
    0.078242521342
    """
    if load >= agents:
        return 1.0
    return erlang_c(agents, load) * math.exp(-(agents - load) * limit_s / handle_s)


def agents_for_promise(
    *, calls_per_hour: int, handle_s: int, limit_s: int = 60, target_bp: int = 9500, busy_most_bp: int = 8800
) -> StaffedHour:
    """The fewest agents that answer the target share of calls within the limit and stay below the busiest bearable.

    Args:
        calls_per_hour: of the hour that is staffed.
        handle_s: talk and wrap-up of one call.
        target_bp: share of calls to answer in time, basis points below 10 000.
        busy_most_bp: how much of their time agents may spend on calls.
    Raises:
        ValueError: no calls' length, a target that cannot be met, or a load beyond ``MOST_AGENTS``.
    """
    if handle_s <= 0 or calls_per_hour < 0 or not 0 < target_bp < _FULL_BP or not 0 < busy_most_bp < _FULL_BP:
        raise ValueError("a staffed hour needs calls of some length and shares between 0 and 10 000")
    load = calls_per_hour * handle_s / 3600
    for agents in range(max(1, math.ceil(load * _FULL_BP / busy_most_bp - 1e-9)), MOST_AGENTS + 1):
        late = share_waiting_longer(agents, load, handle_s=handle_s, limit_s=limit_s)
        if late <= 1 - target_bp / _FULL_BP + 1e-12:
            return StaffedHour(agents, load, late, load / agents)
    raise ValueError(f"a load of {load:.0f} erlang needs more than {MOST_AGENTS} agents")
