"""A list as people paste it, one thing a line, from a spreadsheet or typed: its cells, and the lines refused. Pure."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from illico_platform.lib.sentence import gettext_noop

NUMBER_HEADS = frozenset({"matricule", "employee number", "employee_number", "n° matricule"})
NOT_A_DAY = gettext_noop("Ligne %(line)s : « %(value)s » n’est pas un jour : écrivez 31/01/2026 ou 2026-01-31.")


@dataclass(frozen=True)
class RefusedLine:
    """A line that cannot be taken, as it was written, and why."""

    line: int
    text: str
    sentence: str


def lines_of(text: str, *, heads: Collection[str] = NUMBER_HEADS) -> Iterator[tuple[int, str, list[str]]]:
    """The lines of a pasted list that hold something: number, as written, cells; a first line of ``heads`` does not.

    Cells are cut at semicolons, else at tabs, else at commas.

    >>> list(lines_of("matricule;jour\\n\\nA001 ; lundi;\\n"))
    [(3, 'A001 ; lundi;', ['A001', 'lundi'])]
    """
    for line, written in enumerate(text.splitlines(), start=1):
        cut = next((sign for sign in (";", "\t", ",") if sign in written), ";")
        cells = [cell.strip() for cell in next(csv.reader([written], delimiter=cut, skipinitialspace=True), [])]
        while cells and not cells[-1]:
            cells.pop()
        if cells and not (line == 1 and cells[0].lower() in heads):
            yield line, written, cells


def written_day(written: str) -> date | None:
    """The day that somebody wrote as 31/01/2026 or 2026-01-31, None for anything else."""
    for form in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(written, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None
