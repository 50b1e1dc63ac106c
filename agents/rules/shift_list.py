"""A list of planned shifts as people paste it: one a line, from a spreadsheet or typed. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from illico_platform.lib.periods import PARIS
from illico_platform.lib.sentence import Sentence, gettext_noop

from .pasted import NOT_A_DAY, RefusedLine, lines_of, written_day

MOST_HOURS = 16  # nobody is at work longer; what the law allows is another question
_COLUMNS = gettext_noop("Ligne %(line)s : matricule, jour, début et fin sont attendus, puis les minutes de pause.")
_CLOCK = gettext_noop("Ligne %(line)s : « %(value)s » n’est pas une heure : écrivez 09:00 ou 9h.")
_BREAK = gettext_noop("Ligne %(line)s : « %(value)s » n’est pas un nombre de minutes plus petit que le poste.")
_LONG = gettext_noop("Ligne %(line)s : ce poste dure plus de %(most)s heures.")


@dataclass(frozen=True)
class ShiftRow:
    """One shift of the list: who, from when to when (UTC), minutes of break."""

    line: int
    text: str
    employee_number: str
    starts_at: datetime
    ends_at: datetime
    break_minutes: int


def read_shifts(text: str) -> tuple[list[ShiftRow], list[RefusedLine]]:
    """The shifts of a list, and the lines that are none; empty lines and a line of heads are passed over.

    Columns, by semicolon, tab or comma: employee number, day, start, end (of the next day when it is not later than
    the start), minutes of break (none where it is empty). Clocks are those of Paris.

    >>> rows, faults = read_shifts("A001;24/11/2026;9h;17:30;30")
    >>> [(row.employee_number, str(row.starts_at), str(row.ends_at), row.break_minutes) for row in rows], faults
    ([('A001', '2026-11-24 08:00:00+00:00', '2026-11-24 16:30:00+00:00', 30)], [])
    """
    rows: list[ShiftRow] = []
    faults: list[RefusedLine] = []
    for line, written, cells in lines_of(text):
        found = _row(line, written, cells)
        if isinstance(found, ShiftRow):
            rows.append(found)
        else:
            faults.append(RefusedLine(line, written, found))
    return rows, faults


def _row(line: int, written: str, cells: list[str]) -> ShiftRow | str:
    if not 4 <= len(cells) <= 5 or not cells[0]:
        return Sentence(_COLUMNS, line=line)
    day = written_day(cells[1])
    if day is None:
        return Sentence(NOT_A_DAY, line=line, value=cells[1][:40])
    start, end = _clock(cells[2]), _clock(cells[3])
    if start is None or end is None:
        return Sentence(_CLOCK, line=line, value=cells[2 if start is None else 3][:40])
    starts_at, ends_at = _instant(day, start), _instant(day if end > start else day + timedelta(days=1), end)
    if ends_at - starts_at > timedelta(hours=MOST_HOURS):
        return Sentence(_LONG, line=line, most=MOST_HOURS)
    pause = cells[4] if len(cells) == 5 else "0"
    if not pause.isdecimal() or timedelta(minutes=int(pause)) >= ends_at - starts_at:
        return Sentence(_BREAK, line=line, value=pause[:40])
    return ShiftRow(line, written, cells[0], starts_at, ends_at, int(pause))


def _clock(written: str) -> time | None:
    """The time of a clock: 09:00, 9:00, 9h, 9h30.

    >>> _clock("9h"), _clock("9h30"), _clock("24:00"), _clock("x")
    (datetime.time(9, 0), datetime.time(9, 30), None, None)
    """
    hour, _, minute = written.lower().replace("h", ":").replace(" ", "").partition(":")
    try:
        return time(int(hour), int(minute or 0))
    except ValueError:
        return None


def _instant(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, PARIS).astimezone(UTC)
