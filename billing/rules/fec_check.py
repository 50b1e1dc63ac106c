"""Is this file a FEC? The checks of the tax office's own tester, and the balance that it no longer tests. Pure.

Source: LPF A. 47 A-1; DGFiP, Test-Compta-Demat (``trt_txt.pl``), read and told in own words. Where the tester only
reports what accounting software refuses (an unbalanced entry, a decimal point), the file is refused here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from billing.rules.fec_fields import FIELDS, Kind, Layout, read_header
from illico_platform.lib.errors import Reject

_NAME = re.compile(r"(\d{9})FEC(\d{8})(_\w+)?(\.\w+)?", re.ASCII)
_AMOUNT = re.compile(r"([+-]?)(\d+(?:,\d*)?|,\d+)(?:[Ee]([+-]?\d{1,2}))?([+-]?)", re.ASCII)
_DAY = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)
_OTHER_DAYS = (
    re.compile(r"(?P<y>\d{4})[-/.](?P<m>\d\d)[-/.](?P<d>\d\d)", re.ASCII),
    re.compile(r"(?P<d>\d\d)[-/.]?(?P<m>\d\d)[-/.]?(?P<y>\d{4})", re.ASCII),
)
_NUMBER = re.compile(r"(\d+)\D*$", re.ASCII)
_KEPT_FAULTS = 1_000  # of a file that is wrong on every line, enough to mend it


class Verdict(StrEnum):
    """What becomes of the file: taken, taken with remarks, or refused."""

    ACCEPT = "accept"
    WARN = "warn"
    REJECT = "reject"


@dataclass(frozen=True)
class Fault(Reject):
    """What is wrong in one place, and how bad it is."""

    level: Verdict = Verdict.REJECT


@dataclass
class FecVerdict:
    """The verdict of a file. ``faults`` holds the first thousand; ``lines`` counts lines under the header."""

    file: str
    verdict: Verdict = Verdict.ACCEPT
    faults: list[Fault] = field(default_factory=list)
    lines: int = 0

    def add(self, line: int, name: str, value: str, expected: str, level: Verdict = Verdict.REJECT) -> None:
        """Note a fault; the worst one decides."""
        if self.verdict != Verdict.REJECT:
            self.verdict = level
        if len(self.faults) < _KEPT_FAULTS:
            self.faults.append(Fault(self.file, line, name, value[:200], expected, level))

    def warn(self, line: int, name: str, value: str, expected: str) -> None:
        """Note something that the tester reports and lets pass."""
        self.add(line, name, value, expected, Verdict.WARN)


@dataclass
class _Entry:
    line: int
    debit: Decimal = Decimal(0)
    credit: Decimal = Decimal(0)
    is_clear: bool = True


def check_fec(data: bytes, *, file_name: str) -> FecVerdict:
    """The verdict of a FEC as it would be handed in.

    Args:
        data: the whole file.
        file_name: its name without folders; SIREN + FEC + closing day AAAAMMJJ is expected.
    Returns:
        accept, warn or reject, with every fault's line (the header is 1), field, value and what was expected.

    >>> check_fec(b"", file_name="999999006FEC20261231.txt").verdict.value
    'reject'
    """
    result = FecVerdict(file_name)
    _check_name(file_name, result)
    lines = _lines(_decode(data, result))
    layout = _layout(next(lines, (1, ""))[1], result)
    if layout is None:
        return result
    entries: dict[tuple[str, str], _Entry] = {}
    last_number: dict[str, int] = {}
    for line, text in lines:
        result.lines += 1
        row = _row(text, line, layout, result)
        if row is None:
            continue
        _check_texts(row, line, layout, result)
        _check_sequence(row, line, last_number, result)
        _add_to_entry(row, line, entries, result)
    if not result.lines:
        result.add(1, "file", "", "at least one line under the header")
    _check_balance(entries, result)
    return result


def _check_name(name: str, result: FecVerdict) -> None:
    found = _NAME.fullmatch(name)
    if not found or _day(found[2]) is None:
        result.add(0, "file name", name, "SIREN (9 digits), FEC, closing day AAAAMMJJ")


def _decode(data: bytes, result: FecVerdict) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("iso-8859-15")
    if windows := re.search("[\x80-\x9f]", text):
        line = text.count("\n", 0, windows.start()) + 1
        result.warn(line, "encoding", repr(windows[0]), "ASCII, ISO-8859-15 or UTF-8; this looks like Windows-1252")
    return text


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines with their numbers, whatever ends them; what stands after the last end is no line when empty."""
    end = "\r\n" if "\r\n" in text else "\n" if "\n" in text else "\r"
    lines = text.split(end)
    if lines[-1] == "":
        lines.pop()
    return enumerate(lines, start=1)


def _layout(header: str, result: FecVerdict) -> Layout | None:
    layout = read_header(header)
    for name, value, expected in layout.faults:
        result.add(1, name, value, expected)
    if layout.has_trailing_separator:
        result.warn(1, "header", header[-20:], "no separator after the last name")
    return None if layout.faults else layout


