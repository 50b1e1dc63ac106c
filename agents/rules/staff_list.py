"""A list of agents as people paste it: one a line, from a spreadsheet or typed. Pure."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from illico_platform.lib.sentence import Sentence, gettext_noop

COLUMNS = ("employee_number", "display_name", "pbx_name", "kind", "starts_on")
LONGEST = {"employee_number": 30, "display_name": 80, "pbx_name": 128}
# What payroll people write, without accents, for each kind of contract.
KINDS = {
    "": "cdi", "cdi": "cdi", "cdd": "cdd", "interim": "interim", "intérim": "interim",
    "apprentissage": "apprentice", "apprenti": "apprentice", "apprenticeship": "apprentice",
}  # fmt: skip
_HEADS = {"matricule", "employee number", "employee_number", "n° matricule"}
_NO_NUMBER = gettext_noop("Ligne %(line)s : le matricule manque, en première colonne.")
_TOO_LONG = gettext_noop("Ligne %(line)s : « %(value)s » compte plus de %(most)s signes.")
_KIND = gettext_noop("Ligne %(line)s : « %(value)s » n’est pas un contrat : CDI, CDD, intérim ou apprentissage.")
_DAY = gettext_noop("Ligne %(line)s : « %(value)s » n’est pas un jour : écrivez 31/01/2026 ou 2026-01-31.")
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


@dataclass(frozen=True)
class StaffFault:
    """A line that cannot be taken, as it was written, and why."""

    line: int
    text: str
    sentence: str


def read_staff(text: str) -> tuple[list[StaffRow], list[StaffFault]]:
    """The agents of a list, and the lines that are none; empty lines and a line of heads are passed over.

    Columns, by semicolon, tab or comma: employee number, name, name in the switch (the employee number where it is
    empty), contract (CDI where it is empty), first day of the contract.

    >>> rows, faults = read_staff("A001;Inès;PJSIP/101;CDD;02/01/2026\\nA002")
    >>> [(row.employee_number, row.pbx_name, row.kind, str(row.starts_on)) for row in rows], faults
    ([('A001', 'PJSIP/101', 'cdd', '2026-01-02'), ('A002', 'A002', 'cdi', 'None')], [])
    """
    rows: list[StaffRow] = []
    faults: list[StaffFault] = []
    for line, written, cells in lines_of(text, heads=_HEADS):
        fault = _fault(line, cells, {row.employee_number for row in rows})
        if fault:
            faults.append(StaffFault(line, written, fault))
            continue
        number, name, pbx_name, kind, day = [*cells, *[""] * (len(COLUMNS) - len(cells))]
        rows.append(StaffRow(line, written, number, name, pbx_name or number, KINDS[kind.lower()], written_day(day)))
    return rows, faults


def lines_of(text: str, *, heads: Collection[str]) -> Iterator[tuple[int, str, list[str]]]:
    """The lines of a pasted list that hold something: number, as written, cells; a first line of ``heads`` does not."""
    for line, written in enumerate(text.splitlines(), start=1):
        cut = next((sign for sign in (";", "\t", ",") if sign in written), ";")
        cells = [cell.strip() for cell in next(csv.reader([written], delimiter=cut, skipinitialspace=True), [])]
        while cells and not cells[-1]:
            cells.pop()
        if cells and not (line == 1 and cells[0].lower() in heads):
            yield line, written, cells


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
        return Sentence(_DAY, line=line, value=cells[4][:40])
    return ""


def written_day(written: str) -> date | None:
    """The day that somebody wrote as 31/01/2026 or 2026-01-31, None for anything else."""
    for form in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(written, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None
