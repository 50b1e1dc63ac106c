"""Draw the nights of one PBX, day by day, and write them as Asterisk's queue_log. It knows no database."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from illico_platform.generate.callers import draw_day
from illico_platform.generate.lines import Crew, lines_of_day
from illico_platform.lib.periods import day_start, paris_day

# Calls by weekday, Monday first: a service of advice rests at the week-end.
_WEEKDAYS = np.array([1.25, 1.15, 1.05, 1.05, 1.1, 0.75, 0.65])


@dataclass(frozen=True)
class Shape:
    """How the calls behave; the defaults resemble a call centre that is a little short of people at noon.

    Args:
        wait_s, long_wait_s, long_share: means of the two exponentials that the wait for an agent is drawn from,
            and the share of the longer one.
        patience_s: mean of the exponential after which a caller hangs up.
        queue_timeout_s: the queue sends a caller away after it.
        talk_s, talk_sigma: median and sigma of the lognormal talk time.
        strange_share: calls answered under a name that is no agent's.
        outside_share: calls offered between 22:00 and 23:00; all others come from 08:00 to 22:00.
        rare_share: of each rare event: exit by key, full, empty, failed, withdrawn, re-entry, overflow to another
            queue, blind and attended transfer.
    """

    wait_s: float = 7.0
    long_wait_s: float = 32.0
    long_share: float = 0.4
    patience_s: float = 240.0
    queue_timeout_s: int = 90
    talk_s: float = 150.0
    talk_sigma: float = 0.8
    strange_share: float = 0.003
    outside_share: float = 0.004
    rare_share: float = 0.004


def generate_queue_log(
    path: Path,
    *,
    seed: int,
    start: datetime,
    days: int,
    calls_per_day: int,
    numbers: Sequence[str],
    agents: Sequence[str],
    strangers: Sequence[str] = ("X999",),
    queue_prefix: str = "illico-",
    restarts: int = 1,
    shifts: bool = False,
    shape: Shape | None = None,
) -> dict[str, int]:
    """Write the queue_log of one PBX over some days, in the order a PBX would; the same arguments, the same bytes.

    Every outcome occurs from about a hundred calls on. An agent serves the number at the agent's place in the list,
    over again; agents take turns, so that with too few of them two calls of one agent overlap. Callers have numbers
    from the six ranges reserved for fiction.

    Args:
        path: the file, replaced; seed: of everything drawn.
        start: aware; its Paris day is the first of ``days`` whole ones.
        calls_per_day: the mean; the total is ``days * calls_per_day``, weekdays have more.
        numbers: digits of the numbers called; the queue's name is ``queue_prefix`` and the digits.
        agents: names of the members as the log has them.
        strangers: names that some calls are answered under and that nobody knows.
        restarts: how many of the last days end with a restart of the PBX (QUEUESTART) that loses the end of the
            calls still open, always at least one.
        shifts: agents come for half the day and sign in and out; otherwise all are there all day, and never say so.
        shape: how the calls behave.
    Returns:
        What a reader must find: ``lines``; ``calls``; one count per outcome (answered, abandoned, key, timeout,
        full, empty, failed, withdrawn, incomplete); of those answered: late (wait >= 60 s), strange (unknown agent),
        transferred, reentered (more than one entry, whatever the outcome); ``outside`` (offered in 22:00-23:00);
        ``kept`` and ``kept_s``: answered within 60 s from 08:00 to 22:00 by a known agent, and their seconds of talk.
    Raises:
        ValueError: no number, no agent, or no call.
    """
    if not (numbers and agents and strangers and days > 0 and calls_per_day > 0):
        raise ValueError("a night needs numbers, agents, strangers, days and calls")
    rng = np.random.default_rng(seed)
    first = paris_day(start)
    dates = [first + timedelta(days=index) for index in range(days)]
    weights = np.array([_WEEKDAYS[day.weekday()] for day in dates]) * rng.uniform(0.9, 1.1, days)
    sizes = rng.multinomial(days * calls_per_day, weights / weights.sum())
    crew = Crew(tuple(numbers), tuple(agents), tuple(strangers), queue_prefix, shifts)
    counts: Counter[str] = Counter()
    channel = 0
    with path.open("wb") as file:
        for index, (day, size) in enumerate(zip(dates, sizes, strict=True)):
            # Noon less twelve hours: on the days of the clock changes the day's hours still are what the wall shows.
            midnight = int((day_start(day) + timedelta(hours=12)).astimezone(UTC).timestamp()) - 43_200
            calls = draw_day(rng, int(size), len(numbers), shape or Shape(), every_kind=index == 0)
            lines, found = lines_of_day(rng, calls, crew, midnight, channel, restart=index >= days - restarts)
            lines.write_csv(file, include_header=False, quote_style="never")
            channel += 4 * calls.height
            counts.update(found, lines=lines.height)
    return dict(counts)
