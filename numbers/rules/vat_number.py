"""The French VAT number of a company: what is wrong with one, and the one that goes with a SIREN."""

from stdnum.exceptions import ValidationError
from stdnum.fr import siren, tva

from illico_platform.lib.sentence import Sentence, gettext_noop

_MISSING = gettext_noop("Le numéro de TVA manque.")
_START = gettext_noop("Un numéro de TVA français commence par FR ; celui-ci commence par « %(start)s ».")
_LENGTH = gettext_noop("Un numéro de TVA compte FR, deux signes et le SIREN, 13 en tout ; celui-ci en a %(count)d.")
_SIGN = gettext_noop("Après FR et les deux signes de sa clé vient le SIREN : « %(sign)s » n’est pas un chiffre.")
_CHECKSUM = gettext_noop("Ce numéro de TVA est faux : sa clé, « %(key)s », ne correspond pas au SIREN %(siren)s.")
_OTHER_COMPANY = gettext_noop("Ce numéro de TVA est celui d’une autre entreprise. Pour ce SIREN, c’est %(expected)s.")


def vat_fault(written: str, *, of_siren: str = "") -> str:
    """Empty when the number holds (and is that of the SIREN, if one is given), else a sentence.

    Source: CGI annexe II, article 242 A; directive 2006/112/CE, article 215.

    >>> vat_fault("FR 44 732829320"), vat_fault("FR45732829320")
    ('', 'Ce numéro de TVA est faux : sa clé, « 45 », ne correspond pas au SIREN 732829320.')
    """
    signs = vat_signs(written)
    if not signs:
        return Sentence(_MISSING)
    if not signs.startswith("FR"):
        return Sentence(_START, start=signs[:2])
    if len(signs) != 13:
        return Sentence(_LENGTH, count=len(signs))
    for sign in signs[4:]:
        if not (sign.isascii() and sign.isdigit()):
            return Sentence(_SIGN, sign=sign)
    try:
        tva.validate(signs)
    except ValidationError:
        return Sentence(_CHECKSUM, key=signs[2:4], siren=signs[4:])
    if of_siren and signs[4:] != siren.compact(of_siren):
        return Sentence(_OTHER_COMPANY, expected=vat_of(of_siren))
    return ""


def vat_signs(written: str) -> str:
    """The signs alone, in capitals.

    >>> vat_signs("fr 44 732 829 320")
    'FR44732829320'
    """
    return "".join(sign for sign in written.upper() if not (sign.isspace() or sign in ".-"))


def vat_of(written: str) -> str:
    """The VAT number that goes with a SIREN, with the key in digits that tax offices give.

    >>> vat_of("732 829 320")
    'FR44732829320'
    """
    digits = siren.compact(written)
    return f"FR{(12 + 3 * (int(digits) % 97)) % 97:02d}{digits}"
