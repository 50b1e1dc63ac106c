"""SIREN and SIRET: what is wrong with one, and where, in a French sentence. Whether the company exists is not asked."""

from stdnum.exceptions import InvalidLength, ValidationError
from stdnum.fr import siren, siret

from illico_platform.lib.sentence import Sentence, gettext_noop

_MISSING = gettext_noop("Le %(name)s manque : %(length)d chiffres sont attendus.")
_LENGTH = gettext_noop("Un %(name)s compte %(length)d chiffres ; celui-ci en a %(count)d.")
_CHECKSUM = gettext_noop("Ce %(name)s est faux : sa clé de contrôle ne correspond pas. Vérifiez chaque chiffre.")
_SIGN = gettext_noop("Un %(name)s ne contient que des chiffres ; « %(sign)s », en position %(place)d, n’en est pas un.")
_OTHER_COMPANY = gettext_noop(
    "Ce SIRET est celui d’une autre entreprise : il devrait commencer par %(siren)s, il commence par %(start)s."
)


def siren_fault(written: str) -> str:
    """Empty when the nine digits pass the Luhn check, else a sentence for the person who typed them.

    Spaces and dots are accepted in between; the column wants the digits alone (``siren_digits``).
    Source: INSEE, SIRENE directory; ISO/IEC 7812 check digit.

    >>> siren_fault("732 829 320"), siren_fault("732829321")
    ('', 'Ce SIREN est faux : sa clé de contrôle ne correspond pas. Vérifiez chaque chiffre.')
    """
    try:
        siren.validate(_ascii(written))
    except ValidationError as fault:
        return _sentence("SIREN", 9, written, fault)
    return ""


def siret_fault(written: str, *, of_siren: str = "") -> str:
    """Empty when the fourteen digits are a SIRET (of that SIREN, if one is given), else a sentence.

    La Poste's establishments (SIREN 356000000) do not follow Luhn: their digits add up to a multiple of five.

    >>> siret_fault("35600000049837")
    ''
    """
    try:
        digits = siret.validate(_ascii(written))
    except ValidationError as fault:
        return _sentence("SIRET", 14, written, fault)
    if of_siren and not digits.startswith(siren.compact(of_siren)):
        return Sentence(_OTHER_COMPANY, siren=siren.compact(of_siren), start=digits[:9])
    return ""


def siren_digits(written: str) -> str:
    """The digits alone of a SIREN or SIRET as typed.

    >>> siren_digits("732 829 320")
    '732829320'
    """
    return siren.compact(written)


def _ascii(written: str) -> str:
    # str.isdigit accepts other scripts' digits and superscripts; a register number has none of them.
    return written if written.isascii() else "".join(c if c.isascii() or c.isspace() else "?" for c in written)


def _sentence(name: str, length: int, written: str, fault: ValidationError) -> str:
    signs = [sign for sign in written if not (sign.isspace() or sign in ".-")]
    if not signs:
        return Sentence(_MISSING, name=name, length=length)
    for place, sign in enumerate(signs, 1):
        if not (sign.isascii() and sign.isdigit()):
            return Sentence(_SIGN, name=name, sign=sign, place=place)
    if isinstance(fault, InvalidLength):
        return Sentence(_LENGTH, name=name, length=length, count=len(signs))
    return Sentence(_CHECKSUM, name=name)
