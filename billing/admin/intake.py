"""Imports of calls: what came in, what was refused and why; a file is taken in from here."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, RangeDateTimeFilter
from unfold.decorators import action

from billing.services.take_in import take_in
from illico_platform.web import show
from illico_platform.web.action import ActionForm, ActionPage, FilePicker, stored
from illico_platform.web.admin import ReadOnlyAdmin
from illico_platform.web.admin_links import list_url
from illico_platform.web.columns import Columns
from numbers.connectors.base import CONNECTORS
from numbers.models import Call, Intake, RejectedRow, Source

SHOWN_REJECTS = 200


def _formats() -> list[tuple[str, str]]:
    """A function, since forms copy their choices deeply: a bound method would be copied with its whole registry."""
    return [(key, gettext(label)) for key, label in CONNECTORS.choices()]


class ImportForm(ActionForm):
    connector = forms.ChoiceField(label=_("Format du fichier"), choices=_formats)
    source = forms.ModelChoiceField(
        Source.objects.of_files().filter(is_active=True),
        label=_("Source"),
        empty_label=_("Choisir"),
        help_text=_("Le standard ou l’opérateur qui a écrit ce fichier : son fuseau et ses noms s’appliquent."),
    )
    file = forms.FileField(
        label=_("Fichier"),
        widget=FilePicker,
        help_text=_("Le même fichier donné deux fois ne change rien."),
    )


@admin.register(Intake)
class IntakeAdmin(ReadOnlyAdmin):
    """Files taken in, with their counts; the page of one names each row that was refused."""

    _c = Columns(Intake)
    list_display = [
        "file_name",
        _c.link("source"),
        "started_at",
        *map(_c.whole, ("read", "calls", "duplicates", "open", "rejected")),
    ]
    list_select_related = ["source"]
    list_filter = ["connector", ("source", AutocompleteSelectFilter), ("started_at", RangeDateTimeFilter)]
    search_fields = ["file_name", "sha256", "source__name"]
    actions_list = ["import_file"]
    fields = ["source", "connector", "file_name", "sha256", "size", "started_at", "ended_at", "by"]
    change_form_outer_before_template = "admin/billing/intake_result.html"

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.import_view)
        return [path("importer/", view, name="numbers_intake_import"), *super().get_urls()]

    def has_import_file_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("numbers.add_intake")

    @action(description=_("Importer un fichier"), url_path="aller-importer", permissions=["import_file"])
    def import_file(self, request: HttpRequest) -> HttpResponse:
        return self.import_view(request)

    def import_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_import_file_permission(request):
            raise PermissionDenied
        page = ActionPage(
            title=_("Importer un fichier d’appels"),
            intro=_(
                "Les bonnes lignes entrent une fois ; chaque ligne refusée est nommée. Les appels sont jugés et "
                "tarifés tout de suite, comptabilisés la nuit."
            ),
            submit=_("Importer"),
            form=ImportForm,
            run=lambda data: self._take_in(request, data),
        )
        return page.respond(self, request)

    def _take_in(self, request: HttpRequest, data: dict[str, Any]) -> str:
        with stored(data["file"]) as place:
            report = take_in(
                connector=data["connector"],
                path=place,
                source=data["source"],
                now=timezone.now(),
                by=request.user,
                name=data["file"].name,
            )
        messages.success(
            request,
            _("%(file)s : %(calls)s appels ajoutés, %(known)s déjà connus, %(rejected)s lignes refusées.")
            % {
                "file": data["file"].name,
                "calls": show.whole(report.calls),
                "known": show.whole(report.duplicates),
                "rejected": show.whole(report.rejected),
            },
        )
        return reverse("admin:numbers_intake_change", args=[report.intake_id])

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        intake = kwargs.get("obj")
        if intake is not None:
            context["intake"] = intake
            context["rejects"] = intake.rejects.order_by("line")[:SHOWN_REJECTS]
            context["rejects_url"] = list_url(RejectedRow, intake__id__exact=intake.pk)
            context["calls_url"] = list_url(Call, intake__id__exact=intake.pk)
            context["not_taken"] = sorted(intake.ignored.items(), key=lambda pair: -pair[1])
        return super().render_change_form(request, context, *args, **kwargs)
