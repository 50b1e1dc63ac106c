"""What a finding says, from its kind and its facts: in the reader's language, and in French as it is stored."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, override

from billing.rules.postings import ACCOUNTS
from illico_platform.lib.money import MICROS_PER_CENT
from illico_platform.web import show
from numbers.models import Channel

# kind -> its sentence; what counts in it is named as third.
_SENTENCES: dict[str, Any] = {
    "unpriced": ngettext_lazy(
        "%(number)s : %(n)s appel tenu sans prix en %(month)s",
        "%(number)s : %(n)s appels tenus sans prix en %(month)s",
        "calls",
    ),
    "incomplete": ngettext_lazy(
        "%(number)s : %(n)s appel inachevé le %(day)s", "%(number)s : %(n)s appels inachevés le %(day)s", "calls"
    ),
    "agent_unknown": ngettext_lazy(
        "Nom « %(name)s » inconnu : %(n)s appel non facturé en %(month)s",
        "Nom « %(name)s » inconnu : %(n)s appels non facturés en %(month)s",
        "calls",
    ),
    "no_contract": ngettext_lazy(
        "Agent %(name)s sans contrat : %(n)s appel non facturé en %(month)s",
        "Agent %(name)s sans contrat : %(n)s appels non facturés en %(month)s",
        "calls",
    ),
    "no_proof": ngettext_lazy(
        "Agent %(name)s sans preuve de lieu : %(n)s appel non facturé en %(month)s",
        "Agent %(name)s sans preuve de lieu : %(n)s appels non facturés en %(month)s",
        "calls",
    ),
    "overseas": ngettext_lazy(
        "Agent %(name)s en outre-mer : %(n)s appel non facturé en %(month)s",
        "Agent %(name)s en outre-mer : %(n)s appels non facturés en %(month)s",
        "calls",
    ),
    "no_agreement": ngettext_lazy(
        "Agent %(name)s sans accord de télétravail : %(n)s appel non facturé en %(month)s",
        "Agent %(name)s sans accord de télétravail : %(n)s appels non facturés en %(month)s",
        "calls",
    ),
    "no_check_in": ngettext_lazy(
        "Agent %(name)s sans pointage : %(n)s appel non facturé en %(month)s",
        "Agent %(name)s sans pointage : %(n)s appels non facturés en %(month)s",
        "calls",
    ),
    "network_abroad": ngettext_lazy(
        "Agent %(name)s sur un réseau étranger : %(n)s appel non facturé en %(month)s",
        "Agent %(name)s sur un réseau étranger : %(n)s appels non facturés en %(month)s",
        "calls",
    ),
    "no_network": ngettext_lazy(
        "Agent %(name)s sans réseau vu en France : %(n)s appel non facturé en %(month)s",
        "Agent %(name)s sans réseau vu en France : %(n)s appels non facturés en %(month)s",
        "calls",
    ),
    "untrained": ngettext_lazy(
        "Agent %(name)s sans formation obligatoire : %(n)s appel non facturé en %(month)s",
        "Agent %(name)s sans formation obligatoire : %(n)s appels non facturés en %(month)s",
        "calls",
    ),
    "outside_contact_hours": _(
        "Agent %(employee_number)s à domicile, %(month)s : appels hors des heures de contact : %(n)s ; journées trop"
        " longues : %(long)s"
    ),
    "disputed": _("Agent %(name)s conteste : %(text)s"),
    "wage_short": _("Part des salaires, %(month)s : il manque %(missing)s de paie déclarée"),
    "payroll_overdue": _("Paie non déclarée, %(month)s : attendue le %(due_on)s, %(held)s retenus"),
    "hold_shortfall": _(
        "%(number)s, %(month)s : la part de l’entreprise ne couvre pas les salaires, il manque %(shortfall)s"
    ),
    "answered_unpaid": ngettext_lazy(
        "Agent %(employee_number)s : %(n)s appel répondu en %(month)s, sans bulletin de paie",
        "Agent %(employee_number)s : %(n)s appels répondus en %(month)s, sans bulletin de paie",
        "calls",
    ),
    "paid_silent": _("Agent %(employee_number)s : payé en %(month)s sans avoir répondu à un appel"),
    "logged_above_paid": _(
        "Agent %(employee_number)s : %(ready)s h connectées hors pauses en %(month)s pour %(paid)s h payées"
    ),
    "talk_above_paid": _("Agent %(employee_number)s : %(talk)s h de conversation en %(month)s pour %(paid)s h payées"),
    "payslip_unmatched": ngettext_lazy(
        "Paie, %(month)s : %(n)s bulletin sans agent correspondant",
        "Paie, %(month)s : %(n)s bulletins sans agent correspondant",
        "payslips",
    ),
    "declared_twice": ngettext_lazy(
        "Paie, %(month)s, établissement %(siret)s : %(n)s personne déclarée deux fois",
        "Paie, %(month)s, établissement %(siret)s : %(n)s personnes déclarées deux fois",
        "persons",
    ),
    "declared_in_two_sites": ngettext_lazy(
        "Paie, %(month)s : %(n)s personne déclarée par deux établissements",
        "Paie, %(month)s : %(n)s personnes déclarées par deux établissements",
        "persons",
    ),
    "below_minimum_wage": _(
        "Agent %(employee_number)s : %(pay)s pour %(hours)s h en %(month)s, le minimum est %(least)s"
    ),
    "below_minimum_wage_unverified": _(
        "Agent %(employee_number)s : %(pay)s pour %(hours)s h en %(month)s, le minimum est %(least)s (taux à vérifier)"
    ),
    "self_employed": _("Agent %(employee_number)s : pas de salaire en %(month)s, sa paie ne compte pas"),
    "prorata_unknown": ngettext_lazy(
        "Paie, %(month)s : %(n)s bulletin ne compte pas, heures ou temps connecté inconnus",
        "Paie, %(month)s : %(n)s bulletins ne comptent pas, heures ou temps connecté inconnus",
        "payslips",
    ),
    "two_employers": _("%(first)s et %(second)s : la même personne pour deux entreprises à la fois, %(month)s"),
    "workplace_abroad": ngettext_lazy(
        "Paie, %(month)s : %(n)s bulletin avec un lieu de travail hors de France, de commune inconnue ou illisible",
        "Paie, %(month)s : %(n)s bulletins avec un lieu de travail hors de France, de commune inconnue ou illisible",
        "payslips",
    ),
    "posted_differs": _("%(number)s, %(month)s : comptabilité et appels tarifés diffèrent (%(columns)s)"),
    "rated_differs": _("%(number)s, %(day)s : la journée tarifée ne correspond pas à ses appels"),
    "entry_unbalanced": _("Écriture %(entry)s non équilibrée : débit %(debit)s, crédit %(credit)s"),
    "chain_broken": _("Chaîne du journal %(journal)s %(year)s rompue à l’écriture %(number)s : %(broken)s"),
    "cap_exceeded": _("%(number)s, %(day)s : des appels dépassent %(cap)s la minute ou leur tarif"),
    "tariff_above_ceiling": _("%(number)s : tarif de %(price)s/min, plafond %(ceiling)s/min le %(day)s"),
    "price_not_cents": _("%(number)s : le tarif n’est pas un multiple de %(cent)s par minute"),
    "not_eligible": _("%(number)s : usage non permis"),
    "eligible_if": _("%(number)s : usage permis sous condition"),
    "access_hours_short": _(
        "%(number)s, %(channel)s : ouvert %(open)s des horaires de la voix, la loi en demande %(asked)s"
    ),
    "access_missing": _("%(number)s : aucun accès des personnes sourdes, que la loi demande"),
    "rows_rejected": ngettext_lazy(
        "%(file_name)s (%(source)s) : %(n)s ligne refusée", "%(file_name)s (%(source)s) : %(n)s lignes refusées", "rows"
    ),
    "calls_left_open": ngettext_lazy(
        "%(source)s : %(n)s appel resté ouvert depuis plus d’un jour",
        "%(source)s : %(n)s appels restés ouverts depuis plus d’un jour",
        "calls",
    ),
    "source_silent": _("%(source)s : aucun appel du %(first_day)s au %(last_day)s"),
    "source_silent_day": _("%(source)s : aucun appel le %(first_day)s"),
}
_COUNTED = {
    **dict.fromkeys(("payslip_unmatched", "workplace_abroad", "prorata_unknown"), "payslips"),
    **dict.fromkeys(("declared_twice", "declared_in_two_sites"), "persons"),
    "rows_rejected": "rows",
}
_BROKEN = {
    "missing": _("le numéro %(awaited)s manque"),
    "previous": _("elle ne suit pas l’écriture précédente"),
    "hash": _("son contenu n’a plus l’empreinte scellée"),
    "last": _("la dernière écriture connue du journal est la %(awaited)s"),
}


def said(kind: str, facts: Mapping[str, Any]) -> str | None:
    """The sentence of a finding in the language of the page; None when its facts do not make one.

    Args:
        facts: the finding's ``detail``.

    >>> said("price_not_cents", {"number": "0892690001"}).replace(show.NARROW, " ")
    '0892690001 : le tarif n’est pas un multiple de 0,01 € par minute'
    """
    name = kind
    if kind == "source_silent" and facts.get("first_day") == facts.get("last_day"):
        name = "source_silent_day"
    if kind == "below_minimum_wage" and not facts.get("verified"):
        name = "below_minimum_wage_unverified"
    sentence = _SENTENCES.get(name)
    try:
        return None if sentence is None else str(sentence % _shown(kind, facts))
    except (KeyError, TypeError, ValueError):  # kept before this fact was
        return None


def law_of(facts: Mapping[str, Any]) -> str:
    """Why the law denies, or what it asks for, where the finding knows; else empty."""
    return str(facts.get("reason_en" if show.is_english() else "reason") or "")


def said_in_french(kind: str, facts: Mapping[str, Any]) -> str:
    """The sentence as it is stored, for lists of the terminal and for searching; the kind where there is none."""
    with override("fr"):
        return (said(kind, facts) or kind)[:200]


def _shown(kind: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts as a page writes them; counts stay numbers beside their writing ``n``."""
    shown = dict(facts) | {name: write(facts) for name, (wanted, write) in _WRITTEN.items() if wanted in facts}
    counted = facts.get(_COUNTED.get(kind, "calls"))
    if isinstance(counted, int):
        shown["n"] = show.whole(counted)
    return shown | {"cap": show.price(600_000), "cent": show.price(10_000)}


