"""Every address of the site, found in its URLconf, with the objects of the fixed cast filled in."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from agents.models import (
    Agent,
    Attendance,
    CheckIn,
    Contract,
    Course,
    LocationProof,
    PayrollNumber,
    PayrollUpload,
    Payslip,
    PbxName,
    Shift,
    Site,
    Skill,
    TeleworkAgreement,
    TrainingSession,
)
from billing.models import Finding
from numbers.access.pages import CompanyPage
from numbers.access.places import PLACES
from numbers.models import (
    Call,
    CallUpload,
    ChannelRequest,
    Company,
    Enrolment,
    EnrolmentDocument,
    Intake,
    Invitation,
    Membership,
    PremiumNumber,
    Source,
)

# What stands before a part of an address says what it names: « agents/<int:pk>/ » is an agent. The longest fits best.
NAMED: dict[str, Callable[[Company], QuerySet[Any]]] = {
    "appels": lambda company: Call.objects.filter(company=company, external_id="kept.1"),
    "agents": lambda company: Agent.objects.filter(company=company, employee_number="A001"),
    "presence": lambda company: Agent.objects.filter(company=company, employee_number="A001"),
    "presence/postes": lambda company: Shift.objects.filter(company=company),
    "pointages": lambda company: CheckIn.objects.filter(company=company, agent__employee_number="A001"),
    "sites": lambda company: Site.objects.filter(company=company),
    "contrats": lambda company: Contract.objects.filter(agent__company=company, agent__employee_number="A001"),
    "preuves": lambda company: LocationProof.objects.filter(agent__company=company, agent__employee_number="A001"),
    "noms": lambda company: PbxName.objects.filter(agent__company=company, agent__employee_number="A001"),
    "teletravail": lambda company: TeleworkAgreement.objects.filter(agent__company=company),
    "competences": lambda company: Skill.objects.filter(agent__company=company),
    "formation": lambda company: Course.objects.filter(company=company),
    "formation/sessions": lambda company: TrainingSession.objects.filter(company=company),
    "participations": lambda company: Attendance.objects.filter(agent__company=company),
    "numeros": lambda company: PremiumNumber.objects.filter(company=company),
    "sources": lambda company: Source.objects.filter(company=company),
    "imports": lambda company: Intake.objects.filter(source__company=company),
    "imports/depots": lambda company: CallUpload.objects.filter(company=company),
    "a-traiter": lambda company: Finding.objects.filter(company=company),
    "equipe": lambda company: Membership.objects.filter(company=company, role="supervisor"),
    "invitations": lambda company: Invitation.objects.filter(company=company),
    "numeros/inscrire": lambda company: Enrolment.objects.filter(company=company),
    "pieces": lambda company: EnrolmentDocument.objects.filter(enrolment__company=company),
    "paie/depots": lambda company: PayrollUpload.objects.filter(company=company),
    "sans-agent": lambda company: Payslip.objects.filter(company=company, agent=None),
    "visio": lambda company: ChannelRequest.objects.filter(company=company, agent_name__gt=""),
    "rapproches": lambda company: PayrollNumber.objects.filter(company=company),
}
# Parts that are no object's key: a word that the page knows.
WORDS = {"written": "0892690001", "month": "2026-11", "day": "2026-11-24", "start": "2027-01-01", "token": "x"}

# A part that is one word only: addresses that share a name are told apart by it.
LITERAL = re.compile(r"\(\?P<(\w+)>([\w-]+)\)")


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
        """(what stands before it, its own name) of each part that names a row of the company's."""
        return [(before, name) for before, name in self._parts() if name not in WORDS]

    @property
    def roles(self) -> frozenset[str]:
        """Who may enter the page, by its own word or its place's."""
        assert self.page is not None
        given = getattr(self.view, "view_initkwargs", {})
        roles = given.get("roles", self.page.roles)
        return frozenset(PLACES[given.get("place", self.page.place)].roles if roles is None else roles)

    def of(self, company: Company, *, siren: str = "") -> str:
        """Where it is for this company's objects, under this company's SIREN or another's."""
        parts: dict[str, Any] = dict(LITERAL.findall(self.pattern))
        parts |= {name: WORDS[name] for _, name in self._parts() if name in WORDS}
        parts |= {name: _key(self, before, name, company) for before, name in self.objects}
        if "(?P<siren>" in self.pattern:
            parts["siren"] = siren or company.siren
        return reverse(self.name, kwargs=parts)

    def _parts(self) -> list[tuple[str, str]]:
        literal = {name for name, _ in LITERAL.findall(self.pattern)}
        found = re.finditer(r"/(?:\(\?P)?<(?:\w+:)?(\w+)>", self.pattern)
        return [(self.pattern[: each.start()], each[1]) for each in found if each[1] not in {"siren", *literal}]


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


def _key(address: Address, before: str, name: str, company: Company) -> Any:
    words = max((words for words in NAMED if f"/{before}".endswith(f"/{words}")), key=len, default=None)
    if words is None:
        raise LookupError(
            f"{address.name} ({address.pattern}): nothing says what <{name}> names;"
            " add the words before it to NAMED, or itself to WORDS, in tests/addresses.py"
        )
    row: Model | None = NAMED[words](company).order_by("pk").first()
    if row is None:
        raise LookupError(f"{address.name}: the cast has no row for « {words}/<{name}> »; make one in admin_rows.fill")
    return row.pk
