"""The price of a charged call: per second from the human answer, rounded down, capped. Pure."""

import polars as pl

RULE_VERSION = 1
CAP_MICROS_PER_MIN = 600_000
_MS_PER_MIN = 60_000
_BP = 10_000


def price_of(price_micros: int, talk_ms: int) -> int:
    """What ``rate`` asks of the caller for one talk, VAT included, for a clock that runs.

    >>> price_of(600_000, 59_999)
    599990
    """
    return price_micros * talk_ms // _MS_PER_MIN


def rate(calls: pl.DataFrame, tariffs: pl.DataFrame) -> pl.DataFrame:
    """Price, VAT and net of each call from the tariff of its number and day.

    ttc = price x ms / 60000, rounded **down** to the micro-euro, so no duration ever costs more than the price;
    ht = ttc without VAT, half-up to the micro-euro; vat = ttc - ht. No set-up fee, no minimum, no time of day.

    Args:
        calls: call_id Int64, number_id Int64, day Date, talk_ms Int64 (>= 0); only calls that are to be charged.
        tariffs: number_id, day, tariff_id, price_micros (per minute, VAT included), vat_bp (basis points);
            at most one row per number and day.
    Returns:
        The call's columns plus tariff_id, price_micros, billed_ms, ttc_micros, ht_micros, vat_micros; one row a
        call, in order. A call without a tariff has nulls there: unpriced is not free.
    Raises:
        ValueError: a price is negative or above the operator's cap of 0.60 EUR a minute, or two tariffs hold.
    Source: ARCEP decision 2018-0881 (per second from the first second, same price at all hours); operator's cap.
    """
    if tariffs.filter(~pl.col("price_micros").is_between(0, CAP_MICROS_PER_MIN)).height:
        raise ValueError("a tariff is negative or above 0.60 EUR a minute")
    if tariffs.select("number_id", "day").is_duplicated().any():
        raise ValueError("two tariffs hold for one number and day")
    ttc = pl.col("price_micros").cast(pl.Int64) * pl.col("talk_ms").cast(pl.Int64) // _MS_PER_MIN
    gross_bp = _BP + pl.col("vat_bp").cast(pl.Int64)
    return (
        calls.join(tariffs, on=["number_id", "day"], how="left", maintain_order="left")
        .with_columns(ttc_micros=ttc, billed_ms=pl.when(pl.col("price_micros").is_not_null()).then(pl.col("talk_ms")))
        .with_columns(ht_micros=(2 * _BP * pl.col("ttc_micros") + gross_bp) // (2 * gross_bp))
        .with_columns(vat_micros=pl.col("ttc_micros") - pl.col("ht_micros"))
    )
