"""Declared pay in the space: bring a file, follow its reading, look at months and what replaced what."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agents.connectors.base import PAYROLL_CONNECTORS
from agents.models import PayrollDeclaration, PayrollUpload
from agents.selectors_pay import declarations_of, declared_months, file_pay, payslips_of, unmatched_payslips
from agents.services.payroll_uploads import keep_upload
from billing.models import FundMonth
from billing.portal.payroll_words import FORMATS, field_words, refusal_words, words_of
from billing.selectors_counted import counted_slips
from billing.tasks import read_payroll
from numbers.access.pages import CompanyFormPage, CompanyPage, CompanyTemplatePage
from numbers.access.places import SEES_PAY

UPLOAD_MAX_BYTES = 20 * 1024 * 1024
STUCK_AFTER = timedelta(minutes=1)
UPLOADS_SHOWN = 8


def formats() -> list[tuple[str, str]]:
    """The payroll formats, the official declaration first."""
    keys = sorted(PAYROLL_CONNECTORS, key=lambda key: not PAYROLL_CONNECTORS[key].is_official)
    return [(key, FORMATS.get(key, PAYROLL_CONNECTORS[key].label)) for key in keys]


class PayrollForm(forms.Form):
    """A payroll file and what it is."""

    connector = forms.ChoiceField(label=gettext_lazy("Format"), choices=formats)
    file = forms.FileField(
        label=gettext_lazy("Fichier"),
        widget=forms.FileInput,
        help_text=gettext_lazy(
            "20 Mo au plus. Il attend chiffré et s’efface une fois lu : aucun NIR ni IBAN ne reste."
        ),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > UPLOAD_MAX_BYTES:
            raise forms.ValidationError(_("Ce fichier dépasse 20 Mo : déposez un mois ou un établissement à la fois."))
        return file


class OfPay:
    """What pages about pay share: their place in the menu, and who may write there."""

    place = "wages"
    roles = SEES_PAY

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        return context | {"may_write": self.role in SEES_PAY}  # type: ignore[attr-defined]


def read_later(upload: PayrollUpload) -> None:
    """Hand a file to a worker once it is stored for good."""
    transaction.on_commit(lambda: read_payroll.delay(upload.pk))


class PayrollPage(OfPay, CompanyFormPage):
    """Bring a file; the months declared, and the files brought last."""

    template_name = "portal/payroll.html"
    form_class = PayrollForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        uploads = PayrollUpload.objects.filter(company=self.company)
        return super().get_context_data(**kwargs) | {
            "months": declared_months(company_id=self.company.pk),
            "uploads": uploads[:UPLOADS_SHOWN],
            "unmatched": unmatched_payslips(company_id=self.company.pk).count(),
        }

    def form_valid(self, form: PayrollForm) -> HttpResponse:
        upload = keep_upload(
            company=self.company,
            connector=form.cleaned_data["connector"],
            content=form.cleaned_data["file"],
            by=self.request.user,
            now=timezone.now(),
        )
        read_later(upload)
        return redirect("portal:payroll_upload", siren=self.company.siren, pk=upload.pk)


class PayrollUploadPage(OfPay, CompanyTemplatePage):
    """Where the reading of one file stands and what came of it; asked again every two seconds while it is read."""

    def get_template_names(self) -> list[str]:
        return ["portal/payroll/_upload.html" if self.request.htmx else "portal/payroll_upload.html"]

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        # What has not changed is not swapped: nobody who hears the page is told the same again and again.
        if self.request.htmx and self.request.GET.get("seen") == context["sight"]:
            return HttpResponse(status=204)
        return super().render_to_response(context, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = PayrollUpload.objects.filter(company=self.company)
        upload = get_object_or_404(found, pk=self.kwargs["pk"])
        is_open = upload.state in (PayrollUpload.State.WAITING, PayrollUpload.State.READING)
        is_stuck = is_open and timezone.now() - upload.uploaded_at > STUCK_AFTER
        context = super().get_context_data(**kwargs) | {
            "upload": upload,
            "is_open": is_open,
            "is_stuck": is_stuck,
            "sight": f"{upload.state}{'-long' if is_stuck else ''}",
            "format": dict(formats()).get(upload.connector, upload.connector),
        }
        if upload.state == PayrollUpload.State.REFUSED:
            return context | {"refusal": refusal_words(upload.fault)}
        return context | (self._result(upload) if upload.state == PayrollUpload.State.DONE else {})

    def _result(self, upload: PayrollUpload) -> dict[str, Any]:
        outcome = upload.outcome
        months = [date.fromisoformat(f"{month}-01") for month in outcome["months"]]
        mine = PayrollDeclaration.objects.filter(company=self.company)
        declarations = list(mine.filter(file_id=upload.file_id).order_by("month", "siret")) if upload.file_id else []
        cancels = PayrollDeclaration.Kind.CANCEL
        return {
            "outcome": outcome,
            "months": months,
            "declarations": declarations,
            "some_do_not_count": any(not one.in_force and one.kind != cancels for one in declarations),
            "replaced": mine.filter(pk__in=outcome["replaced"]).select_related("file"),
            "pay": file_pay(file_id=upload.file_id, company_id=self.company.pk),
            "funds": FundMonth.objects.filter(company=self.company, month__in=months).order_by("month"),
            "notes": [words_of(note) for note in outcome["notes"]],
            "rejects": [
                each | {"field": field_words(each["field"]), "expected": words_of(each["expected"])}
                for each in outcome["rejects"]
            ],
        }


class PayrollAgainPage(OfPay, CompanyPage):
    """Hand a file that nobody read to a worker once more; a file that is being read is not read twice."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        waiting = [PayrollUpload.State.WAITING, PayrollUpload.State.READING]
        upload = get_object_or_404(PayrollUpload, pk=pk, company=self.company, state__in=waiting)
        read_later(upload)
        messages.success(request, _("La lecture est relancée."))
        return redirect("portal:payroll_upload", siren=self.company.siren, pk=pk)


class PayrollMonthPage(OfPay, CompanyTemplatePage):
    """One month of pay: the payslips that count, and every declaration with what took its place."""

    template_name = "portal/payroll_month.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        month = month_of(self.kwargs["month"])
        declarations = list(declarations_of(company_id=self.company.pk, month=month))
        if not declarations:
            raise Http404
        standing = [one for one in declarations if one.in_force]
        counted = counted_slips(company_id=self.company.pk, month=month)
        payslips = [(slip, counted.get(slip.pk)) for slip in payslips_of(company_id=self.company.pk, month=month)]
        return super().get_context_data(**kwargs) | {
            "month": month,
            "declarations": declarations,
            "standing": len(standing),
            "gross": sum((one.total or 0 for one in standing), 0),
            "payslips": payslips,
        }


def month_of(text: str) -> date:
    """The first day of a month as it stands in an address, 2026-11."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise Http404 from None
