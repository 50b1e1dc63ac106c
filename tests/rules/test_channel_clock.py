"""The clock of a request by video or text: what it reads, what silence makes of it, what it becomes as a call."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from numbers.rules.channel_clock import Ending, Moments, Phase, Side, due_ending, ended_by, is_quiet, outcome_of, read

START = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
NAMES = ("entered", "caller_seen", "answered", "ready", "ended", "agent_seen")


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def moments(**facts: Any) -> Moments:
    """Facts in seconds since the entry."""
    facts = {"entered": 0, "caller_seen": 0} | facts
    return Moments(**{name: at(value) if name in NAMES else value for name, value in facts.items()})


@pytest.mark.parametrize(
    ("facts", "now", "phase", "figures"),
    [
        ({}, 0, Phase.WAITING, (0, None, None, 0)),
        ({}, 59.9999, Phase.WAITING, (59_999, None, None, 0)),
        ({}, -5, Phase.WAITING, (0, None, None, 0)),  # the clock was set back
        ({"answered": 12}, 20, Phase.SETTING_UP, (12_000, 8_000, 8_000, 0)),
        ({"answered": 12, "ready": 30}, 90, Phase.TALKING, (12_000, 78_000, 18_000, 60_000)),
        ({"answered": 12, "ready": 12}, 13, Phase.TALKING, (12_000, 1_000, 0, 1_000)),
        ({"answered": 12, "ready": 30, "ended": 40}, 900, Phase.ENDED, (12_000, 28_000, 18_000, 10_000)),
        ({"answered": 12, "ended": 40}, 900, Phase.ENDED, (12_000, 28_000, 28_000, 0)),  # never ready
        ({"answered": 12, "ready": 30, "ended": 20}, 900, Phase.ENDED, (12_000, 8_000, 8_000, 0)),  # lost before it
        ({"ended": 42}, 900, Phase.ENDED, (42_000, None, None, 0)),
    ],
)
def test_what_the_clock_reads(facts: dict[str, Any], now: float, phase: Phase, figures: tuple[Any, ...]) -> None:
    found = read(moments(**facts), at(now))
    assert found.phase == phase
    assert (found.wait_ms, found.talk_ms, found.setup_ms, found.charged_ms) == figures


TALK = {"answered": 10, "ready": 20, "agent_seen": 100, "caller_seen": 100}


@pytest.mark.parametrize(
    ("facts", "now", "expected"),
    [
        ({}, 74.9, None),
        ({}, 75, (Ending.CALLER_LOST, 0)),
        ({"caller_seen": 40}, 114, None),
        ({"caller_seen": 40}, 400, (Ending.CALLER_LOST, 40)),
        ({"caller_seen": 40, "caller_left": True}, 59, None),  # the page is being loaded again
        ({"caller_seen": 40, "caller_left": True}, 60, (Ending.CALLER_LOST, 40)),
        ({"caller_seen": 599}, 599.9, None),
        ({"caller_seen": 599}, 600, (Ending.LIMIT, 600)),
        ({"caller_seen": 500}, 3_600, (Ending.CALLER_LOST, 500)),  # gone before the limit
        ({"caller_seen": 598}, 3_600, (Ending.LIMIT, 600)),
        (TALK, 174, None),
        (TALK | {"caller_seen": 140}, 175, (Ending.AGENT_LOST, 100)),
        (TALK | {"agent_seen": 140}, 175, (Ending.CALLER_LOST, 100)),
        (TALK | {"agent_seen": 140, "agent_left": True, "caller_seen": 150}, 160, (Ending.AGENT_LOST, 140)),
        (TALK, 10_000, (Ending.CALLER_LOST, 100)),  # the clock jumped: nobody is charged beyond the last sign
        ({"answered": 10, "caller_seen": 5}, 80, (Ending.CALLER_LOST, 10)),  # never before the answer
        ({"ended": 30, "ending": "caller"}, 900, None),
        ({"answered": 700, "caller_seen": 710, "agent_seen": 710}, 720, None),  # the limit is one of waiting
    ],
)
def test_what_silence_makes_of_it(facts: dict[str, Any], now: float, expected: tuple[Ending, float] | None) -> None:
    found = due_ending(moments(**facts), at(now))
    assert found == (expected and (expected[0], at(expected[1])))


@pytest.mark.parametrize(
    ("facts", "side", "now", "expected"),
    [
        ({"caller_seen": 20}, Side.CALLER, 21, (Ending.CALLER, 21)),
        (TALK, Side.CALLER, 110, (Ending.CALLER, 110)),
        (TALK, Side.AGENT, 115, (Ending.AGENT, 115)),
        (TALK, Side.AGENT, 116, (Ending.AGENT, 100)),  # an agent who talks to nobody charges nobody
        (TALK | {"agent_seen": 60}, Side.CALLER, 101, (Ending.CALLER, 60)),
        ({"caller_seen": -3}, Side.CALLER, -2, (Ending.CALLER, 0)),
    ],
)
def test_when_a_side_ends_it(facts: dict[str, Any], side: Side, now: float, expected: tuple[Ending, float]) -> None:
    assert ended_by(moments(**facts), side, at(now)) == (expected[0], at(expected[1]))


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ({"answered": 5, "ended": 9, "ending": "agent_lost"}, "answered"),
        ({"ended": 9, "ending": "caller"}, "abandoned"),
        ({"ended": 9, "ending": "caller_lost"}, "abandoned"),
        ({"ended": 600, "ending": "limit"}, "timeout"),
        ({"ended": 9, "ending": "withdrawn"}, "withdrawn"),
    ],
)
def test_what_it_becomes_as_a_call(facts: dict[str, Any], outcome: str) -> None:
    assert outcome_of(moments(**facts)) == outcome


def test_who_is_doubted() -> None:
    assert [is_quiet(None, at(0)), is_quiet(at(0), at(15)), is_quiet(at(0), at(15.1))] == [True, False, True]
