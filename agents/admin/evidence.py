"""The chain of evidence in the admin: the policy, home agreements, check-ins, networks seen."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, RangeDateFilter, RangeDateTimeFilter
from unfold.decorators import action

from agents.connectors.sightings import SIGHTING_CONNECTORS
from agents.models import (
    CheckIn,
    EvidencePolicy,
    ExpiryNotice,
    NetworkSighting,
    PresenceCheck,
    TeleworkAgreement,
    WorkingTimeRule,
)
from agents.services.take_sightings import take_sightings
from illico_platform.web.action import ActionForm, ActionPage, FilePicker, stored
from illico_platform.web.admin import KeptAdmin, ReadOnlyAdmin
from illico_platform.web.columns import Columns
from numbers.models import Source

_REJECTS_SHOWN = 20


@admin.register(EvidencePolicy)
class EvidencePolicyAdmin(KeptAdmin):
    """What a kept call must rest on, since when: a new row changes it, an old one explains old verdicts."""

    list_display = [
        "valid_from",
        "needs_agreement",
        "needs_check_in",
        "needs_passkey",
        "needs_network",
        "needs_training",
        "counts_overseas",
        "note",
    ]
    search_fields = ["note"]


@admin.register(WorkingTimeRule)
class WorkingTimeRuleAdmin(KeptAdmin):
    """How long a day of home work may last, since when."""

    list_display = ["valid_from", "day_span_minutes", "source"]
    search_fields = ["source"]


@admin.register(ExpiryNotice)
class ExpiryNoticeAdmin(ReadOnlyAdmin):
    """Who was told that something of an agent's ends soon."""

    _c = Columns(ExpiryNotice)
    list_display = ["claimed_at", _c.link("agent"), "subject", "expires_on", "step", "sent_at"]
    list_select_related = ["agent"]
    list_filter = ["subject", "step", ("expires_on", RangeDateFilter), ("agent", AutocompleteSelectFilter)]
    search_fields = ["agent__employee_number", "agent__display_name"]


@admin.register(TeleworkAgreement)
class TeleworkAgreementAdmin(KeptAdmin):
    """Agreements on work from home: ended, never deleted, since verdicts rest on them."""

    _c = Columns(TeleworkAgreement)
    list_display = ["__str__", _c.link("agent"), "starts_on", "ends_on"]
    list_select_related = ["agent"]
    list_filter = ["basis", ("starts_on", RangeDateFilter), ("agent", AutocompleteSelectFilter)]
    search_fields = ["agent__employee_number", "agent__display_name", "commune_insee"]
    autocomplete_fields = ["agent"]


@admin.register(CheckIn)
class CheckInAdmin(ReadOnlyAdmin):
    """Who signed in where and until when."""

    _c = Columns(CheckIn)
    list_display = ["started_at", _c.link("agent"), "place", "ends_at", "ending", "country", "signature"]
    list_select_related = ["agent"]
    list_filter = [
        "ending", "signature", "country", ("started_at", RangeDateTimeFilter), ("agent", AutocompleteSelectFilter),
    ]  # fmt: skip
    search_fields = ["agent__employee_number", "agent__display_name"]


@admin.register(PresenceCheck)
class PresenceCheckAdmin(ReadOnlyAdmin):
    """Questions asked at random moments, and whether they were answered."""

    _c = Columns(PresenceCheck)
    list_display = ["asked_at", _c.link("check_in"), "due_at", "answered_at"]
    list_select_related = ["check_in__agent"]
    list_filter = [("asked_at", RangeDateTimeFilter)]
    search_fields = ["check_in__agent__employee_number"]


def _formats() -> list[tuple[str, str]]:
    """A function, since forms copy their choices deeply: a bound method would be copied with its whole registry."""
    return [(key, gettext(label)) for key, label in SIGHTING_CONNECTORS.choices()]


class SightingsForm(ActionForm):
    connector = forms.ChoiceField(label=_("Format du fichier"), choices=_formats)
    source = forms.ModelChoiceField(Source.objects.order_by("name"), label=_("Source"))
    file = forms.FileField(
        label=_("Fichier"), widget=FilePicker, help_text=_("D’une adresse, seuls le pays et une empreinte sont gardés.")
    )


@admin.register(NetworkSighting)
class NetworkSightingAdmin(ReadOnlyAdmin):
    """From which country agents' phones were registered, by the switches' logs."""

    _c = Columns(NetworkSighting)
    list_display = ["seen_at", _c.link("agent"), _c.link("source"), "country", "is_private"]
    list_select_related = ["agent", "source"]
    list_filter = ["country", ("seen_at", RangeDateTimeFilter), ("agent", AutocompleteSelectFilter)]
    search_fields = ["agent__employee_number", "agent__display_name"]
    actions_list = ["import_file"]

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.import_view)
        return [path("importer/", view, name="agents_networksighting_import"), *super().get_urls()]

    def has_import_file_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("agents.add_networksighting")

    @action(description=_("Importer un fichier"), url_path="aller-importer", permissions=["import_file"])
    def import_file(self, request: HttpRequest) -> HttpResponse:
        return redirect("admin:agents_networksighting_import")

    def import_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_import_file_permission(request):
            raise PermissionDenied
        page = ActionPage(
            title=gettext("Importer les réseaux vus par un standard"),
            intro=gettext(
                "Les bonnes lignes entrent une fois, chaque ligne refusée est nommée. La nuit réexamine les appels "
                "de ces jours."
            ),
            submit=gettext("Importer"),
            form=SightingsForm,
            run=lambda data: self._take(request, data),
        )
        return page.respond(self, request)

    def _take(self, request: HttpRequest, data: dict[str, Any]) -> str:
        with stored(data["file"]) as place:
            report = take_sightings(
                connector=data["connector"], path=place, source=data["source"], name=data["file"].name
            )
        told = gettext("%(stored)s réseaux vus gardés, %(known)s déjà connus, %(rejected)s lignes refusées.")
        messages.success(request, told % {"stored": report.stored, "known": report.known, "rejected": report.rejected})
        for reject in report.rejects[:_REJECTS_SHOWN]:
            messages.warning(request, str(reject))
        if report.unknown:
            names = ", ".join(name for name, _lines in report.unknown.most_common(_REJECTS_SHOWN))
            messages.warning(request, gettext("Noms qui ne sont d’aucun agent : %(names)s.") % {"names": names})
        return reverse("admin:agents_networksighting_changelist")
