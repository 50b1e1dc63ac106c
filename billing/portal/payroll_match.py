"""Payslips that name no agent: say whose they are, and take that back."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agents.models import Agent, PayrollNumber, Payslip
from agents.selectors_pay import unmatched_payslips
from agents.services.match_by_hand import MatchRefused, match_by_hand, payslip_numbers, undo_match
from billing.portal.payroll import OfPay
from billing.tasks import release_pay
from numbers.access.pages import CompanyFormPage, CompanyList, CompanyPage
from numbers.models import Company


class MatchForm(forms.Form):
    """Whose payslip it is."""

    agent = forms.ModelChoiceField(
        label=gettext_lazy("Agent"), queryset=Agent.objects.none(), empty_label=gettext_lazy("Choisissez")
    )

    def __init__(self, *args: Any, company: Company, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agent"].queryset = Agent.objects.filter(company=company).order_by("employee_number")


class UnmatchedPage(OfPay, CompanyList):
    """The payslips that name no agent, and the numbers that were matched by hand."""

    template_name = "portal/payroll_unmatched.html"
    paginate_by = 25

    def get_queryset(self) -> Any:
        return unmatched_payslips(company_id=self.company.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        payslips = list(context["object_list"])
        numbers = payslip_numbers(payslips)
        return context | {
            "rows": [(payslip, numbers[payslip.pk]) for payslip in payslips],
            "matches": PayrollNumber.objects.filter(company=self.company).select_related("agent"),
        }


class MatchPage(OfPay, CompanyFormPage):
    """Choose the agent of one payslip."""

    template_name = "portal/payroll_match.html"
    form_class = MatchForm

    @cached_property
    def payslip(self) -> Payslip:
        return get_object_or_404(unmatched_payslips(company_id=self.company.pk), pk=self.kwargs["pk"])

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"company": self.company}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        number = payslip_numbers([self.payslip])[self.payslip.pk]
        return super().get_context_data(**kwargs) | {"payslip": self.payslip, "number": number}

    def form_valid(self, form: MatchForm) -> HttpResponse:
        try:
            match = match_by_hand(payslip=self.payslip, agent=form.cleaned_data["agent"])
        except MatchRefused as refused:
            form.add_error(None, str(refused))
            return self.form_invalid(form)
        release_later(self.company)
        messages.success(
            self.request,
            _("Le matricule de paie %(number)s est celui de %(agent)s, pour tous les mois.")
            % {"number": match.number, "agent": match.agent},
        )
        return redirect("portal:payroll_unmatched", siren=self.company.siren)


class UndoMatchPage(OfPay, CompanyPage):
    """Take a match back."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        match = get_object_or_404(PayrollNumber, pk=pk, company=self.company)
        number = match.number
        undo_match(match=match)
        release_later(self.company)
        messages.success(request, _("Le matricule de paie %(number)s n’est plus rapproché.") % {"number": number})
        return redirect("portal:payroll_unmatched", siren=self.company.siren)


def release_later(company: Company) -> None:
    """Let a worker settle the company's fund once the change is stored for good."""
    transaction.on_commit(lambda: release_pay.delay(company.pk))
