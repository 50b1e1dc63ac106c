"""Rate a company's kept calls: pull the number-days whose verdicts or rates changed, price them, store what differs."""

from dataclasses import dataclass
from datetime import date, datetime

import polars as pl
from django.db import connection, transaction
from django.db.models import Q

from agents.services.judge import batches
from billing import selectors
from billing.models import RatedDay
from billing.rules.rating import RULE_VERSION, rate
from illico_platform.frames import copy_in, copy_out
from numbers.services.locks import lock_in_transaction
from numbers.services.partitions import ensure_partitions
from numbers.services.take_rechecks import take_rechecks

BATCH_CALLS = 60_000
_PRICE = ["tariff_id", "price_micros", "billed_ms", "ttc_micros", "vat_micros", "ht_micros", "rule_version"]
_RATES = ["tariff_id", "share_policy_id", "wage_policy_id", "vat_bp", "carriers_bp", "fee_bp", "wage_bp", "wage_base"]


@dataclass
class RateCounts:
    """What rating did: number-days, calls priced, prices that changed, kept calls that have no tariff."""

    days: int = 0
    calls: int = 0
    changed: int = 0
    unpriced: int = 0


def rate_company(*, company_id: int, since: date, now: datetime) -> RateCounts:
    """Rate every number-day of a company whose verdicts or rates changed; again changes nothing.

    Args:
        company_id: whose calls.
        since: first day of the open months; older days are not read.
        now: when changes of a price are dated.
    """
    counts = RateCounts()
    with transaction.atomic():
        lock_in_transaction("rate", company_id)
        _mark_stale_days(company_id, since)
    while True:
        with transaction.atomic():
            lock_in_transaction("rate", company_id)
            pending = selectors.unrated_days(company_id=company_id, since=since)
            batch = next(batches(pending, rows=BATCH_CALLS), None)
            if batch is None:
                return counts
            _rate_batch(company_id, batch, now, counts)


def _mark_stale_days(company_id: int, since: date) -> None:
    for span in take_rechecks(stage="rate", company_id=company_id):
        wanted = Q(company_id=company_id, day__gte=max(since, span.since))
        if span.until is not None:
            wanted &= Q(day__lt=span.until)
        if span.number_id is not None:
            wanted &= Q(number_id=span.number_id)
        RatedDay.objects.filter(wanted).update(is_stale=True)


def _rate_batch(company_id: int, pending: pl.DataFrame, now: datetime, counts: RateCounts) -> None:
    rates = selectors.rates_of_days(days=pending)
    calls = selectors.kept_calls(
        company_id=company_id,
        number_ids=pending["number_id"].unique().to_list(),
        days=pending["day"].unique().to_list(),
    ).join(pending, on=["number_id", "day"], how="semi", maintain_order="left")
    complete = rates.drop_nulls(["tariff_id", "vat_bp", "share_policy_id", "wage_policy_id"])
    rated = rate(calls, complete.select("number_id", "day", "tariff_id", "price_micros", "vat_bp"))
    priced = rated.filter(pl.col("ttc_micros").is_not_null()).select(
        "call_id",
        "month",
        "day",
        pl.lit(company_id).alias("company_id"),
        "number_id",
        *_PRICE[:-1],
        pl.lit(RULE_VERSION, pl.Int16).alias("rule_version"),
    )
    if not priced.is_empty():
        ensure_partitions(table="billing_ratedcall", months=priced["month"].unique().to_list())
    counts.days += pending.height
    counts.calls += priced.height
    counts.unpriced += rated.height - priced.height
    counts.changed += _replace(company_id, pending, priced, now)
    _store_days(company_id, pending, rates, rated)


def _replace(company_id: int, pending: pl.DataFrame, priced: pl.DataFrame, now: datetime) -> int:
    """Bring the stored prices of the pending number-days to ``priced``; returns how many changed."""
    known = pending.filter(pl.col("rated_revision").is_not_null())
    if known.is_empty():
        copy_in("billing_ratedcall", priced)
        return 0
    stored = _stored(company_id, known)
    both = stored.join(priced, on="call_id", how="full", suffix="_new", coalesce=True)
    differs = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}_new")) for name in _PRICE)
    changed = both.filter(differs)
    fresh = priced.join(changed, on="call_id", how="semi")
    seen_before = known.select("number_id", "day")
    _write_history(company_id, _changes_of_seen_days(changed, seen_before), now)
    _delete(changed.filter(pl.col("month").is_not_null()))
    copy_in("billing_ratedcall", fresh)
    return changed.height


