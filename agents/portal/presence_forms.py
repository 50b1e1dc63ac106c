"""What a supervisor may say of somebody's hours: each correction has its reason."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ClockInput(forms.TimeInput):
    """The browser's own clock."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


def _reason() -> forms.CharField:
    return forms.CharField(
        label=_("Motif"), max_length=200, help_text=_("Par exemple : sortie oubliée, vue partir à 18 h.")
    )


class WorkForm(forms.Form):
    """From when to when somebody was signed in on a day."""

    since = forms.TimeField(label=_("Connecté de"), widget=ClockInput())
    until = forms.TimeField(label=_("à"), widget=ClockInput(), help_text=_("00:00 est la fin du jour."))
    pause = forms.IntegerField(label=_("Dont pause, minutes"), min_value=0, max_value=1440, initial=0)
    reason = _reason()


class CheckInForm(forms.Form):
    """From when to when a check-in holds."""

    since = forms.TimeField(label=_("Commencé à"), widget=ClockInput())
    until = forms.TimeField(
        label=_("Fini à"), widget=ClockInput(), help_text=_("Une heure avant celle du début est du lendemain.")
    )
    reason = _reason()
