"""Payroll files in, records out: each sample beside what it gives, and the independent reader's expectations."""

import dataclasses
import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from agents.connectors.base import (
    PAYROLL_CONNECTORS,
    DeclarationRecord,
    PayrollFileRecord,
    PayslipRecord,
    UnusablePayrollFile,
)

ROOT = Path(__file__).parent.parent
GOLDEN = ROOT / "tests/golden/payroll"
SAMPLES = sorted(path for path in GOLDEN.glob("*/*") if path.suffix != ".json")
SHARED = ROOT / "../shared/data/dsn/samples"
THIRD_PARTY = "p26v01_mensuelle_7_salaries_anonymisee.dsn"


def _read(path: Path, key: str) -> PayrollFileRecord:
    return PAYROLL_CONNECTORS[key].read(path.name, path.read_bytes())


def golden(path: Path) -> str:
    """What a sample gives, as it stands in the file beside it: the record, or the sentence of the refusal."""
    try:
        given: Any = dataclasses.asdict(_read(path, path.parent.name))
    except UnusablePayrollFile as error:
        given = {"refused": str(error)}
    return json.dumps(given, default=str, ensure_ascii=False, indent=1) + "\n"


def test_every_connector_has_samples_and_every_folder_a_connector() -> None:
    assert sorted({path.parent.name for path in SAMPLES}) == list(PAYROLL_CONNECTORS)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_a_sample_gives_what_stands_beside_it(path: Path) -> None:
    assert golden(path) == path.with_suffix(".json").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_no_social_security_number_comes_out(path: Path) -> None:
    assert "1990199999" not in golden(path)


def _expected() -> dict[str, Any]:
    path = SHARED / "expected.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return found


@pytest.mark.skipif(not SHARED.exists(), reason="the samples of ../shared are not here")
@pytest.mark.parametrize("name", sorted(_expected()))
def test_each_declaration_gives_what_an_independent_reader_found(name: str) -> None:
    record = _read(SHARED / name, "dsn")
    expected = _expected()[name]
    assert record.read == expected["lines"]
    assert [_as_expected(one) for one in record.declarations] == [
        _without_names(one) for one in expected["declarations"]
    ]


@pytest.mark.skipif(not SHARED.exists(), reason="the samples of ../shared are not here")
def test_every_sample_is_expected_or_refused() -> None:
    samples = {path.name for path in SHARED.glob("*.dsn")}
    faulty = {name for name in samples if name.startswith("bad_")}
    assert samples - faulty == set(_expected())
    for name in faulty:
        with pytest.raises(UnusablePayrollFile):
            _read(SHARED / name, "dsn")
    ours = {path.name for path in SAMPLES if path.parent.name == "dsn"}
    assert ours == samples - {THIRD_PARTY}, "a copy here for those who have no samples"


@pytest.mark.skipif(not SHARED.exists(), reason="the samples of ../shared are not here")
def test_employee_numbers_of_a_real_file_are_read() -> None:
    (declaration,) = _read(SHARED / THIRD_PARTY, "dsn").declarations
    assert [payslip.employee_number for payslip in declaration.payslips] == [f"00000{rank}" for rank in range(1, 8)]
    assert not declaration.is_test


def _as_expected(one: DeclarationRecord) -> dict[str, Any]:
    replaces = {"replaces": one.replaces} if one.replaces else {}
    return replaces | {
        "nature": one.nature,
        "employees": [_employee(payslip) for payslip in one.payslips],
        "workplaces": [
            {"id": place.identifier, "postal_code": place.postal_code, "insee": place.commune_insee}
            for place in one.workplaces
        ],
        "type": one.kind,
        "fraction": one.fraction,
        "month": f"{one.month:%Y-%m}",
        "siren": one.siren,
        "siret": one.siret,
        "postal_code": one.postal_code,
    }


def _employee(payslip: PayslipRecord) -> dict[str, Any]:
    return {
        "initials": payslip.initials,
        "contracts": [
            {
                "start": _day(contract.starts_on),
                "nature": contract.nature,
                "number": contract.number,
                "workplace": contract.workplace,
            }
            for contract in payslip.contracts
        ],
        "gross": payslip.gross_cents,
        "gross_current_month": payslip.gross_current_month_cents,
        "base_salary": payslip.base_cents,
        "hours_paid": payslip.hours_paid,
        "hours_absent": payslip.hours_absent,
        "overtime_hours": payslip.overtime_hours,
        "bonuses": payslip.bonuses_cents,
        "net_paid": payslip.net_paid_cents,
        "contributions": dict(payslip.contributions),
    }


def _without_names(declaration: dict[str, Any]) -> dict[str, Any]:
    """The expectation with names cut to initials, without NIR, money and hours in hundredths."""
    amounts = ("gross", "gross_current_month", "base_salary", "bonuses", "net_paid")
    hours = ("hours_paid", "hours_absent", "overtime_hours")
    employees = [
        {
            "initials": f"{employee['first_name'][0]}. {employee['name'][0]}.",
            "contracts": employee["contracts"],
            **{name: _hundredths(employee[name]) for name in amounts + hours},
            "contributions": {code: _hundredths(cents) for code, cents in employee["contributions"].items()},
        }
        for employee in declaration["employees"]
    ]
    return declaration | {"employees": employees}


def _day(day: date | None) -> str:
    return f"{day:%d%m%Y}" if day else ""


def _hundredths(written: str) -> int:
    return int(Decimal(written) * 100)
