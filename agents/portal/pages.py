"""Pages about agents that only show: the list, one agent, the sites, a proof's paper."""

from datetime import timedelta
from typing import Any

from django.db.models import Count, QuerySet
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from agents.models import Agent, LocationProof, Site
from agents.portal.forms import STATES, AgentFilter
from agents.portal.papers import paper_of
from agents.selectors_renewals import renewals
from agents.selectors_staff import agent_history, agent_rows, count_states, staff
from agents.selectors_training import hours_of_agent
from illico_platform.lib.periods import paris_day
from numbers.access.pages import CompanyList, CompanyPage, CompanyTemplatePage
from numbers.access.places import OPERATOR, RUNS_THE_COMPANY, RUNS_THE_FLOOR, SECOND_FACTOR


class OfStaff:
    """What pages about agents share: their place in the menu, and who may write there."""

    place = "agents"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        return context | {"may_write": self.role in RUNS_THE_COMPANY}  # type: ignore[attr-defined]


class AgentListPage(OfStaff, CompanyList):
    """All agents, filtered by the state of their proof; figures of the page's agents alone."""

    template_name = "portal/agents.html"
    filterset_class = AgentFilter
    paginate_by = 25

    def get_queryset(self) -> QuerySet[Agent]:
        self.now = timezone.now()
        self.queryset = staff(company_id=self.company.pk, now=self.now).order_by("has_left", "employee_number")
        return super().get_queryset()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        today = paris_day(self.now)
        counts = count_states(company_id=self.company.pk, now=self.now)
        return context | {
            "rows": agent_rows(list(context["object_list"]), company_id=self.company.pk, now=self.now),
            "states": [(state, label, counts[state]) for state, label in STATES.items()],
            "all": sum(counts.values()),
            "tab": "agents",
            "renewals": renewals(company_id=self.company.pk, now=self.now),
            "since": today - timedelta(days=30),
            "until": today - timedelta(days=1),
            "may_export": self.role in SECOND_FACTOR | {OPERATOR},
        }


class AgentPage(OfStaff, CompanyTemplatePage):
    """One agent: proofs, contracts, names in the switch, calls of 30 days, and all that changed."""

    template_name = "portal/agent.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        agent = get_object_or_404(staff(company_id=self.company.pk, now=now), pk=self.kwargs["pk"])
        today = paris_day(now)
        return super().get_context_data(**kwargs) | {
            "agent": agent,
            "row": agent_rows([agent], company_id=self.company.pk, now=now)[0],
            "proofs": agent.proofs.select_related("site"),
            "contracts": agent.contracts.order_by("-starts_on"),
            "names": agent.pbx_names.select_related("source").order_by("-valid_from", "name"),
            "agreements": agent.agreements.order_by("-starts_on"),
            "attendances": agent.attendances.select_related("session__course").order_by("-session__starts_on"),
            "hours": hours_of_agent(agent=agent, year=today.year),
            "skills": agent.skills.order_by("kind", "language"),
            "renewals": renewals(company_id=self.company.pk, agent_id=agent.pk, now=now),
            "may_write_skills": self.role in RUNS_THE_FLOOR,
            "history": agent_history(agent=agent),
            "now": now,
            "today": today,
            "soon": today + timedelta(days=30),
            "since": today - timedelta(days=30),
            "until": today - timedelta(days=1),
        }


class SiteListPage(OfStaff, CompanyList):
    """The company's workplaces."""

    template_name = "portal/sites.html"

    def get_queryset(self) -> QuerySet[Site]:
        sites = Site.objects.filter(company=self.company).order_by("name")
        return sites.annotate(people=Count("locationproof__agent", distinct=True))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"tab": "sites"}


class EvidencePage(OfStaff, CompanyPage):
    """The paper of a proof, as a download: it never opens inside our pages."""

    def get(self, request: Any, pk: int, proof: int) -> FileResponse:
        found = get_object_or_404(LocationProof, pk=proof, agent=pk, agent__company=self.company)
        if not found.evidence_file:
            raise Http404
        return paper_of(found.evidence_file, name=f"preuve-{found.agent_id}-{found.pk}")
