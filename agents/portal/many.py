"""Several agents at once: a list pasted from a spreadsheet, one paper that proves where many people work."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from agents.portal.forms import DayInput, ProofForm, way_out
from agents.portal.pages import OfStaff
from agents.portal.pasted import PastedForm, lines_field, what_is_left
from agents.portal.writing import rejudged
from agents.rules.staff_list import read_staff
from agents.selectors_staff import staff
from agents.services.keep_staff import StaffRefused
from agents.services.prove_place import add_proofs
from agents.services.take_staff import StaffTaken, take_staff
from illico_platform.lib.periods import paris_day
from numbers.access.pages import CompanyFormPage
from numbers.access.places import RUNS_THE_COMPANY
from numbers.models import Source


class ListForm(PastedForm):
    """Agents, one a line."""

    lines = lines_field(
        label=_("Un agent par ligne"),
        help_text=_(
            "Copiez depuis un tableur : matricule, nom, nom dans le standard, contrat, premier jour. Seul le matricule"
            " est obligatoire ; sans le reste, le nom dans le standard est le matricule et le contrat un CDI de 35"
            " heures."
        ),
        required=_("Écrivez au moins une ligne, avec un matricule."),
        rows=10,
    )
    starts_on = forms.DateField(
        label=_("Premier jour des contrats"),
        widget=DayInput,
        help_text=_("Pour les lignes qui n’en donnent pas."),
    )
    source = forms.ModelChoiceField(
        label=_("Standard qui écrit leurs noms"), queryset=Source.objects.none(), required=False, empty_label=_("aucun")
    )

    def __init__(self, *args: Any, company: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sources = self.fields["source"].queryset = Source.objects.of_files().filter(company=company)
        if not sources:
            page = reverse("portal:source_new", kwargs={"siren": company.siren})
            self.fields["source"].help_text = way_out(
                _("Aucun standard n’est encore inscrit."), page, _("Ajouter un standard")
            )
        elif len(sources) == 1:
            self.fields["source"].initial = sources[0]


class ManyAgentsPage(OfStaff, CompanyFormPage):
    """Take a list of agents on; good lines go in, the others stay in the field with what is wrong."""

    roles = RUNS_THE_COMPANY
    form_class = ListForm
    template_name = "portal/agents_many.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"company": self.company}

    def get_initial(self) -> dict[str, Any]:
        return {"starts_on": paris_day(timezone.now())}

    def form_valid(self, form: ListForm) -> HttpResponse:
        answers = form.cleaned_data
        rows, faults = read_staff(answers["lines"])
        taken = take_staff(company=self.company, rows=rows, source=answers["source"], since=answers["starts_on"])
        left, refused = what_is_left([*faults, *taken.refused])
        if not refused:
            messages.success(self.request, _told(taken))
            return redirect("portal:agents", siren=self.company.siren)
        form = self.form_class(initial={**answers, "lines": left}, company=self.company)
        context = self.get_context_data(form=form, refused=refused, taken=_told(taken))
        return self.render_to_response(context, status=422)


class SharedProofForm(ProofForm):
    """One paper for the people who work where it says."""

    agents = forms.TypedMultipleChoiceField(
        label=_("Agents que cette pièce concerne"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choisissez au moins un agent.")},
    )
    field_order = ["agents", "place", "site", "commune_insee", "method", "first_day", "last_day", "evidence"]

    def __init__(self, *args: Any, choices: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agents"].choices = choices


class SharedProofPage(OfStaff, CompanyFormPage):
    """Prove where several agents work with one paper, for example the lease of their site."""

    roles = RUNS_THE_COMPANY
    form_class = SharedProofForm
    template_name = "portal/agent_form.html"

    @cached_property
    def people(self) -> dict[int, Any]:
        """The agents who have not left, by their ids, in the order of their numbers."""
        present = staff(company_id=self.company.pk, now=timezone.now()).filter(has_left=False)
        return {agent.pk: agent for agent in present.order_by("employee_number")}

    def get_form_kwargs(self) -> dict[str, Any]:
        choices = [(pk, str(agent)) for pk, agent in self.people.items()]
        return super().get_form_kwargs() | {"company": self.company, "choices": choices}

    def get_initial(self) -> dict[str, Any]:
        return {"agents": [pk for pk, agent in self.people.items() if not agent.is_proven]}

    def form_valid(self, form: SharedProofForm) -> HttpResponse:
        answers = form.cleaned_data
        agents = [self.people[pk] for pk in answers.pop("agents")]
        try:
            add_proofs(agents=agents, **answers)
        except StaffRefused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
            return self.form_invalid(form)
        done = ngettext("Preuve déposée pour %(n)s agent.", "Preuve déposée pour %(n)s agents.", len(agents))
        late = rejudged(answers["first_day"], answers["last_day"])
        messages.success(self.request, f"{done % {'n': len(agents)}} {late}".strip())
        return redirect("portal:agents", siren=self.company.siren)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "title": _("Prouver le lieu de plusieurs agents"),
            "intro": _("Une seule pièce, comme le bail d’un site, vaut pour tous ceux qui y travaillent."),
            "submit": _("Déposer la preuve"),
            "back": reverse("portal:agents", kwargs={"siren": self.company.siren}),
        }


def _told(taken: StaffTaken) -> str:
    words = []
    if taken.added:
        words.append(ngettext("%(n)s agent ajouté.", "%(n)s agents ajoutés.", taken.added) % {"n": taken.added})
    if taken.known:
        known = ngettext("%(n)s agent était déjà connu.", "%(n)s agents étaient déjà connus.", taken.known)
        words.append(known % {"n": taken.known})
    return " ".join(words)