def _row(text: str, line: int, layout: Layout, result: FecVerdict) -> dict[str, str] | None:
    """A line's trimmed values by field, or nothing when they cannot be told apart."""
    if not text.strip():
        result.add(line, "line", "", "no empty line")
        return None
    values = text.replace("\xa0", " ").split(layout.separator)
    width = len(layout.names)
    if len(values) == width + 1 and not values[-1].strip():
        if not layout.has_trailing_separator:
            result.warn(line, "line", text[-20:], "no separator after the last field")
    elif len(values) != width:
        result.add(line, "line", f"{len(values)} fields", f"{width} fields, as in the header")
        return None
    if layout.other_separator in text:
        result.add(line, "line", text, f"no {layout.other_separator!r} in a file separated by {layout.separator!r}")
    return {name: value.strip() for name, value in zip(layout.names, values, strict=False)}


def _check_texts(row: dict[str, str], line: int, layout: Layout, result: FecVerdict) -> None:
    for name in layout.names:
        rule, value = FIELDS[name], row[name]
        if not value:
            if rule.is_compulsory and name == "ValidDate":
                result.warn(line, name, value, "a day: an entry that is not validated has no place in a FEC")
            elif rule.is_compulsory and rule.kind is not Kind.AMOUNT:
                result.add(line, name, value, "a value")
        elif rule.kind is Kind.DATE:
            _check_day(name, value, line, result)
        elif name == "CompteNum" and not re.match(r"[0-9]{3}", value):
            result.warn(line, name, value, "an account that starts with three digits")


def _check_day(name: str, value: str, line: int, result: FecVerdict) -> None:
    day = _day(value)
    if day is None:
        readings = (pattern.fullmatch(value) for pattern in _OTHER_DAYS)
        read = [_calendar_day(found["y"], found["m"], found["d"]) for found in readings if found]
        if not any(read):
            result.add(line, name, value, "a calendar day as AAAAMMJJ")
            return
        result.warn(line, name, value, "AAAAMMJJ, without separators")
        day = next(found for found in read if found)
    if not 1900 <= day.year <= 2099:
        result.warn(line, name, value, "a year from 1900 to 2099")


def _day(value: str) -> date | None:
    found = _DAY.fullmatch(value)
    return _calendar_day(*found.groups()) if found else None


def _calendar_day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _check_sequence(row: dict[str, str], line: int, last: dict[str, int], result: FecVerdict) -> None:
    """A journal's numbers follow each other without a gap, in the order of the file."""
    journal, code = row["JournalCode"], row["EcritureNum"]
    if not (found := _NUMBER.search(code)):
        return
    number = int(found[1])
    before = last.get(journal, number)
    if number not in (before, before + 1):
        result.warn(line, "EcritureNum", code, f"{before + 1}, after {before} in journal {journal}")
    last[journal] = number


def _add_to_entry(row: dict[str, str], line: int, entries: dict[tuple[str, str], _Entry], result: FecVerdict) -> None:
    entry = entries.setdefault((row["JournalCode"], row["EcritureNum"]), _Entry(line))
    sides = _sides(row, line, result)
    if sides is None:
        entry.is_clear = False
        return
    debit, credit = sides
    if bool(debit) == bool(credit):
        result.warn(line, "Debit, Credit", f"{debit} and {credit}", "one of them filled, the other 0,00")
        entry.is_clear = entry.is_clear and not debit  # both filled: which one is meant, nobody can tell
    entry.debit += debit
    entry.credit += credit


def _sides(row: dict[str, str], line: int, result: FecVerdict) -> tuple[Decimal, Decimal] | None:
    if "Sens" not in row:
        debit, credit = (_amount(name, row[name], line, result) for name in ("Debit", "Credit"))
        return None if debit is None or credit is None else (debit, credit)
    amount, side = _amount("Montant", row["Montant"], line, result), row["Sens"]
    if side not in ("D", "C", "+1", "-1"):
        result.add(line, "Sens", side, "D, C, +1 or -1")
        return None
    if amount is None:
        return None
    return (amount, Decimal(0)) if side in ("D", "+1") else (Decimal(0), amount)


def _amount(name: str, value: str, line: int, result: FecVerdict) -> Decimal | None:
    """The amount; nothing when it cannot be read. An empty one is zero, as the tester has it."""
    if not value:
        return Decimal(0)
    found = _AMOUNT.fullmatch(value)
    if not found or (found[1] and found[4]):
        result.add(line, name, value, "an amount with a decimal comma and no thousands separator, 1200,00")
        return None
    amount = Decimal(found[2].replace(",", ".")).scaleb(int(found[3] or 0))
    if "-" in (found[1], found[4]):
        if amount:
            result.warn(line, name, value, "no negative amount: the other column is there for that")
        return -amount
    return amount


def _check_balance(entries: dict[tuple[str, str], _Entry], result: FecVerdict) -> None:
    for (journal, code), entry in entries.items():
        if entry.is_clear and entry.debit != entry.credit:
            found = f"debit {entry.debit}, credit {entry.credit}"
            result.add(entry.line, "Debit, Credit", found, f"entry {code} of journal {journal} balanced")
