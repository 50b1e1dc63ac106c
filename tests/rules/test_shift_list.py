"""A pasted list of shifts: what is read, and the sentence for what is not."""

from datetime import UTC, datetime

import pytest

from agents.rules.shift_list import read_shifts


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "start", "end", "pause"),
    [
        ("A001;24/11/2026;9h;17h30;30", at(24, 8), at(24, 16, 30), 30),
        ("A001\t2026-11-24\t09:00\t17:30", at(24, 8), at(24, 16, 30), 0),
        ("A001,24/11/2026,22:00,6:00,45", at(24, 21), at(25, 5), 45),
        ("A001;24/11/2026;16:00;00:00", at(24, 15), at(24, 23), 0),
        # The night of 25 October 2026 has an hour more than its clocks say.
        ("A001;25/10/2026;1:00;06:00", at(24, 23, month=10), at(25, 5, month=10), 0),
    ],
)  # fmt: skip
def test_what_a_line_says(line: str, start: datetime, end: datetime, pause: int) -> None:
    (row,), faults = read_shifts(f"matricule;jour;début;fin;pause\n\n{line}\n")
    assert (row.line, row.starts_at, row.ends_at, row.break_minutes, faults) == (3, start, end, pause, [])


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("A001;24/11/2026;9h", "matricule, jour, début et fin"),
        (";24/11/2026;9h;17h", "matricule, jour, début et fin"),
        ("A001;31/11/2026;9h;17h", "« 31/11/2026 » n’est pas un jour"),
        ("A001;24/11/2026;25h;17h", "« 25h » n’est pas une heure"),
        ("A001;24/11/2026;9h;tard", "« tard » n’est pas une heure"),
        ("A001;24/11/2026;9h;17h;-5", "« -5 » n’est pas un nombre de minutes"),
        ("A001;24/11/2026;9h;10h;60", "« 60 » n’est pas un nombre de minutes"),
        ("A001;24/11/2026;6h;23h", "plus de 16 heures"),
    ],
)
def test_what_a_line_cannot_say(line: str, words: str) -> None:
    rows, (fault,) = read_shifts(line)
    assert (rows, fault.line, fault.text) == ([], 1, line)
    assert words in str(fault.sentence)
