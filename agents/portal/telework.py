"""Work from home in the space: the agreements as a list, a new one, its end, its document."""

from datetime import timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agents.models import TeleworkAgreement
from agents.portal.commune import CommuneField
from agents.portal.forms import DayInput
from agents.portal.pages import OfStaff
from agents.portal.papers import PaperForm, paper_of
from agents.portal.writing import ONE_DAY, StaffFormPage, rejudged
from agents.selectors_telework import agreements_of, at_home_without, in_span
from agents.services.keep_telework import add_agreement, end_agreement
from illico_platform.lib.periods import paris_day
from numbers.access.pages import CompanyList, CompanyPage

STATES = {
    "running": _("en cours"),
    "ending": _("finissant sous 30 jours"),
    "coming": _("à venir"),
    "ended": _("finis"),
}


class TimeInput(forms.TimeInput):
    """The browser's own clock."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class AgreementFilter(django_filters.FilterSet):
    """Agreements by what is typed of the person's name or number, and by whether they run."""

    q = django_filters.CharFilter(label=_("Nom ou matricule"), method="search")
    etat = django_filters.ChoiceFilter(
        label=_("État"), choices=list(STATES.items()), empty_label=_("tous"), method="in_state"
    )

    class Meta:
        model = TeleworkAgreement
        fields: list[str] = []

    def search(self, rows: QuerySet[TeleworkAgreement], field: str, text: str) -> QuerySet[TeleworkAgreement]:
        return rows.filter(Q(agent__employee_number__icontains=text) | Q(agent__display_name__icontains=text))

    def in_state(self, rows: QuerySet[TeleworkAgreement], field: str, state: str) -> QuerySet[TeleworkAgreement]:
        return in_span(rows, state, today=paris_day(timezone.now()))


class AgreementForm(PaperForm):
    """What an agreement on work from home must say. Source: Code du travail, art. L.1222-9."""

    basis = forms.ChoiceField(label=_("Fondement"), choices=TeleworkAgreement.Basis.choices)
    basis_on = forms.DateField(
        label=_("Date de l’accord ou de la charte"),
        widget=DayInput,
        help_text=_("Le jour où le texte a été signé ou adopté."),
    )
    consent_on = forms.DateField(
        label=_("Date du consentement"), widget=DayInput, help_text=_("Le télétravail est volontaire.")
    )
    starts_on = forms.DateField(label=_("Premier jour de télétravail"), widget=DayInput)
    last_day = forms.DateField(
        label=_("Dernier jour"),
        widget=DayInput,
        required=False,
        help_text=_("Laissez vide tant qu’il n’est pas connu."),
    )
    commune_insee = CommuneField(label=_("Commune du domicile (code INSEE)"))
    contact_from = forms.TimeField(label=_("Joignable de"), widget=TimeInput)
    contact_until = forms.TimeField(
        label=_("Joignable jusqu’à"),
        widget=TimeInput,
        help_text=_("En dehors de ces heures, un appel répondu est signalé."),
    )
    time_control = forms.CharField(
        label=_("Contrôle du temps de travail"),
        max_length=200,
        help_text=_("Comment les heures et la charge sont suivies : pointage signé, relevé du standard."),
    )
    equipment = forms.CharField(
        label=_("Équipement fourni"),
        max_length=200,
        required=False,
        help_text=_("Par exemple : ordinateur, casque, chaise."),
    )

    field_order = [
        "basis", "basis_on", "consent_on", "starts_on", "last_day", "commune_insee", "contact_from", "contact_until",
        "time_control", "equipment", "evidence",
    ]  # fmt: skip


class AgreementEndForm(forms.Form):
    """The last day of an agreement, and why."""

    last_day = forms.DateField(label=_("Dernier jour"), widget=DayInput)
    reason = forms.CharField(
        label=_("Motif"),
        max_length=200,
        help_text=_("Il reste au dossier. Par exemple : retour sur site demandé par la personne."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AgreementListPage(OfStaff, CompanyList):
    """All agreements of the company, and who works from home without one."""

    template_name = "portal/telework.html"
    filterset_class = AgreementFilter
    paginate_by = 25

    def get_queryset(self) -> QuerySet[TeleworkAgreement]:
        self.queryset = agreements_of(company_id=self.company.pk)
        return super().get_queryset()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        today = paris_day(now)
        every = agreements_of(company_id=self.company.pk)
        return super().get_context_data(**kwargs) | {
            "tab": "telework",
            "today": today,
            "soon": today + timedelta(days=30),
            "states": [
                (state, label, in_span(every, state, today=today).order_by().count()) for state, label in STATES.items()
            ],
            "without": at_home_without(company_id=self.company.pk, now=now),
        }


class AgreementNewPage(StaffFormPage):
    """Record an agreement."""

    form_class = AgreementForm
    title = _("Ajouter un accord de télétravail")
    intro = _(
        "Il dit sur quel texte le télétravail repose, quand la personne est joignable et comment ses heures sont"
        " suivies. La preuve de lieu reste à déposer à part."
    )
    submit = _("Enregistrer l’accord")

    def get_initial(self) -> dict[str, Any]:
        """The home that is proven already, and the terms of the agreement before."""
        before = self.agent.agreements.order_by("-starts_on").first()
        if before is not None:
            same = ("basis", "commune_insee", "contact_from", "contact_until", "time_control", "equipment")
            return {name: getattr(before, name) for name in same}
        home = self.agent.proofs.filter(place="home", revoked_at=None).order_by("-valid_until")
        return {"commune_insee": home.values_list("commune_insee", flat=True).first() or ""}

    def work(self, answers: dict[str, Any]) -> str:
        last_day = answers.pop("last_day")
        add_agreement(agent=self.agent, ends_on=last_day and last_day + ONE_DAY, **answers)
        return gettext("Accord enregistré. %(late)s") % {"late": rejudged(answers["starts_on"], last_day)}


class AgreementEndPage(StaffFormPage):
    """Give an agreement its last day, with the reason."""

    form_class = AgreementEndForm
    title = _("Finir l’accord de télétravail")
    intro = _("Après ce jour, cette personne ne peut plus répondre de son domicile si la politique exige un accord.")
    submit = _("Finir l’accord")
    is_danger = True

    @cached_property
    def agreement(self) -> TeleworkAgreement:
        return get_object_or_404(TeleworkAgreement, pk=self.kwargs["agreement"], agent=self.agent)

    def get_initial(self) -> dict[str, Any]:
        return {"last_day": self.agreement.last_day or paris_day(timezone.now())}

    def work(self, answers: dict[str, Any]) -> str:
        ends_on = answers["last_day"] + ONE_DAY
        end_agreement(agreement=self.agreement, ends_on=ends_on, reason=answers["reason"])
        return gettext("Fin de l’accord enregistrée. %(late)s") % {"late": rejudged(ends_on)}


class AgreementPaperPage(OfStaff, CompanyPage):
    """The document of an agreement, as a download."""

    def get(self, request: HttpRequest, pk: int, agreement: int) -> FileResponse:
        found = get_object_or_404(TeleworkAgreement, pk=agreement, agent=pk, agent__company=self.company)
        if not found.evidence_file:
            raise Http404
        return paper_of(found.evidence_file, name=f"teletravail-{found.agent_id}-{found.pk}")
