"""Declarations and payslips as employers declared them; payroll files stand in billing's admin, which pays on them."""

from django.contrib import admin
from unfold.contrib.filters.admin import AutocompleteSelectFilter, RangeDateFilter

from agents.models import ContributionCode, PayrollDeclaration, PayrollMonth, PayrollNumber, PayrollUpload, Payslip
from illico_platform.web.admin import KeptAdmin, ReadOnlyAdmin
from illico_platform.web.columns import Columns


@admin.register(PayrollDeclaration)
class PayrollDeclarationAdmin(ReadOnlyAdmin):
    """Declarations by establishment and month; those replaced are kept."""

    _c = Columns(PayrollDeclaration)
    list_display = ["__str__", _c.link("company"), _c.month(), "kind", "in_force", _c.link("file")]
    list_select_related = ["company", "file"]
    list_filter = ["in_force", "kind", ("month", RangeDateFilter), ("company", AutocompleteSelectFilter)]
    search_fields = ["siret", "identifier", "company__name", "company__siren"]


@admin.register(Payslip)
class PayslipAdmin(ReadOnlyAdmin):
    """Payslips; those that match no agent are found by the filter « agent : vide »."""

    _c = Columns(Payslip)
    list_display = [
        "employee_number",
        _c.link("agent"),
        _c.link("company"),
        _c.month(),
        _c.euros("gross"),
        _c.decimal("hours_paid"),
        _c.link("declaration"),
    ]
    list_display_links = ["employee_number"]
    list_select_related = ["agent", "company", "declaration"]
    list_filter = [
        ("agent", admin.EmptyFieldListFilter),
        ("month", RangeDateFilter),
        ("company", AutocompleteSelectFilter),
        "declaration__in_force",
    ]
    search_fields = ["employee_number", "initials", "agent__display_name", "company__name", "company__siren"]


@admin.register(ContributionCode)
class ContributionCodeAdmin(KeptAdmin):
    """Whose money each contribution code of a DSN stands for; a code that is not here counts as unknown."""

    _c = Columns(ContributionCode)
    list_display = ["code", _c.french("label"), "kind", "part_of", "valid_from", "valid_until", _c.french("source")]
    list_filter = ["kind"]
    search_fields = ["code", "label", "source"]


@admin.register(PayrollMonth)
class PayrollMonthAdmin(ReadOnlyAdmin):
    """Months of pay per company and how often what is in force changed."""

    _c = Columns(PayrollMonth)
    list_display = [_c.month(), _c.link("company"), _c.whole("revision")]
    list_select_related = ["company"]
    list_filter = [("month", RangeDateFilter), ("company", AutocompleteSelectFilter)]
    search_fields = ["company__name", "company__siren"]


@admin.register(PayrollNumber)
class PayrollNumberAdmin(ReadOnlyAdmin):
    """Numbers by which payroll names agents known under another one, as their companies matched them."""

    _c = Columns(PayrollNumber)
    list_display = ["number", _c.link("agent"), _c.link("company"), "created_at"]
    list_select_related = ["agent", "company"]
    list_filter = [("company", AutocompleteSelectFilter)]
    search_fields = ["number", "agent__employee_number", "agent__display_name", "company__name"]


@admin.register(PayrollUpload)
class PayrollUploadAdmin(ReadOnlyAdmin):
    """Files that companies brought in their space, and what came of each."""

    _c = Columns(PayrollUpload)
    list_display = ["file_name", _c.link("company"), "connector", "state", "uploaded_at", _c.link("by")]
    list_select_related = ["company", "by"]
    list_filter = ["state", "connector", ("company", AutocompleteSelectFilter)]
    search_fields = ["file_name", "company__name", "company__siren"]
