"""SIREN and SIRET: what is wrong with one, in a French sentence. Whether the company exists is not asked here."""

from stdnum.exceptions import InvalidChecksum, InvalidLength, ValidationError
from stdnum.fr import siren, siret


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
        return _sentence("SIREN", 9, siren.compact(written), fault)
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
        return _sentence("SIRET", 14, siret.compact(written), fault)
    if of_siren and not digits.startswith(siren.compact(of_siren)):
        return f"Ce SIRET est celui d’une autre entreprise : il devrait commencer par {siren.compact(of_siren)}."
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


def _sentence(name: str, length: int, digits: str, fault: ValidationError) -> str:
    if not digits:
        return f"Le {name} manque : {length} chiffres sont attendus."
    if isinstance(fault, InvalidLength):
        return f"Un {name} compte {length} chiffres ; celui-ci en a {len(digits)}."
    if isinstance(fault, InvalidChecksum):
        return f"Ce {name} est faux : sa clé de contrôle ne correspond pas. Vérifiez chaque chiffre."
    return f"Un {name} ne contient que des chiffres : {length} sont attendus."
