"""Register a company: the first one of a person, or another."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import FormView

from illico_platform.lib.errors import IllicoError
from numbers.services.payout_account import set_iban
from numbers.services.register_company import CompanyTaken, register_company

from .company_forms import NewCompanyForm


class NewCompanyPage(LoginRequiredMixin, FormView):
    """The form; whoever sends it becomes the company's owner."""

    template_name = "portal/company_new.html"
    form_class = NewCompanyForm

    def form_valid(self, form: Any) -> HttpResponse:
        fields = dict(form.cleaned_data)
        iban = fields.pop("iban")
        try:
            with transaction.atomic():
                company = register_company(by=self.request.user, **fields)
                if iban:
                    set_iban(company=company, written=iban, by=self.request.user, now=timezone.now())
        except CompanyTaken as refusal:
            form.add_error("siren", str(refusal))
            return self.form_invalid(form)
        except IllicoError as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, _("%(name)s est inscrite. Vous en êtes propriétaire.") % {"name": company.name})
        return redirect("portal:dashboard", siren=company.siren)

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)
