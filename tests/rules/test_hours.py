"""Opening hours on the wall clock of Paris: intervals, midnights, clock changes, exceptions, holidays."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from illico_platform.lib.periods import PARIS
from numbers.rules.hours import (
    EXCEPTIONS_SCHEMA,
    HOURS_SCHEMA,
    POLICIES_SCHEMA,
    is_open,
    public_holidays,
    weekly_rows,
    with_holidays,
)

NUMBER = 7
SINCE = date(2026, 1, 1)
CALLS_SCHEMA = {"number_id": pl.Int64, "offered_at": pl.Datetime("us", "UTC")}


def frame_hours(*rows: tuple[int, int, int], number: int = NUMBER, since: date = SINCE, until: date | None = None):
    return pl.DataFrame([(number, *row, since, until) for row in rows], schema=HOURS_SCHEMA, orient="row")


def frame_exceptions(*rows: tuple[date, int | None, int | None], number: int = NUMBER) -> pl.DataFrame:
    return pl.DataFrame([(number, *row) for row in rows], schema=EXCEPTIONS_SCHEMA, orient="row")


def opened(*instants: datetime, hours: pl.DataFrame, exceptions: pl.DataFrame | None = None) -> list[bool]:
    calls = pl.DataFrame([(NUMBER, instant) for instant in instants], schema=CALLS_SCHEMA, orient="row")
    return is_open(calls, hours, frame_exceptions() if exceptions is None else exceptions).to_list()


def paris(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS, fold=fold).astimezone(UTC)


NINE, NOON, TWO, SIX, MIDNIGHT = 32_400, 43_200, 50_400, 64_800, 86_400
EVERY_DAY = frame_hours(*((weekday, 0, MIDNIGHT) for weekday in range(7)))
WEDNESDAY = frame_hours((2, NINE, NOON), (2, TWO, SIX))


@pytest.mark.parametrize(
    ("clock", "is_inside"),
    [
        ("08:59:59.999999", False),
        ("09:00:00", True),
        ("11:59:59.999999", True),
        ("12:00:00", False),
        ("13:59:59", False),
        ("14:00:00", True),
        ("17:59:59.999999", True),
        ("18:00:00", False),
    ],
)
def test_intervals_are_half_open_and_several_a_day(clock: str, is_inside: bool) -> None:
    assert opened(paris(f"2026-11-25T{clock}"), hours=WEDNESDAY) == [is_inside]


def test_weekdays_count_from_monday() -> None:
    monday = date(2026, 11, 23)
    for weekday in range(7):
        hours = frame_hours((weekday, NINE, NOON))
        week = [paris(f"{monday + timedelta(days=i)}T10:00:00") for i in range(7)]
        assert opened(*week, hours=hours) == [i == weekday for i in range(7)]


def test_a_number_without_rows_is_closed() -> None:
    assert opened(paris("2026-11-25T10:00:00"), hours=frame_hours()) == [False]
    other = frame_hours((2, NINE, NOON), number=8)
    assert opened(paris("2026-11-25T10:00:00"), hours=other) == [False]


def test_all_hours_are_open_at_the_first_and_last_instant_of_a_day() -> None:
    assert opened(paris("2026-11-25T00:00:00"), paris("2026-11-25T23:59:59.999999"), hours=EVERY_DAY) == [True, True]


def test_hours_hold_from_their_first_day_until_the_day_before_their_last() -> None:
    hours = frame_hours(*((w, NINE, NOON) for w in range(7)), since=date(2026, 11, 24), until=date(2026, 11, 26))
    days = [paris(f"2026-11-{day}T10:00:00") for day in (23, 24, 25, 26)]
    assert opened(*days, hours=hours) == [False, True, True, False]


def test_hours_may_change_on_a_date() -> None:
    before = frame_hours((2, NINE, NOON), until=date(2026, 11, 25))
    after = frame_hours((2, TWO, SIX), since=date(2026, 11, 25))
    instants = [paris("2026-11-18T10:00:00"), paris("2026-11-25T10:00:00"), paris("2026-11-25T15:00:00")]
    assert opened(*instants, hours=pl.concat([before, after])) == [True, False, True]


def test_overlapping_rows_answer_once_per_call() -> None:
    hours = frame_hours((2, NINE, SIX), (2, NOON, SIX), (2, NINE, NOON))
    assert opened(paris("2026-11-25T15:00:00"), paris("2026-11-25T19:00:00"), hours=hours) == [True, False]


def test_a_day_is_cut_in_paris_not_in_utc() -> None:
    only_monday = frame_hours((0, 0, MIDNIGHT))
    sunday_23_30_utc = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    assert opened(sunday_23_30_utc, hours=only_monday) == [True]


def test_nine_is_nine_on_both_days_of_clock_change() -> None:
    sundays = frame_hours((6, NINE, NOON))
    instants = [
        paris(f"2026-{day}T{clock}") for day in ("03-29", "10-25") for clock in ("08:59:59", "09:00:00", "12:00:00")
    ]
    assert opened(*instants, hours=sundays) == [False, True, False] * 2


def test_both_passages_of_half_past_two_are_the_same_clock() -> None:
    night = frame_hours((6, 2 * 3600, 3 * 3600))
    twice = [paris("2026-10-25T02:30:00", fold=0), paris("2026-10-25T02:30:00", fold=1)]
    assert twice[1] - twice[0] == timedelta(hours=1)
    assert opened(*twice, paris("2026-10-25T03:00:00"), hours=night) == [True, True, False]


def test_the_hour_that_does_not_exist_opens_nobody() -> None:
    night = frame_hours((6, 2 * 3600, 3 * 3600))
    start = datetime(2026, 3, 29, 0, 0, tzinfo=UTC)
    assert not any(opened(*(start + timedelta(minutes=m) for m in range(180)), hours=night))


def test_a_dated_exception_replaces_the_hours_of_its_day() -> None:
    closed = frame_exceptions((date(2026, 11, 25), None, None))
    assert opened(paris("2026-11-25T10:00:00"), hours=WEDNESDAY, exceptions=closed) == [False]
    evening = frame_exceptions((date(2026, 11, 25), SIX, MIDNIGHT), (date(2026, 11, 25), 0, 3600))
    instants = [paris(f"2026-11-25T{clock}") for clock in ("00:30:00", "10:00:00", "20:00:00")]
    assert opened(*instants, hours=WEDNESDAY, exceptions=evening) == [True, False, True]


def test_an_exception_opens_a_day_without_weekly_hours() -> None:
    opens = frame_exceptions((date(2026, 11, 24), NINE, NOON))
    instants = [paris("2026-11-24T10:00:00"), paris("2026-12-01T10:00:00")]
    assert opened(*instants, hours=WEDNESDAY, exceptions=opens) == [True, False]


def test_an_exception_of_one_number_leaves_the_others_alone() -> None:
    other = frame_exceptions((date(2026, 11, 25), None, None), number=8)
    assert opened(paris("2026-11-25T10:00:00"), hours=WEDNESDAY, exceptions=other) == [True]


def test_answers_come_in_the_order_of_the_calls() -> None:
    calls = pl.DataFrame(
        [(8, paris("2026-11-25T10:00:00")), (7, paris("2026-11-25T10:00:00")), (7, paris("2026-11-25T13:00:00"))],
        schema=CALLS_SCHEMA,
        orient="row",
    )
    found = is_open(calls, pl.concat([WEDNESDAY, frame_hours((2, NOON, SIX), number=8)]), frame_exceptions())
    assert found.to_list() == [False, True, False]
    assert (found.name, found.dtype, found.null_count()) == ("is_open", pl.Boolean, 0)


def test_no_calls_give_no_answers() -> None:
    assert opened(hours=WEDNESDAY) == []


CHRISTMAS = date(2026, 12, 25)  # a Friday
FRIDAY_AND_SUNDAY = frame_hours((4, NINE, SIX), (6, NINE, NOON), (6, TWO, SIX))


def frame_policies(*rows: tuple[str, bool], since: date = date(2026, 1, 1), until: date | None = None) -> pl.DataFrame:
    return pl.DataFrame([(NUMBER, *row, since, until) for row in rows], schema=POLICIES_SCHEMA, orient="row")


def _at_christmas(policy: str, hours: pl.DataFrame = FRIDAY_AND_SUNDAY, own: pl.DataFrame | None = None) -> list[bool]:
    own = frame_exceptions() if own is None else own
    exceptions = with_holidays(own, hours, frame_policies((policy, False)), first=CHRISTMAS, last=CHRISTMAS)
    instants = [paris(f"{CHRISTMAS}T{clock}") for clock in ("10:00:00", "12:30:00", "15:00:00")]
    return opened(*instants, hours=hours, exceptions=exceptions)


def test_a_public_holiday_follows_the_policy_of_the_number() -> None:
    assert _at_christmas("usual") == [True, True, True]
    assert _at_christmas("closed") == [False, False, False]
    assert _at_christmas("sunday") == [True, False, True]


def test_sunday_hours_of_a_number_closed_on_sundays_are_closed() -> None:
    assert _at_christmas("sunday", hours=frame_hours((4, NINE, SIX))) == [False, False, False]
    ended = pl.concat([frame_hours((4, NINE, SIX)), frame_hours((6, NINE, SIX), until=CHRISTMAS)])
    assert _at_christmas("sunday", hours=ended) == [False, False, False]


def test_the_own_exception_of_a_holiday_wins_over_the_policy() -> None:
    assert _at_christmas("closed", own=frame_exceptions((CHRISTMAS, NOON, SIX))) == [False, True, True]


BOXING_DAY, GOOD_FRIDAY = date(2026, 12, 26), date(2026, 4, 3)


@pytest.mark.parametrize(
    ("since", "until", "closed"),
    [
        (date(2026, 1, 1), None, True),
        (CHRISTMAS, None, True),
        (BOXING_DAY, None, False),
        (date(2026, 1, 1), CHRISTMAS, False),
        (date(2026, 1, 1), BOXING_DAY, True),
    ],
)
def test_a_policy_holds_from_its_day_until_its_end(since: date, until: date | None, closed: bool) -> None:
    policies = frame_policies(("closed", False), since=since, until=until)
    days = with_holidays(frame_exceptions(), FRIDAY_AND_SUNDAY, policies, first=CHRISTMAS, last=CHRISTMAS)
    assert (days.height == 1) is closed


def test_the_two_holidays_of_alsace_moselle_are_for_those_who_keep_them() -> None:
    year = {"first": date(2026, 1, 1), "last": date(2026, 12, 31)}
    found = {
        local: with_holidays(frame_exceptions(), frame_hours(), frame_policies(("closed", local)), **year)["day"]
        for local in (False, True)
    }
    assert set(found[True]) - set(found[False]) == {GOOD_FRIDAY, BOXING_DAY}
    assert (len(found[False]), len(found[True])) == (11, 13)


def test_public_holidays_are_the_eleven_of_the_labour_code() -> None:
    assert len(public_holidays(date(2026, 1, 1), date(2026, 12, 31))) == 11
    easter_monday = date(2027, 3, 29)
    assert public_holidays(date(2027, 1, 2), easter_monday) == [easter_monday]
    assert public_holidays(date(2026, 12, 25), date(2027, 1, 1)) == [CHRISTMAS, date(2027, 1, 1)]
    assert public_holidays(date(2026, 12, 26), date(2026, 12, 31)) == []


@pytest.mark.parametrize(
    ("span", "rows"),
    [
        ((2, NINE, NOON), [(2, NINE, NOON)]),
        ((2, 0, MIDNIGHT), [(2, 0, MIDNIGHT)]),
        ((2, SIX, 0), [(2, SIX, MIDNIGHT)]),
        ((6, 79_200, 7_200), [(6, 79_200, MIDNIGHT), (0, 0, 7_200)]),
        ((2, NINE, NINE), [(2, NINE, MIDNIGHT), (3, 0, NINE)]),
    ],
)
def test_a_span_past_midnight_becomes_two_rows(span: tuple[int, int, int], rows: list[tuple[int, int, int]]) -> None:
    assert weekly_rows(*span) == rows


@pytest.mark.parametrize(
    "span", [(-1, 0, 1), (7, 0, 1), (0, -1, 1), (0, MIDNIGHT, 1), (0, 0, MIDNIGHT + 1), (0, 0, -1)]
)
def test_a_span_outside_the_week_or_the_day_is_refused(span: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError):
        weekly_rows(*span)


@given(
    st.timedeltas(timedelta(0), timedelta(days=366)).map(lambda since: paris("2026-01-01T00:00:00") + since),
    st.lists(
        st.tuples(st.integers(0, 6), st.integers(0, MIDNIGHT - 1), st.integers(1, MIDNIGHT)).filter(
            lambda row: row[1] < row[2]
        ),
        max_size=6,
    ),
)
def test_a_call_is_inside_when_the_clock_on_the_wall_says_so(instant: datetime, rows: list) -> None:
    wall = instant.astimezone(PARIS)
    second = wall.hour * 3600 + wall.minute * 60 + wall.second
    expected = any(weekday == wall.weekday() and opens <= second < closes for weekday, opens, closes in rows)
    assert opened(instant, hours=frame_hours(*rows)) == [expected]
