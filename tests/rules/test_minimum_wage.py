"""The minimum wage of declared hours: by the days worked, without overtime, in the employer's favour when unknown."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rules.minimum_wage import HourlyMinimum, Least, Span, least_pay

SPRING = HourlyMinimum(date(2026, 1, 1), date(2026, 6, 1), 12_020_000, True)
SUMMER = HourlyMinimum(date(2026, 6, 1), None, 12_310_000, False)
ROWS = [SPRING, SUMMER]
NOVEMBER = Span(date(2026, 11, 1), date(2026, 11, 30), 151_67)


def least(*spans: Span, gross: int, overtime: int = 0) -> Least:
    found = least_pay(spans, gross_cents=gross, overtime_cents=overtime, minimums=ROWS)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("spans", "gross", "overtime_pay", "missing"),
    [
        # The official monthly sum, 35 h × 52 / 12 × 12.31, is for 151.6666… hours that are declared as 151.67.
        ([NOVEMBER], 1_867_02, 0, False),
        ([NOVEMBER], 1_866_98, 0, True),
        # Part-time by the hours; an unpaid absence is not among them.
        ([Span(date(2026, 11, 1), date(2026, 11, 30), 75_00)], 923_25, 0, False),
        ([Span(date(2026, 11, 1), date(2026, 11, 30), 75_00)], 900_00, 0, True),
        # Ten hours of overtime at 15.39: what they pay does not make up for the others.
        ([Span(date(2026, 11, 1), date(2026, 11, 30), 161_67, 10_00)], 1_867_02 + 153_90, 153_90, False),
        ([Span(date(2026, 11, 1), date(2026, 11, 30), 161_67, 10_00)], 1_800_00 + 253_90, 253_90, True),
        # Before June one rate, from June another: a month of pay from the 16th to the 15th is half and half.
        ([Span(date(2026, 5, 17), date(2026, 6, 15), 100_00)], 1_216_43, 0, False),
        ([Span(date(2026, 5, 17), date(2026, 6, 15), 100_00)], 1_216_42, 0, True),
        ([Span(date(2026, 5, 1), date(2026, 5, 31), 100_00)], 1_202_00, 0, False),
        # Two contracts in one month add up.
        ([Span(date(2026, 4, 1), date(2026, 4, 15), 70_00), Span(date(2026, 4, 16), date(2026, 4, 30), 75_83)],
         1_752_87, 0, False),
    ],
)  # fmt: skip
def test_pay_is_compared_with_the_minimum_of_its_hours(
    spans: list[Span], gross: int, overtime_pay: int, missing: bool
) -> None:
    assert (least(*spans, gross=gross, overtime=overtime_pay).missing_cents > 0) == missing


def test_the_sum_tells_its_rates_and_which_are_not_verified() -> None:
    found = least(Span(date(2026, 5, 17), date(2026, 6, 15), 100_00), gross=1_000_00)
    assert [(rate.hourly_micros, rate.days, rate.verified) for rate in found.rates] == [
        (12_020_000, 15, True),
        (12_310_000, 15, False),
    ]
    assert (found.is_verified, found.least_cents, found.missing_cents) == (False, 1_216_43, 216_43)


@pytest.mark.parametrize(
    "span",
    [
        Span(date(2026, 11, 1), date(2026, 11, 30), 0),
        Span(date(2026, 11, 1), date(2026, 11, 30), 10_00, 10_00),
        Span(date(2025, 12, 20), date(2026, 1, 10), 100_00),
    ],
)
def test_without_hours_or_without_a_rate_nothing_is_compared(span: Span) -> None:
    assert least_pay([span], gross_cents=0, overtime_cents=0, minimums=ROWS) is None


@given(st.integers(1, 744_00), st.integers(0, 100_000_00))
def test_more_pay_for_the_same_hours_is_never_worse(hours: int, gross: int) -> None:
    span = Span(date(2026, 11, 1), date(2026, 11, 30), hours)
    assert least(span, gross=gross + 1).missing_cents < least(span, gross=gross).missing_cents
    assert least(span, gross=gross).least_cents <= hours * 1231 // 100
