"""What is wrong with a commune's INSEE code that is to lie in France. Pure: the list of communes is an argument."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from enum import Enum

_CODE = re.compile(r"\d[0-9AB]\d{3}")
_DEPARTMENT = re.compile(r"0[1-9]|1\d|2[1-9AB]|[3-8]\d|9[0-5]")
_OVERSEAS = re.compile(r"97[1-8]|98[4-8]")


class CommuneFault(Enum):
    """Why a code is none of a commune in France."""

    FORM = "form"  # not five signs, digits but for Corsica's A or B
    CORSICA = "corsica"  # begins with 20, as postal codes of Corsica still do
    ABROAD = "abroad"  # 99: INSEE's codes of foreign countries
    DEPARTMENT = "department"  # no such department
    UNKNOWN = "unknown"  # of the right form, and on no list


def commune_code(written: str) -> str:
    """The code as the column wants it: five signs, capital letters, no spaces.

    >>> commune_code(" 2a 004")
    '2A004'
    """
    return "".join(written.split()).upper()


def commune_fault(code: str, known: Mapping[str, str] | None = None) -> CommuneFault | None:
    """What is wrong with a code, None when it is that of a commune in France, overseas included.

    Args:
        known: codes of INSEE's list, at least those asked about, each with the present commune's; None where no list
            is loaded: then the form alone is looked at.
    Source: INSEE, code officiel géographique: department (2A and 2B for Corsica, three digits overseas) and commune.

    >>> commune_fault("59350"), commune_fault("2A004"), commune_fault("97411")
    (None, None, None)
    >>> [commune_fault(code).name for code in ("5935", "20000", "99109", "96001")]
    ['FORM', 'CORSICA', 'ABROAD', 'DEPARTMENT']
    >>> commune_fault("59999", {"59350": "59350"}).name
    'UNKNOWN'
    """
    if not _CODE.fullmatch(code):
        return CommuneFault.FORM
    if code.startswith("20"):
        return CommuneFault.CORSICA
    if code.startswith("99"):
        return CommuneFault.ABROAD
    if not (_DEPARTMENT.fullmatch(code[:2]) or _OVERSEAS.fullmatch(code[:3])):
        return CommuneFault.DEPARTMENT
    return CommuneFault.UNKNOWN if known is not None and code not in known else None


def present_code(code: str, known: Mapping[str, str] | None) -> str:
    """The code of the commune of today: delegated and associated communes are their present commune's.

    A district of Paris, Lyon or Marseille stays itself, and so does the whole city.

    >>> present_code("59355", {"59355": "59350"}), present_code("75101", {"75101": "75101"})
    ('59350', '75101')
    """
    return (known or {}).get(code, code)


def search_form(name: str) -> str:
    """A name as people search for it: no accents, no signs, small letters.

    >>> search_form("L’Haÿ-les-Roses"), search_form("SAINT-ŒUEN")
    ('l hay les roses', 'saint oeuen')
    """
    plain = unicodedata.normalize("NFKD", name.lower().replace("œ", "oe").replace("æ", "ae"))
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", letters).split())
