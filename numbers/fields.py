"""Form fields of opening hours, as people write them: the one definition, for the admin and every page."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from illico_platform.web.words import told
from numbers.rules.opening_text import HoursUnreadable, read_clock, read_spans, write_clock

DAYS = (_("Lundi"), _("Mardi"), _("Mercredi"), _("Jeudi"), _("Vendredi"), _("Samedi"), _("Dimanche"))


class HoursField(forms.CharField):
    """The intervals of a day: ``9:00-12:30, 14:00-18:00`` and the seconds they stand for."""

    def clean(self, value: Any) -> list[tuple[int, int]]:
        try:
            return read_spans(super().clean(value))
        except HoursUnreadable as fault:
            raise forms.ValidationError(told(fault)) from None


class ClockField(forms.CharField):
    """One time of day: ``9:00`` and the seconds since midnight it stands for; None where it may be left empty."""

    def prepare_value(self, value: Any) -> Any:
        return write_clock(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> int | None:
        written = super().clean(value)
        try:
            return read_clock(written) if written else None
        except HoursUnreadable as fault:
            raise forms.ValidationError(told(fault)) from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


def week_fields() -> dict[str, HoursField]:
    """A field a weekday, ``d0`` to ``d6``; the first one tells how hours are written."""
    fields = {
        f"d{rank}": HoursField(
            label=name,
            required=False,
            max_length=80,
            widget=forms.TextInput({"size": 28, "autocomplete": "off"}),
        )
        for rank, name in enumerate(DAYS)
    }
    fields["d0"].help_text = _("Par exemple 9:00-12:30, 14:00-18:00. Laissez vide ou écrivez « fermé ».")
    return fields
