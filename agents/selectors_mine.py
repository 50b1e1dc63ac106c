"""What an agent may see of themselves: whether they are at work, and everything that is kept about them."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from agents.models import Agent, Attendance, CheckIn, JudgedDay, Payslip, PresenceCheck, Verdict
from agents.selectors_answers import answers_of_days
from agents.selectors_evidence import Workplace, running_check_in, workplaces_of
from illico_platform.lib.periods import paris_day

COUNTED_DAYS = 30


@dataclass(frozen=True)
class AtWork:
    """Where an agent stands now: the check-in that runs, the question to answer, the places to sign in from."""

    running: CheckIn | None
    question: PresenceCheck | None
    workplaces: list[Workplace]


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


def answered_on(*, agent: Agent, day: date) -> QuerySet[Verdict]:
    """The verdicts of the calls that the agent answered on a day."""
    numbers = JudgedDay.objects.filter(company_id=agent.company_id, day=day).values("number_id")
    # Naming month and numbers lets the verdicts' partition and its index find the rows.
    return Verdict.objects.filter(month=day.replace(day=1), day=day, number_id__in=numbers, agent=agent)


def kept_about(*, agent: Agent, now: datetime) -> dict[str, Any]:
    """All that the platform holds about an agent, for them to read; of calls only how many."""
    today = paris_day(now)
    first = today - timedelta(days=COUNTED_DAYS)
    days = answers_of_days(company_id=agent.company_id, first=first, last=today)
    answered = Counter[str]()
    for answers in days.values():
        answered.update(answers.get(agent.pk, {}))
    slips = Payslip.objects.filter(agent=agent, declaration__in_force=True)
    return {
        "agent": agent,
        "contracts": agent.contracts.order_by("-starts_on"),
        "names": agent.pbx_names.select_related("source").order_by("-valid_from"),
        "proofs": agent.proofs.select_related("site").order_by("-valid_from"),
        "agreements": agent.agreements.order_by("-starts_on"),
        "shifts": agent.shifts.order_by("-starts_at")[:60],
        "work_days": agent.work_days.order_by("-day")[:60],
        "work_corrections": agent.work_corrections.order_by("-day")[:60],
        "check_ins": agent.check_ins.select_related("site").order_by("-started_at")[:60],
        "trainings": Attendance.objects.filter(agent=agent).select_related("session__course"),
        "skills": agent.skills.all(),
        "notices": agent.notices.filter(recipient=agent.user_id).select_related("course").order_by("-claimed_at")[:24],
        "payslips": slips.order_by("-month")[:24],
        "calls": {"calls": answered.total(), "kept": answered["kept"]},
        "since": first,
    }
