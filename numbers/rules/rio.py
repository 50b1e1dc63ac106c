"""The RIO, a code that names a line at its operator: its form, its key, and what is known of it for service numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from illico_platform.lib.errors import IllicoError
from illico_platform.lib.sentence import Sentence, gettext_noop

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+"
_FORM = re.compile(r"[A-Z0-9]{2}[A-Z0-9][A-Z0-9+]{6}[A-Z0-9+]{3}")  # OO Q RRRRRR CCC
_BETWEEN = re.compile(r"[\s.\-]+")


class RioUnreadable(IllicoError):
    """What was written is no RIO; the sentence, in French, says what one looks like."""


@dataclass(frozen=True)
class RioRow:
    """Whether operators give a service number a RIO, from a day on; None: nobody has found out.

    Args:
        source: text that says so, or that must be read to know.
        verified: whether somebody read it in the text itself.
    """

    since: date
    is_given: bool | None
    source: Sentence
    verified: bool


SERVICE_NUMBERS: tuple[RioRow, ...] = (
    RioRow(
        date(2015, 10, 1),
        False,
        Sentence(
            gettext_noop("ARCEP, décisions 2013-0830 et 2015-0347 : numéros 01 à 05 et 09, ni 08 ni numéros courts")
        ),
        verified=False,
    ),
    RioRow(
        date(2023, 12, 1),
        None,
        Sentence(
            gettext_noop(
                "ARCEP, décision du 6 décembre 2022, homologuée le 15 mars 2023 : elle règle aussi la conservation des"
                " numéros à valeur ajoutée ; reste à y lire s’ils ont un RIO"
            )
        ),
        verified=False,
    ),
)


def row_on(on: date, *, rows: Iterable[RioRow] = SERVICE_NUMBERS) -> RioRow | None:
    """What holds for service numbers on a day; None before the first row."""
    return max((row for row in rows if row.since <= on), key=lambda row: row.since, default=None)


def read_rio(written: str) -> str:
    """The twelve signs of a RIO, however they are grouped and cased.

    Raises:
        RioUnreadable: no twelve signs of that alphabet.
    Source: ARCEP decisions 2013-0830, art. 12 (fixed lines), and 2012-0576, art. 13 (mobile): four fields,
        « OO Q RRRRRR CCC », of operator, indicator, reference and key. ``+`` is the thirty-seventh sign of the key.

    >>> read_rio("01-p-eroy4p-4tr")
    '01PEROY4P4TR'
    """
    signs = _BETWEEN.sub("", written).upper()
    if not _FORM.fullmatch(signs):
        raise RioUnreadable(
            Sentence(
                gettext_noop("« %(written)s » n’est pas un code RIO : il compte douze lettres et chiffres."),
                written=written.strip(),
            )
        )
    return signs


def is_rio_of(rio: str, digits: str) -> bool:
    """Whether the key of a RIO, as ``read_rio`` returns it, is that of this number.

    Source: the operators' own algorithm of the key (version 1.1, by public implementations; no text of ARCEP has it):
        sums modulo 37 over the first nine signs and the number's digits. So a wrong key is told, not refused.

    >>> is_rio_of("01PEROY4P4TR", "0612345678"), is_rio_of("01PEROY4P4TR", "0612345679")
    (True, False)
    """
    sums = [0, 0, 0]
    for sign in rio[:9] + digits:
        place = _ALPHABET.index(sign)
        sums = [(weight * total + place) % len(_ALPHABET) for weight, total in zip((1, 2, 4), sums, strict=True)]
    return rio[9:] == "".join(_ALPHABET[total] for total in sums)
