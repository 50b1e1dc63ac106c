"""The DSN reader on the traps of the format, and what is written is read again."""

import csv
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.connectors.base import DeclarationRecord, UnusablePayrollFile
from agents.connectors.dsn import Dsn
from agents.connectors.dsn_writer import WrittenDeclaration, WrittenEmployee, write_dsn

ROOT = Path(__file__).resolve().parents[2]
NORM = ROOT / "../shared/data/dsn/norm_2026_rubrics.csv"
SAMPLE = ROOT / "sample/payroll/allo_conseil_2026_11.dsn"
NOVEMBER = date(2026, 11, 1)
TWO = [WrittenEmployee("A001", 2_000_00), WrittenEmployee("A002", 2_100_50, commune_insee="59350", postal_code="59000")]


def written(
    employees: list[WrittenEmployee] = TWO, month: date = NOVEMBER, declaration: WrittenDeclaration | None = None
) -> bytes:
    return write_dsn(siren="999999006", nic="00011", month=month, employees=employees, declaration=declaration)


def read_one(data: bytes) -> DeclarationRecord:
    (declaration,) = Dsn().read("f.dsn", data).declarations
    return declaration


def with_total(lines: list[str]) -> bytes:
    """Lines without their totals, closed by totals that are right."""
    starts = sum(line.startswith("S20.G00.05.001") for line in lines)
    closed = [*lines, f"S90.G00.90.001,'{len(lines) + 2}'", f"S90.G00.90.002,'{starts}'"]
    return "\r\n".join(closed).encode("iso-8859-1") + b"\r\n"


def lines_of(data: bytes) -> list[str]:
    """The lines of a file without its totals."""
    return data.decode("iso-8859-1").splitlines()[:-2]


def refused(data: bytes) -> UnusablePayrollFile:
    with pytest.raises(UnusablePayrollFile) as caught:
        Dsn().read("f.dsn", data)
    return caught.value


MONEY = st.integers(-9_999_99, 99_999_99)
EMPLOYEES = st.lists(
    st.builds(
        WrittenEmployee,
        st.text("ABC0123456789-", min_size=1, max_size=30),
        MONEY,
        hours_paid=st.integers(0, 744_00),
        commune_insee=st.sampled_from(["75101", "2A004", "97411"]),
        family_name=st.sampled_from(["O'CONNOR", "LEFÈVRE", "L','ETOILE"]),
        correction_cents=MONEY,
        scheme=st.sampled_from(["99", "64"]),
        overtime_hours=st.integers(0, 20_00),
        overtime_cents=st.integers(0, 500_00),
        contributions=st.sampled_from([(), (("02/131", 100_00), ("02/142", 60_00), ("03/018", -50_00))]),
    ),
    max_size=5,
)


@given(
    EMPLOYEES,
    st.dates(date(2020, 1, 1), date(2030, 12, 31)),
    st.sampled_from(["11", "12", "22"]),
    st.integers(0, 10**17),
    st.booleans(),
)
@settings(max_examples=60)
def test_what_is_written_is_read_again(
    employees: list[WrittenEmployee], month: date, fraction: str, order: int, is_test: bool
) -> None:
    what = WrittenDeclaration("03", fraction, order, f"{month.replace(day=1):%d%m%Y}1", is_test)
    read = read_one(written(employees, month, what))
    assert (read.kind, read.fraction, read.order, read.replaces, read.is_test) == (
        "03",
        fraction,
        order,
        what.replaces,
        is_test,
    )
    assert (read.month, read.siren, read.siret) == (month.replace(day=1), "999999006", "99999900600011")
    for slip, employee in zip(read.payslips, employees, strict=True):
        assert slip.employee_number == employee.employee_number
        assert slip.gross_cents == employee.gross_cents + employee.correction_cents
        assert slip.gross_current_month_cents == employee.gross_cents
        assert slip.hours_paid == employee.hours_paid
        assert slip.workplaces == (employee.commune_insee,)
        assert [(contract.nature, contract.scheme) for contract in slip.contracts] == [("01", employee.scheme)]
        assert sum(span.overtime for span in slip.worked) == employee.overtime_hours
        assert sum(span.hours for span in slip.worked) == employee.hours_paid
        assert slip.contributions == employee.contributions


