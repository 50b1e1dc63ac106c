"""Opening hours: was a number open when a call was offered? Columnar; it knows weekly hours and dated exceptions."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import holidays
import polars as pl

DAY_S = 86_400
HOURS_SCHEMA = {
    "number_id": pl.Int64,
    "weekday": pl.Int64,
    "opens_s": pl.Int64,
    "closes_s": pl.Int64,
    "valid_from": pl.Date,
    "valid_until": pl.Date,
}
EXCEPTIONS_SCHEMA = {"number_id": pl.Int64, "day": pl.Date, "opens_s": pl.Int64, "closes_s": pl.Int64}
POLICIES_SCHEMA = {
    "number_id": pl.Int64,
    "policy": pl.String,
    "alsace_moselle": pl.Boolean,
    "valid_from": pl.Date,
    "valid_until": pl.Date,
}

_SUNDAY = 6


class HolidayPolicy(StrEnum):
    """What a number does on public holidays: the weekday's hours as usual, closed, or Sunday's hours."""

    USUAL = "usual"
    CLOSED = "closed"
    SUNDAY = "sunday"


def is_open(calls: pl.DataFrame, hours: pl.DataFrame, exceptions: pl.DataFrame) -> pl.Series:
    """Whether each call was offered inside its number's announced hours.

    The clock on the wall in Paris decides: on the day of 25 hours both passages of 02:30 are the same 02:30, and
    09:00 is 09:00 on every day. Intervals are half-open: open at ``opens_s``, closed at ``closes_s``. Exceptions of
    a day replace its weekly hours altogether. A number without a row for the day is closed.

    Args:
        calls: number_id Int64, offered_at Datetime(us, UTC); other columns are ignored.
        hours: ``HOURS_SCHEMA``: weekday 0 is Monday; seconds of the local day, ``closes_s`` up to 86400; days
            [valid_from, valid_until), null is open-ended. Several rows a day are allowed, also overlapping ones.
            A span past midnight is two rows (``weekly_rows``).
        exceptions: ``EXCEPTIONS_SCHEMA``: hours of one dated day; both seconds null is closed.
    Returns:
        Boolean, without nulls, named ``is_open``, in the order of ``calls``.
    """
    # The clock's reading without its zone: hour, minute and second would each look the zone up again.
    local = pl.col("offered_at").dt.convert_time_zone("Europe/Paris").dt.replace_time_zone(None)
    rows = (
        calls.select("number_id", local=local)
        .select("number_id", day=pl.col("local").dt.date(), _second=pl.col("local").dt.epoch("s") % DAY_S)
        .with_row_index("_row")
    )
    spans = spans_of_days(rows.select("number_id", "day").unique(), hours, exceptions)
    inside = (
        rows.join(spans, on=["number_id", "day"], how="inner")
        .filter((pl.col("opens_s") <= pl.col("_second")) & (pl.col("_second") < pl.col("closes_s")))
        .get_column("_row")
        .unique()
    )
    return rows.select(is_open=pl.col("_row").is_in(inside.implode())).get_column("is_open")


def public_holidays(first: date, last: date, *, alsace_moselle: bool = False) -> list[date]:
    """The public holidays of metropolitan France from ``first`` to ``last``, both included.

    Args:
        alsace_moselle: Good Friday and 26 December are holidays too, as in these three departments.
    Source: Code du travail, art. L.3133-1; art. L.3134-13 for Alsace-Moselle.

    >>> [str(day) for day in public_holidays(date(2026, 12, 1), date(2027, 1, 1))]
    ['2026-12-25', '2027-01-01']
    >>> [str(day) for day in public_holidays(date(2026, 12, 1), date(2027, 1, 1), alsace_moselle=True)]
    ['2026-12-25', '2026-12-26', '2027-01-01']
    """
    years = range(first.year, last.year + 1)
    days = holidays.country_holidays("FR", subdiv="57" if alsace_moselle else None, years=years)
    return sorted(day for day in days if first <= day <= last)


def with_holidays(
    exceptions: pl.DataFrame, hours: pl.DataFrame, policies: pl.DataFrame, *, first: date, last: date
) -> pl.DataFrame:
    """The dated exceptions, and those that each number's policy makes of public holidays.

    A number's own exception of a holiday wins over its policy.

    Args:
        exceptions, hours: as for ``is_open``.
        policies: ``POLICIES_SCHEMA``: policy is a ``HolidayPolicy``; days [valid_from, valid_until), null is open,
            no two of a number on one day. On a day without a row the number opens as usual.
        first, last: the days to look for holidays, both included.
    Returns:
        ``EXCEPTIONS_SCHEMA``; closed all day where the policy is ``closed``, or ``sunday`` with no Sunday hours.
    """
    national, local = public_holidays(first, last), public_holidays(first, last, alsace_moselle=True)
    dates = pl.DataFrame({"day": local}, schema={"day": pl.Date}).with_columns(everywhere=pl.col("day").is_in(national))
    touched = (
        policies.filter(pl.col("policy") != HolidayPolicy.USUAL.value)
        .join(dates, how="cross")
        .filter(valid_on("day"), pl.col("everywhere") | pl.col("alsace_moselle"))
        .select("number_id", "policy", "day")
    )
    free = touched.join(exceptions, on=["number_id", "day"], how="anti")
    sundays = free.filter(pl.col("policy") == HolidayPolicy.SUNDAY.value).join(
        hours.filter(pl.col("weekday") == _SUNDAY), on="number_id", how="inner"
    )
    opened = sundays.filter(valid_on("day")).select(EXCEPTIONS_SCHEMA.keys())
    closed = free.join(opened, on=["number_id", "day"], how="anti").select(
        "number_id", "day", opens_s=pl.lit(None, pl.Int64), closes_s=pl.lit(None, pl.Int64)
    )
    return pl.concat([exceptions.select(EXCEPTIONS_SCHEMA.keys()), opened, closed])


def weekly_rows(weekday: int, opens_s: int, closes_s: int) -> list[tuple[int, int, int]]:
    """The rows (weekday, opens_s, closes_s) of one announced span; one that passes midnight becomes two.

    Args:
        weekday: 0 is Monday.
        opens_s: seconds of the local day, 0 to 86399.
        closes_s: up to 86400; at or before ``opens_s`` it is meant for the next day.
    Raises:
        ValueError: a value out of its range.

    >>> weekly_rows(6, 79_200, 7_200)
    [(6, 79200, 86400), (0, 0, 7200)]
    """
    if not 0 <= weekday <= _SUNDAY:
        raise ValueError(f"a weekday goes from 0 (Monday) to 6, not {weekday}")
    if not 0 <= opens_s < DAY_S or not 0 <= closes_s <= DAY_S:
        raise ValueError(f"seconds of a day go from 0 to {DAY_S}, not {opens_s} to {closes_s}")
    if opens_s < closes_s:
        return [(weekday, opens_s, closes_s)]
    evening = [(weekday, opens_s, DAY_S)]
    return evening + ([((weekday + 1) % 7, 0, closes_s)] if closes_s else [])


def spans_of_days(days: pl.DataFrame, hours: pl.DataFrame, exceptions: pl.DataFrame) -> pl.DataFrame:
    """When numbers are open on given days: exceptions where there are any, else the weekly hours.

    Args:
        days: number_id Int64, day Date, each pair once.
        hours, exceptions: as for ``is_open``.
    Returns:
        number_id, day, opens_s, closes_s: no row for a day that is closed.
    """
    usual = (
        days.join(exceptions, on=["number_id", "day"], how="anti")
        .with_columns(weekday=pl.col("day").dt.weekday().cast(pl.Int64) - 1)
        .join(hours, on=["number_id", "weekday"], how="inner")
        .filter(valid_on("day"))
    )
    dated = days.join(exceptions, on=["number_id", "day"], how="inner").drop_nulls(["opens_s", "closes_s"])
    columns = ["number_id", "day", "opens_s", "closes_s"]
    return pl.concat([usual.select(columns), dated.select(columns)])


def valid_on(day: str) -> pl.Expr:
    """Whether a row of [valid_from, valid_until), null is open-ended, holds on the day in a column."""
    return (pl.col("valid_from") <= pl.col(day)) & (
        pl.col("valid_until").is_null() | (pl.col(day) < pl.col("valid_until"))
    )
