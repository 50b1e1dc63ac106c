"""Hours as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from numbers.rules.opening_text import HoursUnreadable, read_clock, read_spans, write_clock, write_spans


@pytest.mark.parametrize("text", ["9-25", "12:00-12:00", "9:00", "9h-12h, 11h-14h", "midi", "9:75-10:00", "24:00-2:00"])
def test_what_says_no_hours_is_refused(text: str) -> None:
    with pytest.raises(HoursUnreadable):
        read_spans(text)


@given(st.lists(st.integers(0, 1440), min_size=2, max_size=8, unique=True))
def test_what_is_written_is_read_back(minutes: list[int]) -> None:
    cut = sorted(minutes)[: len(minutes) // 2 * 2]
    spans = [(cut[at] * 60, cut[at + 1] * 60) for at in range(0, len(cut), 2)]
    assert read_spans(write_spans(spans)) == spans


@given(st.integers(0, 24 * 60))
def test_a_time_of_day_is_read_back_as_written(minutes: int) -> None:
    assert read_clock(write_clock(minutes * 60)) == minutes * 60


@pytest.mark.parametrize(("written", "seconds"), [("9", 32_400), (" 9H05 ", 32_700), ("0:00", 0), ("24:00", 86_400)])
def test_a_time_of_day_is_read_in_the_forms_people_use(written: str, seconds: int) -> None:
    assert read_clock(written) == seconds


@pytest.mark.parametrize("written", ["", "24:01", "9:60", "32400", "midi", "-1:00"])
def test_what_is_no_time_of_day_is_refused(written: str) -> None:
    with pytest.raises(HoursUnreadable, match="n’est pas une heure"):
        read_clock(written)
