"""The estimate of a line: months worked out with fractions elsewhere, relief to 40 digits, and its shape."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rules.viability import (
    EMPLOYER_RATES,
    EmployerRates,
    Expectation,
    Outcome,
    Terms,
    employer_rate_bp,
    employer_rates_on,
    estimate,
)

TODAY = date(2026, 11, 25)
SMIC = 12_310_000  # since 2026-06-01
EXPECTED = Expectation(
    calls_per_day=200,
    calls_busiest_hour=30,
    talk_s=276,
    wrap_s=24,
    open_s_per_week=144_000,
    open_days_per_week=5,
    target_bp=9500,
    hourly_micros=SMIC,
    other_micros=3_000_000,
)
TERMS = Terms(
    price_micros=600_000,
    vat_bp=2000,
    carriers_bp=2500,
    fee_bp=500,
    wage_bp=6000,
    wage_base="RETAIL_HT",
    minimum_micros=SMIC,
    on=TODAY,
)
LARGE = {"calls_per_day": 20_000, "calls_busiest_hour": 2600}
CHEAP = {"carriers_bp": 500, "fee_bp": 300}

# What changes from the case above; then outcome, calls, cents paid, cents of share, cents of wages, usual and busiest
# staff, tenths of paid hours, micro-euros an hour brings and costs. Worked out with fractions and factorials elsewhere.
CASES = [
    ({}, {}, "fails", 4333, 1_195_908, 837_136, 597_954, 5, 6, 10_176, 8_226_572, 16_932_335),
    (
        {"calls_per_day": 2000, "calls_busiest_hour": 300}, {},
        "tight", 43_333, 11_959_908, 8_371_936, 5_979_954, 27, 32, 54_850, 15_263_329, 16_932_335,
    ),
    (LARGE, CHEAP, "holds", 433_333, 119_599_908, 110_031_916, 59_799_954, 237, 247, 473_044, 23_260_398, 16_932_335),
    ({}, {"price_micros": 200_000}, "fails", 4333, 398_636, 279_045, 199_318, 5, 6, 10_176, 2_742_188, 16_932_335),
    ({}, {"wage_base": "PAYOUT_HT"}, "fails", 4333, 1_195_908, 837_136, 448_466, 5, 6, 10_176, 8_226_572, 16_932_335),
    # Seven and a half hours a day: 26.7 calls an hour, not the 25 of eight hours.
    ({"open_s_per_week": 135_000}, {}, "fails", 4333, 1_195_908, 837_136, 597_954, 6, 6, 11_169, 7_495_174, 16_932_335),
    # Half an hour a day: its busiest hour lasts half an hour too.
    (
        {"open_s_per_week": 9000, "calls_per_day": 20}, {},
        "fails", 433, 119_508, 83_656, 59_754, 7, 7, 869, 9_626_697, 16_932_335,
    ),
    (
        {"hourly_micros": 20_000_000}, {},
        "fails", 4333, 1_195_908, 837_136, 597_954, 5, 6, 10_176, 8_226_572, 32_106_000,
    ),
    ({"target_bp": 9900}, {}, "fails", 4333, 1_195_908, 837_136, 597_954, 6, 7, 12_162, 6_883_210, 16_932_335),
    # A wage share beyond what the company receives stops there.
    (
        {}, CHEAP | {"wage_bp": 9900, "wage_base": "RETAIL_TTC"},
        "fails", 4333, 1_195_908, 1_100_236, 1_100_236, 5, 6, 10_176, 10_812_068, 16_932_335,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("line", "terms", "outcome", "calls", "paid", "share", "wages", "usual", "busiest", "tenths", "brings", "costs"), CASES)  # fmt: skip  # noqa: E501
def test_a_month_of_a_line(
    line: dict[str, int],
    terms: dict[str, object],
    outcome: str,
    calls: int,
    paid: int,
    share: int,
    wages: int,
    usual: int,
    busiest: int,
    tenths: int,
    brings: int,
    costs: int,
) -> None:
    found = estimate(replace(EXPECTED, **line), replace(TERMS, **terms))
    assert (found.outcome.value, found.calls_month) == (outcome, calls)
    assert (found.money.ttc, found.company_share, found.money.hold) == (paid, share, wages)
    assert (found.usual.agents, found.busiest.agents, found.paid_hours_tenths) == (usual, busiest, tenths)
    assert (found.share_per_hour, found.cost_per_hour) == (brings, costs)


# Pay in minimum wages; what is left of 42.70 % after relief, with 40 decimal digits: firms under 50 people, and others.
RELIEF = [
    (10, 289, 249), (11, 1145, 1114), (12, 1785, 1760), (13, 2272, 2253), (16, 3180, 3171), (20, 3736, 3732),
    (25, 4003, 4002), (29, 4067, 4067), (30, 4270, 4270), (35, 4270, 4270),
]  # fmt: skip


@pytest.mark.parametrize(("tenths_of_minimum", "small", "large"), RELIEF)
def test_contributions_after_relief(tenths_of_minimum: int, small: int, large: int) -> None:
    pay = SMIC * tenths_of_minimum // 10
    fifty = replace(EMPLOYER_RATES[0], relief_top=0.3821)
    assert employer_rate_bp(pay_micros=pay, minimum_micros=SMIC, rates=EMPLOYER_RATES[0]) == small
    assert employer_rate_bp(pay_micros=pay, minimum_micros=SMIC, rates=fifty) == large


def test_pay_below_the_minimum_is_told_and_gets_no_more_relief() -> None:
    found = estimate(replace(EXPECTED, hourly_micros=SMIC - 10_000), TERMS)
    assert not found.pays_minimum
    assert found.employer_bp == 289
    assert estimate(EXPECTED, TERMS).pays_minimum


def test_the_row_of_the_day_decides() -> None:
    later = replace(EMPLOYER_RATES[0], since=date(2027, 1, 1), full_bp=4300)
    rows: tuple[EmployerRates, ...] = (later, *EMPLOYER_RATES)
    assert employer_rates_on(date(2026, 12, 31), rows=rows).full_bp == 4270
    assert employer_rates_on(date(2027, 1, 1), rows=rows).full_bp == 4300
    with pytest.raises(ValueError, match="2025-12-31"):
        employer_rates_on(date(2025, 12, 31))


@pytest.mark.parametrize(
    "line",
    [
        {"calls_per_day": 0},
        {"talk_s": 0},
        {"open_s_per_week": 0},
        {"open_days_per_week": 0},
        {"hourly_micros": 0},
        {"target_bp": 10_000},
        {"calls_per_day": 10_000_000},
    ],
)
def test_what_cannot_be_estimated(line: dict[str, int]) -> None:
    with pytest.raises(ValueError):
        estimate(replace(EXPECTED, **line), TERMS)


lines = st.builds(
    Expectation,
    calls_per_day=st.integers(1, 3000),
    calls_busiest_hour=st.integers(1, 400),
    talk_s=st.integers(10, 900),
    wrap_s=st.integers(0, 300),
    # An hour a day at least: more calls in less time than that need more agents than there are, and are refused.
    open_s_per_week=st.integers(7, 168).map(lambda hours: hours * 3600),
    open_days_per_week=st.integers(1, 7),
    target_bp=st.sampled_from([9000, 9500, 9900]),
    hourly_micros=st.integers(1, 60_000).map(lambda mills: mills * 1000),
    other_micros=st.integers(0, 20_000_000),
)
terms = st.builds(
    Terms,
    price_micros=st.integers(1, 60).map(lambda cents: cents * 10_000),
    vat_bp=st.sampled_from([0, 850, 1960, 2000]),
    carriers_bp=st.integers(0, 6000),
    fee_bp=st.integers(0, 2000),
    wage_bp=st.integers(0, 10_000),
    wage_base=st.sampled_from(["RETAIL_HT", "RETAIL_TTC", "PAYOUT_HT"]),
    minimum_micros=st.just(SMIC),
    on=st.just(TODAY),
)


@given(lines, terms, st.integers(1, 500))
def test_more_calls_never_bring_less_and_never_need_fewer_people(line: Expectation, given: Terms, more: int) -> None:
    few = estimate(line, given)
    many = estimate(replace(line, calls_per_day=line.calls_per_day + more), given)
    assert many.money.ttc >= few.money.ttc
    assert many.company_share >= few.company_share
    assert many.usual.agents >= few.usual.agents
    assert many.paid_hours_tenths >= few.paid_hours_tenths


@given(lines, terms)
def test_the_month_ties_and_the_word_follows_from_the_hours(line: Expectation, given: Terms) -> None:
    found = estimate(line, given)
    money = found.money
    assert money.ttc == money.ht + money.vat
    assert money.receivable == found.company_share + money.fee + money.fee_vat
    assert money.hold <= max(0, found.company_share)
    assert (found.outcome is Outcome.HOLDS) == (found.share_per_hour >= found.cost_per_hour)
    assert found.busiest.agents >= found.usual.agents
    # A dearer minute, or a cheaper hour, never makes the word worse.
    order = [Outcome.FAILS, Outcome.TIGHT, Outcome.HOLDS]
    dearer = estimate(line, replace(given, price_micros=given.price_micros + 10_000))
    assert order.index(dearer.outcome) >= order.index(found.outcome)
    cheaper = estimate(replace(line, other_micros=0), given)
    assert order.index(cheaper.outcome) >= order.index(found.outcome)
