"""How figures, chips and links are written on screen: French separators, no-break spaces, one look everywhere."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.contrib.admin import site
from django.db.models import Model
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

NARROW = "\u202f"  # between thousands, and before € and %: a figure is never cut at the end of a line
MINUS = "\u2212"
NONE = "–"
MICROS = Decimal(1_000_000)


def whole(number: int | None) -> str:
    """A count with French separators.

    >>> whole(1234567).replace(NARROW, " ")
    '1 234 567'
    """
    return NONE if number is None else f"{number:,}".replace(",", NARROW).replace("-", MINUS)


def decimal(amount: Decimal, places: int) -> str:
    """A decimal number, French, with exactly this many places (the amount has no more of them, or is cut here).

    >>> decimal(Decimal("1234.5"), 2).replace(NARROW, " ")
    '1 234,50'
    """
    return f"{amount:,.{places}f}".replace(",", NARROW).replace(".", ",").replace("-", MINUS)


def euros(amount: Decimal | int | None) -> str:
    """An amount in euros and cents.

    >>> euros(Decimal("-1234.5")).replace(NARROW, " ")
    '−1 234,50 €'
    """
    return NONE if amount is None else f"{decimal(Decimal(amount), 2)}{NARROW}€"


def micros(amount: int | None, places: int = 6) -> str:
    """Micro-euros as euros, to the sixth place unless told otherwise.

    >>> micros(180_000).replace(NARROW, " "), micros(600_000, 2).replace(NARROW, " ")
    ('0,180000 €', '0,60 €')
    """
    return NONE if amount is None else f"{decimal(Decimal(amount) / MICROS, places)}{NARROW}€"


def price(amount: int | None) -> str:
    """Micro-euros as euros: cents, and the finer places only where the amount has some.

    >>> price(180_000).replace(NARROW, " "), price(123_456).replace(NARROW, " ")
    ('0,18 €', '0,123456 €')
    """
    return micros(amount, 2) if amount is None or amount % 10_000 == 0 else micros(amount)


def percent_bp(basis_points: int | None, places: int = 1) -> str:
    """Basis points as a percentage; whole ones drop their decimals.

    >>> percent_bp(6489).replace(NARROW, " "), percent_bp(2000).replace(NARROW, " ")
    ('64,9 %', '20 %')
    """
    if basis_points is None:
        return NONE
    shown = decimal(Decimal(basis_points) / 100, places) if basis_points % 100 else whole(basis_points // 100)
    return f"{shown}{NARROW}%"


def seconds(milliseconds: int | None) -> str:
    """A wait in seconds; the part of a second shows only where the record has one.

    >>> seconds(2000).replace(NARROW, " "), seconds(59_999).replace(NARROW, " ")
    ('2 s', '59,999 s')
    """
    if milliseconds is None:
        return NONE
    exact = Decimal(milliseconds) / 1000
    return f"{decimal(exact, 3) if milliseconds % 1000 else whole(milliseconds // 1000)}{NARROW}s"


def duration(milliseconds: int | None) -> str:
    """A conversation as minutes and seconds, hours when it has some.

    >>> duration(78_000), duration(None)
    ('1:18', '–')
    """
    if milliseconds is None:
        return NONE
    text = str(timedelta(seconds=milliseconds // 1000))
    return text.removeprefix("0:").removeprefix("0") if text.startswith("0:") else text


def chip(kind: str, text: str) -> SafeString:
    """A word with its sign and hue; both stand in the style sheet under ``kind``, so they are the same everywhere."""
    return format_html('<span class="chip {}">{}</span>', kind, text)


def admin_url(obj: Model) -> str | None:
    """The address of an object's page, None when its model has none."""
    return row_url(type(obj), obj.pk) if site.is_registered(type(obj)) else None


def row_url(model: type[Model], key: Any) -> str:
    """The address of a row's page, by its key alone."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[key])


def object_link(obj: Model | None, text: str | None = None) -> SafeString | str:
    """A link to an object's page, or its name alone when it has none."""
    if obj is None:
        return NONE
    address = admin_url(obj)
    label = str(obj) if text is None else text
    return format_html('<a href="{}">{}</a>', address, label) if address else label


def list_url(model: type[Model], **filters: Any) -> str:
    """The address of a model's list, narrowed by these look-ups."""
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    return f"{address}?{urlencode(filters)}" if filters else address
