"""What of agents' proofs of workplace, home agreements and compulsory certificates ends soon, or just ended."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q

from agents.models import Agent, Attendance, Course, ExpiryNotice, LocationProof, TeleworkAgreement
from agents.rules.renewals import Held, ending_of, step_of
from agents.selectors_staff import staff
from illico_platform.lib.periods import paris_day

Subject = ExpiryNotice.Subject
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Renewal:
    """Something of an agent's that ends within 30 days or ended within the last ones, and nothing follows at once.

    ``step`` is 30, 7 or 1: the step before its end that it has come to; None once it is over.
    """

    agent: Agent
    subject: str
    course: Course | None
    expires_on: date
    days_left: int
    step: int | None

    @property
    def last_day(self) -> date:
        """The last day on which it still proves something."""
        return self.expires_on - ONE_DAY

    @property
    def is_over(self) -> bool:
        """Whether it proves nothing any more."""
        return self.days_left <= 0


def renewals(*, company_id: int, now: datetime, agent_id: int | None = None) -> list[Renewal]:
    """What ends within a month, or ended within the last one, of a company's present agents, soonest first.

    Several proofs of one agent that follow each other end with the last of them. Only courses that are compulsory
    warn. In five queries at most.
    """
    today = paris_day(now)
    present = staff(company_id=company_id, now=now).filter(has_left=False)
    agents = {agent.pk: agent for agent in present.filter(**({} if agent_id is None else {"pk": agent_id}))}
    courses = {course.pk: course for course in compulsory(company_id=company_id)}
    found = []
    for (agent, subject, course), held in _held(agents, courses).items():
        ends = ending_of(held, today=today)
        required = courses[course].required_from if course else None
        if ends is None or (required and ends < required):
            continue
        found.append(
            Renewal(
                agent=agents[agent],
                subject=subject,
                course=courses[course] if course else None,
                expires_on=ends,
                days_left=(ends - today).days,
                step=step_of(ends, today=today),
            )
        )
    return sorted(found, key=lambda each: (each.expires_on, each.agent.employee_number, each.subject))


def compulsory(*, company_id: int) -> list[Course]:
    """The courses that a company's agents must hold a certificate of, since or from some day."""
    of_company = Q(company_id=company_id) | Q(company=None)
    return list(Course.objects.filter(of_company).exclude(required_from=None).order_by("title", "pk"))


_Key = tuple[int, str, int | None]


def _held(agents: dict[int, Agent], courses: dict[int, Course]) -> dict[_Key, list[Held]]:
    """What each agent holds, by what it proves."""
    found: dict[_Key, list[Held]] = {}
    for proof in LocationProof.objects.filter(agent__in=agents, revoked_at=None):
        span = Held(paris_day(proof.valid_from), proof.last_day + ONE_DAY)
        found.setdefault((proof.agent_id, Subject.PROOF, None), []).append(span)
    # An agreement that was ended with a reason is over by choice: nobody has to renew it.
    for agreement in TeleworkAgreement.objects.filter(agent__in=agents, end_reason=""):
        held = Held(agreement.starts_on, agreement.ends_on)
        found.setdefault((agreement.agent_id, Subject.AGREEMENT, None), []).append(held)
    if courses:
        certified = Attendance.objects.filter(agent__in=agents, session__course__in=courses).exclude(certified_on=None)
        for agent, course, since, until in certified.values_list(
            "agent_id", "session__course_id", "certified_on", "expires_on"
        ):
            found.setdefault((agent, Subject.CERTIFICATE, course), []).append(Held(since, until))
    return found
