"""The French numbering plan for value-added services: which number is meant, its family and its ceiling.

It owns no price list: ceilings are dated rows (``plan_rows`` ships them, the database holds them). libphonenumber
is no tariff oracle (it calls 0806 "UAN" and 0836 a valid premium number), so the families are our own table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from illico_platform.lib.errors import IllicoError
from illico_platform.lib.sentence import Sentence, gettext_noop

NARROW_SPACE = "\u202f"  # narrow no-break space: a number is never cut at the end of a line


class Family(StrEnum):
    """Ranges of numbers that the plan treats alike; at most 20 characters each."""

    FREE = "free"
    STANDARD = "standard"
    PREMIUM = "premium"
    FREE_SHORT = "free_short"
    GENERALIST_SHORT = "generalist_short"
    OPERATOR_SHORT = "operator_short"
    SOCIAL = "social"
    DIRECTORY = "directory"


class Kind(StrEnum):
    """How long a number is: only ten digits have an international (E.164) form."""

    TEN_DIGITS = "ten_digits"
    SHORT = "short"


class Unit(StrEnum):
    """The two ways to charge a service; one number has one of them, never both (plan of 2015-10-01)."""

    PER_MIN = "per_min"
    PER_CALL = "per_call"


class NumberRefused(IllicoError):
    """What was written cannot be a value-added number of ours; the sentence, in French, says why."""


class UnreadableNumber(NumberRefused):
    """It holds something else than digits and separators, or nothing at all."""


class ForeignNumber(NumberRefused):
    """It carries another country's code than +33."""


class WrongLength(NumberRefused):
    """It has neither the ten digits of a number nor the four or six of a short code."""


class EmergencyNumber(NumberRefused):
    """An emergency number: never surcharged, never ours."""


class ClosedRange(NumberRefused):
    """083 to 088: data, dial-up and closed ranges, which carry no voice service."""


class ReservedNumber(NumberRefused):
    """A short code that the plan keeps for a common function, such as 3008 or 3179."""


class NotAServiceNumber(NumberRefused):
    """A number of the plan, but geographic, mobile or otherwise no value-added service."""


@dataclass(frozen=True)
class PlanNumber:
    """A number as the plan knows it: national digits, E.164 (empty for short codes), kind and family."""

    digits: str
    e164: str
    kind: Kind
    family: Family


@dataclass(frozen=True)
class CeilingRow:
    """The highest service price of a range, TTC, on days [valid_from, valid_until).

    Args:
        prefix: first digits of the numbers it holds for.
        unit: per minute or per call.
        ceiling_micros: micro-euros, VAT included.
        valid_from: first day.
        valid_until: the day after the last; None while it runs.
        source: text of law or document it was read in.
        verified: whether somebody compared it with ARCEP's own text.
    """

    prefix: str
    unit: Unit
    ceiling_micros: int
    valid_from: date
    valid_until: date | None
    source: str
    verified: bool


# 116000 and 116117 stand in ARCEP's list of emergency numbers (MAJNFB, code URG) beside the two- and three-digit ones.
_EMERGENCY = frozenset(["15", "17", "18", "112", "114", "115", "119", "191", "196", "197", "116000", "116117"])
_SEPARATORS = re.compile(r"[\s.\-/()\[\]\u2010-\u2015\u2212]+")
_ABROAD = re.compile(r"^(?:\+|00)(?P<rest>[1-9][0-9]*)$")
_BARE_FRANCE = re.compile(r"^33[1-9][0-9]{8}$")  # carriers' files drop the "+"; no national number has 11 digits

_FAMILIES: tuple[tuple[re.Pattern[str], Family], ...] = (
    (re.compile(r"^080[0-5][0-9]{6}$"), Family.FREE),
    (re.compile(r"^080[6-9][0-9]{6}$"), Family.STANDARD),
    (re.compile(r"^08[129][0-9]{7}$"), Family.PREMIUM),
    (re.compile(r"^3(?:00[0-79]|0[1-9][0-9]|1[0-689][0-9])$"), Family.FREE_SHORT),
    (re.compile(r"^3[2-9][0-9]{2}$"), Family.GENERALIST_SHORT),
    (re.compile(r"^10[0-9]{2}$"), Family.OPERATOR_SHORT),
    (re.compile(r"^116[0-9]{3}$"), Family.SOCIAL),
    (re.compile(r"^118[0-9]{3}$"), Family.DIRECTORY),
)
_CLOSED = re.compile(r"^08[3-8][0-9]{7}$")
_RESERVED = re.compile(r"^(?:3008|317[0-9])$")