def test_lines_may_end_with_a_bare_line_feed() -> None:
    data = written()
    assert read_one(data.replace(b"\r\n", b"\n")) == read_one(data)


def test_a_correction_shows_its_period_and_stays_in_the_month_of_pay() -> None:
    slip = read_one(written([WrittenEmployee("A001", 2_000_00, correction_cents=-150_00)])).payslips[0]
    (correction,) = slip.corrections
    assert (slip.gross_cents, slip.gross_current_month_cents) == (1_850_00, 2_000_00)
    assert (correction.starts_on, correction.ends_on, correction.gross_cents) == (
        date(2026, 10, 1),
        date(2026, 10, 31),
        -150_00,
    )


def test_hours_of_another_unit_are_unknown_not_zero() -> None:
    lines = lines_of(written([WrittenEmployee("A001", 2_000_00, 151_67)]))
    days = [re.sub("53.003,'10'", "53.003,'12'", line) for line in lines]
    payslip = read_one(with_total(days)).payslips[0]
    assert (payslip.hours_paid, payslip.worked) == (None, ())


def test_an_event_is_ignored_and_counted() -> None:
    lines = lines_of(written())
    event = [line.replace("S20.G00.05.001,'01'", "S20.G00.05.001,'07'") for line in lines]
    start = next(at for at, line in enumerate(lines) if line.startswith("S20"))
    record = Dsn().read("f.dsn", with_total(lines + event[start:]))
    assert (len(record.declarations), record.ignored) == (1, 1)


def test_a_cancel_brings_no_pay_even_when_it_repeats_the_people() -> None:
    assert read_one(written(declaration=WrittenDeclaration("04", order=2))).payslips == ()


def test_a_nil_declaration_with_people_is_refused() -> None:
    assert refused(written(declaration=WrittenDeclaration("02"))).reject.field == "S20.G00.05.002"


@pytest.mark.parametrize(
    ("pattern", "line", "field", "line_number"),
    [
        ("S20.G00.05.010,'01'", "S20.G00.05.010,'02'", "S20.G00.05.010", 25),
        ("S20.G00.05.008,'01'", "S20.G00.05.008,'03'", "S20.G00.05.008", 24),
        ("S20.G00.05.005,'01112026'", "S20.G00.05.005,'02112026'", "S20.G00.05.005", 22),
        ("S20.G00.05.003,'11'", "S20.G00.05.003,'10'", "S20.G00.05.003", 20),
        ("S10.G00.00.005,'02'", "S10.G00.00.005,'03'", "S10.G00.00.005", 4),
        ("S21.G00.51.002,'30112026'", "S21.G00.51.002,'31112026'", "S21.G00.51.002", None),
        ("S21.G00.51.013,'2000.00'", "S21.G00.51.013,'2000.0'", "S21.G00.51.013", None),
        ("S21.G00.06.001,'999999006'", "S21.G00.06.001,'99999900'", "S21.G00.06.001", 30),
        ("S21.G00.53.002,'151.67'", "S21.G00.53.002,'151,67'", "S21.G00.53.002", None),
    ],
)
def test_a_false_value_is_named_with_line_and_rubric(
    pattern: str, line: str, field: str, line_number: int | None
) -> None:
    lines = lines_of(written())
    at = lines.index(pattern)
    reject = refused(with_total([*lines[:at], line, *lines[at + 1 :]])).reject
    assert (reject.file, reject.line, reject.field) == ("f.dsn", at + 1, field)
    assert line_number in (None, reject.line)
    assert reject.value in line
    assert reject.expected


REQUIRED = """
    S10.G00.00.005 S20.G00.05.002 S20.G00.05.003 S20.G00.05.004 S20.G00.05.005 S21.G00.06.001 S21.G00.11.001
    S21.G00.51.001 S21.G00.51.002 S21.G00.51.011 S21.G00.51.013
"""


