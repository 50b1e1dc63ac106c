"""What a company's pages show of its agents: where they sit, since when that is proven, what they answered."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import DateTimeField, Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Least

from agents.models import Agent, Attendance, Contract, LocationProof, PbxName, Skill, TeleworkAgreement
from agents.selectors_answers import answers_of_days
from illico_platform.lib.periods import paris_day

SOON = timedelta(days=30)
ANSWERED = ("kept", "late", "unproven")


@dataclass(frozen=True)
class Answered:
    """Calls that an agent answered over some days, and how many of them kept the promise."""

    calls: int = 0
    kept: int = 0

    @property
    def kept_bp(self) -> int | None:
        """Kept of answered in basis points, None with none answered."""
        return self.kept * 10_000 // self.calls if self.calls else None


@dataclass(frozen=True)
class AgentRow:
    """One agent as listed: state is ``proven``, ``expiring``, ``missing`` or ``left``."""

    agent: Agent
    state: str
    proven_until: datetime | None
    days_left: int | None
    proof: LocationProof | None
    contract: Contract | None
    names: list[PbxName]
    answered: Answered

    @property
    def last_proven_day(self) -> date | None:
        """The last Paris day of which the proofs of today and those that follow prove the place."""
        return self.proven_until and paris_day(self.proven_until - timedelta(microseconds=1))


def staff(*, company_id: int, now: datetime) -> QuerySet[Agent]:
    """A company's agents with what their state follows from, at an instant.

    Annotations: ``is_proven``; ``proven_until``, the end of the proof in force or of one that follows within 30
    days; ``has_left``: deactivated, or every contract has ended.
    """
    ends_at = Least(F("valid_until"), F("revoked_at"))  # PostgreSQL's least() passes over NULL
    proofs = LocationProof.objects.filter(agent=OuterRef("pk")).annotate(ends=ends_at)
    contracts = Contract.objects.filter(agent=OuterRef("pk"))
    last = proofs.filter(valid_from__lte=now + SOON, ends__gt=now).order_by().values("agent").annotate(last=Max("ends"))
    return Agent.objects.filter(company_id=company_id).annotate(
        is_proven=Exists(proofs.filter(valid_from__lte=now, ends__gt=now)),
        proven_until=Subquery(last.values("last"), output_field=DateTimeField()),
        has_left=Q(is_active=False)
        | (Exists(contracts) & ~Exists(contracts.filter(Q(ends_on=None) | Q(ends_on__gt=paris_day(now))))),
    )


def in_state(agents: QuerySet[Agent], state: str, *, now: datetime) -> QuerySet[Agent]:
    """Of ``staff`` those in one state; the four states share all agents out."""
    if state == "left":
        return agents.filter(has_left=True)
    agents = agents.filter(has_left=False)
    if state == "missing":
        return agents.filter(is_proven=False)
    soon = Q(proven_until__lte=now + SOON)
    return agents.filter(soon if state == "expiring" else ~soon, is_proven=True)


def count_states(*, company_id: int, now: datetime) -> dict[str, int]:
    """How many agents are in each state."""
    facts = (
        staff(company_id=company_id, now=now)
        .order_by()
        .values_list("has_left", "is_proven", "proven_until", named=True)
    )
    counts = Counter(state_of(agent, now=now) for agent in facts)
    return {state: counts[state] for state in ("proven", "expiring", "missing", "left")}


def agent_rows(agents: list[Agent], *, company_id: int, now: datetime) -> list[AgentRow]:
    """The rows of agents of ``staff``, in five queries at most whatever their number."""
    today = paris_day(now)
    ids = [agent.pk for agent in agents]
    proofs = _first_of(
        LocationProof.objects.filter(agent__in=ids, valid_from__lte=now, valid_until__gt=now)
        .filter(Q(revoked_at=None) | Q(revoked_at__gt=now))
        .select_related("site")
        .order_by("-valid_until")
    )
    contracts = _first_of(
        Contract.objects.filter(agent__in=ids, starts_on__lte=today)
        .filter(Q(ends_on=None) | Q(ends_on__gt=today))
        .order_by("-starts_on")
    )
    names: dict[int, list[PbxName]] = {}
    current = PbxName.objects.filter(agent__in=ids, valid_from__lte=today).select_related("source")
    for name in current.filter(Q(valid_until=None) | Q(valid_until__gt=today)).order_by("source", "name"):
        names.setdefault(name.agent_id, []).append(name)
    answered = answered_between(company_id=company_id, since=today - timedelta(days=30), until=today)
    return [
        AgentRow(
            agent=agent,
            state=state_of(agent, now=now),
            proven_until=agent.proven_until,
            days_left=(paris_day(agent.proven_until) - today).days if agent.is_proven else None,
            proof=proofs.get(agent.pk),
            contract=contracts.get(agent.pk),
            names=names.get(agent.pk, []),
            answered=answered.get(agent.pk, Answered()),
        )
        for agent in agents
    ]


def state_of(agent: Any, *, now: datetime) -> str:
    """The state of one agent of ``staff``, or of the facts it follows from."""
    if agent.has_left:
        return "left"
    if not agent.is_proven:
        return "missing"
    return "expiring" if agent.proven_until <= now + SOON else "proven"


def answered_between(*, company_id: int, since: date, until: date) -> dict[int, Answered]:
    """What each agent of a company answered over [since, until)."""
    found: dict[int, Answered] = {}
    days = answers_of_days(company_id=company_id, first=since, last=until - timedelta(days=1))
    for of_day in days.values():
        for agent_id, counts in of_day.items():
            if calls := sum(counts.get(kind, 0) for kind in ANSWERED):
                before = found.get(agent_id, Answered())
                found[agent_id] = Answered(before.calls + calls, before.kept + counts.get("kept", 0))
    return found


def _first_of(rows: QuerySet) -> dict[int, object]:
    """The first row of each agent, in the order of the query set."""
    found: dict[int, object] = {}
    for row in rows:
        found.setdefault(row.agent_id, row)
    return found


@dataclass(frozen=True)
class Change:
    """One change of what is known of an agent: when, of what, and how.

    ``about`` is ``agent``, ``contract``, ``proof``, ``name``, ``agreement``, ``certificate`` or ``skill``.
    ``label`` is ``insert`` or ``update``; ``row`` holds the values from then on.
    """

    at: datetime
    about: str
    label: str
    row: object


def agent_history(*, agent: Agent, limit: int = 40) -> list[Change]:
    """What changed of an agent, newest first, in one query each."""
    kept = {
        "agent": (Agent, {"pgh_obj_id": agent.pk}),
        "contract": (Contract, {"agent_id": agent.pk}),
        "proof": (LocationProof, {"agent_id": agent.pk}),
        "name": (PbxName, {"agent_id": agent.pk}),
        "agreement": (TeleworkAgreement, {"agent_id": agent.pk}),
        "certificate": (Attendance, {"agent_id": agent.pk}),
        "skill": (Skill, {"agent_id": agent.pk}),
    }
    changes = [
        Change(row.pgh_created_at, about, row.pgh_label, row)
        for about, (model, whose) in kept.items()
        for row in model.pgh_event_model.objects.filter(**whose).order_by("-pgh_id")[:limit]
    ]
    return sorted(changes, key=lambda change: change.at, reverse=True)[:limit]
