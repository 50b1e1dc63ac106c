"""What declared pay counts for under the wage policy of its month: payslip by payslip, and month by month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from agents.models import PayrollDeclaration
from agents.selectors_paid import contribution_codes, contribution_lines, payslips_in_force
from billing.models import WagePolicy
from billing.rules.pay_counted import NO_HOURS, NO_LOG, count_pay
from illico_platform.lib.money import divide_half_up, euros_of_cents

_MS_PER_HUNDREDTH = 36_000
_POLICIES = {"month": pl.Date, "numerator": pl.String, "counting": pl.String}


@dataclass(frozen=True)
class MonthPay:
    """The pay of a month that counts, and how far it may be more than that.

    Args:
        credited_cents: what counts.
        unclear_cents: contributions of which the employer's part is not told; asked for under ``LOADED`` only.
        gross_only: payslips that count their gross because no contribution is declared, under ``LOADED``.
        unknown_time: payslips that count nothing because hours or signed-in time are unknown, under ``PRORATA``.
    """

    credited_cents: int = 0
    unclear_cents: int = 0
    gross_only: int = 0
    unknown_time: int = 0


@dataclass(frozen=True)
class CountedSlip:
    """How one payslip counts, in euros and hours: its gross, what is added to it, and the part of that which counts.

    ``why_not`` tells why it counts nothing; ``paid`` and ``logged`` are the person's hours of the month, where known.
    """

    agent_id: int | None
    gross: Decimal
    employer: Decimal
    unclear: Decimal
    has_lines: bool
    pay: Decimal
    counted: Decimal
    why_not: str | None
    is_loaded: bool
    is_prorata: bool
    is_at_least: bool
    paid: Decimal | None
    logged: Decimal | None


def wage_policy_on(month: date, policies: Sequence[WagePolicy]) -> WagePolicy:
    """The policy in force on the first of a month; the earliest one for months before it.

    Args:
        policies: all of them, by their first day.
    Raises:
        IndexError: there is no policy.
    """
    return next((policy for policy in reversed(policies) if policy.valid_from <= month), policies[0])


def wage_policies() -> list[WagePolicy]:
    """All policies, by their first day."""
    return list(WagePolicy.objects.order_by("valid_from"))


def counted_payslips(*, company_id: int, months: Sequence[date]) -> pl.DataFrame:
    """The payslips in force of these months as ``count_pay`` counts them; by gross alone while there is no policy."""
    policies = wage_policies()
    rows = []
    for month in months:
        policy = wage_policy_on(month, policies) if policies else None
        rows.append((month, policy.numerator if policy else "GROSS", policy.counting if policy else "ALL"))
    frame = pl.DataFrame(rows, schema=_POLICIES, orient="row")
    loaded = [month for month, numerator, _ in rows if numerator == WagePolicy.Numerator.LOADED]
    return count_pay(
        payslips_in_force(company_id=company_id, months=months),
        contribution_lines(company_id=company_id, months=loaded),
        contribution_codes(),
        frame,
    )


def counted_slips(*, company_id: int, month: date) -> dict[int, CountedSlip]:
    """The payslips in force of a month by their keys, in order, as they count."""
    frame = counted_payslips(company_id=company_id, months=[month])
    return {row["payslip_id"]: _slip(row) for row in frame.to_dicts()}


def _slip(row: dict[str, Any]) -> CountedSlip:
    return CountedSlip(
        agent_id=row["agent_id"],
        gross=euros_of_cents(row["gross_cents"]),
        employer=euros_of_cents(row["employer_cents"]),
        unclear=euros_of_cents(row["unclear_cents"]),
        has_lines=row["has_lines"],
        pay=euros_of_cents(row["pay_cents"]),
        counted=euros_of_cents(row["counted_cents"]),
        why_not=row["why_not"],
        is_loaded=row["numerator"] == WagePolicy.Numerator.LOADED,
        is_prorata=row["counting"] == WagePolicy.Counting.PRORATA,
        is_at_least=row["is_at_least"],
        paid=_hours(row["month_paid_ms"]),
        logged=_hours(row["logged_ms"]),
    )


def _hours(ms: int | None) -> Decimal | None:
    """Hours to the hundredth, for showing."""
    return None if ms is None else euros_of_cents(divide_half_up(ms, _MS_PER_HUNDREDTH))


def declared_pay(*, company_id: int, year: int) -> dict[date, MonthPay]:
    """The pay of each month of a year that is declared; a month without any declaration in force is absent.

    The month is the month of pay, corrections of earlier months included.
    """
    in_force = PayrollDeclaration.objects.filter(company_id=company_id, month__year=year, in_force=True)
    months = sorted(set(in_force.values_list("month", flat=True)))
    if not months:
        return {}
    sums = sum_by_month(counted_payslips(company_id=company_id, months=months))
    return {month: sums.get(month, MonthPay()) for month in months}


def sum_by_month(counted: pl.DataFrame) -> dict[date, MonthPay]:
    """Counted payslips added up by month."""
    loaded = pl.col("why_not").is_null() & (pl.col("numerator") == WagePolicy.Numerator.LOADED)
    sums = counted.group_by("month").agg(
        credited_cents=pl.col("counted_cents").sum(),
        unclear_cents=pl.col("unclear_cents").filter(loaded).sum(),
        gross_only=(loaded & ~pl.col("has_lines")).sum(),
        unknown_time=pl.col("why_not").is_in([NO_HOURS, NO_LOG]).sum(),
    )
    return {row.pop("month"): MonthPay(**_plain(row)) for row in sums.to_dicts()}


def _plain(row: dict[str, Any]) -> dict[str, int]:
    return {name: int(value) for name, value in row.items()}
