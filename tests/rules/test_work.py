"""Time signed in to the queues: cases worked out by hand, and any order of events against a second-by-second count."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.rules.work import CORRECTIONS, EVENTS, SIGNS, work_days, work_spans

MORNING = datetime(2026, 11, 24, 7, tzinfo=UTC)
MINUTE = 60_000


def at(minutes: float) -> datetime:
    return MORNING + timedelta(minutes=minutes)


def days_of(events, signs=(), corrections=()):
    """The days of one agent; events are (minutes, queue, kind)."""
    rows = [(1, 1, queue, at(minutes), place, kind) for place, (minutes, queue, kind) in enumerate(events)]
    worked = work_spans(
        pl.DataFrame(rows, schema=EVENTS, orient="row"),
        pl.DataFrame([(1, at(minutes)) for minutes in signs], schema=SIGNS, orient="row"),
    )
    table = pl.DataFrame(list(corrections), schema=CORRECTIONS, orient="row")
    return [
        (row["day"].day, row["logged_ms"] / MINUTE, row["paused_ms"] / MINUTE, row["is_complete"], row["is_corrected"])
        for row in work_days(worked, table).iter_rows(named=True)
    ]


@pytest.mark.parametrize(
    ("events", "signs", "expected"),
    [
        ([(0, "a", "in"), (60, "a", "out")], [], [(24, 60, 0, True, False)]),
        # Two queues at once are one time; on pause only where both are.
        (
            [(0, "a", "in"), (10, "b", "in"), (20, "a", "pause"), (30, "b", "pause"), (40, "a", "resume"),
             (60, "a", "out"), (70, "b", "out")],
            [],
            [(24, 70, 20, True, False)],
        ),
        # A pause without a queue is one in each of them; « in, on pause » begins with one.
        (
            [(0, "a", "in_paused"), (5, "", "resume"), (20, "", "pause"), (30, "a", "out")],
            [],
            [(24, 30, 15, True, False)],
        ),
        # Agents who sign in to the switch itself.
        ([(0, "", "in"), (20, "", "pause"), (25, "", "resume"), (30, "", "out")], [], [(24, 30, 5, True, False)]),
        # Never out: up to the end of the last conversation, and the day is told to be incomplete.
        ([(0, "a", "in")], [45], [(24, 45, 0, False, False)]),
        ([(0, "a", "in")], [], [(24, 0, 0, False, False)]),
        # In again without having been out: the first part ends with the last sign of life before.
        ([(0, "a", "in"), (100, "a", "in"), (130, "a", "out")], [50], [(24, 80, 0, False, False)]),
        # Out without in: when that work began is unknown. A second out changes nothing.
        ([(30, "a", "out")], [], [(24, 0, 0, False, False)]),
        ([(0, "a", "in"), (30, "a", "out"), (50, "a", "out")], [], [(24, 30, 0, True, False)]),
        # Left signed in over the night: sixteen hours at most, and only as far as there is a sign of life.
        ([(0, "a", "in"), (1500, "a", "out")], [90], [(24, 90, 0, False, False), (25, 0, 0, False, False)]),
        # A night shift is cut at midnight in Paris, 23:00 UTC.
        ([(930, "a", "in"), (1050, "a", "out")], [], [(24, 30, 0, True, False), (25, 90, 0, True, False)]),
        # A pause that the log tells of somebody who is in no queue says nothing.
        ([(0, "a", "pause"), (10, "a", "resume")], [], []),
    ],
)  # fmt: skip
def test_what_the_log_says(events, signs, expected):
    assert days_of(events, signs) == expected


def test_correction_stands_for_all_its_day():
    events = [(0, "a", "in"), (60, "a", "out"), (1440, "a", "in"), (1470, "a", "out")]
    corrections = [(1, date(2026, 11, 24), at(0), at(120), 15 * MINUTE), (1, date(2026, 11, 26), at(2880), at(2940), 0)]
    assert days_of(events, corrections=corrections) == [
        (24, 120, 15, True, True),
        (25, 30, 0, True, False),
        (26, 60, 0, True, True),
    ]


def test_two_hours_more_and_less_when_the_clock_changes():
    """The night of 25 October 2026 has 25 hours: a day is what its clock says, its length what has passed."""
    start = datetime(2026, 10, 24, 22, tzinfo=UTC)  # midnight in Paris
    events = pl.DataFrame(
        [(1, 1, "a", start, 0, "in"), (1, 1, "a", start + timedelta(hours=12), 1, "out"),
         (1, 1, "a", start + timedelta(hours=12), 2, "in"), (1, 1, "a", start + timedelta(hours=25), 3, "out")],
        schema=EVENTS, orient="row",
    )  # fmt: skip
    days = work_days(work_spans(events, pl.DataFrame(schema=SIGNS)), pl.DataFrame(schema=CORRECTIONS))
    assert days.select("day", "logged_ms").rows() == [(date(2026, 10, 25), 25 * 60 * MINUTE)]


def _counted(events):
    """Minute by minute, as one would with a finger on the log: (signed in, on pause) where every « in » is closed."""
    logged = paused = 0
    for minute in range(400):
        state: dict[str, bool] = {}
        for when, queue, kind in events:
            if when > minute:
                break
            if kind in ("in", "in_paused"):
                state[queue] = kind == "in_paused"
            elif kind == "out":
                state.pop(queue, None)
            else:
                for each in state if queue == "" else {queue} & state.keys():
                    state[each] = kind == "pause"
        logged += bool(state)
        paused += bool(state) and all(state.values())
    return logged, paused


@st.composite
def _shifts(draw):
    """Any shift whose sessions are closed: queue by queue in and out, with pauses anywhere."""
    events = []
    for queue in ("a", "b", ""):
        edges = sorted(draw(st.lists(st.integers(0, 390), unique=True, max_size=4)))
        for start, end in zip(edges[::2], edges[1::2], strict=False):
            events += [(start, queue, draw(st.sampled_from(["in", "in_paused"]))), (end, queue, "out")]
    pauses = draw(
        st.lists(
            st.tuples(st.integers(0, 390), st.sampled_from("ab") | st.just(""), st.sampled_from(["pause", "resume"])),
            max_size=6,
        )
    )
    order = {"in": 0, "in_paused": 0, "out": 0, "pause": 1, "resume": 1}
    return sorted(events + pauses, key=lambda each: (each[0], order[each[2]]))


@settings(max_examples=150)
@given(_shifts())
def test_any_shift_is_what_a_count_by_the_minute_gives(events):
    days = days_of(events)
    logged, paused = _counted(events)
    assert (sum(day[1] for day in days), sum(day[2] for day in days)) == (logged, paused)