def _changes_of_seen_days(changed: pl.DataFrame, seen: pl.DataFrame) -> pl.DataFrame:
    """Changes worth a history line: those on days that had been rated before."""
    located = changed.with_columns(
        number_id=pl.coalesce("number_id", "number_id_new"),
        day=pl.coalesce("day", "day_new"),
        month=pl.coalesce("month", "month_new"),
    )
    return located.join(seen, on=["number_id", "day"], how="semi")


def _stored(company_id: int, days: pl.DataFrame) -> pl.DataFrame:
    frame = copy_out(
        f"""SELECT call_id, month, number_id, day, {", ".join(_PRICE)} FROM billing_ratedcall
             WHERE company_id = %s AND month = ANY(%s) AND number_id = ANY(%s) AND day = ANY(%s)""",
        [
            company_id,
            days["day"].dt.truncate("1mo").unique().to_list(),
            days["number_id"].unique().to_list(),
            days["day"].unique().to_list(),
        ],
        {
            "call_id": pl.Int64,
            "month": pl.Date,
            "number_id": pl.Int64,
            "day": pl.Date,
            **dict.fromkeys(_PRICE[:-1], pl.Int64),
            "rule_version": pl.Int16,
        },
    )
    return frame.join(days, on=["number_id", "day"], how="semi")


def _write_history(company_id: int, changed: pl.DataFrame, now: datetime) -> None:
    amounts = changed.select(
        "call_id",
        "month",
        pl.lit(company_id).alias("company_id"),
        pl.col("ttc_micros").fill_null(0).alias("old_ttc_micros"),
        pl.col("ttc_micros_new").fill_null(0).alias("new_ttc_micros"),
        pl.lit(now).alias("changed_at"),
    )
    copy_in("billing_ratedchange", amounts.filter(pl.col("old_ttc_micros") != pl.col("new_ttc_micros")))


def _delete(rows: pl.DataFrame) -> None:
    """A price that changed is written anew: its row is replaced, what it was stands in the history."""
    if rows.is_empty():
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM billing_ratedcall r USING unnest(%s::bigint[], %s::date[]) AS d(call_id, month)"
            " WHERE r.call_id = d.call_id AND r.month = d.month",
            [rows["call_id"].to_list(), rows["month"].to_list()],
        )


def _store_days(company_id: int, pending: pl.DataFrame, rates: pl.DataFrame, rated: pl.DataFrame) -> None:
    """Upsert each number-day's exact totals and the rates it is shared by."""
    totals = rated.group_by("number_id", "day").agg(
        pl.col("ttc_micros").count().alias("calls"),
        pl.col("ttc_micros").null_count().alias("unpriced"),
        pl.col("billed_ms").sum(),
        pl.col("ttc_micros").sum(),
        pl.col("ht_micros").sum(),
    )
    sums = ["calls", "unpriced", "billed_ms", "ttc_micros", "ht_micros"]
    rows = (
        pending.select("number_id", "day", pl.col("revision").alias("seen_revision"))
        .join(totals, on=["number_id", "day"], how="left")
        .with_columns(pl.col(sums).fill_null(0))
        .join(rates, on=["number_id", "day"], how="left")
        .with_columns(pl.col("wage_base").fill_null(""))
        .select(pl.lit(company_id).alias("company_id"), "number_id", "day", "seen_revision", *sums, *_RATES)
    )
    names = ", ".join(rows.columns)
    updates = ", ".join(f"{name} = EXCLUDED.{name}" for name in rows.columns[3:])
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE rated AS SELECT * FROM billing_ratedday WITH NO DATA")
        copy_in("rated", rows)
        cursor.execute(
            f"""INSERT INTO billing_ratedday ({names}, revision, posted_revision, is_stale)
                SELECT {names}, 1, 0, false FROM rated
                ON CONFLICT (number_id, day) DO UPDATE
                SET {updates}, revision = billing_ratedday.revision + 1, is_stale = false"""
        )
        cursor.execute("DROP TABLE rated")
