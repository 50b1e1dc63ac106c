"""What pages show of training: the catalogue, who holds what is compulsory, hours really followed."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from agents.models import Agent, Attendance, Course, TrainingSession
from agents.rules.renewals import Held, ending_of
from agents.selectors_staff import staff
from illico_platform.lib.periods import paris_day

STATES = ("valid", "expiring", "missing")


@dataclass(frozen=True)
class Standing:
    """One agent and one compulsory course on a day: ``state`` is one of ``STATES``; the day the certificate ends."""

    agent: Agent
    state: str
    expires_on: date | None


@dataclass(frozen=True)
class CourseStanding:
    """A compulsory course and where the company's present agents stand."""

    course: Course
    agents: list[Standing]

    def count(self, state: str) -> int:
        """How many agents stand so."""
        return sum(each.state == state for each in self.agents)

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many agents are in each state, in the order of ``STATES``."""
        return [(state, self.count(state)) for state in STATES]


def catalogue(*, company_id: int) -> QuerySet[Course]:
    """The courses that a company may hold: the operator's and its own."""
    return Course.objects.filter(Q(company_id=company_id) | Q(company=None)).order_by("title", "pk")


def standings(*, company_id: int, courses: Iterable[Course], now: datetime) -> list[CourseStanding]:
    """Where the present agents stand in these courses today, in two queries."""
    courses, today = list(courses), paris_day(now)
    if not courses:
        return []
    present = staff(company_id=company_id, now=now).filter(has_left=False, is_call_centre=True)
    agents = list(present.order_by("employee_number"))
    held: dict[tuple[int, int], list[Held]] = {}
    certified = Attendance.objects.filter(agent__company_id=company_id, session__course__in=courses)
    for agent, course, since, until in certified.exclude(certified_on=None).values_list(
        "agent_id", "session__course_id", "certified_on", "expires_on"
    ):
        held.setdefault((agent, course), []).append(Held(since, until))
    return [
        CourseStanding(course, [_standing(agent, held.get((agent.pk, course.pk), []), today) for agent in agents])
        for course in courses
    ]


def sessions_of(*, company_id: int) -> QuerySet[TrainingSession]:
    """A company's sessions with how many followed them and for how many hours, the latest first."""
    rows = TrainingSession.objects.filter(company_id=company_id).select_related("course")
    return rows.annotate(people=Count("attendances"), followed=Sum("attendances__hours")).order_by("-starts_on", "-pk")


def hours_by_kind(
    *, company_id: int, year: int, agents: Collection[int] | None = None
) -> dict[int, dict[str, Decimal]]:
    """Hours really followed in the sessions that began in a year, by agent and kind of course."""
    rows = Attendance.objects.filter(session__company_id=company_id, session__starts_on__year=year)
    if agents is not None:
        rows = rows.filter(agent__in=agents)
    found: dict[int, dict[str, Decimal]] = {}
    for agent, kind, hours in (
        rows.order_by().values_list("agent_id", "session__course__kind").annotate(hours=Sum("hours"))
    ):
        found.setdefault(agent, {})[kind] = hours
    return found


def total_hours(*, company_id: int, year: int) -> list[tuple[str, Decimal, int]]:
    """(kind, hours, people) of a company's year, most hours first."""
    rows = Attendance.objects.filter(session__company_id=company_id, session__starts_on__year=year).order_by()
    sums = rows.values_list("session__course__kind").annotate(hours=Sum("hours"), people=Count("agent", distinct=True))
    return sorted(sums, key=lambda row: (-row[1], row[0]))


def hours_of_agent(*, agent: Agent, year: int) -> list[tuple[str, Decimal]]:
    """(kind in words, hours) of what an agent followed in a year, most hours first."""
    found = hours_by_kind(company_id=agent.company_id, year=year, agents=[agent.pk]).get(agent.pk, {})
    words = dict(Course.Kind.choices)
    return [(str(words[kind]), hours) for kind, hours in sorted(found.items(), key=lambda row: (-row[1], row[0]))]


def _standing(agent: Agent, held: list[Held], today: date) -> Standing:
    now = [each for each in held if each.since <= today and (each.until is None or today < each.until)]
    if not now:
        return Standing(agent, "missing", None)
    soon = ending_of(held, today=today)
    if soon is not None:
        return Standing(agent, "expiring", soon)
    ends = [each.until for each in now]
    return Standing(agent, "valid", None if None in ends else max(end for end in ends if end))
