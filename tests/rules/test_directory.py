"""What the public directory must say of a publisher, and numbers found in free text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from numbers.rules.directory import directory_faults, numbers_in

COMPLETE = {
    "name": "Allô",
    "address": "Lille",
    "complaint_contact": "aide@allo.example",
    "needs_free_alternative": True,
}


def test_a_complete_record_has_no_fault() -> None:
    assert directory_faults(**COMPLETE) == []


@pytest.mark.parametrize("field", ["name", "address", "complaint_contact"])
def test_each_missing_field_is_named(field: str) -> None:
    assert len(directory_faults(**{**COMPLETE, field: " "})) == 1


@pytest.mark.parametrize(
    ("contact", "faults"),
    [
        ("0 892 69 00 01", 1),
        ("+33 (0)8 92 69 00 01 ou 118 218", 2),
        ("0 809 10 20 30", 0),
        ("3939", 0),
        ("01 23 45 67 89", 0),
        ("client0892690001@allo.example", 0),
    ],
)
def test_complaints_never_go_to_a_surcharged_number(contact: str, faults: int) -> None:
    assert len(directory_faults(**{**COMPLETE, "complaint_contact": contact})) == faults
    sponsored = {**COMPLETE, "complaint_contact": contact, "needs_free_alternative": False}
    assert directory_faults(**sponsored) == []


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("1 rue de Béthune, 59000 Lille", []),
        ("appelez le 08.92.69.00.01, puis le 3939.", ["0892690001", "3939"]),
        ("0892690001", ["0892690001"]),
        ("0892\u202f690\u202f001", ["0892690001"]),
        ("", []),
    ],
)
def test_numbers_are_found_in_a_text(text: str, digits: list[str]) -> None:
    assert [number.digits for number in numbers_in(text)] == digits


@given(st.text())
def test_any_text_can_be_searched(text: str) -> None:
    assert isinstance(numbers_in(text), list)
