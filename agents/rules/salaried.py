"""What the contracts of a person tell about their pay: whether it is a salary, which minimum it has. Pure.

Source: NEODeS norm P26V01, S21.G00.40.007 (nature of contract) and 40.008 (public policy).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from illico_platform.lib.sentence import gettext_noop

# Natures under which nobody is an employee: what is paid is no salary. An unknown nature is not held against anybody.
NOT_SALARIED: Final[dict[str, str]] = {
    "29": gettext_noop("convention de stage"),
    "32": gettext_noop("contrat d’appui au projet d’entreprise"),
    "70": gettext_noop("contrat de soutien et d’aide par le travail"),
    "80": gettext_noop("mandat social"),
    "81": gettext_noop("mandat d’élu"),
    "89": gettext_noop("volontariat de service civique"),
}
# Apprenticeship and professionalisation: their minimum depends on age and year, which are not kept.
# Source: Code du travail D. 6222-26, D. 6325-15.
OWN_MINIMUM: Final = frozenset({"61", "64", "65", "81"})


def is_salaried(natures: Collection[str]) -> bool:
    """Whether pay under these contracts is a salary: unless every one of them is known to be something else.

    >>> is_salaried(["80"]), is_salaried(["80", "01"]), is_salaried([])
    (False, True, True)
    """
    return not natures or any(nature not in NOT_SALARIED for nature in natures)


def has_general_minimum(natures: Iterable[str], schemes: Iterable[str]) -> bool:
    """Whether the general hourly minimum wage holds for all contracts of a payslip.

    >>> has_general_minimum(["01"], ["99"]), has_general_minimum(["02"], ["64"]), has_general_minimum(["29"], ["99"])
    (True, False, False)
    """
    return not any(nature in NOT_SALARIED for nature in natures) and OWN_MINIMUM.isdisjoint(schemes)
