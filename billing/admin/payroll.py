"""Payroll files as employers gave them; a file is taken in from here, and the wage fund moves with it."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RangeDateFilter
from unfold.decorators import action

from agents.connectors.base import PAYROLL_CONNECTORS
from agents.models import PayrollFile
from agents.services.declare_payroll import PayrollReport
from billing.portal.payroll_words import words_of
from billing.services.take_pay import declare_pay
from illico_platform.web.action import ActionForm, ActionPage, FilePicker, stored
from illico_platform.web.admin import ReadOnlyAdmin
from illico_platform.web.columns import Columns


def _formats() -> list[tuple[str, str]]:
    """A function, since forms copy their choices deeply: a bound method would be copied with its whole registry."""
    return [(key, gettext(label)) for key, label in PAYROLL_CONNECTORS.choices()]


class PayrollForm(ActionForm):
    connector = forms.ChoiceField(label=_("Format du fichier"), choices=_formats)
    file = forms.FileField(
        label=_("Fichier"), widget=FilePicker, help_text=_("Aucun numéro de sécurité sociale ni IBAN n’est gardé.")
    )


@admin.register(PayrollFile)
class PayrollFileAdmin(ReadOnlyAdmin):
    """Payroll files taken in."""

    _c = Columns(PayrollFile)
    list_display = ["file_name", "connector", "received_at", _c.link("by")]
    list_select_related = ["by"]
    list_filter = ["connector", ("received_at", RangeDateFilter)]
    search_fields = ["file_name", "sha256"]
    actions_list = ["import_file"]

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.import_view)
        return [path("importer/", view, name="agents_payrollfile_import"), *super().get_urls()]

    def has_import_file_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("agents.add_payrollfile")

    @action(description=_("Importer un fichier"), url_path="aller-importer", permissions=["import_file"])
    def import_file(self, request: HttpRequest) -> HttpResponse:
        return self.import_view(request)

    def import_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_import_file_permission(request):
            raise PermissionDenied
        page = ActionPage(
            title=_("Importer un fichier de paie"),
            intro=_(
                "Le fichier entre en entier ou pas du tout. Les bulletins se rapprochent des agents par matricule."
            ),
            submit=_("Importer"),
            form=PayrollForm,
            run=lambda data: self._declare(request, data),
        )
        return page.respond(self, request)

    def _declare(self, request: HttpRequest, data: dict[str, Any]) -> HttpResponse:
        name = data["file"].name
        with stored(data["file"]) as place:
            report = declare_pay(
                connector=data["connector"], path=place, now=timezone.now(), by=request.user, name=name
            )
        return self._result(request, name, report)

    def _result(self, request: HttpRequest, name: str, report: PayrollReport) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "model_admin": self,
            "title": _("Fichier de paie importé"),
            "file_name": name,
            "report": report,
            "notes": [words_of(note) for note in report.notes],
        }
        return TemplateResponse(request, "admin/agents/payroll_result.html", context)
