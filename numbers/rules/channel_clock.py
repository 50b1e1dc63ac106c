"""The clock of a request by sign language, cued speech or text: where it stands and what silence makes of it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LONGEST_WAIT = timedelta(minutes=10)  # as long as a queue of voice lets its callers wait
SILENT = timedelta(seconds=75)  # a browser may let a page in the background speak once a minute only
AFTER_GOODBYE = timedelta(seconds=20)  # a page that said goodbye, or never spoke, is being loaded, or gone
QUIET = timedelta(seconds=15)  # from here on it is doubtful whether somebody is still there


class Side(StrEnum):
    """Who speaks in a room."""

    CALLER = "caller"
    AGENT = "agent"

    @property
    def other(self) -> Side:
        return Side.AGENT if self is Side.CALLER else Side.CALLER


class Phase(StrEnum):
    """Where a request stands."""

    WAITING = "waiting"
    SETTING_UP = "setting_up"
    TALKING = "talking"
    ENDED = "ended"


class Ending(StrEnum):
    """How a request ended."""

    CALLER = "caller"
    AGENT = "agent"
    CALLER_LOST = "caller_lost"
    AGENT_LOST = "agent_lost"
    LIMIT = "limit"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Moments:
    """The facts of a request, all instants aware.

    Args:
        ready: the interpreter or the relay is set up, from here on the talk is charged.
        caller_seen, agent_seen: the last sign of life of each side; ``*_left``: it was a goodbye.
    """

    entered: datetime
    caller_seen: datetime
    answered: datetime | None = None
    ready: datetime | None = None
    ended: datetime | None = None
    ending: str = ""
    agent_seen: datetime | None = None
    caller_left: bool = False
    agent_left: bool = False


@dataclass(frozen=True)
class Reading:
    """What the clock shows: whole milliseconds, floored, never negative; None where there is none."""

    phase: Phase
    wait_ms: int
    talk_ms: int | None
    setup_ms: int | None
    charged_ms: int


def read(moments: Moments, now: datetime) -> Reading:
    """The clock at ``now``; that of an ended request stands still. A clock set back takes nothing from anybody.

    What is never ready is set-up to its end: nothing of it is charged.
    """
    at = moments.ended or now
    if moments.answered is None:
        phase = Phase.ENDED if moments.ended else Phase.WAITING
        return Reading(phase, _ms(moments.entered, at), None, None, 0)
    talk = _ms(moments.answered, at)
    setup = min(talk, _ms(moments.answered, moments.ready or at))
    phase = Phase.ENDED if moments.ended else Phase.TALKING if moments.ready else Phase.SETTING_UP
    return Reading(phase, _ms(moments.entered, moments.answered), talk, setup, talk - setup)


def due_ending(moments: Moments, now: datetime) -> tuple[Ending, datetime] | None:
    """How a request that nobody ended ended by now, and when; None while it goes on.

    Who gives no sign of life left at their last sign: nobody is charged for a talk with nobody. Of several causes the
    one that came first counts.
    """
    if moments.ended is not None:
        return None
    patience = AFTER_GOODBYE if moments.caller_left else SILENT
    causes = [(moments.caller_seen + patience, Ending.CALLER_LOST, moments.caller_seen)]
    if moments.answered is None:
        limit = moments.entered + LONGEST_WAIT
        causes.append((limit, Ending.LIMIT, limit))
    else:
        seen = moments.agent_seen or moments.answered
        patience = AFTER_GOODBYE if moments.agent_left else SILENT
        causes.append((seen + patience, Ending.AGENT_LOST, seen))
    decided, ending, at = min(causes, key=lambda cause: cause[0])
    return (ending, _after_start(moments, at)) if decided <= now else None


def ended_by(moments: Moments, side: Side, now: datetime) -> tuple[Ending, datetime]:
    """How and when a request ends that one side ends now: at the other's last sign when that was a while ago."""
    at = now
    other = moments.caller_seen if side is Side.AGENT else moments.agent_seen
    if moments.answered is not None and other is not None and now - other > QUIET:
        at = other
    return Ending(side.value), _after_start(moments, at)


def is_quiet(seen: datetime | None, now: datetime) -> bool:
    """Whether it is doubtful that somebody who gave their last sign then is still there."""
    return seen is None or now - seen > QUIET


def outcome_of(moments: Moments) -> str:
    """What became of an ended request, in the words of a call's outcome."""
    if moments.answered is not None:
        return "answered"
    if moments.ending == Ending.LIMIT:
        return "timeout"
    return "withdrawn" if moments.ending == Ending.WITHDRAWN else "abandoned"


def _after_start(moments: Moments, at: datetime) -> datetime:
    return max(at, moments.answered or moments.entered)


def _ms(start: datetime, end: datetime) -> int:
    return max(0, (end - start) // timedelta(milliseconds=1))
