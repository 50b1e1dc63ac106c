"""Load what is checked about payslips: minimum wage, salaries, establishments, time that a proportion needs."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from agents.models import Contract, Payslip
from agents.rules.salaried import has_general_minimum
from billing.models import MinimumWage
from billing.rules.checks_pay import Compared, check_minimum_wage, check_prorata, check_two_sites
from billing.rules.checks_people import PaidPerson
from billing.rules.minimum_wage import HourlyMinimum, Least, Span, least_pay
from billing.rules.pay_counted import NO_HOURS, NO_LOG
from billing.selectors_counted import counted_payslips
from billing.services.record_findings import Checked
from illico_platform.lib.money import cents_of_euros
from illico_platform.lib.periods import Month, months_between

_FIELDS = (
    "gross_current_month",
    *("hours_paid", "overtime_hours", "worked", "corrections", "contracts"),
)


def pay_checked(*, company_id: int, day: date, since: date, payslips: Sequence[PaidPerson]) -> list[Checked]:
    """What the checks of payslips find in the open months.

    Args:
        payslips: those in force of these months.
    """
    months = months_between(since, day)
    by_id = {slip.payslip_id: slip for slip in payslips}
    return [
        Checked(["below_minimum_wage"], check_minimum_wage(_compared(company_id, by_id)), months),
        Checked(["prorata_unknown"], check_prorata(_unknown(company_id, by_id)), months),
        Checked(["declared_in_two_sites"], check_two_sites(payslips), months),
    ]


def _compared(company_id: int, by_id: dict[int, PaidPerson]) -> list[Compared]:
    """The payslips of call-centre agents under the general minimum, beside what their hours must pay."""
    minimums = [HourlyMinimum(*row) for row in MinimumWage.objects.order_by("valid_from").values_list(
        "valid_from", "valid_until", "hourly_micros", "verified")]  # fmt: skip
    rows = Payslip.objects.filter(company_id=company_id, pk__in=by_id, agent__is_call_centre=True)
    apprentices = _apprentice_months(company_id)
    found = []
    for row in rows.order_by("month", "pk").values("pk", "agent_id", "month", *_FIELDS):
        contracts = row["contracts"]
        natures, schemes = [each["nature"] for each in contracts], [each["scheme"] for each in contracts]
        if not has_general_minimum(natures, schemes) or _is_apprentice(apprentices, row["agent_id"], row["month"]):
            continue
        least = _least(row, minimums)
        if least is not None:
            found.append(Compared(by_id[row["pk"]], least))
    return found


def _least(row: dict[str, Any], minimums: Sequence[HourlyMinimum]) -> Least | None:
    """The least of one payslip; None where its hours of the month are not told."""
    gross = cents_of_euros(row["gross_current_month"])
    if row["worked"]:
        spans = [
            Span(
                date.fromisoformat(span["from"]),
                date.fromisoformat(span["to"]),
                _hundredths(span["hours"]),
                _hundredths(span["overtime"]),
            )
            for span in row["worked"]
        ]
        overtime = sum(_hundredths(span["overtime_pay"]) for span in row["worked"])
        return least_pay(spans, gross_cents=gross, overtime_cents=overtime, minimums=minimums)
    if row["hours_paid"] is None or row["corrections"]:
        return None  # hours of earlier months cannot be told apart
    hours, overtime_hours = _hundredths(row["hours_paid"]), _hundredths(row["overtime_hours"] or 0)
    month = Span(row["month"], Month.of(row["month"]).last, hours, overtime_hours)
    return least_pay([month], gross_cents=gross, overtime_cents=0, minimums=minimums)


def _hundredths(value: str | Decimal | int) -> int:
    return cents_of_euros(Decimal(value))


def _apprentice_months(company_id: int) -> list[tuple[int, date, date | None]]:
    rows = Contract.objects.filter(agent__company_id=company_id, kind=Contract.Kind.APPRENTICE)
    return list(rows.values_list("agent_id", "starts_on", "ends_on"))


def _is_apprentice(spans: list[tuple[int, date, date | None]], agent_id: int, month: date) -> bool:
    last = Month.of(month).last
    return any(who == agent_id and start <= last and (end is None or end > month) for who, start, end in spans)


def _unknown(company_id: int, by_id: dict[int, PaidPerson]) -> dict[date, list[tuple[PaidPerson, str]]]:
    """By month the payslips that count nothing in proportion, and why."""
    months = sorted({slip.month for slip in by_id.values()})
    if not months:
        return {}
    counted = counted_payslips(company_id=company_id, months=months)
    rows = counted.filter(pl.col("why_not").is_in([NO_HOURS, NO_LOG])).select("payslip_id", "month", "why_not").rows()
    found: dict[date, list[tuple[PaidPerson, str]]] = {}
    for payslip_id, month, why in rows:
        if payslip_id in by_id:
            found.setdefault(month, []).append((by_id[payslip_id], why))
    return found
