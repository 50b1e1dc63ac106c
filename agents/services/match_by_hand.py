"""Say by hand whose payslip it is when payroll names a person by another number; undone as easily."""

from django.db import transaction
from django.utils.translation import gettext as _

from agents.models import Agent, PayrollNumber, Payslip
from agents.rules.payroll import PayslipNumbers, matching_numbers
from agents.services.match_payslips import match_payslips
from illico_platform.lib.errors import IllicoError
from numbers.models import Company
from numbers.services.locks import lock_in_transaction


class MatchRefused(IllicoError):
    """The payslip cannot be matched by hand; the sentence says why and what helps."""


def payslip_numbers(payslips: list[Payslip]) -> dict[int, str]:
    """By id of payslips in force, the number that tells each one's person; empty when nothing on it does.

    Contract numbers are compared over the company's whole month, so the neighbours of the payslips are read too.
    """
    months = {(payslip.company_id, payslip.month) for payslip in payslips}
    found: dict[int, str] = {}
    for company_id, month in months:
        group = list(
            Payslip.objects.filter(company_id=company_id, month=month, declaration__in_force=True).only(
                "employee_number", "contract_numbers"
            )
        )
        numbers = matching_numbers([PayslipNumbers(one.employee_number, tuple(one.contract_numbers)) for one in group])
        found |= {one.pk: number for one, number in zip(group, numbers, strict=True)}
    return {payslip.pk: found.get(payslip.pk, "") for payslip in payslips}


def match_by_hand(*, payslip: Payslip, agent: Agent) -> PayrollNumber:
    """Let the number on a payslip name this agent, for every month that bears it.

    Raises:
        MatchRefused: nothing on the payslip tells the person from others, the number is an agent's own, or the two
            are of different companies.
    """
    company = Company.objects.get(pk=payslip.company_id)
    with transaction.atomic():
        lock_in_transaction("payroll", company.pk)
        number = payslip_numbers([payslip])[payslip.pk]
        if not number:
            raise MatchRefused(
                _(
                    "Ce bulletin ne porte pas de matricule, et son numéro de contrat est aussi celui d’une autre"
                    " personne. Renseignez le matricule dans votre logiciel de paie, puis déposez la déclaration"
                    " corrigée."
                )
            )
        if agent.company_id != company.pk:
            raise MatchRefused(_("Cet agent n’est pas de votre entreprise."))
        if Agent.objects.filter(company=company, employee_number=number).exists():
            raise MatchRefused(_("Le matricule %(number)s est déjà celui d’un agent.") % {"number": number})
        match, _created = PayrollNumber.objects.update_or_create(
            company=company, number=number, defaults={"agent": agent}
        )
        match_payslips(company)
    return match


def undo_match(*, match: PayrollNumber) -> None:
    """Take a match by hand back: the payslips that it named are without an agent again."""
    company = Company.objects.get(pk=match.company_id)
    with transaction.atomic():
        lock_in_transaction("payroll", company.pk)
        match.delete()
        match_payslips(company)
