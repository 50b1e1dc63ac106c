"""A pasted list of agents: every form that spreadsheets give, and a sentence for each line that is none."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.rules.staff_list import read_staff


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("A001", ("A001", "", "A001", "cdi", None)),
        ("A001;Inès", ("A001", "Inès", "A001", "cdi", None)),
        ("A001\tInès\tPJSIP/101\tCDD\t02/01/2026", ("A001", "Inès", "PJSIP/101", "cdd", date(2026, 1, 2))),
        ("A001, Inès, , Intérim, 2026-01-02", ("A001", "Inès", "A001", "interim", date(2026, 1, 2))),
        (' A001 ; "Inès; la grande" ;;apprentissage', ("A001", "Inès; la grande", "A001", "apprentice", None)),
        ("A001;;;;", ("A001", "", "A001", "cdi", None)),
    ],
)
def test_a_line_is_read(text: str, read: tuple[object, ...]) -> None:
    (row,), faults = read_staff(text)
    assert (row.employee_number, row.display_name, row.pbx_name, row.kind, row.starts_on) == read
    assert faults == []


def test_heads_and_empty_lines_are_passed_over_and_lines_keep_their_numbers() -> None:
    rows, faults = read_staff("Matricule;Nom\n\nA001;Inès\n;;\nA002\n")
    assert [(row.line, row.employee_number) for row in rows] == [(3, "A001"), (5, "A002")]
    assert faults == []


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (";Inès", "Ligne 1 : le matricule manque, en première colonne."),
        ("A" * 31, f"Ligne 1 : « {'A' * 31} » compte plus de 30 signes."),
        ("A001;" + "x" * 81, f"Ligne 1 : « {'x' * 40} » compte plus de 80 signes."),
        ("A001;Inès;;freelance", "Ligne 1 : « freelance » n’est pas un contrat : CDI, CDD, intérim ou apprentissage."),
        ("A001;Inès;;cdi;31/02/2026", "Ligne 1 : « 31/02/2026 » n’est pas un jour : écrivez 31/01/2026 ou 2026-01-31."),
        ("A001;Inès;;cdi;;35;x", "Ligne 1 : 7 colonnes, cinq au plus sont attendues."),
        ("A001\nA001", "Ligne 2 : le matricule « A001 » est déjà sur une ligne d’avant."),
    ],
)
def test_a_line_that_is_none_says_why(text: str, why: str) -> None:
    _, (fault,) = read_staff(text)
    assert fault.sentence == why
    assert fault.text == text.splitlines()[fault.line - 1]


@given(st.text(max_size=300))
def test_every_line_is_read_refused_or_empty(text: str) -> None:
    rows, faults = read_staff(text)
    lines = text.splitlines()
    told = [each.line for each in [*rows, *faults]]
    assert len(told) == len(set(told))
    for number, line in enumerate(lines, start=1):
        if number not in told:
            is_head = number == 1 and any(head in line.lower() for head in ("matricule", "employee"))
            assert is_head or not line.replace(";", "").replace(",", "").replace('"', "").strip()
    assert all(row.employee_number and row.pbx_name for row in rows)
