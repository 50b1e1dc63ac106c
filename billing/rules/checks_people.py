"""Findings about people: who answered and who was paid, hours, payslips that fit nobody. Pure.

Persons stand as employee number and initials; no name, no NIR.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from agents.rules.commune import CommuneFault, commune_fault
from billing.rules.checks import FindingDraft, draft, examples

_MS_PER_HOUR = 3_600_000
# Minutes before and after the shift are nobody's claim: signed-in time may pass the hours paid by a twentieth.
_LEEWAY = Decimal("1.05")


@dataclass(frozen=True)
class AgentMonth:
    """One agent in one month whose payroll is declared.

    Args:
        calls, talk_ms: answered calls and conversation, all verdicts.
        payslips: payslips in force that fit the agent; ``hours``: paid and overtime hours of them, None if unknown.
        is_call_centre: whether the agent's pay counts for the wage share.
        is_salaried: whether it is a salary, by contracts and payslips; ``natures``: codes of contract on the payslips.
        logged_ms: time signed in to the queues, None where no log tells it; ``ready_ms``: the same without pauses.
    """

    agent_id: int
    employee_number: str
    is_call_centre: bool
    month: date
    calls: int
    talk_ms: int
    payslips: int
    hours: Decimal | None
    is_salaried: bool = True
    natures: str = ""
    logged_ms: int | None = None
    ready_ms: int | None = None


@dataclass(frozen=True)
class PaidPerson:
    """A payslip in force, as far as a check needs it."""

    payslip_id: int
    company_id: int
    month: date
    siret: str
    declaration_id: int
    agent_id: int | None
    employee_number: str
    initials: str
    workplaces: Sequence[str]

    @property
    def person(self) -> int | str:
        """What tells the person from others of the company: the agent, or else the employee number, maybe empty."""
        return self.agent_id or self.employee_number

    @property
    def who(self) -> str:
        """Employee number and initials, as a finding may show them."""
        return f"{self.employee_number} {self.initials}".strip() or "–"


def check_agents(agents: Sequence[AgentMonth]) -> list[FindingDraft]:
    """Answered and not paid, paid and never heard, talked or was ready longer than paid: one an agent and month."""
    return [found for each in agents if (found := _check_agent(each))]


def _check_agent(each: AgentMonth) -> FindingDraft | None:
    if each.calls and not each.payslips:
        # Who has no salary is on no payroll: another finding says so.
        return _of_agent("answered_unpaid", each) if each.is_salaried else None
    # Whoever was signed in without a call coming did sit at the desk.
    if each.payslips and not each.calls and each.is_call_centre and not each.logged_ms:
        return _of_agent("paid_silent", each)
    if each.hours is not None and Decimal(each.talk_ms) > each.hours * _MS_PER_HOUR:
        return _of_agent("talk_above_paid", each)
    # Pauses may be unpaid, so they are left out: who was ready to answer was at work.
    if each.hours is not None and each.ready_ms is not None and each.ready_ms > each.hours * _MS_PER_HOUR * _LEEWAY:
        return _of_agent("logged_above_paid", each)
    return None


def _of_agent(kind: str, each: AgentMonth) -> FindingDraft:
    return draft(
        kind,
        each.agent_id,
        f"{each.month:%Y-%m}",
        month=each.month,
        agent=each.agent_id,
        employee_number=each.employee_number,
        calls=each.calls,
        talk_s=each.talk_ms // 1000,
        hours_paid=None if each.hours is None else str(each.hours),
        ready_s=None if each.ready_ms is None else each.ready_ms // 1000,
    )


def check_unmatched(payslips: Sequence[PaidPerson]) -> list[FindingDraft]:
    """Payslips that fit no agent, one finding a month."""
    return [
        _of_month("payslip_unmatched", month, found)
        for month, found in _by_month([each for each in payslips if each.agent_id is None])
    ]


def check_workplaces(payslips: Sequence[PaidPerson], known: Mapping[str, str] | None = None) -> list[FindingDraft]:
    """Payslips with a workplace that is no INSEE commune of France, one finding a month.

    Args:
        known: those of their communes that INSEE's list has; None where no list is loaded, and the form alone tells.
    """
    faults = {code: commune_fault(code, known) for each in payslips for code in each.workplaces}
    abroad = [each for each in payslips if any(faults[code] for code in each.workplaces)]
    return [
        _of_month(
            "workplace_abroad",
            month,
            found,
            communes=examples(sorted({code for each in found for code in each.workplaces if faults[code]})),
            unknown=examples(
                sorted({code for each in found for code in each.workplaces if faults[code] is CommuneFault.UNKNOWN})
            ),
        )
        for month, found in _by_month(abroad)
    ]


def check_declared_twice(payslips: Sequence[PaidPerson]) -> list[FindingDraft]:
    """The same person in two declarations in force of one month and establishment, one finding a month and siret."""
    where: dict[tuple[date, str], dict[int | str, list[PaidPerson]]] = {}
    for each in payslips:
        if each.person:
            persons = where.setdefault((each.month, each.siret), {})
            persons.setdefault(each.person, []).append(each)
    drafts = []
    for (month, siret), persons in sorted(where.items()):
        twice = [slips for slips in persons.values() if len({slip.declaration_id for slip in slips}) > 1]
        if twice:
            drafts.append(
                draft(
                    "declared_twice",
                    twice[0][0].company_id,
                    siret,
                    f"{month:%Y-%m}",
                    month=month,
                    siret=siret,
                    persons=len(twice),
                    people=examples(sorted(slips[0].who for slips in twice)),
                    declarations=sorted({slip.declaration_id for slips in twice for slip in slips}),
                )
            )
    return drafts


def _by_month(payslips: Sequence[PaidPerson]) -> list[tuple[date, list[PaidPerson]]]:
    months: dict[date, list[PaidPerson]] = {}
    for each in payslips:
        months.setdefault(each.month, []).append(each)
    return sorted(months.items())


def _of_month(kind: str, month: date, found: list[PaidPerson], **detail: object) -> FindingDraft:
    return draft(
        kind,
        found[0].company_id,
        f"{month:%Y-%m}",
        month=month,
        payslips=len(found),
        payslip_ids=examples(each.payslip_id for each in found),
        people=examples(sorted(each.who for each in found)),
        **detail,
    )