@pytest.mark.parametrize("rubric", REQUIRED.split())
def test_an_absent_rubric_is_named(rubric: str) -> None:
    lines = lines_of(written())
    at = next(at for at, line in enumerate(lines) if line.startswith(rubric))
    assert refused(with_total(lines[:at] + lines[at + 1 :])).reject.field == rubric


@pytest.mark.parametrize(
    ("orphan", "expected"),
    [("S21.G00.53.001,'01'", "S21.G00.51"), ("S21.G00.81.001,'074'", "S21.G00.78"), ("S21.G00.51.001,'01'", None)],
)
def test_a_block_without_its_parent_is_refused(orphan: str, expected: str | None) -> None:
    lines = lines_of(written([]))
    error = refused(with_total([*lines, orphan]))
    assert error.reject.field == orphan[:14]
    assert expected is None or expected in error.reject.expected


def test_a_block_before_any_declaration_is_refused() -> None:
    lines = lines_of(written([]))
    assert refused(with_total(["S21.G00.30.001,'1990199999101'", *lines])).reject.value == ""


def test_a_second_establishment_in_one_declaration_is_refused() -> None:
    lines = lines_of(written([]))
    assert refused(with_total([*lines, "S21.G00.11.001,'00029'"])).reject.field == "S21.G00.11.001"


@pytest.mark.parametrize(
    "line",
    ["S21.G00.30.001,1990199999101", "1990199999101", "S21.G00.20.004 'FR1420041010050500013M02606'", "", "é" * 300],
)
def test_a_broken_line_is_refused_without_repeating_what_it_holds(line: str) -> None:
    lines = lines_of(written())
    error = refused(with_total([*lines[:60], line, *lines[60:]]))
    assert error.reject.line == 61
    assert not re.search(r"\d{6}", str(error))


@pytest.mark.parametrize("data", [b"", b"\r\n", b"\x00", b"%PDF-1.7\n1 0 obj", b"S90.G00.90.001,'1'\r\n"])
def test_what_is_no_dsn_is_refused(data: bytes) -> None:
    assert refused(data).reject.file == "f.dsn"


def test_utf8_without_a_mark_is_refused_at_its_first_accent() -> None:
    data = written([WrittenEmployee("A001", 2_000_00, first_name="Zoé")])
    error = refused(data.decode("iso-8859-1").encode("utf-8"))
    assert (error.reject.field, error.reject.expected) == ("S21.G00.30.004", "ISO-8859-1")


def test_a_social_security_number_used_as_employee_number_is_not_kept() -> None:
    read = read_one(written([WrittenEmployee("1 99 01 99 999 001 12", 2_000_00)]))
    assert read.payslips[0].employee_number == ""


def _forms() -> dict[str, str]:
    with NORM.open(encoding="utf-8", newline="") as file:
        return {row["rubric"]: row["regex"] for row in csv.DictReader(file)}


@pytest.mark.skipif(not NORM.exists(), reason="the dictionary of ../shared is not here")
@pytest.mark.parametrize(
    "data",
    [
        SAMPLE.read_bytes(),
        written([WrittenEmployee("A1", 1, 0, correction_cents=-1), WrittenEmployee("A2", 123_456_78)]),
        written([], date(2028, 2, 1), WrittenDeclaration("04", "22", 0, "0102202817", True)),
    ],
    ids=["sample", "people", "cancel"],
)
def test_every_rubric_that_is_written_has_the_form_of_the_norm(data: bytes) -> None:
    forms = _forms()
    for line in data.decode("iso-8859-1").splitlines():
        rubric, value = line[:14], line[16:-1]
        assert rubric in forms
        assert not forms[rubric] or re.fullmatch(forms[rubric], value), line


def test_the_sample_covers_the_six_agents() -> None:
    declaration = read_one(SAMPLE.read_bytes())
    assert [slip.employee_number for slip in declaration.payslips] == [f"A00{rank}" for rank in range(1, 7)]
    assert all(1_900_00 <= slip.gross_cents <= 2_300_00 for slip in declaration.payslips)
    assert (declaration.siret, declaration.month, declaration.is_test) == ("99999900600011", NOVEMBER, False)
