"""Prices start on firsts of a month with seven days' notice; planning and taking back leave no gap and no overlap."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rules.price_change import PricePeriod, may_cancel, starts_allowed, with_price, without_price

DAYS = st.dates(date(2026, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("today", "first"),
    [
        (date(2026, 11, 23), date(2026, 12, 1)),
        (date(2026, 11, 24), date(2026, 12, 1)),
        (date(2026, 11, 25), date(2027, 1, 1)),
        (date(2026, 12, 31), date(2027, 2, 1)),
        (date(2028, 2, 23), date(2028, 3, 1)),
    ],
)
def test_the_first_day_allowed(today: date, first: date) -> None:
    assert starts_allowed(today)[0] == first


@given(DAYS)
def test_what_may_be_planned_may_be_cancelled_the_same_day(today: date) -> None:
    for start in starts_allowed(today):
        assert start.day == 1
        assert start - today >= timedelta(days=7)
        assert may_cancel(start, today=today)


@given(DAYS, st.lists(st.tuples(st.integers(0, 11), st.integers(1, 60)), max_size=6))
def test_planned_prices_follow_each_other_without_gap(today: date, plans: list[tuple[int, int]]) -> None:
    periods = [PricePeriod(date(2020, 1, 1), None, 600_000)]
    for rank, cents in plans:
        start = starts_allowed(today)[rank]
        periods = with_price(periods, start=start, price_micros=cents * 10_000)
        assert next(each for each in periods if each.since == start).price_micros == cents * 10_000
    ends = [each.until for each in periods]
    assert ends == [*(each.since for each in periods[1:]), None]
    while len(periods) > 1:
        periods = without_price(periods, start=periods[-1].since)
    assert periods == [PricePeriod(date(2020, 1, 1), None, 600_000)]
