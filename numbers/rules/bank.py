"""An IBAN: what is wrong with one, and where, in a French sentence; and the few signs of it that may be shown."""

import re

from stdnum import iban, numdb
from stdnum.exceptions import ValidationError

from illico_platform.lib.sentence import Sentence, gettext_noop

# Countries and territories that SEPA credit transfers reach. Source: European Payments Council, EPC409-09.
SEPA = (
    "AD AL AT BE BG CH CY CZ DE DK EE ES FI FR GB GI GR HR HU IE IS IT LI LT LU LV MC MD ME MK MT NL NO PL PT RO RS "
    "SE SI SK SM VA"
)
_COUNTRIES = numdb.get("iban")
_MISSING = gettext_noop("L’IBAN manque.")
_SIGN = gettext_noop("Un IBAN ne contient que des lettres et des chiffres ; « %(sign)s », en position %(place)d, non.")
_START = gettext_noop("Un IBAN commence par deux lettres de pays et deux chiffres, comme FR76.")
_SEPA = gettext_noop("Nous versons par virement SEPA : un compte « %(country)s » n’en reçoit pas.")
_LENGTH = gettext_noop("Un IBAN %(country)s compte %(length)d signes ; celui-ci en a %(count)d.")
_CHECKSUM = gettext_noop("Cet IBAN est faux : sa clé, « %(key)s », ne correspond pas. Vérifiez chaque signe.")
_SHAPE = gettext_noop("Cet IBAN n’a pas la forme d’un compte « %(country)s ». Recopiez-le depuis votre RIB.")


def iban_fault(written: str) -> str:
    """Empty when the IBAN holds and SEPA reaches it, else a sentence for the person who typed it.

    Spaces, dots and dashes are accepted in between, and small letters. Source: ISO 13616-1.

    >>> iban_fault("FR14 2004 1010 0505 0001 3M02 606"), iban_fault("FR14 2004 1010 0505 0001 3M02 607")
    ('', 'Cet IBAN est faux : sa clé, « 14 », ne correspond pas. Vérifiez chaque signe.')
    """
    signs = iban_signs(written)
    if not signs:
        return Sentence(_MISSING)
    for place, sign in enumerate(signs, 1):
        if not (sign.isascii() and sign.isalnum()):
            return Sentence(_SIGN, sign=sign, place=place)
    country = signs[:2]
    if len(signs) < 4 or not country.isalpha() or not signs[2:4].isdigit():
        return Sentence(_START)
    if country not in SEPA.split():
        return Sentence(_SEPA, country=country)
    return _inner_fault(signs, country)


def iban_signs(written: str) -> str:
    """The signs alone, in capitals.

    >>> iban_signs("fr14 2004 1010")
    'FR1420041010'
    """
    return "".join(sign for sign in written.upper() if not (sign.isspace() or sign in ".-"))


def iban_mask(signs: str) -> str:
    """What a page may show: country, key, and the last four signs.

    >>> iban_mask("FR1420041010050500013M02606")
    'FR14 **** **** 2606'
    """
    return f"{signs[:4]} **** **** {signs[-4:]}"


def _inner_fault(signs: str, country: str) -> str:
    length = _length(country)
    if length and len(signs) != length:
        return Sentence(_LENGTH, country=country, length=length, count=len(signs))
    if iban.calc_check_digits(signs) != signs[2:4]:
        return Sentence(_CHECKSUM, key=signs[2:4])
    try:
        # Without the national look-ups: their lists of banks age, and a new bank's account is a true one.
        iban.validate(signs, check_country=False)
    except ValidationError:
        return Sentence(_SHAPE, country=country)
    return ""


def _length(country: str) -> int:
    found = _COUNTRIES.info(f"{country}00")[0][1]
    return 4 + sum(int(part) for part in re.findall(r"(\d+)!", found["bban"])) if found else 0
