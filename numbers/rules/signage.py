"""The signage beside a number: its colour and its wording, from what the caller pays. It knows no artwork."""

from enum import StrEnum

from illico_platform.lib.money import MICROS_PER_CENT
from numbers.rules.plan import Family, Unit


class Colour(StrEnum):
    """Colours of the signage: green is all free, grey is a free service, purple is a paid service."""

    GREEN = "green"
    GREY = "grey"
    PURPLE = "purple"


_GREEN_TEXT = "Service & appel gratuits"
_GREY_TEXT = "Service gratuit + prix appel"
_ALL_FREE = frozenset([Family.FREE, Family.FREE_SHORT, Family.SOCIAL])
_NEVER_PAID = _ALL_FREE | {Family.STANDARD}


def colour_of(family: Family, *, caller_price_micros: int) -> Colour:
    """The signage colour of a number whose caller pays this service price (0 when a sponsor pays it).

    Raises:
        ValueError: a negative price, or a price on a number whose caller never pays the service.
    Source: signage of the C+S reform, 2015-10-01.
    """
    if caller_price_micros < 0:
        raise ValueError(f"a price of {caller_price_micros} micro-euros is below zero")
    if caller_price_micros and family in _NEVER_PAID:
        raise ValueError(f"the caller of a {family.value} number pays no service price")
    if family in _ALL_FREE:
        return Colour.GREEN
    return Colour.PURPLE if caller_price_micros else Colour.GREY


def signage(family: Family, *, caller_price_micros: int, unit: Unit = Unit.PER_MIN) -> str:
    """The compulsory wording beside a number, in French whatever the language of the page.

    Args:
        family: of the number.
        caller_price_micros: service price for the caller, micro-euros TTC per ``unit``; 0 when a sponsor pays.
        unit: of the price.
    Raises:
        ValueError: the price is no whole number of cents (plan), or ``colour_of`` refuses it.

    >>> signage(Family.PREMIUM, caller_price_micros=600_000)
    'Service 0,60\\xa0€/min + prix appel'
    """
    colour = colour_of(family, caller_price_micros=caller_price_micros)
    if colour is Colour.GREEN:
        return _GREEN_TEXT
    if colour is Colour.GREY:
        return _GREY_TEXT
    cents, rest = divmod(caller_price_micros, MICROS_PER_CENT)
    if rest:
        raise ValueError(f"a face price is a whole number of cents, not {caller_price_micros} micro-euros")
    per = "min" if unit is Unit.PER_MIN else "appel"
    return f"Service {cents // 100},{cents % 100:02d}\u00a0€/{per} + prix appel"


def spoken_notice(family: Family, *, caller_price_micros: int, unit: Unit = Unit.PER_MIN) -> str:
    """The free message that a caller hears before waiting, in French; empty where none is due.

    Free and grey numbers need none. It names the way of charging and the price, VAT included, and lasts at least
    ten seconds read aloud; pressing the hash key passes it over, except after a change of price.

    Raises:
        ValueError: as ``signage``.
    Source: arrêté du 10 juin 2009 (free price message), in force for these numbers since 2010-01-01.

    >>> spoken_notice(Family.PREMIUM, caller_price_micros=600_000).split(".")[0]
    'Bonjour, ce service est facturé 60 centimes par minute, plus le prix d’un appel'
    >>> spoken_notice(Family.FREE, caller_price_micros=0)
    ''
    """
    signage(family, caller_price_micros=caller_price_micros, unit=unit)
    if not caller_price_micros:
        return ""
    euros, cents = divmod(caller_price_micros // MICROS_PER_CENT, 100)
    parts = [f"{euros} euro{'s' * (euros > 1)}"] * bool(euros) + [f"{cents} centime{'s' * (cents > 1)}"] * bool(cents)
    per = "par minute" if unit is Unit.PER_MIN else "par appel"
    return (
        f"Bonjour, ce service est facturé {' '.join(parts)} {per}, plus le prix d’un appel."
        " Ce message et l’attente sont gratuits. La facturation commence quand un conseiller, en France, vous répond,"
        " et seulement s’il vous répond en moins d’une minute. Vous pouvez raccrocher maintenant sans rien payer."
    )
