"""A list of agents as people paste it: one a line, from a spreadsheet or typed. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from illico_platform.lib.sentence import Sentence, gettext_noop

from .pasted import NOT_A_DAY, RefusedLine, lines_of, written_day

COLUMNS = ("employee_number", "display_name", "pbx_name", "kind", "starts_on")
LONGEST = {"employee_number": 30, "display_name": 80, "pbx_name": 128}
# What payroll people write, without accents, for each kind of contract.
KINDS = {
    "": "cdi", "cdi": "cdi", "cdd": "cdd", "interim": "interim", "intérim": "interim",
    "apprentissage": "apprentice", "apprenti": "apprentice", "apprenticeship": "apprentice",
}  # fmt: skip
_NO_NUMBER = gettext_noop("Ligne %(line)s : le matricule manque, en première colonne.")
_TOO_LONG = gettext_noop("Ligne %(line)s : « %(value)s » compte plus de %(most)s signes.")
_KIND = gettext_noop("Ligne %(line)s : « %(value)s » n’est pas un contrat : CDI, CDD, intérim ou apprentissage.")
_COLUMNS = gettext_noop("Ligne %(line)s : %(count)s colonnes, cinq au plus sont attendues.")
_TWICE = gettext_noop("Ligne %(line)s : le matricule « %(value)s » est déjà sur une ligne d’avant.")


@dataclass(frozen=True)
class StaffRow:
    """One agent of the list. ``kind`` is a contract's; ``starts_on`` is None where the line gives no day."""

    line: int
    text: str
    employee_number: str
    display_name: str
    pbx_name: str
    kind: str
    starts_on: date | None


def read_staff(text: str) -> tuple[list[StaffRow], list[RefusedLine]]:
    """The agents of a list, and the lines that are none; empty lines and a line of heads are passed over.

    Columns, by semicolon, tab or comma: employee number, name, name in the switch (the employee number where it is
    empty), contract (CDI where it is empty), first day of the contract.

    >>> rows, faults = read_staff("A001;Inès;PJSIP/101;CDD;02/01/2026\\nA002")
    >>> [(row.employee_number, row.pbx_name, row.kind, str(row.starts_on)) for row in rows], faults
    ([('A001', 'PJSIP/101', 'cdd', '2026-01-02'), ('A002', 'A002', 'cdi', 'None')], [])
    """
    rows: list[StaffRow] = []
    faults: list[RefusedLine] = []
    for line, written, cells in lines_of(text):
        fault = _fault(line, cells, {row.employee_number for row in rows})
        if fault:
            faults.append(RefusedLine(line, written, fault))
            continue
        number, name, pbx_name, kind, day = [*cells, *[""] * (len(COLUMNS) - len(cells))]
        rows.append(StaffRow(line, written, number, name, pbx_name or number, KINDS[kind.lower()], written_day(day)))
    return rows, faults


def _fault(line: int, cells: Sequence[str], seen: set[str]) -> str:
    if len(cells) > len(COLUMNS):
        return Sentence(_COLUMNS, line=line, count=len(cells))
    if not cells[0]:
        return Sentence(_NO_NUMBER, line=line)
    for (_column, most), value in zip(LONGEST.items(), cells, strict=False):
        if len(value) > most:
            return Sentence(_TOO_LONG, line=line, value=value[:40], most=most)
    if cells[0] in seen:
        return Sentence(_TWICE, line=line, value=cells[0])
    if len(cells) > 3 and cells[3].lower() not in KINDS:
        return Sentence(_KIND, line=line, value=cells[3][:40])
    if len(cells) > 4 and written_day(cells[4]) is None:
        return Sentence(NOT_A_DAY, line=line, value=cells[4][:40])
    return ""
