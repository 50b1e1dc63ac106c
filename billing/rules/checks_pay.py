"""Findings about what payslips say: pay below the minimum, pay that is no salary, time nobody knows. Pure.

Persons stand as employee number and initials; no name, no NIR.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from billing.rules.checks import FindingDraft, draft, examples
from billing.rules.checks_people import AgentMonth, PaidPerson
from billing.rules.minimum_wage import Least
from illico_platform.lib.money import euros_of_cents


@dataclass(frozen=True)
class Compared:
    """A payslip whose hours were compared with the minimum wage."""

    slip: PaidPerson
    least: Least


@dataclass(frozen=True)
class SharedAccount:
    """One person's account with two companies, who worked for both at the same time on some days of a month.

    ``answered`` tells whether conversations overlapped; else only the hours signed in did.
    """

    user_id: int
    month: date
    agents: tuple[int, int]
    employee_numbers: tuple[str, str]
    companies: tuple[str, str]
    days: Sequence[date]
    answered: bool


def check_minimum_wage(compared: Sequence[Compared]) -> list[FindingDraft]:
    """Payslips below the minimum wage of their hours, one finding each, with the sum as it was worked out."""
    return [
        draft(
            "below_minimum_wage",
            each.slip.company_id,
            each.slip.siret,
            each.slip.person,
            f"{each.slip.month:%Y-%m}",
            month=each.slip.month,
            agent=each.slip.agent_id,
            employee_number=each.slip.who,
            payslip_ids=[each.slip.payslip_id],
            hours=_hundredths(each.least.hours),
            pay_cents=each.least.pay_cents,
            least_cents=each.least.least_cents,
            missing_cents=each.least.missing_cents,
            verified=each.least.is_verified,
            rates=[
                {"hourly_micros": rate.hourly_micros, "days": rate.days, "verified": rate.verified}
                for rate in each.least.rates
            ],
        )
        for each in compared
        if each.least.missing_cents > 0
    ]


def check_prorata(unknown: Mapping[date, Sequence[tuple[PaidPerson, str]]]) -> list[FindingDraft]:
    """Payslips that count nothing in proportion, since hours or signed-in time are unknown: one finding a month.

    Args:
        unknown: by month, each payslip and why: ``no_hours`` or ``no_log``.
    """
    return [
        draft(
            "prorata_unknown",
            found[0][0].company_id,
            f"{month:%Y-%m}",
            month=month,
            payslips=len(found),
            without_hours=sum(why == "no_hours" for _, why in found),
            without_log=sum(why == "no_log" for _, why in found),
            payslip_ids=examples(slip.payslip_id for slip, _ in found),
            people=examples(sorted(slip.who for slip, _ in found)),
        )
        for month, found in sorted(unknown.items())
        if found
    ]


def check_self_employed(agents: Sequence[AgentMonth]) -> list[FindingDraft]:
    """Agents who answered or were paid in a month and have no salary: their pay does not count."""
    return [
        draft(
            "self_employed",
            each.agent_id,
            f"{each.month:%Y-%m}",
            month=each.month,
            agent=each.agent_id,
            employee_number=each.employee_number,
            calls=each.calls,
            payslips=each.payslips,
            natures=each.natures.split(),
        )
        for each in agents
        if not each.is_salaried and each.is_call_centre and (each.calls or each.payslips)
    ]


def check_two_sites(payslips: Sequence[PaidPerson]) -> list[FindingDraft]:
    """The same person declared by two establishments of one company in one month, one finding a month."""
    months: dict[date, dict[int | str, dict[str, PaidPerson]]] = {}
    for each in payslips:
        if each.person:
            months.setdefault(each.month, {}).setdefault(each.person, {})[each.siret] = each
    drafts = []
    for month, persons in sorted(months.items()):
        twice = [slips for slips in persons.values() if len(slips) > 1]
        if twice:
            shown = [next(iter(slips.values())) for slips in twice]
            drafts.append(
                draft(
                    "declared_in_two_sites",
                    shown[0].company_id,
                    f"{month:%Y-%m}",
                    month=month,
                    persons=len(twice),
                    people=examples(sorted(slip.who for slip in shown)),
                    sirets=examples(sorted({siret for slips in twice for siret in slips})),
                    payslip_ids=examples(slip.payslip_id for slips in twice for slip in slips.values()),
                )
            )
    return drafts


def check_two_employers(shared: Sequence[SharedAccount]) -> list[FindingDraft]:
    """Persons who worked for two companies at the same time: only the operator may hear of it."""
    return [
        draft(
            "two_employers",
            each.user_id,
            *each.agents,
            f"{each.month:%Y-%m}",
            month=each.month,
            agents=list(each.agents),
            first=f"{each.companies[0]} {each.employee_numbers[0]}",
            second=f"{each.companies[1]} {each.employee_numbers[1]}",
            days=[str(day) for day in examples(each.days)],
            answered=each.answered,
        )
        for each in shared
    ]


def _hundredths(value: int) -> str:
    return f"{euros_of_cents(value):.2f}"
