"""What the pages about imports ask."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agents.models import Agent
from numbers.connectors.base import CONNECTORS
from numbers.models import Company, PremiumNumber, Source
from numbers.services.store_requests import CONNECTOR

LARGEST = 2 << 30


def formats() -> list[tuple[str, str]]:
    """A function, since forms copy their choices deeply: a bound method would be copied with its whole registry."""
    return [(key, gettext(label)) for key, label in CONNECTORS.choices()]


def format_words(connector: str) -> str:
    """What an import was read from."""
    return {**dict(formats()), CONNECTOR: gettext("demandes par visio et texte")}.get(connector, connector)


class UploadForm(forms.Form):
    """A log, where it comes from and how it is written."""

    source = forms.ModelChoiceField(
        label=_("Source"),
        queryset=Source.objects.none(),
        empty_label=None,
        help_text=_("Le standard qui a écrit ce fichier : son fuseau et ses noms s’appliquent."),
    )
    connector = forms.ChoiceField(label=_("Format du fichier"), choices=formats)
    file = forms.FileField(
        label=_("Fichier"),
        max_length=255,
        widget=forms.FileInput,
        help_text=_("Jusqu’à 2 Go, compressé en gzip ou non. Le même fichier déposé deux fois ne change rien."),
        error_messages={
            "required": _("Choisissez un fichier."),
            "empty": _("Ce fichier est vide : il faut au moins une ligne."),
        },
    )

    def __init__(self, *args: Any, company: Company, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sources = Source.objects.of_files().filter(company=company, is_active=True)
        self.fields["source"].queryset = sources

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(gettext("Ce fichier dépasse 2 Go : déposez-le en plusieurs morceaux."))
        return file

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        source = cleaned.get("source")
        if cleaned.get("connector") == "generic-csv" and source and not source.mapping:
            self.add_error(
                "connector",
                gettext(
                    "Ce format demande de dire ce que contient chaque colonne, et cette source ne le dit pas encore :"
                    " choisissez un autre format, ou écrivez à l’exploitant."
                ),
            )
        return cleaned


class SourceForm(forms.Form):
    """A PBX: its name and its clock."""

    name = forms.SlugField(
        label=_("Nom de la source"),
        max_length=50,
        help_text=_("Un nom court, sans espace ni accent : standard-lille."),
        error_messages={"invalid": _("Gardez des lettres sans accent, des chiffres et des tirets : standard-lille.")},
    )
    timezone = forms.ChoiceField(
        label=_("Fuseau horaire"),
        choices=lambda: [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones()) if "/" in zone],
        initial="Europe/Paris",
        help_text=_("Celui de l’horloge du standard. Il sert quand le fichier écrit des heures sans fuseau."),
    )


class AliasForm(forms.Form):
    """Which number a queue or line name stands for."""

    name = forms.CharField(max_length=128, widget=forms.HiddenInput)
    number = forms.ModelChoiceField(
        label=_("Numéro"),
        queryset=PremiumNumber.objects.none(),
        empty_label=_("Choisir"),
        error_messages={"required": _("Choisissez le numéro auquel cette file répond.")},
    )

    def __init__(self, *args: Any, company: Company, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["number"].queryset = PremiumNumber.objects.filter(company=company).exclude(
            status__in=["ceased", "quarantined"]
        )


class PersonForm(forms.Form):
    """Which agent a name of the source stands for, from a day on."""

    name = forms.CharField(max_length=128, widget=forms.HiddenInput)
    agent = forms.ModelChoiceField(
        label=_("Agent"),
        queryset=Agent.objects.none(),
        empty_label=_("Choisir"),
        error_messages={"required": _("Choisissez la personne qui répond sous ce nom.")},
    )
    valid_from = forms.DateField(
        label=_("À partir du"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )

    def __init__(self, *args: Any, company: Company, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agent"].queryset = Agent.objects.filter(company=company).order_by("employee_number")
