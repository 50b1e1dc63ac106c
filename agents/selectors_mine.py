"""What an agent may see of themselves: whether they are at work, and everything that is kept about them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from agents.models import Agent, Attendance, CheckIn, Payslip, PresenceCheck, Verdict
from agents.selectors_evidence import Workplace, running_check_in, workplaces_of
from illico_platform.lib.periods import months_between, paris_day

WARN_DAYS = 30


@dataclass(frozen=True)
class AtWork:
    """Where an agent stands now: the check-in that runs, the question to answer, the places to sign in from."""

    running: CheckIn | None
    question: PresenceCheck | None
    workplaces: list[Workplace]


@dataclass(frozen=True)
class Renewal:
    """Something of the agent's that ends soon or has ended: what it is, and its last day."""

    what: str
    last_day: date
    is_over: bool


def agent_of(*, company_id: int, user_id: int) -> Agent | None:
    """The agent of a company to whom an account is tied."""
    return Agent.objects.filter(company_id=company_id, user_id=user_id, is_active=True).first()


def at_work(*, agent: Agent, now: datetime) -> AtWork:
    """Where the agent stands at this instant."""
    running = running_check_in(agent_id=agent.pk, now=now)
    question = None
    if running is not None:
        open_ones = PresenceCheck.objects.filter(check_in=running, answered_at=None, due_at__gt=now)
        question = open_ones.order_by("due_at").first()
    return AtWork(running, question, workplaces_of(agent=agent, now=now))


def renewals_of(*, agent: Agent, now: datetime) -> list[Renewal]:
    """Proofs, agreements and certificates that end within a month or ended within the last one, soonest first."""
    today = paris_day(now)
    soonest, latest = today - timedelta(days=WARN_DAYS), today + timedelta(days=WARN_DAYS)
    proofs = [(str(proof), proof.last_day) for proof in agent.proofs.filter(revoked_at=None)]
    agreements = [(str(each), each.last_day) for each in agent.agreements.exclude(ends_on=None)]
    held = agent.attendances.exclude(expires_on=None).select_related("session__course")
    certificates = [(str(each.session.course), each.last_day) for each in held]
    ending = [
        Renewal(what, day, day < today)
        for what, day in [*proofs, *agreements, *certificates]
        if day is not None and soonest <= day <= latest
    ]
    return sorted(ending, key=lambda each: each.last_day)


def answered_calls(*, agent: Agent, first: date, last: date) -> QuerySet[Verdict]:
    """The verdicts of the calls that the agent answered on these days."""
    months = months_between(first, last)
    return Verdict.objects.filter(agent=agent, month__in=months, day__gte=first, day__lte=last)


def kept_about(*, agent: Agent, now: datetime) -> dict[str, Any]:
    """All that the platform holds about an agent, for them to read; of calls only how many."""
    today = paris_day(now)
    first = today - timedelta(days=365)
    answered = answered_calls(agent=agent, first=first, last=today)
    slips = Payslip.objects.filter(agent=agent, declaration__in_force=True)
    return {
        "agent": agent,
        "contracts": agent.contracts.order_by("-starts_on"),
        "names": agent.pbx_names.select_related("source").order_by("-valid_from"),
        "proofs": agent.proofs.select_related("site").order_by("-valid_from"),
        "agreements": agent.agreements.order_by("-starts_on"),
        "check_ins": agent.check_ins.select_related("site").order_by("-started_at")[:60],
        "trainings": Attendance.objects.filter(agent=agent).select_related("session__course"),
        "skills": agent.skills.all(),
        "payslips": slips.order_by("-month")[:24],
        "calls": answered.order_by().aggregate(calls=Count("pk"), kept=Count("pk", filter=Q(verdict="kept"))),
        "since": first,
    }