def _cents(name: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda facts: show.micros(facts[name] * MICROS_PER_CENT, 2)


def _day(name: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda facts: date_format(date.fromisoformat(facts[name]), "DATE_FORMAT")


def _hours(written: str | None) -> str:
    return show.NONE if written is None else show.decimal(Decimal(written), 2)


def _hours_of_seconds(seconds: int | None) -> str:
    return show.NONE if seconds is None else show.decimal(Decimal(seconds) / 3600, 2)


def _columns(facts: Mapping[str, Any]) -> str:
    """Each account of the ledger that differs: what it holds, what it should."""
    return ", ".join(
        now_("%(account)s : %(found)s au lieu de %(wanted)s")
        % {
            "account": ACCOUNTS[column][0],
            "found": show.micros(cents["posted_cents"] * MICROS_PER_CENT, 2),
            "wanted": show.micros(cents["expected_cents"] * MICROS_PER_CENT, 2),
        }
        for column, cents in facts["columns"].items()
    )


# name in the sentence -> (the fact it stands on, how it is written)
_WRITTEN: dict[str, tuple[str, Callable[[Mapping[str, Any]], str]]] = {
    "month": ("month", lambda facts: date_format(date.fromisoformat(f"{facts['month']}-01"), "YEAR_MONTH_FORMAT")),
    **{name: (name, _day(name)) for name in ("day", "due_on", "first_day", "last_day")},
    **{
        name: (f"{name}_cents", _cents(f"{name}_cents"))
        for name in ("missing", "held", "shortfall", "debit", "credit", "pay", "least")
    },
    "price": ("price_micros", lambda facts: show.price(facts["price_micros"])),
    "ceiling": ("ceiling_micros", lambda facts: show.price(facts["ceiling_micros"])),
    "long": ("long_days", lambda facts: show.whole(len(facts["long_days"]))),
    "talk": ("talk_s", lambda facts: show.whole(facts["talk_s"] // 3600)),
    "ready": ("ready_s", lambda facts: _hours_of_seconds(facts["ready_s"])),
    "hours": ("hours", lambda facts: _hours(facts["hours"])),
    "paid": ("hours_paid", lambda facts: _hours(facts["hours_paid"])),
    "columns": ("columns", _columns),
    "channel": ("channel", lambda facts: str(Channel(facts["channel"]).label)),
    "open": ("open_bp", lambda facts: show.percent_bp(facts["open_bp"])),
    "asked": ("least_bp", lambda facts: show.percent_bp(facts["least_bp"])),
    "broken": ("broken", lambda facts: str(_BROKEN[facts["broken"]]) % facts),
}
