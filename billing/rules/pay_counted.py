"""How much of each payslip counts as proof of the wage share, and why some counts for less or for nothing. Pure.

Whatever is unknown is left out and flagged, never guessed: pay is then « at least » what is counted.
"""

from __future__ import annotations

import polars as pl

# Why a payslip counts for nothing; null: it counts.
NO_AGENT, NOT_CALL_CENTRE, NOT_SALARIED = "no_agent", "not_call_centre", "not_salaried"
NO_HOURS, NO_LOG = "no_hours", "no_log"
_OF_PERSON = ["month", "agent_id"]


def count_pay(payslips: pl.DataFrame, lines: pl.DataFrame, codes: pl.DataFrame, policies: pl.DataFrame) -> pl.DataFrame:
    """What counts of each payslip under the policy of its month.

    ``GROSS`` counts the gross. ``LOADED`` adds the contributions whose code is the employer's alone, as declared and
    with their sign: reliefs are negative. Codes that hold both sides in one amount, and codes that nobody has placed,
    are left out; an employer's part that is told beside its mixed code counts and is taken off what is left out. A
    payslip without contributions counts its gross. ``ALL`` counts the whole of it; ``PRORATA`` counts
    ``min(1, logged / paid hours)`` of it, over the person's month, to the cent, half away from zero; where either is
    unknown it counts nothing.

    Args:
        payslips: payslip_id, month, agent_id, is_call_centre, is_salaried, gross_cents, paid_ms, logged_ms.
        lines: payslip_id, month, code, cents.
        codes: code, kind (employer, employee, mixed), part_of, valid_from, valid_until (exclusive).
        policies: month, numerator, counting.
    Returns:
        One row a payslip, in order: those columns and ``has_lines``, ``employer_cents``, ``employee_cents``,
        ``unclear_cents``, ``pay_cents`` (by the numerator, before any share), ``month_paid_ms`` (of the person),
        ``why_not`` (null: it counts), ``counted_cents``, ``counted_ms`` (paid time that counts, null where unknown),
        and ``is_at_least``: something of it could not be read.
    Source: the operator's wage policy, ``docs/wage_share.md``; NEODeS norm P26V01, S21.G00.81.
    """
    parts = compose(lines, codes)
    found = payslips.join(policies, on="month", how="left", maintain_order="left").join(
        parts, on="payslip_id", how="left", maintain_order="left"
    )
    loaded = pl.col("numerator") == "LOADED"
    found = found.with_columns(
        pl.col("has_lines").fill_null(value=False),
        pl.col("employer_cents", "employee_cents", "unclear_cents").fill_null(0),
    ).with_columns(
        pay_cents=pl.col("gross_cents") + pl.when(loaded).then("employer_cents").otherwise(0),
        month_paid_ms=_month_paid(),
        why_not=_why_not(),
        is_at_least=loaded & (~pl.col("has_lines") | (pl.col("unclear_cents") != 0)),
    )
    return _with_share(found)


def compose(lines: pl.DataFrame, codes: pl.DataFrame) -> pl.DataFrame:
    """The contributions of each payslip by who pays them, as the codes stood in its month.

    Returns:
        payslip_id, has_lines, employer_cents, employee_cents, unclear_cents: the three add up to all lines, parts of a
        mixed code counted once.
    """
    since, until = pl.col("valid_from"), pl.col("valid_until")
    standing = lines.select("month", "code").unique().join(codes, on="code")
    standing = standing.filter((since <= pl.col("month")) & (until.is_null() | (pl.col("month") < until)))
    # A code that has rows, but none for the month, is as unknown as one that has none.
    placed = lines.join(standing.select("month", "code", "kind", "part_of"), on=["month", "code"], how="left")
    kind = pl.col("kind").fill_null("mixed")
    wholes = placed.filter(kind == "mixed").select("payslip_id", part_of="code").unique()
    inside = placed.filter(pl.col("kind") == "employer").join(wholes, on=["payslip_id", "part_of"], how="semi")
    sums = placed.group_by("payslip_id").agg(
        employer_cents=pl.col("cents").filter(kind == "employer").sum(),
        employee_cents=pl.col("cents").filter(kind == "employee").sum(),
        mixed_cents=pl.col("cents").filter(kind == "mixed").sum(),
    )
    told = inside.group_by("payslip_id").agg(told_cents=pl.col("cents").sum())
    return sums.join(told, on="payslip_id", how="left").select(
        "payslip_id",
        "employer_cents",
        "employee_cents",
        unclear_cents=pl.col("mixed_cents") - pl.col("told_cents").fill_null(0),
        has_lines=pl.lit(value=True),
    )


def _may_count() -> pl.Expr:
    return pl.col("agent_id").is_not_null() & pl.col("is_call_centre") & pl.col("is_salaried")


def _month_paid() -> pl.Expr:
    """Paid hours of the person's month, over the payslips that may count; null where one of them has none."""
    hours = pl.when(_may_count()).then("paid_ms")
    whole = ~(_may_count() & pl.col("paid_ms").is_null()).any().over(_OF_PERSON)
    return pl.when(_may_count() & whole).then(hours.sum().over(_OF_PERSON))


def _why_not() -> pl.Expr:
    prorata = pl.col("counting") == "PRORATA"
    return (
        pl.when(pl.col("agent_id").is_null())
        .then(pl.lit(NO_AGENT))
        .when(~pl.col("is_call_centre"))
        .then(pl.lit(NOT_CALL_CENTRE))
        .when(~pl.col("is_salaried"))
        .then(pl.lit(NOT_SALARIED))
        .when(prorata & (_month_paid().fill_null(0) <= 0))
        .then(pl.lit(NO_HOURS))
        .when(prorata & pl.col("logged_ms").is_null())
        .then(pl.lit(NO_LOG))
    )


def _with_share(found: pl.DataFrame) -> pl.DataFrame:
    """The cents that count. Products of cents and milliseconds pass 64 bits: they are worked out in 128."""
    whole, part = pl.col("month_paid_ms").cast(pl.Int128), pl.min_horizontal("logged_ms", "month_paid_ms")
    product = pl.col("pay_cents").abs().cast(pl.Int128) * part.cast(pl.Int128)
    share = ((2 * product + whole) // (2 * whole)).cast(pl.Int64) * pl.col("pay_cents").sign()
    prorata = pl.col("counting") == "PRORATA"
    counted = pl.when(prorata).then(share).otherwise(pl.col("pay_cents"))
    time = (pl.col("paid_ms").cast(pl.Int128) * part.cast(pl.Int128) // whole).cast(pl.Int64)
    counts = pl.col("why_not").is_null()
    return found.with_columns(
        counted_ms=pl.when(counts).then(pl.when(prorata).then(time).otherwise(pl.col("paid_ms"))),
        counted_cents=pl.when(counts).then(counted).otherwise(0).cast(pl.Int64),
        is_at_least=(counts & pl.col("is_at_least"))
        | pl.col("why_not").is_in([NO_HOURS, NO_LOG]).fill_null(value=False),
    )
