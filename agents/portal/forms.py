"""What the space asks about agents: each form checks what was typed, the services decide."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from agents.models import Agent, Contract, LocationProof, PbxName, Site
from agents.portal.commune import CommuneField
from agents.portal.papers import PaperForm
from agents.selectors_staff import in_state
from numbers.models import Membership, Source

STATES = {
    "proven": _("prouvés aujourd’hui"),
    "expiring": _("preuve expirant sous 30 jours"),
    "missing": _("sans preuve"),
    "left": _("partis"),
}


def way_out(why: Any, page: str, what: Any) -> str:
    """A help text that leads to where the missing thing is added."""
    return format_html('{} <a href="{}">{}</a>', why, page, what)


class DayInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class AgentFilter(django_filters.FilterSet):
    """Agents by what is typed of their name, number or name in the switch, and by the state of their proof."""

    q = django_filters.CharFilter(label=_("Nom ou matricule"), method="search")
    state = django_filters.ChoiceFilter(
        label=_("Preuve"), choices=list(STATES.items()), empty_label=_("tous"), method="in_state"
    )

    class Meta:
        model = Agent
        fields: list[str] = []

    def search(self, agents: QuerySet[Agent], field: str, text: str) -> QuerySet[Agent]:
        named = PbxName.objects.filter(agent=OuterRef("pk"), name__icontains=text)
        own = Q(employee_number__icontains=text) | Q(display_name__icontains=text)
        return agents.filter(own | Exists(named))

    def in_state(self, agents: QuerySet[Agent], field: str, state: str) -> QuerySet[Agent]:
        return in_state(agents, state, now=timezone.now())


class AgentForm(forms.Form):
    """Who an agent is."""

    employee_number = forms.CharField(
        label=_("Matricule"),
        max_length=30,
        help_text=_("Le même que dans votre logiciel de paie : il relie la personne à son bulletin."),
        widget=forms.TextInput(attrs={"size": 16}),
    )
    display_name = forms.CharField(
        label=_("Nom affiché"), max_length=80, required=False, help_text=_("Un prénom suffit.")
    )
    is_call_centre = forms.BooleanField(
        label=_("Travaille au centre d’appels : sa paie compte dans la part des salaires"), required=False
    )
    is_active = forms.BooleanField(label=_("Répond aux appels en ce moment"), required=False)


class AccountForm(forms.Form):
    """The account with which an agent signs in."""

    membership = forms.ModelChoiceField(
        label=_("Compte"),
        queryset=Membership.objects.none(),
        required=False,
        empty_label=_("aucun"),
        help_text=_("Invitez d’abord la personne dans « Équipe », avec le rôle d’agent."),
    )

    def __init__(self, *args: Any, company: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["membership"]
        # Named by the e-mail alone: the portal's role reads no other column of an account but these.
        field.queryset = Membership.objects.filter(company=company, role=Membership.Role.AGENT)
        emails = dict(field.queryset.values_list("pk", "user__email"))
        field.label_from_instance = lambda member: emails[member.pk]


class ContractForm(forms.Form):
    """A contract; the last day is part of it."""

    kind = forms.ChoiceField(label=_("Nature"), choices=Contract.Kind.choices)
    starts_on = forms.DateField(label=_("Premier jour"), widget=DayInput)
    last_day = forms.DateField(
        label=_("Dernier jour"),
        widget=DayInput,
        required=False,
        help_text=_("Laissez vide tant qu’il n’est pas connu."),
    )
    weekly_hours = forms.DecimalField(
        label=_("Heures par semaine"),
        min_value=1,
        max_value=48,
        max_digits=4,
        decimal_places=2,
        initial=35,
        localize=True,
        widget=forms.TextInput(attrs={"size": 6, "inputmode": "decimal"}),
    )


class LastDayForm(forms.Form):
    """The last day of a contract or of a name."""

    last_day = forms.DateField(label=_("Dernier jour"), widget=DayInput)


class NameForm(forms.Form):
    """The name under which a source records an agent."""

    source = forms.ModelChoiceField(label=_("Source"), queryset=Source.objects.none(), empty_label=None)
    name = forms.CharField(
        label=_("Nom dans la source"),
        max_length=128,
        help_text=_("Exactement comme votre standard l’écrit, par exemple PJSIP/101 ou A001."),
    )
    valid_from = forms.DateField(label=_("À partir du"), widget=DayInput)

    def __init__(self, *args: Any, company: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sources = self.fields["source"].queryset = Source.objects.of_files().filter(company=company)
        if not sources:
            page = reverse("portal:source_new", kwargs={"siren": company.siren})
            self.fields["source"].help_text = way_out(
                _("Aucun standard n’est encore inscrit."), page, _("Ajouter un standard")
            )


class ProofForm(PaperForm):
    """A proof of workplace with its paper."""

    place = forms.ChoiceField(label=_("Où cette personne travaille"), choices=LocationProof.Place.choices)
    site = forms.ModelChoiceField(
        label=_("Site"),
        queryset=Site.objects.none(),
        required=False,
        empty_label=_("aucun"),
        help_text=_("Pour un travail sur site."),
    )
    commune_insee = CommuneField(
        label=_("Commune du domicile (code INSEE)"),
        required=False,
        help_text=_("Pour un travail à domicile. Un site a déjà sa commune."),
    )
    method = forms.ChoiceField(label=_("Moyen de preuve"), choices=LocationProof.Method.choices)
    first_day = forms.DateField(label=_("Premier jour prouvé"), widget=DayInput)
    last_day = forms.DateField(label=_("Dernier jour prouvé"), widget=DayInput)

    field_order = ["place", "site", "commune_insee", "method", "first_day", "last_day", "evidence"]

    def __init__(self, *args: Any, company: Any, agent: Agent | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sites = self.fields["site"].queryset = Site.objects.filter(company=company)
        if not sites:
            page = reverse("portal:site_new", kwargs={"siren": company.siren})
            self.fields["site"].help_text = way_out(
                _("Pour un travail sur site. Aucun n’est encore inscrit."),
                f"{page}?pour={agent.pk}" if agent else page,
                _("Ajouter un site"),
            )
        elif len(sites) == 1:
            self.fields["site"].initial = sites[0]

    def clean(self) -> dict[str, Any]:
        # The service says the same; said here, all faults are shown at once.
        answers = super().clean() or {}
        place, first_day, last_day = (answers.get(name) for name in ("place", "first_day", "last_day"))
        if (
            place == LocationProof.Place.HOME
            and not answers.get("commune_insee")
            and "commune_insee" not in self.errors
        ):
            self.add_error("commune_insee", _("Donnez la commune du domicile."))
        if place == LocationProof.Place.SITE and not answers.get("site") and "site" not in self.errors:
            self.add_error("site", _("Choisissez le site où cette personne travaille."))
        if first_day and last_day and last_day < first_day:
            self.add_error("last_day", _("Le dernier jour précède le premier."))
        return answers


class RevokeForm(forms.Form):
    """Why a proof ends."""

    reason = forms.CharField(
        label=_("Motif"),
        max_length=200,
        help_text=_("Il reste au dossier. Par exemple : fin du bail le 30 novembre."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SiteForm(forms.Form):
    """A workplace."""

    name = forms.CharField(label=_("Nom du site"), max_length=80)
    address = forms.CharField(label=_("Adresse"), max_length=200, required=False)
    commune_insee = CommuneField()
    commune_name = forms.CharField(label=_("Commune"), max_length=80, required=False)
