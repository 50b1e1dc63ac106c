"""Payroll as a table, for companies without a DSN: one line per employee, month and establishment."""

from __future__ import annotations

import csv
import re
from datetime import date

from illico_platform.lib.errors import Reject
from illico_platform.lib.sentence import gettext_noop
from numbers.rules.siren import siren_fault, siret_fault

from .base import PAYROLL_CONNECTORS, DeclarationRecord, PayrollFileRecord, PayslipRecord, UnusablePayrollFile

COLUMNS = ("month", "siren", "siret", "employee_number", "gross", "hours_paid", "workplace_insee")
MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")
NUMBER = re.compile(r"(-?)(\d{1,9})(?:[.,](\d{1,2}))?")
COMMUNE = re.compile(r"\d[0-9AB]\d{3}")
NIR_LIKE = re.compile(r"[1-478]\d{4}(\d\d|2[AB])\d{6}(\d\d)?")
# A social security number (13 or 15 digits) or an IBAN, with or without the usual spaces.
PRIVATE = re.compile(
    r"(?<!\d)[1-478] ?\d\d ?\d\d ?(\d\d|2[AB]) ?\d{3} ?\d{3}( ?\d\d)?(?!\d)|[A-Z]{2}\d\d ?[A-Z0-9]{4}[A-Z0-9 ]{7,}"
)
HOURS_OF_A_MONTH = 74_400
SPACES = str.maketrans("", "", " \u00a0\u202f")  # thousands as French spreadsheets write them
BOM = "\ufeff"

Key = tuple[date, str, str]


class _Fault(Exception):
    """What is wrong with one row."""

    def __init__(self, field: str, value: str, expected: str) -> None:
        super().__init__(field)
        self.field, self.value, self.expected = field, value, expected


@PAYROLL_CONNECTORS.register
class PayrollCsv:
    """Columns ``month;siren;siret;employee_number;gross;hours_paid;workplace_insee``, comma or semicolon.

    Decimal comma or point, UTF-8 or ISO-8859-1. A month (2026-11) and establishment make one declaration, which has
    no order number of its own: the receiver numbers it, and the latest one speaks for the whole month.
    """

    key = "csv"
    label = gettext_noop("Tableau de paie (CSV)")
    version = "1"
    is_official = False

    def read(self, name: str, data: bytes) -> PayrollFileRecord:
        """The good rows as declarations, the others as rejects.

        Raises:
            UnusablePayrollFile: the file is empty, or a column is missing or unknown.
        """
        lines = _decoded(data).replace("\r\n", "\n").split("\n")
        header = _header(name, lines)
        payslips: dict[Key, dict[str, tuple[int, PayslipRecord]]] = {}
        rejects: list[Reject] = []
        read = 0
        for at, line in enumerate(lines[1:], start=2):
            if not line.strip():
                continue
            read += 1
            try:
                key, payslip = _row(header, line)
                known = payslips.setdefault(key, {})
                _once(known, payslip.employee_number)
                known[payslip.employee_number] = (at, payslip)
            except _Fault as fault:
                rejects.append(Reject(name, at, fault.field, _shown(fault.value), fault.expected))
        declarations = tuple(
            _declaration(key, [payslip for _, payslip in known.values()]) for key, known in payslips.items() if known
        )
        return PayrollFileRecord(declarations, read=read, rejects=tuple(rejects))


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8").removeprefix(BOM)
    except UnicodeDecodeError:
        return data.decode("iso-8859-1")


def _header(name: str, lines: list[str]) -> tuple[str, list[str]]:
    """(delimiter, column names) of a file."""
    first = lines[0]
    delimiter = ";" if ";" in first else ","
    try:
        names = [column.lower() for column in _cells(first, delimiter)]
    except _Fault:
        names = []
    if sorted(names) != sorted(COLUMNS):
        raise UnusablePayrollFile(Reject(name, 1, "header", _shown(first), ";".join(COLUMNS)))
    return delimiter, names


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter), [])]
    except csv.Error as error:
        raise _Fault("line", str(error), "a line of text cells") from None


def _shown(value: str) -> str:
    # Shifted columns may bring a social security number or an account into any cell: those are not repeated.
    return PRIVATE.sub("(masked)", value)[:200]


def _row(header: tuple[str, list[str]], line: str) -> tuple[Key, PayslipRecord]:
    delimiter, names = header
    cells = _cells(line, delimiter)
    if len(cells) != len(names):
        raise _Fault("line", f"{len(cells)} cells", f"{len(names)} cells, in the order of the header")
    row = dict(zip(names, cells, strict=True))
    month = MONTH.fullmatch(row["month"])
    if not month:
        raise _Fault("month", row["month"], "a month, like 2026-11")
    if siren_fault(row["siren"]):
        raise _Fault("siren", row["siren"], "a SIREN of 9 digits with its right check digit")
    if siret_fault(row["siret"], of_siren=row["siren"]):
        raise _Fault("siret", row["siret"], f"a SIRET of 14 digits that begins with {row['siren']}")
    key = date(int(month[1]), int(month[2]), 1), row["siren"], row["siret"]
    return key, _payslip(row)


def _payslip(row: dict[str, str]) -> PayslipRecord:
    number, commune = row["employee_number"], row["workplace_insee"].upper()
    if NIR_LIKE.fullmatch("".join(number.split())):
        # A social security number may neither be kept nor repeated, not even in an error.
        raise _Fault("employee_number", "a social security number", "the employer's own number for the person")
    if not 1 <= len(number) <= 30:
        raise _Fault("employee_number", number, "the employer's number for the person, 1 to 30 characters")
    if commune and not COMMUNE.fullmatch(commune):
        raise _Fault("workplace_insee", row["workplace_insee"], "an INSEE commune code of 5 characters, or nothing")
    gross = _hundredths("gross", row["gross"], "an amount in euros, like 2000.00 or 2000,00")
    hours = None
    if row["hours_paid"]:
        expected = "hours of the month, 0 to 744, like 151.67, or nothing"
        hours = _hundredths("hours_paid", row["hours_paid"], expected)
        if not 0 <= hours <= HOURS_OF_A_MONTH:
            raise _Fault("hours_paid", row["hours_paid"], expected)
    return PayslipRecord(
        employee_number=number,
        initials="",
        gross_cents=gross,
        gross_current_month_cents=gross,
        hours_paid=hours,
        workplaces=(commune,) if commune else (),
    )


def _once(known: dict[str, tuple[int, PayslipRecord]], number: str) -> None:
    if number in known:
        first = known[number][0]
        raise _Fault("employee_number", number, f"one line per employee, month and establishment (see line {first})")


def _hundredths(field: str, written: str, expected: str) -> int:
    found = NUMBER.fullmatch(written.translate(SPACES))
    if not found:
        raise _Fault(field, written, expected)
    sign, whole, part = found.groups()
    value = int(whole) * 100 + int((part or "").ljust(2, "0"))
    return -value if sign else value


def _declaration(key: Key, payslips: list[PayslipRecord]) -> DeclarationRecord:
    month, siren, siret = key
    return DeclarationRecord("01", "01", "11", None, month, siren, siret, payslips=tuple(payslips))
