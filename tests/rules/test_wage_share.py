"""The wage fund over a year: oldest shortfall first, euro for euro, never more than is held."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rules.wage_share import MonthFacts, settle_year


def facts(month: int, *, due: int, credited: int, held: int | None = None, carry: bool = False) -> MonthFacts:
    return MonthFacts(date(2026, month, 1), due * 10 // 6, due, due if held is None else held, credited, carry)


@pytest.mark.parametrize(
    ("months", "released", "carried"),
    [
        ([(600, 600)], [600], [0]),
        ([(600, 0)], [0], [-600]),
        ([(600, 400)], [400], [-200]),
        ([(600, 400), (600, 900)], [400, 800], [-200, 0]),
        ([(600, 400), (600, 700)], [400, 700], [-200, -100]),
        ([(600, 5_000), (600, 0)], [600, 0], [0, -600]),  # excess is not carried by default
    ],
)
def test_release_follows_the_pay(months: list[tuple[int, int]], released: list[int], carried: list[int]) -> None:
    rows = [facts(index, due=due, credited=pay) for index, (due, pay) in enumerate(months, start=1)]
    funds = settle_year(rows)
    assert [fund.released for fund in funds] == released
    assert [fund.carried_out for fund in funds] == carried


def test_a_policy_may_carry_excess_pay() -> None:
    first, second = settle_year(
        [facts(1, due=600, credited=1_000, carry=True), facts(2, due=600, credited=0, carry=True)]
    )
    assert (first.carried_out, second.carried_in, second.released, second.carried_out) == (400, 400, 400, -200)


def test_what_could_not_be_held_is_not_released() -> None:
    (fund,) = settle_year([facts(1, due=600, held=540, credited=600)])
    assert (fund.released, fund.carried_out) == (540, 0)


def test_year_to_date_adds_up() -> None:
    last = settle_year([facts(1, due=600, credited=500), facts(2, due=300, credited=450)])[-1]
    assert (last.year_due, last.year_credited) == (900, 950)


def test_months_out_of_order_or_of_two_years_are_refused() -> None:
    with pytest.raises(ValueError, match="order"):
        settle_year([facts(2, due=1, credited=1), facts(1, due=1, credited=1)])
    with pytest.raises(ValueError, match="two years"):
        settle_year([facts(1, due=1, credited=1), MonthFacts(date(2027, 1, 1), 0, 0, 0, 0, False)])


months = st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 10_000), st.integers(-500, 20_000)), max_size=12)


@given(months, st.booleans())
def test_never_more_released_than_held_or_than_paid(rows: list[tuple[int, int, int]], carry: bool) -> None:
    year = [
        facts(index, due=due, held=min(due, held), credited=credited, carry=carry)
        for index, (due, held, credited) in enumerate(rows, start=1)
    ]
    funds = settle_year(year)
    for end in range(1, len(year) + 1):
        released = sum(fund.released for fund in funds[:end])
        assert released <= sum(month.held for month in year[:end])
        assert released <= sum(max(month.credited, 0) for month in year[:end])
    assert all(fund.released >= 0 for fund in funds)
