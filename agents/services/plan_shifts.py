"""Plan when agents work: take a list of shifts, each wholly or not at all; take one back before it begins."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from agents.models import Agent, Shift
from agents.rules.pasted import RefusedLine
from agents.rules.shift_list import ShiftRow
from agents.services.keep_staff import StaffRefused
from numbers.models import Company


@dataclass
class ShiftsTaken:
    """What became of a list: shifts added, those known before, lines refused."""

    added: int = 0
    known: int = 0
    refused: list[RefusedLine] = field(default_factory=list)


def plan_shifts(*, company: Company, rows: Sequence[ShiftRow]) -> ShiftsTaken:
    """Add the shifts that are not known yet; the same list twice changes nothing.

    A shift that overlaps another of the same agent is refused with its line: who may not be in two places at once.
    """
    taken = ShiftsTaken()
    numbers = {row.employee_number for row in rows}
    agents = {
        agent.employee_number: agent for agent in Agent.objects.filter(company=company, employee_number__in=numbers)
    }
    for row in rows:
        agent = agents.get(row.employee_number)
        if agent is None:
            _refuse(taken, row, _("aucun agent de l’entreprise n’a le matricule « %s »") % row.employee_number)
            continue
        facts = {"starts_at": row.starts_at, "ends_at": row.ends_at, "break_minutes": row.break_minutes}
        if Shift.objects.filter(agent=agent, **facts).exists():
            taken.known += 1
            continue
        try:
            with transaction.atomic():
                Shift.objects.create(company=company, agent=agent, **facts)
        except IntegrityError:
            _refuse(taken, row, _("cette personne a déjà un poste à ces heures"))
        else:
            taken.added += 1
    return taken


def cancel_shift(*, shift: Shift, now: datetime) -> None:
    """Take a planned shift back.

    Raises:
        StaffRefused: it has begun: what was planned stays beside what was worked.
    """
    if shift.starts_at <= now:
        raise StaffRefused("", _("Ce poste a commencé : il ne se retire plus."))
    shift.delete()


def _refuse(taken: ShiftsTaken, row: ShiftRow, why: str) -> None:
    sentence = _("Ligne %(line)s : %(why)s") % {"line": row.line, "why": why}
    taken.refused.append(RefusedLine(row.line, row.text, sentence))
