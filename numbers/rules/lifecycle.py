"""The life of a number: which step may follow which, who may take it, how long a ceased number rests."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from illico_platform.lib.errors import IllicoError
from illico_platform.lib.periods import paris_day


class Status(StrEnum):
    """Where a number stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    LIVE = "live"
    SUSPENDED = "suspended"
    CEASED = "ceased"
    QUARANTINED = "quarantined"


class Actor(StrEnum):
    """Who acts: the operator's staff, or a member of the company by role."""

    OPERATOR = "operator"
    OWNER = "owner"
    MANAGER = "manager"
    SUPERVISOR = "supervisor"
    ACCOUNTANT = "accountant"
    AGENT = "agent"


class StepRefused(IllicoError):
    """The step does not exist from here, or this actor may not take it; the sentence says which."""


class NoSuchStep(StepRefused):
    """The life cycle has no such step."""


class NotAllowed(StepRefused):
    """The step exists, but not for this actor."""


@dataclass(frozen=True)
class QuarantineRow:
    """How many days a ceased number rests before anybody may enrol it again, from a day on."""

    days: int
    valid_from: date
    source: str


_COMPANY = frozenset([Actor.OPERATOR, Actor.OWNER, Actor.MANAGER])
_OWNER = frozenset([Actor.OPERATOR, Actor.OWNER])
_OPERATOR = frozenset([Actor.OPERATOR])

STEPS: dict[tuple[Status, Status], frozenset[Actor]] = {
    (Status.DRAFT, Status.SUBMITTED): _COMPANY,
    (Status.SUBMITTED, Status.DRAFT): _COMPANY,  # withdrawn by the company, or sent back by the operator
    (Status.SUBMITTED, Status.APPROVED): _OPERATOR,
    (Status.APPROVED, Status.LIVE): _OPERATOR,
    (Status.APPROVED, Status.CEASED): _OWNER,
    (Status.LIVE, Status.SUSPENDED): _OPERATOR,
    (Status.SUSPENDED, Status.LIVE): _OPERATOR,
    (Status.LIVE, Status.CEASED): _OWNER,
    (Status.SUSPENDED, Status.CEASED): _OWNER,
    (Status.CEASED, Status.QUARANTINED): _OPERATOR,
}

QUARANTINE: tuple[QuarantineRow, ...] = (
    QuarantineRow(180, date(2005, 12, 15), "choix de l’exploitant, à vérifier auprès de l’ARCEP"),
)

_LABELS = {
    Status.DRAFT: "brouillon",
    Status.SUBMITTED: "déposé",
    Status.APPROVED: "accepté",
    Status.LIVE: "en service",
    Status.SUSPENDED: "suspendu",
    Status.CEASED: "résilié",
    Status.QUARANTINED: "en quarantaine",
}


def check_step(from_status: Status, to_status: Status, *, actors: Iterable[Actor]) -> None:
    """Pass when one of the person's roles may take this step.

    Args:
        from_status: where the number stands.
        to_status: where it should go.
        actors: all roles the person has towards this number.
    Raises:
        NoSuchStep: no such step; the sentence lists those that exist from here.
        NotAllowed: the step is for others.
    """
    allowed = STEPS.get((from_status, to_status))
    if allowed is None:
        ways = ", ".join(f"« {_LABELS[status]} »" for status in next_steps(from_status)) or "aucun"
        raise NoSuchStep(
            f"Un numéro « {_LABELS[from_status]} » ne peut pas devenir « {_LABELS[to_status]} » ;"
            f" états possibles : {ways}."
        )
    if allowed.isdisjoint(actors):
        raise NotAllowed(f"Votre rôle ne permet pas de rendre ce numéro « {_LABELS[to_status]} ».")


def next_steps(from_status: Status, *, actors: Iterable[Actor] = tuple(Actor)) -> list[Status]:
    """Where a number may go from here by the hand of one of these actors, in the order of the life cycle.

    >>> [status.value for status in next_steps(Status.LIVE, actors=[Actor.OWNER])]
    ['ceased']
    """
    roles = frozenset(actors)
    return [to for (start, to), allowed in STEPS.items() if start == from_status and not allowed.isdisjoint(roles)]


def quarantine_end(ceased_at: datetime, *, rows: Iterable[QuarantineRow] = QUARANTINE) -> date:
    """The first Paris day on which a number ceased at that instant may be enrolled again.

    Args:
        ceased_at: aware instant.
        rows: dated lengths; the row that holds on the day of ceasing decides, later rows change nothing for it.
    Raises:
        ValueError: the instant is naive, or no row holds on that day.
    """
    day = paris_day(ceased_at)
    held = [row for row in rows if row.valid_from <= day]
    if not held:
        raise ValueError(f"no quarantine length holds on {day}")
    return day + timedelta(days=max(held, key=lambda row: row.valid_from).days)
