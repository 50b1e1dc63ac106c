"""Every address of the site, found in its URLconf, with the objects of the fixed cast filled in."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from agents.models import Agent, Contract, LocationProof, PayrollDeclaration, PayrollUpload, PbxName, Site
from billing.models import Finding, Tariff
from numbers.access.pages import CompanyPage
from numbers.access.places import PLACES
from numbers.models import (
    Call,
    CallUpload,
    Company,
    Enrolment,
    EnrolmentDocument,
    Intake,
    Invitation,
    Membership,
    PremiumNumber,
    Source,
)

# What stands before a part of an address says what it names: « agents/<int:pk>/ » is an agent.
NAMED: dict[str, Callable[[Company], QuerySet[Any]]] = {
    "appels": lambda company: Call.objects.filter(company=company, external_id="kept.1"),
    "agents": lambda company: Agent.objects.filter(company=company, employee_number="A001"),
    "sites": lambda company: Site.objects.filter(company=company),
    "contrats": lambda company: Contract.objects.filter(agent__company=company, agent__employee_number="A001"),
    "preuves": lambda company: LocationProof.objects.filter(agent__company=company, agent__employee_number="A001"),
    "noms": lambda company: PbxName.objects.filter(agent__company=company, agent__employee_number="A001"),
    "numeros": lambda company: PremiumNumber.objects.filter(company=company),
    "sources": lambda company: Source.objects.filter(company=company),
    "imports": lambda company: CallUpload.objects.filter(company=company),
    "prises": lambda company: Intake.objects.filter(source__company=company),
    "depots": lambda company: PayrollUpload.objects.filter(company=company),
    "paie": lambda company: PayrollDeclaration.objects.filter(company=company),
    "declarations": lambda company: PayrollDeclaration.objects.filter(company=company),
    "a-traiter": lambda company: Finding.objects.filter(company=company),
    "equipe": lambda company: Membership.objects.filter(company=company, role="supervisor"),
    "invitations": lambda company: Invitation.objects.filter(company=company),
    "tarifs": lambda company: Tariff.objects.filter(number__company=company),
    "dossiers": lambda company: Enrolment.objects.filter(company=company),
    "pieces": lambda company: EnrolmentDocument.objects.filter(enrolment__company=company),
}
# Parts that are no object's key: a word that the page knows.
WORDS: dict[str, str] = {"written": "0892690001"}


@dataclass(frozen=True)
class Address:
    """One URL pattern: its name with namespaces, its text, its view with what the URLconf gives it."""

    name: str
    pattern: str
    view: Callable[..., Any]

    @property
    def page(self) -> type[Any] | None:
        """The class behind it, if any."""
        return getattr(self.view, "view_class", None)

    @property
    def is_portal(self) -> bool:
        """Whether it is a page of a company's space, behind both walls."""
        return self.page is not None and issubclass(self.page, CompanyPage)

    @property
    def objects(self) -> list[tuple[str, str]]:
        """(the word before it, its own name) of each part but the company's."""
        found = re.findall(r"([^/<>]*)/(?:\(\?P)?<(?:\w+:)?(\w+)>", self.pattern)
        return [(before, name) for before, name in found if name != "siren"]

    @property
    def roles(self) -> frozenset[str]:
        """Who may enter the page, by its own word or its place's."""
        assert self.page is not None
        given = getattr(self.view, "view_initkwargs", {})
        roles = given.get("roles", self.page.roles)
        return frozenset(PLACES[given.get("place", self.page.place)].roles if roles is None else roles)

    def of(self, company: Company, *, siren: str = "") -> str:
        """Where it is for this company's objects, under this company's SIREN or another's."""
        parts = {name: _part(self, before, name, company) for before, name in self.objects}
        if "(?P<siren>" in self.pattern:
            parts["siren"] = siren or company.siren
        return reverse(self.name, kwargs=parts)


def addresses() -> list[Address]:
    """All of them, in the order in which they are tried."""
    return list(_walk(get_resolver(), (), ""))


def portal_addresses() -> list[Address]:
    """Those of a company's space."""
    return [address for address in addresses() if address.name.startswith("portal:")]


def _walk(resolver: URLResolver, spaces: tuple[str, ...], before: str) -> Iterator[Address]:
    for each in resolver.url_patterns:
        pattern = before + str(each.pattern).removeprefix("^")
        if isinstance(each, URLPattern):
            yield Address(":".join([*spaces, each.name or pattern]), pattern, each.callback)
        else:
            yield from _walk(each, (*spaces, each.namespace) if each.namespace else spaces, pattern)


def _part(address: Address, before: str, name: str, company: Company) -> Any:
    if name in WORDS:
        return WORDS[name]
    if before not in NAMED:
        raise LookupError(
            f"{address.name} ({address.pattern}): nothing says what « {before}/<{name}> » names;"
            " add it to NAMED or WORDS in tests/addresses.py"
        )
    row: Model | None = NAMED[before](company).order_by("pk").first()
    if row is None:
        raise LookupError(f"{address.name}: the cast has no row for « {before}/<{name}> »; make one in admin_rows.fill")
    return row.pk
