"""INSEE's list of communes in the admin: seen here, loaded from its files."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from agents.models import Commune
from agents.services.load_communes import load_communes
from illico_platform.web.action import ActionForm, ActionPage, FilePicker, stored
from illico_platform.web.admin import ReadOnlyAdmin


class CommunesForm(ActionForm):
    file = forms.FileField(label=_("Fichier CSV"), widget=FilePicker, help_text=_("Communes, ou anciennes communes."))


@admin.register(Commune)
class CommuneAdmin(ReadOnlyAdmin):
    """Each code, and the commune that it stands for today."""

    list_display = ["code", "name", "kind", "zone", "department", "parent", "is_listed"]
    list_filter = ["kind", "zone", "is_listed"]
    search_fields = ["=code", "name"]
    actions_list = ["load"]

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.load_view)
        return [path("charger/", view, name="agents_commune_load_list"), *super().get_urls()]

    def has_load_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("agents.add_commune")

    @action(description=_("Charger une liste"), url_path="aller-charger", permissions=["load"])
    def load(self, request: HttpRequest) -> HttpResponse:
        return redirect("admin:agents_commune_load_list")

    def load_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_load_permission(request):
            raise PermissionDenied
        page = ActionPage(
            title=gettext("Charger une liste de communes"),
            intro=gettext(
                "Les communes d’abord, puis les anciennes. Un fichier entre en entier ou pas du tout ; dès qu’une "
                "liste est chargée, les lieux de travail n’acceptent plus que des communes qui existent."
            ),
            submit=gettext("Charger"),
            form=CommunesForm,
            run=lambda data: self._load(request, data),
        )
        return page.respond(self, request)

    def _load(self, request: HttpRequest, data: dict[str, Any]) -> str:
        with stored(data["file"]) as place:
            done = load_communes([place], names=[data["file"].name])
        told = gettext("%(read)s communes lues : %(added)s nouvelles, %(changed)s changées, %(withdrawn)s retirées.")
        messages.success(
            request,
            told % {"read": done.read, "added": done.added, "changed": done.changed, "withdrawn": done.withdrawn},
        )
        return reverse("admin:agents_commune_changelist")
