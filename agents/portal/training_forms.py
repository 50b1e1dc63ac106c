"""What the space asks about training: a course, a session, who followed it, a certificate, a skill."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agents.models import Agent, Course, Skill
from agents.portal.forms import DayInput
from agents.portal.papers import PaperForm
from agents.selectors_training import catalogue
from numbers.models import Company


class HoursField(forms.DecimalField):
    """Hours, with a comma or a dot."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_digits=5,
            decimal_places=2,
            localize=True,
            widget=forms.TextInput(attrs={"size": 6, "inputmode": "decimal"}),
            **kwargs,
        )


class CourseForm(forms.Form):
    """A course of the company's own catalogue."""

    title = forms.CharField(label=_("Intitulé"), max_length=120)
    kind = forms.ChoiceField(label=_("Type"), choices=Course.Kind.choices)
    hours = HoursField(label=_("Durée en heures"), min_value=0.25)
    valid_months = forms.IntegerField(
        label=_("Certificat valable, en mois"),
        min_value=1,
        max_value=120,
        required=False,
        help_text=_("Laissez vide s’il ne périme pas."),
        widget=forms.NumberInput(attrs={"size": 4}),
    )
    required_from = forms.DateField(
        label=_("Obligatoire à partir du"),
        widget=DayInput,
        required=False,
        help_text=_(
            "À partir de ce jour, si la politique de preuve exige les formations, un agent sans certificat ne tient"
            " plus la promesse : ses appels sont offerts."
        ),
    )


class SessionForm(forms.Form):
    """A course held on some days."""

    course = forms.ModelChoiceField(label=_("Formation"), queryset=Course.objects.none(), empty_label=None)
    starts_on = forms.DateField(label=_("Premier jour"), widget=DayInput)
    last_day = forms.DateField(label=_("Dernier jour"), widget=DayInput)
    trainer = forms.CharField(label=_("Formateur ou organisme"), max_length=120, required=False)

    def __init__(self, *args: Any, company: Company, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["course"].queryset = catalogue(company_id=company.pk)


class AttendancesForm(forms.Form):
    """Who followed a session."""

    agents = forms.ModelMultipleChoiceField(
        label=_("Agents présents"), queryset=Agent.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    hours = HoursField(
        label=_("Heures réellement suivies par chacun"),
        min_value=0,
        help_text=_("Elles se corrigent ensuite personne par personne."),
    )

    def __init__(self, *args: Any, company: Company, session: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rest = Agent.objects.filter(company=company, is_active=True).exclude(attendances__session=session)
        self.fields["agents"].queryset = rest.order_by("employee_number")
        if not rest.exists():
            self.fields["agents"].help_text = _("Tous les agents actifs y sont déjà inscrits.")


class HoursForm(forms.Form):
    """The hours that one person really followed."""

    hours = HoursField(label=_("Heures réellement suivies"), min_value=0)


class CertificateForm(PaperForm):
    """A certificate and its document."""

    certified_on = forms.DateField(label=_("Date du certificat"), widget=DayInput)
    last_day = forms.DateField(
        label=_("Dernier jour de validité"),
        widget=DayInput,
        required=False,
        help_text=_("Laissez vide : il vaut alors le temps que dit la formation, ou sans fin."),
    )

    field_order = ["certified_on", "last_day", "evidence"]


class SkillForm(forms.Form):
    """What an agent can do on a call."""

    kind = forms.ChoiceField(label=_("Compétence"), choices=Skill.Kind.choices)
    language = forms.RegexField(
        r"^[A-Za-z]{2}$",
        label=_("Langue"),
        required=False,
        help_text=_("Pour une langue : son code de deux lettres, en, de, es."),
        widget=forms.TextInput(attrs={"size": 3, "autocomplete": "off"}),
        error_messages={"invalid": _("Deux lettres, par exemple en pour l’anglais.")},
    )
    level = forms.ChoiceField(
        label=_("Niveau"),
        choices=[("", _("sans niveau")), *((level, level) for level in ("A1", "A2", "B1", "B2", "C1", "C2"))],
        required=False,
        help_text=_("Pour la langue des signes, de A1 à C1."),
    )
    since = forms.DateField(label=_("Depuis le"), widget=DayInput)
