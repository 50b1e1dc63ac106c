"""Take a list of agents on: each with a contract and a name in the switch, each wholly or not at all."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from agents.models import Agent
from agents.rules.pasted import RefusedLine
from agents.rules.staff_list import StaffRow
from agents.services.keep_staff import StaffRefused, add_contract, add_name, save_agent
from numbers.models import Company, Source


@dataclass
class StaffTaken:
    """What became of a list: agents added, those known before, lines refused."""

    added: int = 0
    known: int = 0
    refused: list[RefusedLine] = field(default_factory=list)


def take_staff(*, company: Company, rows: Iterable[StaffRow], source: Source | None, since: date) -> StaffTaken:
    """Add the agents that are not known yet; the same list twice changes nothing.

    Args:
        source: the switch that records their names; None adds no name.
        since: first day of contracts whose line gives none, and of the names.
    """
    taken = StaffTaken()
    for row in rows:
        if Agent.objects.filter(company=company, employee_number=row.employee_number).exists():
            taken.known += 1
            continue
        try:
            with transaction.atomic():
                _take(company, row, source, since)
        except StaffRefused as refused:
            sentence = _("Ligne %(line)s : %(why)s") % {"line": row.line, "why": refused}
            taken.refused.append(RefusedLine(row.line, row.text, sentence))
        else:
            taken.added += 1
    return taken


def _take(company: Company, row: StaffRow, source: Source | None, since: date) -> None:
    agent = save_agent(
        company=company,
        employee_number=row.employee_number,
        display_name=row.display_name,
        is_call_centre=True,
        is_active=True,
    )
    starts_on = row.starts_on or since
    add_contract(agent=agent, kind=row.kind, starts_on=starts_on, ends_on=None, weekly_hours=35)
    if source is not None:
        add_name(agent=agent, source=source, name=row.pbx_name, valid_from=starts_on)
