"""Link payslips to agents by their numbers, again whenever agents, declarations or matches by hand change."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.db.models import F

from agents.models import Agent, PayrollMonth, PayrollNumber, Payslip
from agents.rules.payroll import PayslipNumbers, matching_numbers
from numbers.models import Company
from numbers.services.locks import lock_in_transaction


def match_payslips(company: Company, *, months: Collection[date] | None = None) -> set[date]:
    """Link every payslip of a company to the agent it names, and unlink those that name nobody.

    What is linked follows from the agents, the numbers matched by hand and the declarations alone, so running it late
    or twice is safe. A payslip that names nobody is kept, with ``agent`` empty.

    Args:
        company: whose payslips and agents.
        months: first days of the months to look at; all when absent.
    Returns:
        The months whose pay in force changed; their ``PayrollMonth`` revisions have grown.
    """
    with transaction.atomic():
        lock_in_transaction("payroll", company.pk)
        changed = link_payslips(company, months=months)
        bump_months(company, changed)
    return changed


def link_payslips(company: Company, *, months: Collection[date] | None = None) -> set[date]:
    """``match_payslips`` inside the caller's transaction and lock, leaving the revisions to the caller."""
    # An agent's own number outweighs one that was matched by hand.
    agents = dict(PayrollNumber.objects.filter(company=company).values_list("number", "agent_id"))
    agents |= dict(Agent.objects.filter(company=company).values_list("employee_number", "pk"))
    payslips = Payslip.objects.filter(company=company).select_related("declaration")
    if months is not None:
        payslips = payslips.filter(month__in=months)
    # Contract numbers are compared over the month in force; a superseded declaration is looked at by itself.
    groups: defaultdict[tuple[date, int], list[Payslip]] = defaultdict(list)
    for payslip in payslips:
        groups[payslip.month, 0 if payslip.declaration.in_force else payslip.declaration_id].append(payslip)
    changed = [payslip for group in groups.values() for payslip in _relink(group, agents)]
    Payslip.objects.bulk_update(changed, ["agent"], batch_size=1000)
    return {payslip.month for payslip in changed if payslip.declaration.in_force}


def bump_months(company: Company, months: Collection[date]) -> None:
    """Let the revisions of these months grow by one, which tells the wage share that its pay changed."""
    for month in sorted(months):
        _, created = PayrollMonth.objects.get_or_create(company=company, month=month)
        if not created:
            PayrollMonth.objects.filter(company=company, month=month).update(revision=F("revision") + 1)


def _relink(group: list[Payslip], agents: dict[str, int]) -> list[Payslip]:
    """The payslips of a group whose agent is another one now, with that agent set."""
    numbers = matching_numbers([PayslipNumbers(slip.employee_number, tuple(slip.contract_numbers)) for slip in group])
    changed = []
    for payslip, number in zip(group, numbers, strict=True):
        agent_id = agents.get(number)
        if payslip.agent_id != agent_id:
            payslip.agent_id = agent_id
            changed.append(payslip)
    return changed
