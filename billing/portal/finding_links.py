"""Where a finding leads: the rows it speaks of, and the page where it is put right."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from agents.models import Agent
from agents.rules.evidence import REASONS as EVIDENCE_REASONS
from billing.models import Finding
from billing.portal.rows import calls_address
from illico_platform.web import show
from numbers.models import Call, Company, PremiumNumber, Source

Link = tuple[str, str]  # words, address

# Where each kind is put right: the route, and what its button says. The others are the operator's to mend.
_ACTIONS = {
    **dict.fromkeys(("incomplete", "rows_rejected", "calls_left_open", "source_silent"), "imports"),
    **dict.fromkeys(("no_proof", "no_contract", "talk_above_paid", "paid_silent", "workplace_abroad"), "agents"),
    "logged_above_paid": "presence_month",
    **dict.fromkeys((*EVIDENCE_REASONS, "outside_contact_hours", "disputed"), "agents"),
    **dict.fromkeys(("wage_short", "payroll_overdue", "answered_unpaid", "declared_twice"), "payroll"),
    **dict.fromkeys(("declared_in_two_sites", "below_minimum_wage", "prorata_unknown"), "payroll"),
    "self_employed": "agents",
    "payslip_unmatched": "payroll_unmatched",
    "hold_shortfall": "wages",
    **dict.fromkeys(("access_hours_short", "access_missing"), "channels"),
    "agent_unknown": "imports",
}


def action_of(finding: Finding, company: Company) -> Link | None:
    """The page where this finding is put right, None where only the operator can."""
    detail, route = finding.detail, _ACTIONS.get(finding.kind)
    if route is None:
        return None
    if route == "channels":
        number = PremiumNumber.objects.filter(company=company, digits=str(detail.get("number", ""))).first()
        return number and (_("Revoir ses canaux d’accès"), _address(company, route, pk=number.pk))
    if route == "agents" and detail.get("agent"):
        return _("Ouvrir la fiche de l’agent"), _address(company, "agent", pk=detail["agent"])
    if finding.kind == "agent_unknown" and isinstance(detail.get("source"), int):
        return _("Dire qui porte ce nom"), _address(company, "source", pk=detail["source"])
    if route == "presence_month":
        return _("Comparer le mois"), f"{_address(company, route)}?mois={detail.get('month', '')}"
    words = {
        "imports": _("Aller aux imports"),
        "agents": _("Aller aux agents"),
        "payroll": _("Déposer une déclaration de paie"),
        "payroll_unmatched": _("Rapprocher les bulletins"),
        "wages": _("Voir la part des salaires"),
    }
    return words[route], _address(company, route)


def rows_of_finding(finding: Finding, company: Company, *, pay: bool) -> list[Link]:
    """The rows that a finding names, each with the page that shows it; rows that are gone are left out.

    Args:
        pay: whether the person may see pages about pay.
    """
    return [*_calls(finding, company), *_people(finding, company), *_money(finding, company, pay)]


def _calls(finding: Finding, company: Company) -> Iterator[Link]:
    detail = finding.detail
    days = sorted(detail.get("days") or ([detail["day"]] if detail.get("day") else []))
    number = PremiumNumber.objects.filter(company=company, digits=str(detail.get("number", ""))).first()
    if days:
        # The list opens a month at most; a finding about people names the calls by the agent who answered.
        narrowed: dict[str, Any] = {"du": days[0], "au": days[-1]}
        narrowed |= {"numero": number.pk} if number else {}
        narrowed |= {"agent": detail["agent"]} if detail.get("agent") else {}
        yield _("Appels de ces jours"), calls_address(company, **narrowed)
    elif number:
        yield _("Numéro %(number)s") % {"number": number}, _address(company, "number", pk=number.pk)
    keys = [key for key in detail.get("call_ids") or [] if isinstance(key, int)][:5]
    # Instants of the named days bound the months that are read.
    calls = Call.objects.filter(company=company, pk__in=keys, month__in={f"{day[:7]}-01" for day in days})
    for call in calls.order_by("offered_at") if keys and days else []:
        yield _("Appel %(id)s") % {"id": call.external_id}, _address(company, "call", pk=call.pk)


def _people(finding: Finding, company: Company) -> Iterator[Link]:
    detail = finding.detail
    agent = Agent.objects.filter(company=company, pk=detail["agent"]).first() if detail.get("agent") else None
    if agent:
        yield _("Agent %(agent)s") % {"agent": agent}, _address(company, "agent", pk=agent.pk)
    named = detail.get("source")
    sources = Source.objects.filter(company=company)
    source = sources.filter(pk=named).first() if isinstance(named, int) else sources.filter(name=named or "").first()
    if source:
        yield _("Source %(source)s") % {"source": source.name}, _address(company, "source", pk=source.pk)
    if isinstance(detail.get("intake"), int):
        yield _("Import"), _address(company, "import", pk=detail["intake"])


def _money(finding: Finding, company: Company, pay: bool) -> Iterator[Link]:
    detail = finding.detail
    month = detail.get("month")
    if pay and month:
        yield _("Part des salaires du mois"), _address(company, "wages_month", month=month)
        yield _("Paie du mois"), _address(company, "payroll_month", month=month)
    if pay and detail.get("missing_cents"):
        amount = show.micros(detail["missing_cents"] * 10_000, 2)
        yield _("Il manque %(amount)s") % {"amount": amount}, _address(company, "payroll")


def _address(company: Company, route: str, **kwargs: Any) -> str:
    return reverse(f"portal:{route}", kwargs={"siren": company.siren, **kwargs})
