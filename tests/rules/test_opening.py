"""Open or not, and until when: the sentence beside every number of the directory."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from illico_platform.lib.periods import PARIS
from numbers.rules.opening import DAY_S, Clock, Opening, keep_past, opening_at, passed_of_day, runs_of

DAY = date(2026, 11, 25)
NINE, NOON, TWO, SIX = 32_400, 43_200, 50_400, 64_800
SPLIT = [(DAY, NINE, NOON), (DAY, TWO, SIX), (DAY + timedelta(days=1), NINE, SIX)]


def at(hour: int, minute: int = 0, *, days: int = 0) -> datetime:
    # Local wall-clock time, as the rule takes it.
    return datetime(2026, 11, 25, hour, minute) + timedelta(days=days)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("now", "is_open", "changes_at"),
    [
        (at(8, 59), False, at(9)),
        (at(9), True, at(12)),
        (at(12), False, at(14)),
        (at(17, 59), True, at(18)),
        (at(18), False, at(9, days=1)),
        (at(18, days=1), False, None),
    ],
)
def test_intervals_are_half_open_and_the_next_change_is_told(
    now: datetime, is_open: bool, changes_at: datetime | None
) -> None:
    assert opening_at(SPLIT, now.replace(tzinfo=PARIS)) == Opening(is_open, changes_at)


def test_a_night_service_is_one_span_over_midnight() -> None:
    night = [(DAY, 79_200, 86_400), (DAY + timedelta(days=1), 0, 7_200)]
    assert opening_at(night, at(23).replace(tzinfo=PARIS)) == Opening(True, at(2, days=1))


def test_overlapping_spans_are_one_and_no_span_is_closed() -> None:
    assert opening_at([(DAY, NINE, SIX), (DAY, NOON, TWO)], at(10).replace(tzinfo=PARIS)).changes_at == at(18)
    assert opening_at([], at(10).replace(tzinfo=PARIS)) == Opening(False, None)


def test_an_instant_of_another_zone_is_read_on_the_wall_in_paris() -> None:
    assert opening_at(SPLIT, datetime(2026, 11, 25, 8, 0, tzinfo=UTC)).is_open
    assert not opening_at(SPLIT, datetime(2026, 11, 25, 7, 59, tzinfo=UTC)).is_open


@given(st.integers(0, 86_399), st.integers(1, 86_400), st.integers(0, 86_399))
def test_inside_a_span_and_only_there_a_number_is_open(opens: int, closes: int, second: int) -> None:
    spans = [(DAY, opens, closes)] if opens < closes else []
    now = datetime(2026, 11, 25, tzinfo=PARIS) + timedelta(seconds=second)
    assert opening_at(spans, now).is_open is (opens <= second < closes)


SPANS = st.lists(
    st.tuples(st.integers(0, DAY_S - 1), st.integers(1, DAY_S)).filter(lambda span: span[0] < span[1]), max_size=4
)


def inside(spans: list[Clock], second: int) -> bool:
    return any(opens <= second < closes for opens, closes in spans)


@pytest.mark.parametrize(
    ("before", "after", "passed_s", "kept"),
    [
        ([(NINE, SIX)], [], TWO, [(NINE, TWO)]),
        ([(NINE, SIX)], [], NINE, []),
        ([], [(NINE, SIX)], TWO, [(TWO, SIX)]),
        ([(NINE, NOON)], [(NOON, SIX)], NOON, [(NINE, SIX)]),
        ([(NINE, SIX)], [(0, DAY_S)], DAY_S, [(NINE, SIX)]),
        ([(NINE, SIX)], [(TWO, SIX)], 0, [(TWO, SIX)]),
        ([(NINE, NOON), (NINE, TWO)], [], SIX, [(NINE, TWO)]),
    ],
)
def test_a_day_that_has_begun_keeps_its_past(
    before: list[Clock], after: list[Clock], passed_s: int, kept: list[Clock]
) -> None:
    assert keep_past(before, after, passed_s) == kept


@given(before=SPANS, after=SPANS, passed_s=st.integers(0, DAY_S), second=st.integers(0, DAY_S - 1))
def test_every_second_reads_as_before_until_now_and_as_wanted_from_now(
    before: list[Clock], after: list[Clock], passed_s: int, second: int
) -> None:
    kept = keep_past(before, after, passed_s)
    assert inside(kept, second) is inside(before if second < passed_s else after, second)
    assert all(opens < closes for opens, closes in kept)
    assert all(closes < later for (_, closes), (later, _) in pairwise(kept))


@pytest.mark.parametrize(
    ("now", "passed_s"),
    [
        (datetime(2026, 11, 25, 13, 0, tzinfo=UTC), 14 * 3600 + 60),
        (datetime(2026, 11, 25, 22, 59, 59, tzinfo=UTC), DAY_S),
        (datetime(2026, 11, 24, 23, 0, tzinfo=UTC), 60),
        (datetime(2026, 10, 25, 0, 10, tzinfo=UTC), 2 * 3600 + 660),  # 02:10 for the first time
        (datetime(2026, 10, 25, 1, 10, tzinfo=UTC), 3 * 3600),  # and for the second: all of that hour has passed
        (datetime(2026, 10, 25, 2, 10, tzinfo=UTC), 3 * 3600 + 660),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), 3 * 3600 + 60),
    ],
)
def test_how_much_of_the_day_has_passed(now: datetime, passed_s: int) -> None:
    assert passed_of_day(now) == passed_s


CHRISTMAS_WEEK = [date(2026, 12, day) for day in range(24, 32)]


@given(st.lists(st.tuples(st.sampled_from(CHRISTMAS_WEEK), st.sampled_from(["", "a", None])), unique_by=lambda d: d[0]))
def test_runs_hold_every_day_once_and_none_could_be_longer(days: list[tuple[date, str | None]]) -> None:
    runs = runs_of((day, (), reason) for day, reason in days)
    told = [
        (run.first + timedelta(days=rank), run.reason)
        for run in runs
        for rank in range((run.last - run.first).days + 1)
    ]
    assert told == sorted(days, key=lambda each: each[0])
    assert not any(
        before.reason == after.reason and after.first - before.last == timedelta(days=1)
        for before, after in pairwise(runs)
    )
