"""What the payroll connectors and the intake of pay say, as French sentences for the space.

They speak in codes and English: rubric, value, what was expected. A text that stands in no line here is shown as it is.
"""

import re
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

FORMATS = {
    "dsn": _("DSN mensuelle"),
    "csv": _("Tableau de paie (CSV), sans DSN"),
}
FIELDS = {
    "rubric": _("rubrique"),
    "header": _("en-tête"),
    "line": _("ligne entière"),
}
# What a file's readers say, as a pattern of the whole text, and the same in French.
_SENTENCES: dict[str, str | Promise] = {
    r"(?P<siren>\d{9}): a company declares its own pay only": _(
        "votre SIREN, %(siren)s : une entreprise ne déclare que sa propre paie"
    ),
    r"the SIREN of an enrolled company": _("le SIREN d’une entreprise inscrite"),
    r"01 \(test file\) or 02 \(real file\) in the sender's block": _(
        "01 (essai) ou 02 (réel) dans le bloc de l’émetteur"
    ),
    r"one block (?P<code>\S+) in each (?P<parent>\S+)": _("un bloc %(code)s dans chaque %(parent)s"),
    r"a block (?P<code>\S+) before it": _("un bloc %(code)s avant elle"),
    r"(?P<code>S\S+) before it": _("la rubrique %(code)s avant elle"),
    r"a type of declaration": _("un type de déclaration"),
    r"a type with people \(01 or 03\), or no S21.G00.30 below": _(
        "un type avec des salariés (01 ou 03), ou aucun bloc S21.G00.30"
    ),
    r"a fraction, 11 for 1 of 1": _("une fraction, 11 pour 1 sur 1"),
    r"an order number": _("un numéro d’ordre"),
    r"the SIREN of the employer": _("le SIREN de l’employeur"),
    r"the NIC of the establishment": _("le NIC de l’établissement"),
    r"a type of pay": _("un type de rémunération"),
    r"an amount": _("un montant"),
    r"a date written JJMMAAAA": _("une date écrite JJMMAAAA"),
    r"a day that exists, written JJMMAAAA": _("un jour qui existe, écrit JJMMAAAA"),
    r"at most (?P<most>\d+) characters": _("au plus %(most)s caractères"),
    r"a line like (?P<line>.+)": _("une ligne comme %(line)s"),
    r"a DSN, from S10.G00.00.001 to S90.G00.90.002": _("une DSN, de S10.G00.00.001 à S90.G00.90.002"),
    r"ISO-8859-1( without a byte order mark)?": _("un texte en ISO-8859-1, comme les logiciels de paie l’écrivent"),
    r"the totals S90.G00.90.001 and 002 as the last two lines: the file seems to be cut": _(
        "les totaux S90.G00.90.001 et 002 aux deux dernières lignes : le fichier semble coupé"
    ),
    r"(?P<n>\d+), the number of rubrics in the file": _("%(n)s, le nombre de rubriques du fichier"),
    r"(?P<n>\d+), the number of declarations in the file": _("%(n)s, le nombre de déclarations du fichier"),
    r"(?P<n>\d+) cells, in the order of the header": _("%(n)s cases, dans l’ordre de l’en-tête"),
    r"a line of text cells": _("une ligne de cases de texte"),
    r"a month, like 2026-11": _("un mois, comme 2026-11"),
    r"a SIREN of 9 digits with its right check digit": _("un SIREN de 9 chiffres, avec sa clé juste"),
    r"a SIRET of 14 digits that begins with (?P<siren>\S+)": _("un SIRET de 14 chiffres qui commence par %(siren)s"),
    r"the employer's own number for the person": _("le matricule donné par l’employeur"),
    r"the employer's number for the person, 1 to 30 characters": _("le matricule de la personne, 1 à 30 signes"),
    r"an INSEE commune code of 5 characters, or nothing": _("un code INSEE de commune de 5 signes, ou rien"),
    r"an amount in euros, like 2000.00 or 2000,00": _("un montant en euros, comme 2000.00 ou 2000,00"),
    r"hours of the month, 0 to 744, like 151.67, or nothing": _(
        "les heures du mois, de 0 à 744, comme 151.67, ou rien"
    ),
    r"one line per employee, month and establishment \(see line (?P<line>\d+)\)": _(
        "une ligne par salarié, mois et établissement (voir la ligne %(line)s)"
    ),
    r"01 \(test file\) or 02 \(real file\)": _("01 (essai) ou 02 (réel)"),
    r"a nature of declaration: 01, 04, 05, 07, 08, 09 or 10": _(
        "une nature de déclaration : 01, 04, 05, 07, 08, 09 ou 10"
    ),
    r"a type of declaration: 01, 02, 03, 04 or 05": _("un type de déclaration : 01, 02, 03, 04 ou 05"),
    r"a fraction in two digits, 11 for 1 of 1": _("une fraction en deux chiffres, 11 pour 1 sur 1"),
    r"an order number, digits alone": _("un numéro d’ordre, en chiffres seuls"),
    r"the first day of a month, written 01MMAAAA": _("le premier jour d’un mois, écrit 01MMAAAA"),
    r"JJMMAAAA and the order number of what is replaced": _(
        "JJMMAAAA et le numéro d’ordre de la déclaration remplacée"
    ),
    r"01 \(whole declaration\); partial ones are not supported": _(
        "01 (déclaration entière) ; les partielles ne sont pas prises"
    ),
    r"01 \(euro\)": _("01 (euro)"),
    r"a SIREN of 9 digits": _("un SIREN de 9 chiffres"),
    r"a NIC of 5 digits": _("un NIC de 5 chiffres"),
    r"a number with a decimal point and two decimals, like 2000.00": _(
        "un nombre à point décimal et deux décimales, comme 2000.00"
    ),
    r"a type of pay in three digits": _("un type de rémunération en trois chiffres"),
    r"a type of activity in two digits": _("un type d’activité en deux chiffres"),
    r"a unit in two digits": _("une unité en deux chiffres"),
    r"a code in two digits": _("un code en deux chiffres"),
    r"a code in three digits": _("un code en trois chiffres"),
    r"an INSEE commune code of 5 characters": _("un code INSEE de commune de 5 signes"),
    r"a number of rubrics": _("un nombre de rubriques"),
    r"a number of declarations": _("un nombre de déclarations"),
    r"month;siren;.*": _("les colonnes month;siren;siret;employee_number;gross;hours_paid;workplace_insee"),
    r".* was taken in before, on (?P<day>\S+): nothing changed": _(
        "Ce fichier est déjà entré le %(day)s : rien n’a changé."
    ),
    r"(?P<siret>\d+), (?P<month>\S+): fraction (?P<part>\d) of (?P<of>\d) has not come yet": _(
        "%(siret)s, %(month)s : la fraction %(part)s sur %(of)s n’est pas encore arrivée. Sa paie ne compte pas."
    ),
    r"(?P<n>\d+) declarations of events say nothing of pay and were passed over": _(
        "%(n)s signalements d’événements ne parlent pas de paie : ils sont laissés de côté."
    ),
    r"the wage fund could not be settled at once: the night settles it": _(
        "La paie est enregistrée, mais le fonds des salaires n’a pas pu suivre aussitôt : il le fera cette nuit."
    ),
    r"the sender marked this file as a test: it counts only until a real declaration of the month comes": _(
        "Ce fichier est marqué comme essai : il compte jusqu’à l’arrivée d’une déclaration réelle du mois."
    ),
}


