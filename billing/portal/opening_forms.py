"""The questions about when a number is open: its week, its own days, public holidays."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.portal.filters import DayInput
from numbers.fields import HoursField, week_fields
from numbers.models import HolidayRule
from numbers.rules.hours import HolidayPolicy


class AgreeForm(forms.Form):
    """A form that replaces nothing planned unless it has named it and the person has agreed.

    ``named`` holds the days that the last answer named: an agreement is good for those and no other.
    """

    agree = forms.BooleanField(
        label=_("Remplacer ce qui était prévu"), required=False, widget=forms.HiddenInput, initial=""
    )
    named = forms.CharField(required=False, widget=forms.HiddenInput)

    def agreed(self) -> frozenset[date]:
        """The days that may be replaced."""
        if not self.cleaned_data["agree"]:
            return frozenset()
        return frozenset(_days(self.cleaned_data["named"].split()))

    def ask(self, days: Iterable[date], sentence: str) -> None:
        """Show the form again with what would be replaced, and ask."""
        asked = self.data.copy()
        asked[self.add_prefix("named")] = " ".join(day.isoformat() for day in days)
        asked.pop(self.add_prefix("agree"), None)
        self.data = asked
        self.fields["agree"].widget = forms.CheckboxInput()
        self.add_error("agree", sentence)


class WeekForm(AgreeForm):
    """A week of hours as one writes them, and the day from which they hold."""

    start = forms.DateField(
        label=_("À partir du"),
        widget=DayInput(),
        help_text=_("Demain ou plus tard : les appels déjà reçus gardent les horaires de leur jour."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {**week_fields(), "start": self.fields.pop("start"), **self.fields}


class DaysForm(AgreeForm):
    """Days with hours of their own."""

    first = forms.DateField(label=_("Premier jour"), widget=DayInput())
    last = forms.DateField(
        label=_("Dernier jour"), widget=DayInput(), required=False, help_text=_("Laissez vide pour un seul jour.")
    )
    spans = HoursField(
        label=_("Horaires de ces jours"),
        required=False,
        max_length=80,
        widget=forms.TextInput({"size": 28, "autocomplete": "off"}),
        help_text=_("Par exemple 9:00-12:00. Laissez vide ou écrivez « fermé » pour fermer."),
    )
    reason = forms.CharField(
        label=_("Motif"),
        max_length=80,
        widget=forms.TextInput({"size": 28, "autocomplete": "off"}),
        help_text=_("Par exemple Inventaire. Les appelants le lisent sur la page publique."),
        error_messages={"required": _("Donnez le motif : les appelants le liront.")},
    )
    field_order = ("first", "last", "spans", "reason")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("last") is None:
            data["last"] = data.get("first")
        return data


class HolidaysForm(AgreeForm):
    """What public holidays do, and from when."""

    policy = forms.TypedChoiceField(
        label=_("Les jours fériés"),
        coerce=HolidayPolicy,
        widget=forms.RadioSelect,
        choices=HolidayRule.Policy.choices,
    )
    alsace_moselle = forms.BooleanField(
        label=_("Compter aussi le Vendredi saint et le 26 décembre (Alsace-Moselle)"), required=False
    )
    start = forms.DateField(label=_("À partir du"), widget=DayInput(), help_text=_("Demain ou plus tard."))
    field_order = ("policy", "alsace_moselle", "start")


class RunForm(forms.Form):
    """The first and last of the days to take back."""

    first = forms.DateField()
    last = forms.DateField()


def _days(written: Iterable[str]) -> Iterable[date]:
    for each in written:
        try:
            yield date.fromisoformat(each)
        except ValueError:
            continue
