"""The questions about the line: use, payer, number, price, hours. Forms read and write answers, and decide nothing."""

from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from billing.rules.enrolment_check import Step
from illico_platform.web import show
from illico_platform.web.words import told
from numbers.fields import week_fields
from numbers.models import HolidayRule
from numbers.rules.opening_text import write_spans
from numbers.rules.rio import RioUnreadable, read_rio

from .enrol_words import NO_CEILING, USES

MICROS = 1_000_000


def euros_of(micros: int) -> Decimal:
    """Micro-euros as the euros and cents that a field shows."""
    return (Decimal(micros) / MICROS).quantize(Decimal("0.01"))


class StepForm(forms.Form):
    """A step's questions, each with why it is asked."""

    step: ClassVar[Step]
    whys: ClassVar[dict[str, Promise]] = {}

    @property
    def questions(self) -> list[tuple[forms.BoundField, Promise | None]]:
        """Each field and why it is asked."""
        return [(field, self.whys.get(field.name)) for field in self.visible_fields()]

    def answers(self) -> dict[str, Any]:
        """What the file keeps of a valid form: JSON values."""
        return dict(self.cleaned_data)


class UseForm(StepForm):
    """What callers call for."""

    step = Step.USE
    use_cases = forms.MultipleChoiceField(
        label=_("Pour quoi vous appellera-t-on ?"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Cochez tout ce qui s’applique : le cas le plus strict décide."),
        error_messages={"required": _("Cochez au moins un usage : tout le reste en dépend.")},
    )
    whys = {
        "use_cases": _(
            "La loi interdit de faire payer certains appels : après-vente, réclamations, administrations. C’est donc"
            " l’usage, et non l’entreprise, qui décide quels numéros sont possibles."
        )
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["use_cases"].choices = [
            (use.value, format_html('<span><b>{}</b> <span class="small">{}</span></span>', title, example))
            for use, (title, example) in USES.items()
        ]


class LawForm(StepForm):
    """Who pays: the choice among what the law allows."""

    step = Step.LAW
    choice = forms.ChoiceField(
        label=_("Qui paie le service ?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choisissez qui paie le service."),
            "invalid_choice": _("Ce choix n’est pas permis pour cet usage."),
        },
    )
    whys = {
        "choice": _(
            "Les promesses sont les mêmes dans les trois cas. Seuls changent celui qui paie et les premiers chiffres"
            " du numéro."
        )
    }

    def __init__(self, *args: Any, allowed: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["choice"].choices = [(key, key) for key in allowed]


class SearchForm(forms.Form):
    """Which free numbers to show."""

    q = forms.CharField(
        label=_("Chiffres à retrouver"),
        required=False,
        max_length=20,
        help_text=_("Par exemple 12 12."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 10, "autocomplete": "off"}),
    )
    easy = forms.BooleanField(label=_("Faciles à retenir d’abord"), required=False)

    def clean_q(self) -> str:
        written: str = self.cleaned_data["q"]
        digits = "".join(each for each in written if each in "0123456789")
        if written and (not digits or len(digits) > 10):
            raise forms.ValidationError(_("Écrivez de un à dix chiffres, par exemple 12 12."))
        return digits


class PortForm(forms.Form):
    """A number that the company brings."""

    written = forms.CharField(
        label=_("Votre numéro"),
        max_length=30,
        help_text=_("Sous toute forme : 0 892 69 00 01, +33 892 690 001."),
        widget=forms.TextInput(attrs={"inputmode": "tel", "size": 20, "autocomplete": "off"}),
        error_messages={"required": _("Écrivez le numéro que vous apportez.")},
    )
    rio = forms.CharField(
        label=_("Code RIO"),
        required=False,
        max_length=20,
        help_text=_(
            "Ce code a été fait pour les lignes fixes et mobiles. Si votre opérateur actuel vous en a donné un pour ce"
            " numéro, recopiez ses douze signes."
        ),
        widget=forms.TextInput(attrs={"size": 14, "autocomplete": "off"}),
    )

    def clean_rio(self) -> str:
        written: str = self.cleaned_data["rio"]
        if not written:
            return ""
        try:
            return read_rio(written)
        except RioUnreadable as refusal:
            raise forms.ValidationError(told(refusal)) from None


class PriceForm(StepForm):
    """The price of a minute."""

    step = Step.PRICE
    price = forms.DecimalField(
        label=_("Prix de la minute, toutes taxes comprises (€)"),
        min_value=Decimal("0.01"),
        decimal_places=2,
        max_digits=4,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "size": 6, "autocomplete": "off"}),
        error_messages={
            "required": _("Écrivez un prix, par exemple 0,60."),
            "invalid": _("Écrivez un prix en euros, par exemple 0,60."),
            "max_decimal_places": _("Un prix est un nombre entier de centimes : deux chiffres après la virgule."),
            "min_value": _("Le prix doit être d’au moins 0,01 € par minute."),
        },
    )
    whys = {
        "price": _(
            "Le prix est le même à toute heure et depuis tous les réseaux, compté à la seconde dès que l’agent répond."
            " Au-delà du plafond, il n’est accepté ni ici, ni par la base, ni par le contrôle de nuit."
        )
    }

    def __init__(self, *args: Any, highest: int | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.highest = highest
        self.fields["price"].help_text = (
            NO_CEILING
            if highest is None
            else _("Au plus %(price)s par minute pour ce numéro.") % {"price": show.price(highest)}
        )

    def clean_price(self) -> Decimal:
        price: Decimal = self.cleaned_data["price"]
        if self.highest is None:
            raise forms.ValidationError(NO_CEILING)
        if price * MICROS > self.highest:
            raise forms.ValidationError(
                _("Ce numéro peut coûter au plus %(price)s par minute."), params={"price": show.price(self.highest)}
            )
        return price

    def answers(self) -> dict[str, Any]:
        return {"price_micros": int(self.cleaned_data["price"] * MICROS)}


class HoursForm(StepForm):
    """Seven days of intervals, and what holidays do."""

    step = Step.HOURS
    holidays = forms.ChoiceField(
        label=_("Les jours fériés"),
        widget=forms.RadioSelect,
        choices=HolidayRule.Policy.choices,
        initial=HolidayRule.Policy.USUAL.value,
    )
    alsace_moselle = forms.BooleanField(
        label=_("Compter aussi le Vendredi saint et le 26 décembre (Alsace-Moselle)"), required=False
    )
    whys = {
        "d0": _(
            "Un appel reçu hors de ces horaires n’est ni facturé, ni compté. Dans ces horaires, la promesse des"
            " 60 secondes vaut pour chaque appel."
        ),
        "holidays": _("Les onze jours fériés nationaux suivent ce choix. Un jour particulier l’emporte toujours."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {**week_fields(), **self.fields}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not any(data.get(f"d{rank}") for rank in range(7)):
            self.add_error("d0", _("Donnez au moins un jour d’ouverture : sans horaires, aucun appel n’est servi."))
        return data

    def answers(self) -> dict[str, Any]:
        return {
            "week": [self.cleaned_data[f"d{rank}"] for rank in range(7)],
            "holidays": self.cleaned_data["holidays"],
            "alsace_moselle": self.cleaned_data["alsace_moselle"],
        }

    @staticmethod
    def initial_of(answers: dict[str, Any]) -> dict[str, Any]:
        """What the fields show of the answers kept."""
        week = answers.get("week") or [[]] * 7
        shown = {f"d{rank}": write_spans([tuple(span) for span in spans]) for rank, spans in enumerate(week)}
        return shown | {
            "holidays": answers.get("holidays", HolidayRule.Policy.USUAL.value),
            "alsace_moselle": answers.get("alsace_moselle", False),
        }
