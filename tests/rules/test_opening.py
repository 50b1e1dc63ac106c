"""Open or not, and until when: the sentence beside every number of the directory."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from illico_platform.lib.periods import PARIS
from numbers.rules.opening import Opening, opening_at

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
