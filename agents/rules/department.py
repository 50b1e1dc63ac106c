"""The department of a commune, and of several; names as INSEE writes them. Pure.

Source: INSEE, code officiel géographique: two signs (2A and 2B for Corsica), three digits overseas.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from agents.rules.commune import commune_fault

UNKNOWN, SEVERAL, ABROAD = "?", "+", "99"

NAMES: Final[dict[str, str]] = {
    "01": "Ain", "02": "Aisne", "03": "Allier", "04": "Alpes-de-Haute-Provence", "05": "Hautes-Alpes",
    "06": "Alpes-Maritimes", "07": "Ardèche", "08": "Ardennes", "09": "Ariège", "10": "Aube", "11": "Aude",
    "12": "Aveyron", "13": "Bouches-du-Rhône", "14": "Calvados", "15": "Cantal", "16": "Charente",
    "17": "Charente-Maritime", "18": "Cher", "19": "Corrèze", "2A": "Corse-du-Sud", "2B": "Haute-Corse",
    "21": "Côte-d’Or", "22": "Côtes-d’Armor", "23": "Creuse", "24": "Dordogne", "25": "Doubs", "26": "Drôme",
    "27": "Eure", "28": "Eure-et-Loir", "29": "Finistère", "30": "Gard", "31": "Haute-Garonne", "32": "Gers",
    "33": "Gironde", "34": "Hérault", "35": "Ille-et-Vilaine", "36": "Indre", "37": "Indre-et-Loire",
    "38": "Isère", "39": "Jura", "40": "Landes", "41": "Loir-et-Cher", "42": "Loire", "43": "Haute-Loire",
    "44": "Loire-Atlantique", "45": "Loiret", "46": "Lot", "47": "Lot-et-Garonne", "48": "Lozère",
    "49": "Maine-et-Loire", "50": "Manche", "51": "Marne", "52": "Haute-Marne", "53": "Mayenne",
    "54": "Meurthe-et-Moselle", "55": "Meuse", "56": "Morbihan", "57": "Moselle", "58": "Nièvre", "59": "Nord",
    "60": "Oise", "61": "Orne", "62": "Pas-de-Calais", "63": "Puy-de-Dôme", "64": "Pyrénées-Atlantiques",
    "65": "Hautes-Pyrénées", "66": "Pyrénées-Orientales", "67": "Bas-Rhin", "68": "Haut-Rhin", "69": "Rhône",
    "70": "Haute-Saône", "71": "Saône-et-Loire", "72": "Sarthe", "73": "Savoie", "74": "Haute-Savoie",
    "75": "Paris", "76": "Seine-Maritime", "77": "Seine-et-Marne", "78": "Yvelines", "79": "Deux-Sèvres",
    "80": "Somme", "81": "Tarn", "82": "Tarn-et-Garonne", "83": "Var", "84": "Vaucluse", "85": "Vendée",
    "86": "Vienne", "87": "Haute-Vienne", "88": "Vosges", "89": "Yonne", "90": "Territoire de Belfort",
    "91": "Essonne", "92": "Hauts-de-Seine", "93": "Seine-Saint-Denis", "94": "Val-de-Marne", "95": "Val-d’Oise",
    "971": "Guadeloupe", "972": "Martinique", "973": "Guyane", "974": "La Réunion",
    "975": "Saint-Pierre-et-Miquelon", "976": "Mayotte", "977": "Saint-Barthélemy", "978": "Saint-Martin",
    "984": "Terres australes et antarctiques françaises", "986": "Wallis-et-Futuna", "987": "Polynésie française",
    "988": "Nouvelle-Calédonie",
}  # fmt: skip


def department_of(commune: str) -> str | None:
    """The department of a commune of France by its INSEE code, None for any other code.

    >>> department_of("59350"), department_of("2A004"), department_of("97411"), department_of("99127")
    ('59', '2A', '974', None)
    """
    if commune_fault(commune) is not None:
        return None
    return commune[:3] if commune[:2] in ("97", "98") else commune[:2]


def place_of(communes: Iterable[str]) -> str:
    """The one department of a person's workplaces, or what else they are.

    ``SEVERAL``: in more than one department, all in France; ``ABROAD``: all outside; ``UNKNOWN``: none is declared, or
    some are in France and some are not.

    >>> place_of(["59350", "59009"]), place_of(["59350", "75101"]), place_of(["99127"]), place_of([])
    ('59', '+', '99', '?')
    >>> place_of(["59350", "99127"])
    '?'
    """
    found = {department_of(commune) for commune in communes}
    if found == {None}:
        return ABROAD
    if not found or None in found:
        return UNKNOWN
    return str(found.pop()) if len(found) == 1 else SEVERAL


def is_in_france(place: str) -> bool:
    """Whether hours at a place are hours in France for certain."""
    return place not in (UNKNOWN, ABROAD)
