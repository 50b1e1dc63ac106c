"""The admin's menu and badge, for the theme's settings. It names apps as strings, as the roof does."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse_lazy

_MENU = {
    "Appels": {
        "Appels": "numbers.call",
        "Journées jugées": "agents.judgedday",
        "Imports": "numbers.intake",
        "Lignes refusées": "numbers.rejectedrow",
    },
    "Entreprises": {
        "Entreprises": "numbers.company",
        "Dossiers à examiner": "numbers.enrolment",
        "Numéros": "numbers.premiumnumber",
        "Sources": "numbers.source",
    },
    "Agents": {
        "Agents": "agents.agent",
        "Preuves de lieu": "agents.locationproof",
        "Contrats": "agents.contract",
        "Sites": "agents.site",
    },
    "Salaires": {
        "Fonds des salaires": "billing.fundmonth",
        "Bulletins de paie": "agents.payslip",
        "Fichiers de paie": "agents.payrollfile",
        "Dépôts de paie": "agents.payrollupload",
    },
    "Comptes": {
        "Écritures": "billing.entry",
        "Journées tarifées": "billing.ratedday",
        "Tarifs": "billing.tariff",
        "Partage": "billing.sharepolicy",
        "Part salariale": "billing.wagepolicy",
    },
    "Contrôle": {
        "Constats": "billing.finding",
        "Nuits": "billing.run",
        "Utilisateurs": "numbers.user",
    },
}


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The menu: places that people go to daily; everything else stands under « Toutes les applications »."""
    home = {"items": [{"title": "Accueil", "link": reverse_lazy("admin:index")}]}
    groups = [
        {"title": title, "items": [_item(name, model) for name, model in items.items()]}
        for title, items in _MENU.items()
    ]
    return [home, *groups]


def environment(request: HttpRequest) -> list[str] | None:
    """The badge that tells a trial from the real thing; none in production."""
    if settings.ILLICO_ENV == "production":
        return None
    return [{"development": "Développement"}.get(settings.ILLICO_ENV, settings.ILLICO_ENV.capitalize()), "default"]


def _item(title: str, model: str) -> dict[str, Any]:
    app, name = model.split(".")
    return {
        "title": title,
        "link": reverse_lazy(f"admin:{app}_{name}_changelist"),
        "permission": _may_view(f"{app}.view_{name}"),
    }


def _may_view(permission: str) -> Callable[[HttpRequest], bool]:
    return lambda request: request.user.has_perm(permission)
