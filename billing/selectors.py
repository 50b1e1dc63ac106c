"""What the billing app can be asked: which days wait for a stage, which rates hold on a day, what was posted."""

from collections.abc import Sequence
from datetime import date

import polars as pl

from billing.models import Period
from illico_platform.frames import copy_out

_DAYS = {
    "number_id": pl.Int64,
    "day": pl.Date,
    "calls": pl.Int64,
    "revision": pl.Int64,
    "rated_revision": pl.Int64,
}


def open_since(*, earliest: date) -> date:
    """The first day of the earliest month that is not closed, never before ``earliest``'s month."""
    month = earliest.replace(day=1)
    closed = set(Period.objects.filter(closed_at__isnull=False, month__gte=month).values_list("month", flat=True))
    while month in closed:
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return month


def unrated_days(*, company_id: int, since: date) -> pl.DataFrame:
    """Number-days whose verdicts changed since they were rated, or must be rated again, oldest first.

    Returns:
        number_id, day, calls (kept), revision (of the verdicts), rated_revision (null: never rated).
    """
    return copy_out(
        """SELECT j.number_id, j.day, j.kept, j.revision, r.revision FROM agents_judgedday j
             LEFT JOIN billing_ratedday r ON r.number_id = j.number_id AND r.day = j.day
            WHERE j.company_id = %s AND j.day >= %s
              AND (r.id IS NULL OR r.seen_revision <> j.revision OR r.is_stale)
            ORDER BY j.day, j.number_id""",
        [company_id, since],
        _DAYS,
    )


def kept_calls(*, company_id: int, number_ids: Sequence[int], days: Sequence[date]) -> pl.DataFrame:
    """The calls that are charged, on these days: call_id, month, day, number_id, talk_ms, by call_id."""
    kept = copy_out(
        """SELECT call_id, day, number_id, charged_ms FROM agents_verdict
            WHERE company_id = %s AND month = ANY(%s) AND number_id = ANY(%s) AND day = ANY(%s) AND verdict = 'kept'""",
        [company_id, sorted({day.replace(day=1) for day in days}), list(number_ids), list(days)],
        {"call_id": pl.Int64, "day": pl.Date, "number_id": pl.Int64, "talk_ms": pl.Int64},
        by_page=True,
    )
    return kept.sort("call_id").with_columns(month=pl.col("day").dt.month_start())


def rates_of_days(*, days: pl.DataFrame) -> pl.DataFrame:
    """The tariff and policies that hold for each number and day.

    Args:
        days: number_id, day.
    Returns:
        number_id, day, tariff_id, price_micros, vat_bp, share_policy_id, carriers_bp, fee_bp, wage_policy_id,
        wage_bp, wage_base; nulls where no row holds: unpriced is not free.
    """
    return copy_out(
        """SELECT d.number_id, d.day, t.id, t.price_micros, v.rate_bp, s.id, s.carriers_bp, s.fee_bp,
                  w.id, w.share_bp, w.base
             FROM unnest(%s::bigint[], %s::date[]) AS d(number_id, day)
             JOIN numbers_premiumnumber n ON n.id = d.number_id
             LEFT JOIN billing_tariff t ON t.number_id = d.number_id
                  AND t.valid_from <= d.day AND (t.valid_until IS NULL OR d.day < t.valid_until)
             LEFT JOIN billing_vatrate v ON v.valid_from <= d.day AND (v.valid_until IS NULL OR d.day < v.valid_until)
             LEFT JOIN billing_sharepolicy s ON s.payer = n.payer
                  AND s.valid_from <= d.day AND (s.valid_until IS NULL OR d.day < s.valid_until)
             LEFT JOIN billing_wagepolicy w ON w.valid_from <= d.day
                  AND (w.valid_until IS NULL OR d.day < w.valid_until)
            ORDER BY d.day, d.number_id""",
        [days["number_id"].to_list(), days["day"].to_list()],
        {
            "number_id": pl.Int64,
            "day": pl.Date,
            "tariff_id": pl.Int64,
            "price_micros": pl.Int64,
            "vat_bp": pl.Int64,
            "share_policy_id": pl.Int64,
            "carriers_bp": pl.Int64,
            "fee_bp": pl.Int64,
            "wage_policy_id": pl.Int64,
            "wage_bp": pl.Int64,
            "wage_base": pl.String,
        },
    )
