"""Which payroll declarations are in force, and which agent a payslip belongs to. Pure; any order of arrival."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

NIL, CANCEL = ("02", "05"), "04"
_SPEAKS_AFTER = {"01": 0, "02": 0, "03": 1, "05": 1, CANCEL: 2}


class Weight(IntEnum):
    """How much a source counts when several speak for one establishment and month: only the heaviest is heard."""

    TEST = 0
    TABLE = 1
    REAL = 2


@dataclass(frozen=True)
class Declared:
    """One declaration of an establishment for a month, as far as being in force depends on it.

    Args:
        key: the caller's name for it.
        kind: 01 normal, 02 nil, 03 cancel and replace, 04 cancel, 05 replace by nil.
        fraction: two digits, "12" being the first of two.
        order: its number within the establishment and month.
        named: the order number of the declaration it says it replaces, None when it names none.
        weight: what kind of source it comes from.
        digest: any text that tells two contents apart; it only decides between declarations alike in all else.
    """

    key: int
    kind: str
    fraction: str
    order: int
    named: int | None
    weight: Weight
    digest: str


def in_force(declared: Iterable[Declared]) -> set[int]:
    """Keys of the declarations that count, among all those of ONE establishment and month.

    The latest word counts, whole: a later declaration takes the place of earlier ones of the same fraction, and of all
    those cut into another number of fractions. Later means a higher order number; one that names what it replaces
    always comes after that one. A cancel is a last word that leaves nothing. The result depends on the set alone.

    Source: NEODeS norm P26V01, S20.G00.05.002 to .006; a normal declaration sent again takes the place of the first
    because the first was then refused at the deposit.

    >>> first = Declared(1, "01", "11", 1, None, Weight.REAL, "")
    >>> in_force([Declared(2, "03", "11", 2, 1, Weight.REAL, ""), first])
    {2}
    """
    everything = list(declared)
    heaviest = max((one.weight for one in everything), default=Weight.REAL)
    standing: dict[str, Declared] = {}
    for one in sorted((one for one in everything if one.weight == heaviest), key=_rank):
        standing = {f: other for f, other in standing.items() if f[1] == one.fraction[1]}
        standing[one.fraction] = one
    return {one.key for one in standing.values() if one.kind != CANCEL}


def missing_fractions(fractions: Iterable[str]) -> list[str]:
    """Fractions that are announced by those in force and have not come, in order.

    >>> missing_fractions(["13", "33"]), missing_fractions(["11"]), missing_fractions([])
    (['23'], [], [])
    """
    known = set(fractions)
    return sorted({f"{part}{f[1]}" for f in known for part in range(1, int(f[1]) + 1)} - known)


@dataclass(frozen=True)
class PayslipNumbers:
    """The numbers by which a payslip in force names its person."""

    employee_number: str
    contract_numbers: tuple[str, ...]


def matching_numbers(payslips: list[PayslipNumbers]) -> list[str]:
    """For each payslip of ONE company and month the number that tells its person, "" when none does.

    The employee number, or else the person's one contract number when nobody else of the month bears that number:
    software numbers contracts per person, and two people may well have contract 00001.
    """
    borne = Counter(number for payslip in payslips for number in set(payslip.contract_numbers))
    borne.update(payslip.employee_number for payslip in payslips if payslip.employee_number)
    return [payslip.employee_number or _own_contract(payslip.contract_numbers, borne) for payslip in payslips]


def _own_contract(contract_numbers: tuple[str, ...], borne: Counter[str]) -> str:
    if len(contract_numbers) != 1 or borne[contract_numbers[0]] > 1:
        return ""
    return contract_numbers[0]


def _rank(one: Declared) -> tuple[int, int, str, int]:
    order = max(one.order, -1 if one.named is None else one.named)
    return order, _SPEAKS_AFTER[one.kind], one.digest, one.key
