"""The auditor's pack of one company, made for the operator's people."""

import tempfile
from typing import Any

from django import forms
from django.contrib.admin import ModelAdmin
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSingleDateWidget

from billing.selectors_pack import MOST_CALLS, calls_between
from billing.services.export import plan_export, write_export
from illico_platform.lib.errors import UnusableInput
from illico_platform.lib.periods import Month, paris_day
from illico_platform.web.action import ActionForm, ActionPage
from illico_platform.web.show import whole
from numbers.models import Company


class PackForm(ActionForm):
    company = forms.ModelChoiceField(Company.objects.order_by("name"), label=_("Entreprise"))
    first = forms.DateField(label=_("Premier jour"), widget=UnfoldAdminSingleDateWidget)
    last = forms.DateField(label=_("Dernier jour"), widget=UnfoldAdminSingleDateWidget)
    homes = forms.BooleanField(
        label=_("Joindre les pièces des domiciles"),
        required=False,
        help_text=_("Elles portent souvent une adresse. Sans elles, le dossier garde leur empreinte."),
    )


def pack_page(model_admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """Ask for a company and its days, and answer with the pack."""
    month = Month.of(paris_day(timezone.now())).previous
    page = ActionPage(
        title=gettext("Dossier de preuve"),
        intro=gettext(
            "Chaque appel de ces jours, sa promesse, et tout ce sur quoi elle repose, dans un fichier que chacun peut "
            "vérifier sans nous."
        ),
        submit=gettext("Télécharger (zip)"),
        form=PackForm,
        initial={"first": month.first, "last": month.last},
        run=_pack,
    )
    return page.respond(model_admin, request)


def _pack(asked: dict[str, Any]) -> HttpResponse:
    company, first, last = asked["company"], asked["first"], asked["last"]
    if last < first:
        raise UnusableInput(gettext("Le dernier jour précède le premier."))
    if (calls := calls_between(company_id=company.pk, first=first, last=last)) > MOST_CALLS:
        raise UnusableInput(
            gettext("Ces jours comptent %(calls)s appels : faites ce dossier par manage.py export proofs.")
            % {"calls": whole(calls)}
        )
    plan = plan_export(
        report="proofs", company=company, since=first, until=last, home_papers=asked["homes"],
        today=paris_day(timezone.now()),
    )  # fmt: skip
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    write_export(plan, file)
    file.seek(0)
    name = f"dossier-de-preuve-{company.siren}-{first}-{last}.zip"
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")  # type: ignore[return-value]
