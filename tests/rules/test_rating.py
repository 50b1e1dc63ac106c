"""The price rule: per second, rounded down, capped, never a guess."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rules.rating import rate

DAY = date(2026, 11, 25)
TARIFFS = {"number_id": pl.Int64, "day": pl.Date, "tariff_id": pl.Int64, "price_micros": pl.Int64, "vat_bp": pl.Int64}


def calls(*talks_ms: int) -> pl.DataFrame:
    return pl.DataFrame({"call_id": range(len(talks_ms)), "number_id": 1, "day": DAY, "talk_ms": talks_ms})


def tariff(price_micros: int, *, vat_bp: int = 2000, number_id: int = 1) -> pl.DataFrame:
    return pl.DataFrame([(number_id, DAY, 9, price_micros, vat_bp)], schema=TARIFFS, orient="row")


@pytest.mark.parametrize(
    ("seconds", "ttc_micros"),
    [(0, 0), (1, 10_000), (59, 590_000), (61, 610_000), (125, 1_250_000), (3599, 35_990_000)],
)
def test_reference_prices_at_sixty_cents_a_minute(seconds: int, ttc_micros: int) -> None:
    assert rate(calls(seconds * 1000), tariff(600_000))["ttc_micros"].item() == ttc_micros


def test_vat_is_what_remains_between_price_and_net() -> None:
    row = rate(calls(18_000), tariff(600_000)).row(0, named=True)
    assert (row["ttc_micros"], row["ht_micros"], row["vat_micros"]) == (180_000, 150_000, 30_000)


def test_net_is_rounded_half_up() -> None:
    assert rate(calls(1_000), tariff(600_000, vat_bp=1960))["ht_micros"].item() == 8_361  # 8361.2
    assert rate(calls(1), tariff(30_000, vat_bp=0))["ht_micros"].item() == 0


def test_a_call_without_a_tariff_has_no_price() -> None:
    row = rate(calls(18_000), tariff(600_000, number_id=2)).row(0, named=True)
    assert (row["ttc_micros"], row["ht_micros"], row["billed_ms"]) == (None, None, None)


@pytest.mark.parametrize("price_micros", [600_001, -1])
def test_a_price_above_the_cap_or_below_zero_is_refused(price_micros: int) -> None:
    with pytest.raises(ValueError, match=r"0\.60"):
        rate(calls(1_000), tariff(price_micros))


def test_two_tariffs_on_one_day_are_refused() -> None:
    with pytest.raises(ValueError, match="two tariffs"):
        rate(calls(1_000), pl.concat([tariff(600_000), tariff(500_000)]))


@given(price=st.integers(0, 600_000), talk_ms=st.integers(0, 2_147_483_647), vat_bp=st.integers(0, 3000))
def test_no_duration_and_tariff_ever_exceeds_the_cap(price: int, talk_ms: int, vat_bp: int) -> None:
    row = rate(calls(talk_ms), tariff(price, vat_bp=vat_bp)).row(0, named=True)
    assert row["ttc_micros"] * 60_000 <= price * talk_ms <= 600_000 * talk_ms
    assert row["ttc_micros"] > price * talk_ms / 60_000 - 1
    assert row["ht_micros"] + row["vat_micros"] == row["ttc_micros"]
    assert 0 <= row["ht_micros"] <= row["ttc_micros"]


@given(price=st.integers(0, 600_000), shorter=st.integers(0, 10_000_000), more=st.integers(0, 10_000_000))
def test_a_longer_call_is_never_cheaper(price: int, shorter: int, more: int) -> None:
    first, second = rate(calls(shorter, shorter + more), tariff(price))["ttc_micros"]
    assert first <= second
