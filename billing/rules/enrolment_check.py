"""All that is missing or wrong in a file, at once, step by step. Pure: words for it are the pages' business."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from billing.rules.price_ceiling import highest_price_of
from billing.rules.rating import CAP_MICROS_PER_MIN
from billing.rules.viability import Outcome
from illico_platform.lib.money import MICROS_PER_CENT
from numbers.rules.directory import directory_faults
from numbers.rules.eligibility import Payer, UseCase
from numbers.rules.eligibility_choices import Choice, choices_for
from numbers.rules.plan import CeilingRow, family_of
from numbers.rules.rio import is_rio_of


class Step(StrEnum):
    """The steps of an enrolment, in order; also the words in their addresses."""

    USE = "usage"
    LAW = "droit"
    NUMBER = "numero"
    PRICE = "prix"
    HOURS = "horaires"
    DIRECTORY = "annuaire"
    AGENTS = "agents"
    VIABILITY = "viabilite"
    DOCUMENTS = "pieces"


@dataclass(frozen=True)
class Fault:
    """One thing to mend: its step, its name, and what its sentence tells."""

    step: Step
    code: str
    values: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class File:
    """A file's answers as a rule can judge them; what was not answered is empty or None.

    Args:
        choice: key of the kind of number (``eligibility_choices``).
        digits: national digits; ``is_free``: nobody else has or holds it; ``is_held``: a reservation of ours runs.
        is_port: it is brought from another operator; ``in_block``: it stands in one of the operator's blocks.
        block_micros: ceiling of that block; ``ceilings``: the plan's dated rows.
        spans: how many intervals a week the line is open.
        agents, proven: how many were chosen, and of them how many have a workplace proven on the day.
        balance: what the estimate says, where there is one.
        rio: code that came with a number brought from another operator, or empty.
        papers: kinds of documents that are there.
    """

    on: date
    use_cases: Sequence[UseCase] = ()
    choice: str = ""
    digits: str = ""
    is_free: bool = False
    is_held: bool = False
    is_port: bool = False
    in_block: bool = False
    block_micros: int | None = None
    rio: str = ""
    price_micros: int | None = None
    ceilings: Sequence[CeilingRow] = ()
    spans: int = 0
    label: str = ""
    purpose: str = ""
    provider_name: str = ""
    provider_address: str = ""
    complaint_contact: str = ""
    agents: int = 0
    proven: int = 0
    has_estimate: bool = False
    balance: Outcome | None = None
    papers: frozenset[str] = frozenset()


def faults_of(file: File) -> list[Fault]:
    """Everything that keeps the file from being submitted, in the order of the steps; empty when nothing does.

    Source: eligibility and plan rules; Code de la consommation, art. L.224-43 and L.224-46 (directory, identity).
    """
    return [
        *_use_and_law(file),
        *_number(file),
        *_price(file),
        *([] if file.spans else [Fault(Step.HOURS, "no_hours")]),
        *_directory(file),
        *([] if file.agents else [Fault(Step.AGENTS, "no_agents")]),
        *([] if file.has_estimate else [Fault(Step.VIABILITY, "no_estimate")]),
        *_documents(file),
    ]


def warnings_of(file: File) -> list[Fault]:
    """What a person should know, though the file may be submitted."""
    found = []
    if file.is_port and file.rio and file.digits and not is_rio_of(file.rio, file.digits):
        found.append(Fault(Step.NUMBER, "rio_of_another"))
    if file.agents and file.proven < file.agents:
        found.append(Fault(Step.AGENTS, "unproven_agents", {"count": file.agents - file.proven}))
    if file.balance in (Outcome.TIGHT, Outcome.FAILS):
        found.append(Fault(Step.VIABILITY, f"balance_{file.balance.value}"))
    return found


def highest_price(file: File) -> int | None:
    """The highest service price a minute that the file may ask, micro-euros; the operator's cap before the number.

    None when callers would pay and the plan as we know it names no ceiling: then no price is accepted.
    """
    if not file.digits or file.choice != "caller":
        return CAP_MICROS_PER_MIN
    return highest_price_of(
        file.digits, payer=Payer.CALLER, on=file.on, ceilings=file.ceilings, block_micros=file.block_micros
    )


def _chosen(file: File) -> Choice | None:
    """The kind of number that was chosen, with the law's answer for the file's uses."""
    if not file.use_cases:
        return None
    return next((each for each in choices_for(file.use_cases, file.on) if each.key == file.choice), None)


def _use_and_law(file: File) -> list[Fault]:
    if not file.use_cases:
        return [Fault(Step.USE, "no_use")]
    chosen = _chosen(file)
    if chosen is None:
        return [Fault(Step.LAW, "no_choice")]
    return [] if chosen.is_allowed else [Fault(Step.LAW, "denied", {"source": chosen.assessment.source})]


def _number(file: File) -> list[Fault]:
    if not file.digits:
        return [Fault(Step.NUMBER, "no_number")]
    found = []
    chosen = _chosen(file)
    family = family_of(file.digits)
    if chosen is not None and (family is None or not chosen.fits(family)):
        found.append(Fault(Step.NUMBER, "wrong_family"))
    if not file.is_free:
        found.append(Fault(Step.NUMBER, "taken"))
    elif not file.is_port and not file.in_block:
        found.append(Fault(Step.NUMBER, "not_ours"))
    elif not file.is_port and not file.is_held:
        found.append(Fault(Step.NUMBER, "reservation_over"))
    return found


def _price(file: File) -> list[Fault]:
    if file.price_micros is None:
        return [Fault(Step.PRICE, "no_price")]
    found = []
    if file.price_micros % MICROS_PER_CENT:
        found.append(Fault(Step.PRICE, "not_cents"))
    highest = highest_price(file)
    if highest is None:
        found.append(Fault(Step.PRICE, "no_ceiling"))
    elif file.price_micros > highest:
        found.append(Fault(Step.PRICE, "too_dear", {"ceiling": highest}))
    if file.price_micros <= 0:
        found.append(Fault(Step.PRICE, "no_revenue"))
    return found


def _directory(file: File) -> list[Fault]:
    wanted = {
        "label": file.label,
        "purpose": file.purpose,
        "provider_name": file.provider_name,
        "provider_address": file.provider_address,
        "complaint_contact": file.complaint_contact,
    }
    missing = [Fault(Step.DIRECTORY, f"no_{name}") for name, text in wanted.items() if not text.strip()]
    if missing:
        return missing
    chosen = _chosen(file)
    told = directory_faults(
        name=file.provider_name,
        address=file.provider_address,
        complaint_contact=file.complaint_contact,
        needs_free_alternative=chosen is not None and chosen.assessment.needs_free_alternative,
    )
    return [Fault(Step.DIRECTORY, "surcharged_contact")] if told else []


def _documents(file: File) -> list[Fault]:
    wanted = ["company", "identity", "name_right", *(["port_mandate"] if file.is_port else [])]
    return [Fault(Step.DOCUMENTS, f"no_{kind}") for kind in wanted if kind not in file.papers]