def normalise(written: str) -> PlanNumber:
    """The number that somebody wrote, in whatever form, or a named refusal.

    Spaces of all kinds, dots, dashes, slashes and brackets are dropped; ``+33``, ``0033`` or a bare ``33``, with or
    without a ``(0)``, becomes ``0``. Only ASCII digits are read.

    Args:
        written: what a person, a file or a PBX gave.
    Raises:
        UnreadableNumber, ForeignNumber, WrongLength, EmergencyNumber, ClosedRange, ReservedNumber,
        NotAServiceNumber: each a ``NumberRefused`` whose sentence may be shown.
    Source: numbering plan, ARCEP decision 2018-0881, annex 1 as replaced by 2022-1583.

    >>> normalise("+33 (0)8 92 69 12 34").e164
    '+33892691234'
    >>> normalise("39 39").family.value, normalise("39 39").e164
    ('generalist_short', '')
    """
    digits = _national_digits(written)
    _refuse(digits, written)
    family = family_of(digits)
    if family is None:
        raise NotAServiceNumber(
            Sentence(
                gettext_noop(
                    "« %(written)s » n’est pas un numéro de service à valeur ajoutée (08, 3xxx, 10xx, 118xxx)."
                ),
                written=written,
            )
        )
    if len(digits) == 10:
        return PlanNumber(digits, f"+33{digits[1:]}", Kind.TEN_DIGITS, family)
    return PlanNumber(digits, "", Kind.SHORT, family)


def family_of(digits: str) -> Family | None:
    """The family of national digits, None when they are no number that may carry a value-added service.

    Generalist and operator short codes are paid or not per number: who pays stands in the number's record.

    >>> family_of("0892690001").value, family_of("0836650000"), family_of("3179")
    ('premium', None, None)
    """
    if digits in _EMERGENCY:
        return None
    return next((family for pattern, family in _FAMILIES if pattern.match(digits)), None)


def display(digits: str) -> str:
    """The digits as they are printed, in groups held by narrow no-break spaces; anything else comes back as it is.

    >>> display("0892690001").replace(NARROW_SPACE, " "), display("3939").replace(NARROW_SPACE, " ")
    ('0 892 69 00 01', '39 39')
    """
    if not re.fullmatch("[0-9]+", digits):
        return digits
    if len(digits) == 10 and digits.startswith("08"):
        return NARROW_SPACE.join((digits[0], digits[1:4], digits[4:6], digits[6:8], digits[8:]))
    if len(digits) == 6:
        return NARROW_SPACE.join((digits[:3], digits[3:]))
    if len(digits) in (4, 10):
        return NARROW_SPACE.join(digits[i : i + 2] for i in range(0, len(digits), 2))
    return digits


def ceiling_on(rows: Iterable[CeilingRow], digits: str, *, unit: Unit, on: date) -> CeilingRow | None:
    """The row that limits this number's service price on a day: the longest prefix wins; the order of rows is free.

    Returns:
        The row, or None when the plan as we know it names no ceiling: then nothing above zero may be charged
        without somebody finding one (unknown is not "no limit").
    Raises:
        ValueError: two rows of the same prefix hold on that day; the table contradicts itself.
    """
    held = [
        row
        for row in rows
        if row.unit == unit
        and digits.startswith(row.prefix)
        and row.valid_from <= on
        and (row.valid_until is None or on < row.valid_until)
    ]
    held.sort(key=lambda row: len(row.prefix), reverse=True)
    if len(held) > 1 and len(held[0].prefix) == len(held[1].prefix):
        raise ValueError(f"two ceilings hold for {held[0].prefix} {unit.value} on {on}")
    return held[0] if held else None


def _national_digits(written: str) -> str:
    """Digits as dialled inside France; refuses what is no number and what is abroad."""
    bare = _SEPARATORS.sub("", written)
    abroad = _ABROAD.match(bare)
    if abroad:
        rest = abroad["rest"]
        if not rest.startswith("33"):
            raise ForeignNumber(
                Sentence(
                    gettext_noop(
                        "« %(written)s » est un numéro étranger : seuls les numéros français (+33) sont acceptés."
                    ),
                    written=written,
                )
            )
        return "0" + rest[2:].removeprefix("0")
    if _BARE_FRANCE.match(bare):
        return "0" + bare[2:]
    if not re.fullmatch("[0-9]+", bare):
        raise UnreadableNumber(
            Sentence(
                gettext_noop(
                    "« %(written)s » n’est pas un numéro : des chiffres sont attendus, par exemple 0 892 69 12 34."
                ),
                written=written,
            )
        )
    return bare


def _refuse(digits: str, written: str) -> None:
    """The refusals that have a reason of their own, most telling first."""
    if digits in _EMERGENCY:
        raise EmergencyNumber(
            Sentence(
                gettext_noop("« %(written)s » est un numéro d’urgence : il ne peut être ni surtaxé ni inscrit."),
                written=written,
            )
        )
    if len(digits) not in (4, 6, 10):
        raise WrongLength(
            Sentence(
                gettext_noop(
                    "« %(written)s » compte %(count)d chiffres : il en faut 10, ou 4 ou 6 pour un numéro court "
                    "(un numéro court s’écrit sans indicatif +33)."
                ),
                written=written,
                count=len(digits),
            )
        )
    if _CLOSED.match(digits):
        raise ClosedRange(
            Sentence(
                gettext_noop(
                    "« %(written)s » est dans une tranche fermée ou de données (083 à 088), sans service vocal."
                ),
                written=written,
            )
        )
    if _RESERVED.match(digits):
        raise ReservedNumber(
            Sentence(
                gettext_noop("« %(written)s » est réservé par le plan de numérotation à une fonction commune."),
                written=written,
            )
        )
