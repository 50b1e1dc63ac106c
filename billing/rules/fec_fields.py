"""The fields of a FEC: their order, kinds and which are compulsory; a header read against them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What a field holds."""

    TEXT = "text"
    DATE = "date"
    AMOUNT = "amount"


@dataclass(frozen=True)
class Field:
    """One field's kind, and whether the law wants it filled."""

    kind: Kind = Kind.TEXT
    is_compulsory: bool = True


_OPTIONAL = Field(is_compulsory=False)

# Source: arrêté du 29 juillet 2013, LPF A. 47 A-1 VII: the eighteen fields in their order.
EIGHTEEN = {
    "JournalCode": Field(),
    "JournalLib": Field(),
    "EcritureNum": Field(),
    "EcritureDate": Field(Kind.DATE),
    "CompteNum": Field(),
    "CompteLib": Field(),
    "CompAuxNum": _OPTIONAL,
    "CompAuxLib": _OPTIONAL,
    "PieceRef": Field(),
    "PieceDate": Field(Kind.DATE),
    "EcritureLib": Field(),
    "Debit": Field(Kind.AMOUNT),
    "Credit": Field(Kind.AMOUNT),
    "EcritureLet": _OPTIONAL,
    "DateLet": Field(Kind.DATE, is_compulsory=False),
    "ValidDate": Field(Kind.DATE),
    "Montantdevise": Field(Kind.AMOUNT, is_compulsory=False),
    "Idevise": _OPTIONAL,
}
# The same law allows Montant and Sens instead of Debit and Credit, and gives cash-basis books three or four more.
_PAIRS = {"Debit": "Montant", "Credit": "Sens"}
CASH_BASIS = {
    "DateRglt": Field(Kind.DATE, is_compulsory=False),
    "ModeRglt": _OPTIONAL,
    "NatOp": _OPTIONAL,
    "IdClient": _OPTIONAL,
}
FIELDS = {**EIGHTEEN, "Montant": Field(Kind.AMOUNT), "Sens": Field(), **CASH_BASIS}


@dataclass(frozen=True)
class Layout:
    """A header as read: names in the law's spelling, and what is wrong with it (field, value, expected)."""

    separator: str
    other_separator: str
    names: tuple[str, ...]
    has_trailing_separator: bool
    faults: tuple[tuple[str, str, str], ...]


def read_header(header: str) -> Layout:
    """The layout that a header announces; names are compared without case.

    >>> read_header("JournalCode").faults[0][2]
    'names separated by tabs or |'
    """
    separator, other = ("\t", "|") if "\t" in header else ("|", "\t")
    names = [name.strip() for name in header.split(separator)]
    trailing = len(names) > 1 and not names[-1]
    if trailing:
        names.pop()
    faults = [("header", header[:80], "names separated by tabs or |")] if len(names) == 1 else _faults(names)
    if other in header:
        faults.append(("header", header, f"one separator only, {separator!r} or {other!r}"))
    spelled = tuple(_spelled(name) for name in names)
    return Layout(separator, other, spelled, trailing, tuple(faults))


def _faults(names: list[str]) -> list[tuple[str, str, str]]:
    expected = list(EIGHTEEN)
    if "montant" in (name.lower() for name in names):
        expected = [_PAIRS.get(name, name) for name in expected]
    expected += list(CASH_BASIS)
    faults = []
    for position, name in enumerate(names):
        wanted = expected[position] if position < len(expected) else ""
        if name.lower() != wanted.lower():
            faults.append((f"field {position + 1}", name, wanted or f"at most {len(expected)} fields"))
    faults += [("header", f"{len(names)} fields", f"{name} too") for name in expected[len(names) : len(EIGHTEEN)]]
    return faults


def _spelled(name: str) -> str:
    return next((known for known in FIELDS if known.lower() == name.lower()), name)
