"""Forms about a company: its register numbers, its address, where it is paid."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from illico_platform.web.words import said
from numbers.models import Company
from numbers.rules.bank import iban_fault
from numbers.rules.company import company_faults
from numbers.rules.siren import siren_digits, siren_fault
from numbers.rules.vat_number import vat_of


class IbanField(forms.CharField):
    """An IBAN as somebody types it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("IBAN"))
        kwargs.setdefault("max_length", 60)
        kwargs.setdefault("widget", forms.TextInput(attrs={"size": 34, "autocomplete": "off", "spellcheck": "false"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        written: str = super().clean(value)
        if written and (fault := iban_fault(written)):
            raise forms.ValidationError(said(fault))
        return written


class CompanyDetailsForm(forms.Form):
    """What is known of a company, its SIREN apart; each number that is wrong says where."""

    name = forms.CharField(label=_("Raison sociale"), max_length=120)
    siret = forms.CharField(
        label=_("SIRET du siège"),
        help_text=_("Le SIREN et cinq chiffres de plus."),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"size": 20, "inputmode": "numeric"}),
    )
    vat_number = forms.CharField(
        label=_("Numéro de TVA"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"size": 20}),
    )
    address = forms.CharField(
        label=_("Adresse"),
        help_text=_("Elle paraît dans l’annuaire public, près de chaque numéro."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    complaint_contact = forms.CharField(
        label=_("Contact pour les réclamations"),
        help_text=_("Une adresse électronique, un téléphone non surtaxé ou une page. L’annuaire public l’affiche."),
        required=False,
        max_length=200,
    )

    def __init__(self, *args: Any, company: Company | None = None, **kwargs: Any) -> None:
        self.company = company
        super().__init__(*args, **kwargs)
        if company is not None:
            self.fields["vat_number"].help_text = _("Pour votre SIREN, c’est %(number)s, si vous êtes assujetti.") % {
                "number": vat_of(company.siren)
            }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        siren = self.company.siren if self.company is not None else cleaned.get("siren", "")
        faults = company_faults(siren=siren, siret=cleaned.get("siret", ""), vat_number=cleaned.get("vat_number", ""))
        for field, fault in faults.items():
            if field in self.fields and field not in self.errors:
                self.add_error(field, said(fault))
        return cleaned


class NewCompanyForm(CompanyDetailsForm):
    """A company for the person who registers it."""

    field_order = ["name", "siren", "siret", "vat_number", "without_vat", "address", "complaint_contact", "iban"]
    siren = forms.CharField(
        label="SIREN",
        help_text=_("Neuf chiffres, espaces permis. Il est sur votre extrait Kbis et sur vos factures."),
        max_length=30,
        widget=forms.TextInput(attrs={"size": 14, "inputmode": "numeric"}),
    )
    without_vat = forms.BooleanField(
        label=_("L’entreprise n’a pas de numéro de TVA"),
        help_text=_("Franchise en base, association non assujettie."),
        required=False,
    )
    iban = IbanField(
        help_text=_("Le compte où nous versons. Chiffré ; seuls propriétaires et comptables le changent."),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["vat_number"].help_text = _("Laissez vide : nous prenons celui qui va avec le SIREN.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        siren = cleaned.get("siren", "")
        if siren and not siren_fault(siren):
            cleaned["siren"] = siren_digits(siren)
            if cleaned.pop("without_vat", False):
                cleaned["vat_number"] = ""
            elif not cleaned.get("vat_number"):
                cleaned["vat_number"] = vat_of(siren)
        cleaned.pop("without_vat", None)
        return cleaned


class PayoutForm(forms.Form):
    """Another account for payouts."""

    iban = IbanField(label=_("Nouvel IBAN"), help_text=_("Recopiez-le depuis votre RIB, avec ou sans espaces."))
