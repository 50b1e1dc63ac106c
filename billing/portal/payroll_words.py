"""What the payroll connectors and the intake of pay say, as French sentences for the space.

They speak in codes and English: rubric, value, what was expected. A text that stands in no line here is shown as it is.
"""

import re
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

FORMATS = {
    "dsn": gettext_lazy("DSN mensuelle"),
    "csv": gettext_lazy("Tableau de paie (CSV), sans DSN"),
}
_EXPECTED: list[tuple[str, str | Promise]] = [
    (
        r"(?P<siren>\d{9}): a company declares its own pay only",
        gettext_lazy("votre SIREN, %(siren)s : une entreprise ne déclare que sa propre paie"),
    ),
    (r"the SIREN of an enrolled company", gettext_lazy("le SIREN d’une entreprise inscrite")),
    (
        r"01 \(test file\) or 02 \(real file\) in the sender's block",
        gettext_lazy("01 (essai) ou 02 (réel) dans le bloc de l’émetteur"),
    ),
    (r"one block (?P<code>\S+) in each (?P<parent>\S+)", gettext_lazy("un bloc %(code)s dans chaque %(parent)s")),
    (r"a block (?P<code>\S+) before it", gettext_lazy("un bloc %(code)s avant elle")),
    (r"(?P<code>S\S+) before it", gettext_lazy("la rubrique %(code)s avant elle")),
    (r"a type of declaration", gettext_lazy("un type de déclaration")),
    (
        r"a type with people \(01 or 03\), or no S21.G00.30 below",
        gettext_lazy("un type avec des salariés (01 ou 03), ou aucun bloc S21.G00.30"),
    ),
    (r"a fraction, 11 for 1 of 1", gettext_lazy("une fraction, 11 pour 1 sur 1")),
    (r"an order number", gettext_lazy("un numéro d’ordre")),
    (r"the SIREN of the employer", gettext_lazy("le SIREN de l’employeur")),
    (r"the NIC of the establishment", gettext_lazy("le NIC de l’établissement")),
    (r"a type of pay", gettext_lazy("un type de rémunération")),
    (r"an amount", gettext_lazy("un montant")),
    (r"a date written JJMMAAAA", gettext_lazy("une date écrite JJMMAAAA")),
    (r"a day that exists, written JJMMAAAA", gettext_lazy("un jour qui existe, écrit JJMMAAAA")),
    (r"at most (?P<most>\d+) characters", gettext_lazy("au plus %(most)s caractères")),
    (r"a line like (?P<line>.+)", gettext_lazy("une ligne comme %(line)s")),
    (
        r"a DSN, from S10.G00.00.001 to S90.G00.90.002",
        gettext_lazy("une DSN, de S10.G00.00.001 à S90.G00.90.002"),
    ),
    (
        r"ISO-8859-1( without a byte order mark)?",
        gettext_lazy("un texte en ISO-8859-1, comme les logiciels de paie l’écrivent"),
    ),
    (
        r"the totals S90.G00.90.001 and 002 as the last two lines: the file seems to be cut",
        gettext_lazy("les totaux S90.G00.90.001 et 002 aux deux dernières lignes : le fichier semble coupé"),
    ),
    (r"(?P<n>\d+), the number of rubrics in the file", gettext_lazy("%(n)s, le nombre de rubriques du fichier")),
    (
        r"(?P<n>\d+), the number of declarations in the file",
        gettext_lazy("%(n)s, le nombre de déclarations du fichier"),
    ),
    (r"(?P<n>\d+) cells, in the order of the header", gettext_lazy("%(n)s cases, dans l’ordre de l’en-tête")),
    (r"a line of text cells", gettext_lazy("une ligne de cases de texte")),
    (r"a month, like 2026-11", gettext_lazy("un mois, comme 2026-11")),
    (r"a SIREN of 9 digits with its right check digit", gettext_lazy("un SIREN de 9 chiffres, avec sa clé juste")),
    (
        r"a SIRET of 14 digits that begins with (?P<siren>\S+)",
        gettext_lazy("un SIRET de 14 chiffres qui commence par %(siren)s"),
    ),
    (r"the employer's own number for the person", gettext_lazy("le matricule donné par l’employeur")),
    (
        r"the employer's number for the person, 1 to 30 characters",
        gettext_lazy("le matricule de la personne, 1 à 30 signes"),
    ),
    (
        r"an INSEE commune code of 5 characters, or nothing",
        gettext_lazy("un code INSEE de commune de 5 signes, ou rien"),
    ),
    (
        r"an amount in euros, like 2000.00 or 2000,00",
        gettext_lazy("un montant en euros, comme 2000.00 ou 2000,00"),
    ),
    (
        r"hours of the month, 0 to 744, like 151.67, or nothing",
        gettext_lazy("les heures du mois, de 0 à 744, comme 151.67, ou rien"),
    ),
    (
        r"one line per employee, month and establishment \(see line (?P<line>\d+)\)",
        gettext_lazy("une ligne par salarié, mois et établissement (voir la ligne %(line)s)"),
    ),
    (r"01 \(test file\) or 02 \(real file\)", gettext_lazy("01 (essai) ou 02 (réel)")),
    (
        r"a nature of declaration: 01, 04, 05, 07, 08, 09 or 10",
        gettext_lazy("une nature de déclaration : 01, 04, 05, 07, 08, 09 ou 10"),
    ),
    (r"a type of declaration: 01, 02, 03, 04 or 05", gettext_lazy("un type de déclaration : 01, 02, 03, 04 ou 05")),
    (r"a fraction in two digits, 11 for 1 of 1", gettext_lazy("une fraction en deux chiffres, 11 pour 1 sur 1")),
    (r"an order number, digits alone", gettext_lazy("un numéro d’ordre, en chiffres seuls")),
    (r"the first day of a month, written 01MMAAAA", gettext_lazy("le premier jour d’un mois, écrit 01MMAAAA")),
    (
        r"JJMMAAAA and the order number of what is replaced",
        gettext_lazy("JJMMAAAA et le numéro d’ordre de la déclaration remplacée"),
    ),
    (
        r"01 \(whole declaration\); partial ones are not supported",
        gettext_lazy("01 (déclaration entière) ; les partielles ne sont pas prises"),
    ),
    (r"01 \(euro\)", gettext_lazy("01 (euro)")),
    (r"a SIREN of 9 digits", gettext_lazy("un SIREN de 9 chiffres")),
    (r"a NIC of 5 digits", gettext_lazy("un NIC de 5 chiffres")),
    (
        r"a number with a decimal point and two decimals, like 2000.00",
        gettext_lazy("un nombre à point décimal et deux décimales, comme 2000.00"),
    ),
    (r"a type of pay in three digits", gettext_lazy("un type de rémunération en trois chiffres")),
    (r"a type of activity in two digits", gettext_lazy("un type d’activité en deux chiffres")),
    (r"a unit in two digits", gettext_lazy("une unité en deux chiffres")),
    (r"a code in two digits", gettext_lazy("un code en deux chiffres")),
    (r"a code in three digits", gettext_lazy("un code en trois chiffres")),
    (r"an INSEE commune code of 5 characters", gettext_lazy("un code INSEE de commune de 5 signes")),
    (r"a number of rubrics", gettext_lazy("un nombre de rubriques")),
    (r"a number of declarations", gettext_lazy("un nombre de déclarations")),
    (
        r"month;siren;.*",
        gettext_lazy("les colonnes month;siren;siret;employee_number;gross;hours_paid;workplace_insee"),
    ),
]
_NOTES: list[tuple[str, str | Promise]] = [
    (
        r".* was taken in before, on (?P<day>\S+): nothing changed",
        gettext_lazy("Ce fichier est déjà entré le %(day)s : rien n’a changé."),
    ),
    (
        r"(?P<siret>\d+), (?P<month>\S+): fraction (?P<part>\d) of (?P<of>\d) has not come yet",
        gettext_lazy(
            "%(siret)s, %(month)s : la fraction %(part)s sur %(of)s n’est pas encore arrivée. Sa paie ne compte pas."
        ),
    ),
    (
        r"(?P<n>\d+) declarations of events say nothing of pay and were passed over",
        gettext_lazy("%(n)s signalements d’événements ne parlent pas de paie : ils sont laissés de côté."),
    ),
    (
        r"the sender marked this file as a test: it counts only until a real declaration of the month comes",
        gettext_lazy(
            "Ce fichier est marqué comme essai : il compte jusqu’à l’arrivée d’une déclaration réelle du mois."
        ),
    ),
]


