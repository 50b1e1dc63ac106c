"""What the public directory must be able to say of a number's publisher before callers pay for it."""

from __future__ import annotations

import re

from illico_platform.lib.sentence import Sentence, gettext_noop
from numbers.rules.plan import Family, NumberRefused, PlanNumber, normalise

_NUMBER_LIKE = re.compile(r"(?<![\w@.])\+?\d(?:[\s.\-()/]*\d){3,}(?![\w@])")
_SURCHARGED = frozenset([Family.PREMIUM, Family.DIRECTORY])


def directory_faults(*, name: str, address: str, complaint_contact: str, needs_free_alternative: bool) -> list[str]:
    """French sentences saying what is missing or not allowed; empty when the record may be published.

    Args:
        name, address: of the publisher.
        complaint_contact: free text: an e-mail address, a postal address, a number.
        needs_free_alternative: from ``eligibility``: complaints may not go to a surcharged number.
    Source: Code de la consommation, art. L.224-43 (directory data), L.224-46 (contract) and L.121-16 (complaints).

    >>> directory_faults(name="Allô", address="Lille", complaint_contact="0 892 69 00 01", needs_free_alternative=True)
    ['Les réclamations ne peuvent pas aller au numéro surtaxé 0892690001.']
    """
    wanted = {
        gettext_noop("Il manque la raison sociale de l’entreprise, que l’annuaire doit publier."): name,
        gettext_noop("Il manque l’adresse de l’entreprise, que l’annuaire doit publier."): address,
        gettext_noop("Il manque le contact pour réclamations, que l’annuaire doit publier."): complaint_contact,
    }
    faults: list[str] = [Sentence(missing) for missing, text in wanted.items() if not text.strip()]
    if needs_free_alternative:
        faults += [
            Sentence(
                gettext_noop("Les réclamations ne peuvent pas aller au numéro surtaxé %(number)s."),
                number=number.digits,
            )
            for number in numbers_in(complaint_contact)
            if number.family in _SURCHARGED
        ]
    return faults


def numbers_in(text: str) -> list[PlanNumber]:
    """The value-added numbers written in a text, in order; postcodes and other digits are no numbers.

    >>> [number.digits for number in numbers_in("59000 Lille, 0 809 10 20 30 ou le 39 39")]
    ['0809102030', '3939']
    """
    found = []
    for written in _NUMBER_LIKE.findall(text):
        try:
            found.append(normalise(written))
        except NumberRefused:
            continue
    return found
