"""The auditor's pack, as its company's owners and accountants download it."""

import tempfile
from typing import Any

from django import forms
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from billing.portal.filters import DayInput
from billing.selectors_pack import MOST_CALLS, calls_between
from billing.services.export import plan_export, write_export
from illico_platform.frames import one_instant
from illico_platform.lib.errors import IllicoError
from illico_platform.lib.periods import Month, paris_day
from illico_platform.web.show import whole
from numbers.access.pages import CompanyFormPage
from numbers.access.places import SECOND_FACTOR


class PackForm(forms.Form):
    """Which days, and whether the papers of homes are wanted."""

    first = forms.DateField(label=_("Premier jour"), widget=DayInput())
    last = forms.DateField(label=_("Dernier jour"), widget=DayInput())
    homes = forms.BooleanField(
        label=_("Joindre les pièces des domiciles"),
        required=False,
        help_text=_("Elles portent souvent une adresse. Sans elles, le dossier garde leur empreinte."),
    )

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or {}
        if "first" in asked and "last" in asked and asked["last"] < asked["first"]:
            self.add_error("last", _("Le dernier jour précède le premier."))
        return asked


class PackPage(CompanyFormPage):
    """A form that is answered with the pack itself: nothing is written, so it is asked for by its address."""

    place = "agents"
    roles = SECOND_FACTOR
    form_class = PackForm
    template_name = "portal/pack.html"
    http_method_names = ["get"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with one_instant():  # begun before the wall, inside which it would be too late
            return super().dispatch(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        month = Month.of(paris_day(timezone.now())).previous
        return {"first": month.first, "last": month.last}

    def get_form_kwargs(self) -> dict[str, Any]:
        asked = {"data": self.request.GET} if "first" in self.request.GET else {}
        return super().get_form_kwargs() | asked

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        form = self.get_form()
        if not form.is_bound:
            return self.render_to_response(self.get_context_data(form=form))
        return self.form_valid(form) if form.is_valid() else self.form_invalid(form)

    def form_valid(self, form: PackForm) -> HttpResponse | FileResponse:  # type: ignore[override]
        first, last = form.cleaned_data["first"], form.cleaned_data["last"]
        calls = calls_between(company_id=self.company.pk, first=first, last=last)
        if not calls or calls > MOST_CALLS:
            form.add_error(None, _refusal(calls))
            return self.form_invalid(form)
        file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
        try:
            plan = plan_export(
                report="proofs", company=self.company, since=first, until=last,
                home_papers=form.cleaned_data["homes"], today=paris_day(timezone.now()),
            )  # fmt: skip
            write_export(plan, file)
        except IllicoError as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)
        file.seek(0)
        name = f"dossier-de-preuve-{self.company.siren}-{first}-{last}.zip"
        answer = FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")
        answer["Cache-Control"] = "private, no-store"
        return answer


def _refusal(calls: int) -> str:
    if not calls:
        return gettext("Aucun appel ces jours-là : il n’y a rien à prouver.")
    return gettext(
        "Ces jours comptent %(calls)s appels, et un dossier en prend %(most)s : choisissez moins de jours."
    ) % {
        "calls": whole(calls),
        "most": whole(MOST_CALLS),
    }
