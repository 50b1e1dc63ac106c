"""The questions about the service around the line: directory, agents, balance, documents."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.rules.enrolment_check import Step
from illico_platform.web import show
from numbers.models import EnrolmentDocument

from .enrol_forms import MICROS, StepForm, euros_of

TARGETS_BP = (9000, 9500, 9900)


class DirectoryForm(StepForm):
    """What the public directory will say."""

    step = Step.DIRECTORY
    label = forms.CharField(label=_("Nom du service"), max_length=120)
    purpose = forms.CharField(
        label=_("À quoi il sert"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Une ou deux phrases, comme à un appelant."),
    )  # fmt: skip
    provider_name = forms.CharField(label=_("Fournisseur du service"), max_length=120)
    provider_address = forms.CharField(label=_("Son adresse"), max_length=200)
    complaint_contact = forms.CharField(
        label=_("Contact pour les réclamations"),
        max_length=200,
        help_text=_("Une adresse, un courriel ou un numéro qui n’est pas surtaxé."),
    )
    website = forms.URLField(label=_("Site"), required=False, max_length=200, assume_scheme="https")
    deaf_access = forms.CharField(
        label=_("Accès des personnes sourdes"),
        required=False,
        max_length=200,
        help_text=_("Par exemple : visio en langue des signes et texte, aux mêmes horaires, par relais."),
    )
    whys = {
        "label": _("C’est le nom que l’appelant lira dans l’annuaire et sur sa facture détaillée."),
        "purpose": _("L’annuaire doit dire ce que l’appelant obtient pour son argent (Code conso., art. L.224-43)."),
        "provider_name": _("L’appelant doit savoir qui lui rend le service (art. L.224-43)."),
        "provider_address": _("L’adresse géographique est publiée avec le nom (art. L.224-43)."),
        "complaint_contact": _(
            "Une réclamation ne peut pas être surtaxée (art. L.121-16). Ce contact est publié avec le numéro."
        ),
        "website": _("Il aide l’appelant à reconnaître le service. Rien n’oblige à en avoir un."),
        "deaf_access": _(
            "Depuis le 1er octobre 2026, les grandes entreprises et les services publics le doivent aux mêmes horaires"
            " que la voix. Les autres peuvent le proposer."
        ),
    }


class AgentsForm(StepForm):
    """Who will answer."""

    step = Step.AGENTS
    agents = forms.TypedMultipleChoiceField(
        label=_("Agents qui répondront"),
        widget=forms.CheckboxSelectMultiple,
        coerce=int,
        error_messages={"required": _("Choisissez au moins un agent.")},
    )
    whys = {
        "agents": _(
            "Chaque réponse doit venir d’un salarié dont le lieu de travail en France est prouvé. Un appel pris sans"
            " preuve est offert à l’appelant. Vous pourrez ajouter des agents ensuite."
        )
    }

    def __init__(self, *args: Any, choices: list[tuple[int, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agents"].choices = choices


def _count(label: Any, *, low: int, high: int, initial: int | None = None, help_text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=low,
        max_value=high,
        initial=initial,
        help_text=help_text,
        widget=forms.NumberInput(attrs={"size": 8, "min": low, "max": high}),
        error_messages={"required": _("Donnez un nombre, même approché.")},
    )


class ViabilityForm(StepForm):
    """What the company expects."""

    step = Step.VIABILITY
    calls_per_day = _count(_("Appels attendus par jour ouvert"), low=1, high=100_000)
    calls_busiest_hour = _count(
        _("Appels de l’heure la plus chargée"), low=1, high=20_000, help_text=_("Souvent un huitième du jour.")
    )
    talk_s = _count(_("Durée moyenne d’une conversation, en secondes"), low=10, high=3600, initial=276)
    wrap_s = _count(_("Temps de saisie après l’appel, en secondes"), low=0, high=1800, initial=24)
    target_bp = forms.TypedChoiceField(
        label=_("Part des appels à prendre en moins de 60 secondes"),
        coerce=int,
        choices=[(each, each) for each in TARGETS_BP],
        initial=9500,
    )
    hourly = forms.DecimalField(
        label=_("Salaire brut d’une heure (€)"),
        min_value=Decimal(1),
        max_value=Decimal(200),
        decimal_places=2,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "size": 6}),
    )
    other = forms.DecimalField(
        label=_("Autres frais d’une heure (€)"),
        min_value=Decimal(0),
        max_value=Decimal(200),
        decimal_places=2,
        localize=True,
        initial=Decimal(3),
        help_text=_("Poste, outils, téléphonie, encadrement."),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "size": 6}),
    )
    whys = {
        "calls_per_day": _("Les appels font la recette, et les conversations qu’ils demandent font l’équipe."),
        "calls_busiest_hour": _("La promesse se tient à l’heure la plus chargée ou pas du tout."),
        "talk_s": _("Seule la conversation est facturée : ni l’attente, ni le message de prix."),
        "wrap_s": _("L’agent est pris, mais rien n’est facturé."),
        "target_bp": _(
            "Chaque appel répondu après 60 secondes est offert. Plus l’objectif est haut, plus il faut de monde."
        ),
        "hourly": _(
            "60 % de la recette hors taxes vont aux salaires : le calcul compare cette part à ce que vous payez."
        ),
        "other": _("Le salaire n’est pas tout le coût d’une heure."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["target_bp"].choices = [(each, show.percent_bp(each)) for each in TARGETS_BP]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        day, hour = data.get("calls_per_day"), data.get("calls_busiest_hour")
        if day and hour and hour > day:
            self.add_error("calls_busiest_hour", _("L’heure la plus chargée ne peut pas dépasser le jour entier."))
        return data

    def answers(self) -> dict[str, Any]:
        kept = {name: value for name, value in self.cleaned_data.items() if name not in ("hourly", "other")}
        money = {f"{name}_micros": int(self.cleaned_data[name] * MICROS) for name in ("hourly", "other")}
        return kept | money

    @staticmethod
    def initial_of(answers: dict[str, Any]) -> dict[str, Any]:
        """What the fields show of the answers kept."""
        money = {name: euros_of(answers[f"{name}_micros"]) for name in ("hourly", "other")} if answers else {}
        return {**answers, **money}


class PaperForm(forms.Form):
    """A document to join."""

    kind = forms.ChoiceField(label=_("Quelle pièce ?"), choices=EnrolmentDocument.Kind.choices)
    content = forms.FileField(
        label=_("Fichier"),
        help_text=_("PDF, JPEG ou PNG, 10 Mo au plus."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
        error_messages={"required": _("Choisissez un fichier."), "empty": _("Ce fichier est vide.")},
    )