def expected_words(expected: str) -> str:
    """What was expected at a faulty place."""
    return _said(_EXPECTED, expected)


def note_words(note: str) -> str:
    """What a person should know of a file that was taken in."""
    return _said(_NOTES, note)


def refusal_words(fault: dict[str, Any]) -> str:
    """Why nothing of a file was taken in, in one sentence."""
    if fault.get("field") == "SIREN" and "own pay only" in fault.get("expected", ""):
        return _("Ce fichier déclare la paie du SIREN %(value)s. Attendu : %(expected)s.") % {
            "value": fault["value"],
            "expected": expected_words(fault["expected"]),
        }
    if "field" in fault:
        return _("Ligne %(line)s, %(field)s : « %(value)s » au lieu de : %(expected)s.") % {
            "line": fault["line"],
            "field": fault["field"],
            "value": fault["value"] or _("rien"),
            "expected": expected_words(fault["expected"]),
        }
    if "sentence" in fault:
        return _("La copie du fichier n’est plus lisible : déposez-le à nouveau.")
    return _("La lecture s’est arrêtée sur une erreur imprévue. L’exploitation en est avertie.")


def _said(lines: list[tuple[str, str | Promise]], text: str) -> str:
    for pattern, sentence in lines:
        if found := re.fullmatch(pattern, text):
            return str(sentence) % found.groupdict() if found.groupdict() else str(sentence)
    return text
