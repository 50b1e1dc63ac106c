"""Hours of channels: the voice line's or their own, within their days; and how they measure up to the law."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from numbers.rules.access_duty import DUTIES, duty_on, is_named_by_law, shortfall
from numbers.rules.channel_hours import (
    ACCESS_SCHEMA,
    OWN_SCHEMA,
    channel_is_open,
    spans_of_channels,
)
from numbers.rules.eligibility import UseCase
from numbers.rules.hours import EXCEPTIONS_SCHEMA, HOURS_SCHEMA, is_open

NINE, NOON, SIX, DAY_S = 32_400, 43_200, 64_800, 86_400
JANUARY = date(2026, 1, 1)
TUESDAY = date(2026, 11, 24)


def frame(schema: dict[str, Any], *rows: tuple[Any, ...]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=schema, orient="row")


def open_at(
    text: str,
    *,
    channel: str = "lsf",
    access: list[tuple[Any, ...]],
    own: tuple[tuple[Any, ...], ...] = (),
    exceptions: tuple[tuple[Any, ...], ...] = (),
) -> bool:
    """At a time in Paris, of number 1 whose voice line is open on Tuesdays from nine to six."""
    offered = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Paris")).astimezone(UTC)
    calls = frame(
        {"number_id": pl.Int64, "channel": pl.String, "offered_at": pl.Datetime("us", "UTC")}, (1, channel, offered)
    )
    found = channel_is_open(
        calls,
        frame(ACCESS_SCHEMA, *access),
        frame(OWN_SCHEMA, *own),
        frame(HOURS_SCHEMA, (1, 1, NINE, SIX, JANUARY, None)),
        frame(EXCEPTIONS_SCHEMA, *exceptions),
    )
    return found.to_list() == [True]


SAME = (7, 1, "lsf", True, JANUARY, None)
OWN = (7, 1, "lsf", False, JANUARY, None)
MORNING = (7, 1, NINE, NOON)


@pytest.mark.parametrize(
    ("at", "told", "expected"),
    [
        ("2026-11-24T09:00", {"access": [SAME]}, True),
        ("2026-11-24T17:59:59", {"access": [SAME]}, True),
        ("2026-11-24T18:00", {"access": [SAME]}, False),
        ("2026-11-25T10:00", {"access": [SAME]}, False),
        ("2026-11-24T10:00", {"access": [SAME], "channel": "text"}, False),
        ("2026-11-24T10:00", {"access": []}, False),
        ("2026-11-24T11:59:59", {"access": [OWN], "own": (MORNING,)}, True),
        ("2026-11-24T12:00", {"access": [OWN], "own": (MORNING,)}, False),
        ("2026-11-24T10:00", {"access": [OWN]}, False),
        # Offered from the 24th at midnight in Paris to the end of the 24th, and not a day more.
        ("2026-11-24T10:00", {"access": [(7, 1, "lsf", True, TUESDAY, date(2026, 11, 25))]}, True),
        ("2026-11-24T10:00", {"access": [(7, 1, "lsf", True, date(2026, 11, 25), None)]}, False),
        ("2026-11-24T10:00", {"access": [(7, 1, "lsf", True, JANUARY, TUESDAY)]}, False),
        # The channel that follows another within the same number.
        ("2026-11-24T14:00", {"access": [(*OWN[:5], TUESDAY), (8, 1, "lsf", True, TUESDAY, None)]}, True),
        # A day of its own is that of all channels, also of those with another week.
        ("2026-11-24T10:00", {"access": [SAME], "exceptions": ((1, TUESDAY, None, None),)}, False),
        ("2026-11-24T10:00", {"access": [OWN], "own": (MORNING,), "exceptions": ((1, TUESDAY, NOON, SIX),)}, False),
        ("2026-11-24T13:00", {"access": [OWN], "own": (MORNING,), "exceptions": ((1, TUESDAY, NOON, SIX),)}, True),
        ("2026-11-24T10:00", {"access": [SAME], "exceptions": ((2, TUESDAY, None, None),)}, True),
    ],
)
def test_a_channel_is_open_within_its_own_hours_and_days(at: str, told: dict[str, Any], expected: bool) -> None:
    assert open_at(at, **told) is expected


instants = st.datetimes(datetime(2026, 1, 1), datetime(2027, 6, 1))  # noqa: DTZ001
spans = st.tuples(st.integers(0, DAY_S - 1), st.integers(1, DAY_S)).filter(lambda span: span[0] < span[1])
weeks = st.lists(st.lists(spans, max_size=3), min_size=7, max_size=7)


@given(st.lists(instants, max_size=20), weeks, st.lists(st.dates(JANUARY, date(2027, 6, 1)), max_size=4))
def test_a_channel_with_the_same_hours_is_open_exactly_when_the_voice_line_is(
    offered: list[datetime], week: list[list[tuple[int, int]]], closed: list[date]
) -> None:
    calls = pl.DataFrame(
        {"number_id": [1] * len(offered), "channel": ["text"] * len(offered), "offered_at": offered},
        schema={"number_id": pl.Int64, "channel": pl.String, "offered_at": pl.Datetime("us")},
    ).with_columns(pl.col("offered_at").dt.replace_time_zone("UTC"))
    hours = frame(HOURS_SCHEMA, *((1, rank, *span, JANUARY, None) for rank, day in enumerate(week) for span in day))
    exceptions = frame(EXCEPTIONS_SCHEMA, *((1, day, None, None) for day in set(closed)))
    access = frame(ACCESS_SCHEMA, (7, 1, "text", True, date(2025, 12, 1), None))
    found = channel_is_open(calls, access, frame(OWN_SCHEMA), hours, exceptions)
    assert found.to_list() == is_open(calls, hours, exceptions).to_list()


@given(st.lists(instants, min_size=1, max_size=20), weeks)
def test_the_spans_told_to_callers_are_those_that_calls_are_judged_by(
    offered: list[datetime], week: list[list[tuple[int, int]]]
) -> None:
    calls = pl.DataFrame(
        {"number_id": [1] * len(offered), "channel": ["lsf"] * len(offered), "offered_at": offered},
        schema={"number_id": pl.Int64, "channel": pl.String, "offered_at": pl.Datetime("us")},
    ).with_columns(pl.col("offered_at").dt.replace_time_zone("UTC"))
    hours = frame(HOURS_SCHEMA, (1, 1, NINE, SIX, JANUARY, None))
    closed = frame(EXCEPTIONS_SCHEMA, (1, TUESDAY, None, None))
    access = frame(ACCESS_SCHEMA, (7, 1, "lsf", False, JANUARY, TUESDAY), (8, 1, "lsf", True, TUESDAY, None))
    own = frame(OWN_SCHEMA, *((7, rank, *span) for rank, day in enumerate(week) for span in day))
    local = calls.select(at=pl.col("offered_at").dt.convert_time_zone("Europe/Paris"))["at"]
    days = pl.DataFrame({"number_id": 1, "day": local.dt.date().unique()})
    spans = spans_of_channels(days, access, own, hours, closed).rows()
    assert channel_is_open(calls, access, own, hours, closed).to_list() == [
        any(
            day == at.date() and opens <= at.hour * 3600 + at.minute * 60 + at.second < closes
            for _, _, day, opens, closes in spans
        )
        for at in local
    ]


@pytest.mark.parametrize(
    ("voice", "channel", "least_bp", "expected"),
    [
        # (open_bp, missing_s, weekdays) of a week that falls short.
        ([(NINE, SIX)], [(NINE, SIX)], 10_000, None),
        ([(NINE, SIX)], [(0, DAY_S)], 10_000, None),
        ([(NINE, NOON), (NOON, SIX)], [(NINE, SIX)], 10_000, None),
        ([(NINE, SIX)], [(NINE, SIX - 1)], 10_000, (9_999, 7, tuple(range(7)))),
        ([(NINE, SIX)], [], 5_000, (0, 7 * (SIX - NINE), tuple(range(7)))),
        ([(NINE, SIX)], [(NINE, NINE + (SIX - NINE) // 2)], 5_000, None),
        # Open as long, but not at the same hours.
        ([(NINE, NOON)], [(NOON, NOON + NOON - NINE)], 5_000, (0, 7 * (NOON - NINE), tuple(range(7)))),
        ([], [], 10_000, None),
    ],
)
def test_the_law_counts_the_hours_that_both_lines_are_open(
    voice: list[Any], channel: list[Any], least_bp: int, expected: Any
) -> None:
    found = shortfall([voice] * 7, [channel] * 7, least_bp=least_bp)
    assert (found and (found.open_bp, found.missing_s, found.weekdays)) == expected


@given(weeks, weeks, st.integers(0, 10_000))
def test_a_week_that_holds_the_voice_lines_never_falls_short(voice: Any, more: Any, least_bp: int) -> None:
    both = [[*ours, *theirs] for ours, theirs in zip(voice, more, strict=True)]
    assert shortfall(voice, both, least_bp=least_bp) is None
    short = shortfall(both, voice, least_bp=10_000)
    if short:
        assert 0 <= short.open_bp < 10_000
        assert short.missing_s > 0
        assert short.weekdays


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2018, 10, 6), None),
        (date(2018, 10, 7), 5_000),
        (date(2026, 9, 30), 5_000),
        (date(2026, 10, 1), 10_000),
        (date(2030, 1, 1), 10_000),
    ],
)
def test_the_law_in_force_is_that_of_the_day(day: date, expected: int | None) -> None:
    row = duty_on(DUTIES, day)
    assert (row and row.least_share_bp) == expected


@pytest.mark.parametrize(
    ("use_case", "is_large", "expected"),
    [
        ("STATE_ADMIN", False, True),
        ("LOCAL_AUTHORITY", False, True),
        ("CONSUMER_AFTER_SALES", True, True),
        ("CONSUMER_AFTER_SALES", False, False),
        ("PAID_ADVICE", True, False),
        ("B2B_ONLY", True, False),
    ],
)
def test_the_law_names_public_lines_and_the_customer_lines_of_large_firms(
    use_case: str, is_large: bool, expected: bool
) -> None:
    assert is_named_by_law(UseCase(use_case), is_large=is_large) is expected
