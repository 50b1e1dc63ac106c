"""Opening hours as people write them, read into seconds and written back. Pure."""

from __future__ import annotations

import re
from itertools import pairwise

from illico_platform.lib.errors import IllicoError
from illico_platform.lib.sentence import Sentence, gettext_noop

DAY_S = 86_400
Span = tuple[int, int]

_CLOSED = {"", "fermé", "ferme", "closed", "-", "–"}
_ALL_DAY = {"24h", "24/24", "24h/24", "24 h/24", "24 h / 24"}
_SPAN = re.compile(r"(?P<opens>[0-9h: ]+?)\s*(?:-|–|—|à|to|a)\s*(?P<closes>[0-9h: ]+)")
_CLOCK = re.compile(r"(?P<hours>[0-9]{1,2})\s*(?:[:h]\s*(?P<minutes>[0-9]{2})?)?")
_CUT = re.compile(r"[,;]|\bet\b|\band\b")


class HoursUnreadable(IllicoError):
    """What was written says no hours; the sentence shows what would."""


def read_spans(text: str) -> list[Span]:
    """The intervals of one day, in order, seconds of the local day, half-open; empty when closed.

    Reads ``9:00-12:30, 14:00-18:00``, ``9h-12h30 et 14h-18h``, ``24h/24``, ``fermé``. An interval that ends at or
    before its start goes past midnight; its end stays below its start here (``hours.weekly_rows`` cuts it in two).

    Raises:
        HoursUnreadable: no hours, hours that do not exist, or intervals that overlap.

    >>> read_spans("9h-12h30, 14:00-18:00")
    [(32400, 45000), (50400, 64800)]
    >>> read_spans("fermé"), read_spans("24h/24"), read_spans("22:00-02:00")
    ([], [(0, 86400)], [(79200, 7200)])
    """
    written = text.strip().lower().rstrip(".")
    if written in _CLOSED:
        return []
    if written in _ALL_DAY:
        return [(0, DAY_S)]
    spans = sorted(_span(part.strip()) for part in _CUT.split(written) if part.strip())
    if not spans:
        raise _unreadable(
            gettext_noop("« %(text)s » ne dit pas d’horaires : écrivez par exemple 9:00-12:30, 14:00-18:00."), text
        )
    _refuse_overlaps(spans)
    return spans


def write_spans(spans: list[Span]) -> str:
    """The intervals as ``read_spans`` reads them; empty for a closed day.

    >>> write_spans([(32400, 45000), (50400, 64800)])
    '09:00-12:30, 14:00-18:00'
    """
    return ", ".join(f"{write_clock(opens)}-{write_clock(closes)}" for opens, closes in spans)


def read_clock(text: str) -> int:
    """A time of day in seconds since midnight: ``9:00``, ``9h30``, ``24:00``.

    Raises:
        HoursUnreadable: no time of day.

    >>> read_clock("9h30"), read_clock("24:00")
    (34200, 86400)
    """
    return _seconds(text.strip().lower())


def write_clock(seconds: int) -> str:
    """A time of day as ``read_clock`` reads it.

    >>> write_clock(34_200)
    '09:30'
    """
    return f"{seconds // 3600:02d}:{seconds % 3600 // 60:02d}"


def open_seconds(spans: list[Span]) -> int:
    """How long the intervals last together.

    >>> open_seconds([(79200, 7200)])
    14400
    """
    return sum(closes - opens if closes > opens else DAY_S - opens + closes for opens, closes in spans)


def _span(part: str) -> Span:
    found = _SPAN.fullmatch(part)
    if found is None:
        raise _unreadable(gettext_noop("« %(text)s » n’est pas un intervalle : écrivez par exemple 9:00-12:30."), part)
    opens, closes = _seconds(found["opens"].strip()), _seconds(found["closes"].strip())
    if opens in (DAY_S, closes):
        raise _unreadable(
            gettext_noop("« %(text)s » ne dure pas : l’heure de fin doit être après l’heure de début."), part
        )
    return opens, closes


def _seconds(text: str) -> int:
    found = _CLOCK.fullmatch(text)
    hours, minutes = (int(found["hours"]), int(found["minutes"] or 0)) if found else (99, 0)
    if hours > 24 or minutes > 59 or (hours == 24 and minutes):
        raise _unreadable(gettext_noop("« %(text)s » n’est pas une heure : de 0:00 à 24:00."), text)
    return hours * 3600 + minutes * 60


def _refuse_overlaps(spans: list[Span]) -> None:
    for (opens, closes), (later, _) in pairwise(spans):
        if closes <= opens or later < closes:
            raise _unreadable(
                gettext_noop("« %(text)s » et l’intervalle qui suit se chevauchent : gardez-en un seul."),
                write_spans([(opens, closes)]),
            )


def _unreadable(template: str, text: str) -> HoursUnreadable:
    return HoursUnreadable(Sentence(template, text=text))
