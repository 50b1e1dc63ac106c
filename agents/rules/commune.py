"""What is wrong with a commune's INSEE code that is to lie in France. Pure; whether the commune exists is not asked."""

from __future__ import annotations

import re
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


def commune_code(written: str) -> str:
    """The code as the column wants it: five signs, capital letters, no spaces.

    >>> commune_code(" 2a 004")
    '2A004'
    """
    return "".join(written.split()).upper()


def commune_fault(code: str) -> CommuneFault | None:
    """What is wrong with a code, None when it has the form of a commune in France, overseas included.

    Source: INSEE, code officiel géographique: department (2A and 2B for Corsica, three digits overseas) and commune.

    >>> commune_fault("59350"), commune_fault("2A004"), commune_fault("97411")
    (None, None, None)
    >>> [commune_fault(code).name for code in ("5935", "20000", "99109", "96001")]
    ['FORM', 'CORSICA', 'ABROAD', 'DEPARTMENT']
    """
    if not _CODE.fullmatch(code):
        return CommuneFault.FORM
    if code.startswith("20"):
        return CommuneFault.CORSICA
    if code.startswith("99"):
        return CommuneFault.ABROAD
    if _DEPARTMENT.fullmatch(code[:2]) or _OVERSEAS.fullmatch(code[:3]):
        return None
    return CommuneFault.DEPARTMENT
