"""Settings of a company: its details, and the account that it is paid to."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from illico_platform.lib.errors import IllicoError
from numbers.access.pages import CompanyFormPage
from numbers.access.places import ACCOUNTANT, OWNER, RUNS_THE_COMPANY
from numbers.models import PayoutAccount
from numbers.services.payout_account import set_iban
from numbers.services.register_company import change_company

from .company_forms import CompanyDetailsForm, PayoutForm

MAY_SEE_PAYOUT = frozenset([OWNER, ACCOUNTANT])


class SettingsPage(CompanyFormPage):
    """What is known of the company; owners and managers change it."""

    place = "settings"
    template_name = "portal/settings/settings.html"
    form_class = CompanyDetailsForm

    def get_initial(self) -> dict[str, Any]:
        fields = ("name", "siret", "vat_number", "address", "complaint_contact")
        return {field: getattr(self.company, field) for field in fields}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"company": self.company}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_see = self.role in MAY_SEE_PAYOUT
        return super().get_context_data(**kwargs) | {
            "may_change_company": self.role in RUNS_THE_COMPANY,
            "may_see_payout": may_see,
            "payout": PayoutAccount.objects.filter(company=self.company).defer("iban_sealed").first()
            if may_see
            else None,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.role not in RUNS_THE_COMPANY:
            raise PermissionDenied
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            with transaction.atomic():
                change_company(company=self.company, by=self.request.user, **form.cleaned_data)
        except IllicoError as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, _("C’est enregistré."))
        return redirect("portal:settings", siren=self.company.siren)


class PayoutPage(CompanyFormPage):
    """The account for payouts: shown as a mask, changed by owners and accountants."""

    place = "settings"
    roles = MAY_SEE_PAYOUT
    template_name = "portal/settings/payout.html"
    form_class = PayoutForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        account = PayoutAccount.objects.filter(company=self.company).values(
            "iban_mask", "changed_at", "changed_by__email"
        )
        return super().get_context_data(**kwargs) | {"payout": account.first()}

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            with transaction.atomic():
                set_iban(
                    company=self.company,
                    written=form.cleaned_data["iban"],
                    by=self.request.user,
                    now=timezone.now(),
                )
        except IllicoError as refusal:
            form.add_error("iban", str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, _("Le compte de versement est changé."))
        return redirect("portal:payout", siren=self.company.siren)
