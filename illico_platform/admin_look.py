"""The admin's menu and badge, for the theme's settings. It names apps as strings, as the roof does."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

_MENU: dict[Any, dict[Any, str]] = {
    _("Appels"): {
        _("Appels"): "numbers.call",
        _("Journées jugées"): "agents.judgedday",
        _("Imports"): "numbers.intake",
        _("Lignes refusées"): "numbers.rejectedrow",
    },
    _("Entreprises"): {
        _("Entreprises"): "numbers.company",
        _("Dossiers à examiner"): "numbers.enrolment",
        _("Numéros"): "numbers.premiumnumber",
        _("Sources"): "numbers.source",
    },
    _("Agents"): {
        _("Agents"): "agents.agent",
        _("Preuves de lieu"): "agents.locationproof",
        _("Contrats"): "agents.contract",
        _("Sites"): "agents.site",
    },
    _("Salaires"): {
        _("Fonds des salaires"): "billing.fundmonth",
        _("Bulletins de paie"): "agents.payslip",
        _("Fichiers de paie"): "agents.payrollfile",
        _("Dépôts de paie"): "agents.payrollupload",
    },
    _("Comptes"): {
        _("Écritures"): "billing.entry",
        _("Journées tarifées"): "billing.ratedday",
        _("Tarifs"): "billing.tariff",
        _("Partage"): "billing.sharepolicy",
        _("Part salariale"): "billing.wagepolicy",
    },
    _("Contrôle"): {
        _("Constats"): "billing.finding",
        _("Nuits"): "billing.run",
        _("Utilisateurs"): "numbers.user",
    },
}


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The menu: places that people go to daily; everything else stands under « Toutes les applications »."""
    home = {"items": [{"title": _("Accueil"), "link": reverse_lazy("admin:index")}]}
    groups = [
        {"title": title, "items": [_item(name, model) for name, model in items.items()]}
        for title, items in _MENU.items()
    ]
    return [home, *groups]


def environment(request: HttpRequest) -> list[str] | None:
    """The badge that tells a trial from the real thing; none in production."""
    if settings.ILLICO_ENV == "production":
        return None
    return [
        {"development": str(_("Développement"))}.get(settings.ILLICO_ENV, settings.ILLICO_ENV.capitalize()),
        "default",
    ]


def _item(title: Any, model: str) -> dict[str, Any]:
    app, name = model.split(".")
    return {
        "title": title,
        "link": reverse_lazy(f"admin:{app}_{name}_changelist"),
        "permission": _may_view(f"{app}.view_{name}"),
    }


def _may_view(permission: str) -> Callable[[HttpRequest], bool]:
    return lambda request: request.user.has_perm(permission)
