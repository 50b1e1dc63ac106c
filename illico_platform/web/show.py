"""How figures and chips are written on screen, in the reader's language: one look everywhere.

French: ``1 234,50 €``, ``64,9 %``. English: ``€1,234.50``, ``64.9%``. Spaces inside a figure do not break.
"""

from decimal import Decimal

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

NARROW = "\u202f"  # between thousands, and before a unit: a figure is never cut at the end of a line
MINUS = "\u2212"
NONE = "–"
MICROS = Decimal(1_000_000)


def is_english() -> bool:
    """Whether the reader reads English; everybody else reads French figures."""
    return (get_language() or "").startswith("en")


def whole(number: int | None) -> str:
    """A count with its thousands apart.

    >>> from django.utils.translation import override
    >>> whole(1234567).replace(NARROW, " ")
    '1 234 567'
    >>> with override("en"): whole(-1234567)
    '−1,234,567'
    """
    return NONE if number is None else decimal(Decimal(number), 0)


def decimal(amount: Decimal, places: int) -> str:
    """A decimal number with exactly this many places (the amount has no more of them, or is cut here).

    >>> from django.utils.translation import override
    >>> decimal(Decimal("1234.5"), 2).replace(NARROW, " ")
    '1 234,50'
    >>> with override("en"): decimal(Decimal("1234.5"), 2)
    '1,234.50'
    """
    figures = f"{amount:,.{places}f}".replace("-", MINUS)
    return figures if is_english() else figures.replace(",", NARROW).replace(".", ",")


def _with_euro(amount: Decimal, places: int) -> str:
    figures = decimal(amount, places)
    if not is_english():
        return f"{figures}{NARROW}€"
    return f"{MINUS}€{figures[1:]}" if figures.startswith(MINUS) else f"€{figures}"


def euros(amount: Decimal | int | None) -> str:
    """An amount in euros and cents.

    >>> from django.utils.translation import override
    >>> euros(Decimal("-1234.5")).replace(NARROW, " ")
    '−1 234,50 €'
    >>> with override("en"): euros(Decimal("-1234.5"))
    '−€1,234.50'
    """
    return NONE if amount is None else _with_euro(Decimal(amount), 2)


def micros(amount: int | None, places: int = 6) -> str:
    """Micro-euros as euros, to the sixth place unless told otherwise.

    >>> from django.utils.translation import override
    >>> micros(180_000).replace(NARROW, " "), micros(600_000, 2).replace(NARROW, " ")
    ('0,180000 €', '0,60 €')
    >>> with override("en"): micros(180_000)
    '€0.180000'
    """
    return NONE if amount is None else _with_euro(Decimal(amount) / MICROS, places)


def price(amount: int | None) -> str:
    """Micro-euros as euros: cents, and the finer places only where the amount has some.

    >>> price(180_000).replace(NARROW, " "), price(123_456).replace(NARROW, " ")
    ('0,18 €', '0,123456 €')
    """
    return micros(amount, 2) if amount is None or amount % 10_000 == 0 else micros(amount)


def percent_bp(basis_points: int | None, places: int = 1) -> str:
    """Basis points as a percentage; decimals that say nothing are dropped.

    >>> from django.utils.translation import override
    >>> percent_bp(6489).replace(NARROW, " "), percent_bp(2000).replace(NARROW, " ")
    ('64,9 %', '20 %')
    >>> percent_bp(1960, 2).replace(NARROW, " "), percent_bp(105, 2).replace(NARROW, " ")
    ('19,6 %', '1,05 %')
    >>> with override("en"): percent_bp(6489), percent_bp(2000)
    ('64.9%', '20%')
    """
    if basis_points is None:
        return NONE
    places = min(places, 1) if basis_points % 10 == 0 else places
    shown = decimal(Decimal(basis_points) / 100, places) if basis_points % 100 else whole(basis_points // 100)
    return f"{shown}%" if is_english() else f"{shown}{NARROW}%"


def seconds(milliseconds: int | None) -> str:
    """A wait in seconds; the part of a second shows only where the record has one.

    >>> from django.utils.translation import override
    >>> seconds(2000).replace(NARROW, " "), seconds(59_999).replace(NARROW, " ")
    ('2 s', '59,999 s')
    >>> with override("en"): seconds(59_999).replace(NARROW, " ")
    '59.999 s'
    """
    if milliseconds is None:
        return NONE
    exact = Decimal(milliseconds) / 1000
    return f"{decimal(exact, 3) if milliseconds % 1000 else whole(milliseconds // 1000)}{NARROW}s"


def duration(milliseconds: int | None) -> str:
    """A conversation as minutes and seconds, hours when it has some.

    >>> duration(78_000), duration(90_061_000), duration(None)
    ('1:18', '25:01:01', '–')
    """
    if milliseconds is None:
        return NONE
    minutes, second = divmod(milliseconds // 1000, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour}:{minute:02}:{second:02}" if hour else f"{minute}:{second:02}"


def hours(milliseconds: int | None) -> str:
    """Time at work as hours and minutes, the minutes cut off.

    >>> hours(27_300_000).replace(NARROW, " "), hours(-90_000_000).replace(NARROW, " "), hours(None)
    ('7 h 35', '−25 h 00', '–')
    """
    if milliseconds is None:
        return NONE
    hour, minute = divmod(abs(milliseconds) // 60_000, 60)
    sign = "−" if milliseconds <= -60_000 else ""
    return f"{sign}{hour}{NARROW}h{NARROW}{minute:02}"


def colon() -> str:
    """The colon of the language, with the space that French sets before it.

    >>> from django.utils.translation import override
    >>> colon().replace("\u00a0", " ")
    ' :'
    >>> with override("en"): colon()
    ':'
    """
    return ":" if is_english() else "\u00a0:"


def pair(label: object, value: object) -> str:
    """A label and what it is.

    >>> pair("Motif", "complet").replace("\u00a0", " ")
    'Motif : complet'
    """
    return f"{label}{colon()} {value}"


def chip(kind: str, text: str) -> SafeString:
    """A word with its sign and hue; both stand in the style sheet under ``kind``, so they are the same everywhere."""
    return format_html('<span class="chip {}">{}</span>', kind, text)
