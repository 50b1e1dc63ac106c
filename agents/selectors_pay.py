"""What a company's pages show of declared pay: months, declarations and what replaced them, payslips, matches."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from agents.models import PayrollDeclaration, Payslip


@dataclass(frozen=True)
class DeclaredMonth:
    """A month's declarations in force: establishments, payslips, gross euros, payslips without an agent.

    ``earlier`` counts declarations of the month that are no longer in force.
    """

    month: date
    declarations: int
    people: int
    gross: Decimal
    unmatched: int
    earlier: int


@dataclass(frozen=True)
class FilePay:
    """What one file declares, as it stands now: payslips in force, gross euros, those with and without an agent."""

    people: int
    gross: Decimal
    matched: int
    unmatched: int


def declared_months(*, company_id: int, limit: int = 36) -> list[DeclaredMonth]:
    """The months that a company declared, latest first, in two queries."""
    declarations = PayrollDeclaration.objects.filter(company_id=company_id).order_by("-month").values_list("month")
    counts = declarations.annotate(
        standing=Count("pk", filter=Q(in_force=True)), earlier=Count("pk", filter=Q(in_force=False))
    )[:limit]
    in_force = Payslip.objects.filter(company_id=company_id, declaration__in_force=True).order_by()
    pay = {
        month: (people, gross, unmatched)
        for month, people, gross, unmatched in in_force.values_list("month").annotate(
            people=Count("pk"), total=Sum("gross"), unmatched=Count("pk", filter=Q(agent=None))
        )
    }
    none = (0, Decimal(0), 0)
    return [
        DeclaredMonth(month, standing, *pay.get(month, none), earlier)  # type: ignore[arg-type]
        for month, standing, earlier in counts
    ]


def declarations_of(*, company_id: int, month: date) -> QuerySet[PayrollDeclaration]:
    """Every declaration of a month, establishment by establishment, latest first, with ``people`` and ``total``."""
    found = PayrollDeclaration.objects.filter(company_id=company_id, month=month).select_related("file")
    return found.annotate(people=Count("payslips"), total=Sum("payslips__gross")).order_by("siret", "-file__id", "-pk")


def payslips_of(*, company_id: int, month: date) -> QuerySet[Payslip]:
    """The payslips in force of a month, those without an agent first."""
    found = Payslip.objects.filter(company_id=company_id, month=month, declaration__in_force=True)
    return found.select_related("agent", "declaration").order_by("agent__employee_number", "employee_number", "pk")


def unmatched_payslips(*, company_id: int) -> QuerySet[Payslip]:
    """Payslips in force that name no agent, latest month first."""
    found = Payslip.objects.filter(company_id=company_id, agent=None, declaration__in_force=True)
    return found.select_related("declaration").order_by("-month", "employee_number", "pk")


def file_pay(*, file_id: int | None, company_id: int) -> FilePay:
    """What a file's declarations that are in force declare for a company."""
    payslips = Payslip.objects.filter(company_id=company_id, declaration__file_id=file_id, declaration__in_force=True)
    sums = payslips.aggregate(people=Count("pk"), total=Sum("gross"), unmatched=Count("pk", filter=Q(agent=None)))
    return FilePay(
        people=sums["people"],
        gross=sums["total"] or Decimal(0),
        matched=sums["people"] - sums["unmatched"],
        unmatched=sums["unmatched"],
    )
