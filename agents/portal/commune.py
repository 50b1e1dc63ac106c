"""The question where somewhere is: one field for a commune's code, name or postal code, and what it may mean."""

from typing import Any

from django import forms
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic.base import View

from agents.models import Commune
from agents.rules.commune import commune_code, search_form
from agents.selectors_communes import SHOWN, find_communes, is_list_loaded

COMMUNE_HELP = _("Celui de l’INSEE, pas le code postal : 59350 pour Lille, 2A004 pour Ajaccio.")
_UNLISTED = _("La liste des communes n’est pas chargée : seule la forme du code est vérifiée.")
_SEARCH = _("Tapez un nom ou un code postal pour trouver le code.")


class CommuneField(forms.CharField):
    """A commune in France; the code of the present one is what it gives."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Code INSEE de la commune"))
        kwargs.setdefault("help_text", COMMUNE_HELP)
        super().__init__(max_length=80, widget=forms.TextInput(attrs={"size": 24, "autocomplete": "off"}), **kwargs)

    def get_bound_field(self, form: Any, field_name: str) -> forms.BoundField:
        bound = super().get_bound_field(form, field_name)
        if not is_list_loaded():
            bound.help_text = format_html("{} {}", self.help_text, _UNLISTED)
            return bound
        found = f"{bound.auto_id}_found"
        bound.help_text = format_html(
            '{} {} <span id="{}" aria-live="polite"><datalist id="{}_list"></datalist></span>',
            self.help_text, _SEARCH, found, found,
        )  # fmt: skip
        self.widget.attrs |= {
            "list": f"{found}_list",
            "hx-get": f"{reverse_lazy('communes')}?field={field_name}&list={found}_list",
            "hx-trigger": "load, input changed delay:250ms",
            "hx-target": f"#{found}",
        }
        return bound

    def clean(self, value: str) -> str:
        written = super().clean(value)
        if not written:
            return written
        try:
            return Commune.checked(written)
        except forms.ValidationError:
            meant = list(find_communes(written)[: SHOWN + 1])
            if not meant:
                raise
            return _only(written, meant)


def _only(written: str, meant: list[Commune]) -> str:
    """The commune that a whole name stands for; a postal code, or a name of several, is asked about again."""
    named = [each for each in meant if each.search_name == search_form(written)]
    if len(named) == 1:
        return named[0].code
    communes = ", ".join(f"{each.code} {each.name}" for each in (named or meant)[:SHOWN])
    raise forms.ValidationError(
        gettext("Donnez le code de la commune : %(communes)s.") % {"communes": communes}, code="several"
    )


class CommunesFound(LoginRequiredMixin, View):
    """What a field's text may mean, as the field's list and its help show it: a part of a page, and no page alone."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest) -> HttpResponse:
        if not request.htmx:  # type: ignore[attr-defined]
            raise Http404
        written = request.GET.get(request.GET.get("field", ""), "").strip()[:80]
        meant = list(find_communes(written)[:SHOWN]) if written else []
        context = {
            "communes": meant,
            "exact": next((each for each in meant if each.code == commune_code(written)), None),
            "list": request.GET.get("list", ""),
        }
        return render(request, "forms/communes.html", context)
