"""Pages that change what a company says of its agents: one form, one service, back to the agent."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agents.models import Agent, Contract, LocationProof, PbxName, Site
from agents.portal.forms import (
    AccountForm,
    AgentForm,
    ContractForm,
    LastDayForm,
    NameForm,
    ProofForm,
    RevokeForm,
    SiteForm,
)
from agents.portal.pages import OfStaff
from agents.services.keep_staff import StaffRefused, add_contract, add_name, end_contract, end_name, save_agent
from agents.services.link_account import link_account
from agents.services.prove_place import add_proof, revoke_proof, save_site
from illico_platform.lib.periods import paris_day
from numbers.access.pages import CompanyFormPage
from numbers.access.places import RUNS_THE_COMPANY
from numbers.models import Membership

ONE_DAY = timedelta(days=1)


class StaffFormPage(OfStaff, CompanyFormPage):
    """One form about one agent. ``work`` calls the service and says what was done."""

    roles = RUNS_THE_COMPANY
    template_name = "portal/agent_form.html"
    title: str | Promise = ""
    intro: str | Promise = ""
    submit: str | Promise = gettext_lazy("Enregistrer")
    is_danger = False

    @cached_property
    def agent(self) -> Agent:
        return get_object_or_404(Agent, pk=self.kwargs["pk"], company=self.company)

    @property
    def back(self) -> HttpResponse:
        return redirect("portal:agent", siren=self.company.siren, pk=self.agent.pk)

    @property
    def whose(self) -> str:
        """What the page is about, above its title."""
        return str(self.agent)

    def work(self, answers: dict[str, Any]) -> str:
        """Call the service; the sentence of what was done."""
        raise NotImplementedError

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            done = self.work(form.cleaned_data)
        except StaffRefused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
            return self.form_invalid(form)
        messages.success(self.request, done)
        return self.back

    def form_invalid(self, form: Any) -> HttpResponse:
        if "evidence" in self.request.FILES and "evidence" not in form.errors:
            form["evidence"].help_text = _("À choisir de nouveau : le navigateur ne la garde pas d’un envoi à l’autre.")
        return super().form_invalid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "title": self.title,
            "intro": self.intro,
            "submit": self.submit,
            "is_danger": self.is_danger,
            "whose": self.whose,
            "back": self.back.url,
        }


class AgentNewPage(StaffFormPage):
    """Take an agent on."""

    form_class = AgentForm
    title = gettext_lazy("Ajouter un agent")
    intro = gettext_lazy("Ensuite : un contrat, une preuve de lieu, et son nom dans votre standard.")
    initial = {"is_call_centre": True, "is_active": True}
    whose = ""  # type: ignore[assignment]

    @property
    def back(self) -> HttpResponse:
        return redirect("portal:agents", siren=self.company.siren)

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            agent = save_agent(company=self.company, **form.cleaned_data)
        except StaffRefused as refused:
            form.add_error(refused.field, str(refused))
            return self.form_invalid(form)
        messages.success(self.request, _("Agent ajouté."))
        return redirect("portal:agent", siren=self.company.siren, pk=agent.pk)


class AgentEditPage(StaffFormPage):
    """Change what is known of an agent."""

    form_class = AgentForm
    title = gettext_lazy("Modifier l’agent")

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.agent, name) for name in AgentForm.base_fields}

    def work(self, answers: dict[str, Any]) -> str:
        save_agent(company=self.company, agent=self.agent, **answers)
        return _("Agent modifié.")


class AccountLinkPage(StaffFormPage):
    """Tie an agent to the account with which they open their own page."""

    form_class = AccountForm
    title = gettext_lazy("Relier un compte")
    intro = gettext_lazy("La personne y pointe, lit ses appels et tout ce qui est gardé d’elle.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"company": self.company}

    def get_initial(self) -> dict[str, Any]:
        mine = Membership.objects.filter(company=self.company, user_id=self.agent.user_id)
        return {"membership": mine.values_list("pk", flat=True).first()} if self.agent.user_id else {}

    def work(self, answers: dict[str, Any]) -> str:
        link_account(agent=self.agent, **answers)
        return _("Compte relié.") if answers["membership"] else _("Compte délié.")


class ContractNewPage(StaffFormPage):
    """Add a contract."""

    form_class = ContractForm
    title = gettext_lazy("Ajouter un contrat")
    intro = gettext_lazy("Seules les personnes salariées comptent pour la promesse.")

    def work(self, answers: dict[str, Any]) -> str:
        last_day = answers.pop("last_day")
        add_contract(agent=self.agent, ends_on=last_day and last_day + ONE_DAY, **answers)
        return _("Contrat ajouté. %(late)s") % {"late": rejudged(answers["starts_on"])}


class ContractEndPage(StaffFormPage):
    """Give a contract its last day."""

    form_class = LastDayForm
    title = gettext_lazy("Finir le contrat")

    @cached_property
    def contract(self) -> Contract:
        found = Contract.objects.select_related("agent")
        return get_object_or_404(found, pk=self.kwargs["contract"], agent=self.agent)

    def get_initial(self) -> dict[str, Any]:
        return {"last_day": self.contract.last_day}

    def work(self, answers: dict[str, Any]) -> str:
        end_contract(contract=self.contract, ends_on=answers["last_day"] + ONE_DAY)
        return _("Dernier jour enregistré. %(late)s") % {"late": rejudged(answers["last_day"] + ONE_DAY)}


class NameNewPage(StaffFormPage):
    """Say under which name a source records the agent."""

    form_class = NameForm
    title = gettext_lazy("Ajouter un nom dans le standard")
    intro = gettext_lazy("Chaque appel répondu porte ce nom : il dit qui a décroché.")

    def get_initial(self) -> dict[str, Any]:
        """From the day the person was first employed; most often under their own number."""
        first = self.agent.contracts.order_by("starts_on").values_list("starts_on", flat=True).first()
        return {"name": self.agent.employee_number, "valid_from": first or paris_day(timezone.now())}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"company": self.company}

    def work(self, answers: dict[str, Any]) -> str:
        add_name(agent=self.agent, **answers)
        return _("Nom ajouté. %(late)s") % {"late": rejudged(answers["valid_from"])}


class NameEndPage(StaffFormPage):
    """Give a name its last day."""

    form_class = LastDayForm
    title = gettext_lazy("Finir le nom dans le standard")

    @cached_property
    def name(self) -> PbxName:
        return get_object_or_404(PbxName, pk=self.kwargs["name"], agent=self.agent)

    def get_initial(self) -> dict[str, Any]:
        return {"last_day": self.name.last_day}

    def work(self, answers: dict[str, Any]) -> str:
        end_name(name=self.name, valid_until=answers["last_day"] + ONE_DAY)
        return _("Dernier jour enregistré. %(late)s") % {"late": rejudged(answers["last_day"] + ONE_DAY)}


class ProofNewPage(StaffFormPage):
    """Add a proof of workplace with its paper."""

    form_class = ProofForm
    title = gettext_lazy("Ajouter une preuve de lieu")
    intro = gettext_lazy(
        "Une preuve peut arriver en retard : la nuit suivante réexamine les appels des jours qu’elle couvre."
    )
    submit = gettext_lazy("Déposer la preuve")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"company": self.company, "agent": self.agent}

    def work(self, answers: dict[str, Any]) -> str:
        add_proof(agent=self.agent, **answers)
        return _("Preuve déposée. %(late)s") % {"late": rejudged(answers["first_day"], answers["last_day"])}


class ProofRevokePage(StaffFormPage):
    """Let a proof end now."""

    form_class = RevokeForm
    title = gettext_lazy("Révoquer la preuve de lieu")
    intro = gettext_lazy(
        "Elle cesse de valoir maintenant. Les appels déjà répondus restent prouvés ; les suivants seront offerts tant"
        " qu’une autre preuve n’est pas déposée."
    )
    submit = gettext_lazy("Révoquer la preuve")
    is_danger = True

    def work(self, answers: dict[str, Any]) -> str:
        proof = get_object_or_404(LocationProof, pk=self.kwargs["proof"], agent=self.agent)
        revoke_proof(proof=proof, reason=answers["reason"], now=timezone.now())
        return _("Preuve révoquée.")


class SitePage(StaffFormPage):
    """Add a workplace, or change one."""

    form_class = SiteForm

    @cached_property
    def site(self) -> Site | None:
        pk = self.kwargs.get("pk")
        return get_object_or_404(Site, pk=pk, company=self.company) if pk else None

    @property
    def title(self) -> str:  # type: ignore[override]
        return _("Modifier le site") if self.site else _("Ajouter un site")

    @property
    def whose(self) -> str:
        return self.site.name if self.site else ""

    @property
    def back(self) -> HttpResponse:
        """To the proof that wanted this site; else to the sites."""
        agent = self.request.GET.get("pour", "")
        if agent.isdecimal() and Agent.objects.filter(pk=agent, company=self.company).exists():
            return redirect("portal:proof_new", siren=self.company.siren, pk=agent)
        return redirect("portal:sites", siren=self.company.siren)

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.site, name) for name in SiteForm.base_fields} if self.site else {}

    def work(self, answers: dict[str, Any]) -> str:
        save_site(company=self.company, site=self.site, **answers)
        return _("Site enregistré.")


def rejudged(first_day: Any, last_day: Any = None) -> str:
    """What becomes of calls that were judged before this was known; empty when no such day has passed."""
    yesterday = paris_day(timezone.now()) - ONE_DAY
    if first_day > yesterday:
        return ""
    last = min(last_day, yesterday) if last_day else yesterday
    return _("Les appels du %(first)s au %(last)s seront réexaminés cette nuit.") % {
        "first": f"{first_day:%d/%m/%Y}",
        "last": f"{last:%d/%m/%Y}",
    }