def words_of(text: str) -> str:
    """What was expected at a faulty place, or what a person should know of a file that was taken in."""
    for pattern, sentence in _SENTENCES.items():
        if found := re.fullmatch(pattern, text):
            parts = found.groupdict()
            if "day" in parts:
                parts["day"] = date_format(date.fromisoformat(parts["day"]))
            return str(sentence) % parts if parts else str(sentence)
    return text


def field_words(field: str) -> str:
    """The place of a fault; rubrics and columns keep the names that payroll software knows."""
    return str(FIELDS.get(field, field))


def refusal_words(fault: dict[str, Any]) -> str:
    """Why nothing of a file was taken in, in one sentence."""
    if fault.get("field") == "SIREN" and "own pay only" in fault.get("expected", ""):
        return gettext("Ce fichier déclare la paie du SIREN %(value)s. Attendu : %(expected)s.") % {
            "value": fault["value"],
            "expected": words_of(fault["expected"]),
        }
    if "field" in fault:
        return gettext("Ligne %(line)s, %(field)s : « %(value)s » au lieu de : %(expected)s.") % {
            "line": fault["line"],
            "field": field_words(fault["field"]),
            "value": fault["value"] or gettext("rien"),
            "expected": words_of(fault["expected"]),
        }
    if "sentence" in fault:
        return gettext("La copie du fichier n’est plus lisible : déposez-le à nouveau.")
    return gettext(
        "La lecture s’est arrêtée sur une erreur imprévue, notée au journal de la plateforme. Si cela recommence, "
        "écrivez à l’exploitant."
    )
