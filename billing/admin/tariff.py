"""What may be charged and how it is shared: dated rows, ended rather than deleted."""

from django.contrib import admin
from unfold.contrib.filters.admin import AutocompleteSelectFilter

from billing.models import FullTime, MinimumWage, SharePolicy, Tariff, VatRate, WagePolicy
from illico_platform.web.admin import KeptAdmin
from illico_platform.web.columns import Columns


@admin.register(Tariff)
class TariffAdmin(KeptAdmin):
    """Service prices per minute, VAT included; the database refuses any above 0.60 EUR."""

    _c = Columns(Tariff)
    list_display = [_c.link("number"), _c.price("price_micros"), "valid_from", "valid_until"]
    list_display_links = ["n_price_micros"]
    list_select_related = ["number"]
    list_filter = [("number", AutocompleteSelectFilter)]
    search_fields = ["number__digits", "number__label", "number__company__name"]
    autocomplete_fields = ["number"]


@admin.register(VatRate)
class VatRateAdmin(KeptAdmin):
    """VAT rates with their source."""

    _c = Columns(VatRate)
    list_display = [_c.percent("rate_bp"), "valid_from", "valid_until", "source"]
    search_fields = ["source"]


@admin.register(SharePolicy)
class SharePolicyAdmin(KeptAdmin):
    """What carriers keep and what our fee is, per payer."""

    _c = Columns(SharePolicy)
    list_display = ["name", "payer", _c.percent("carriers_bp"), _c.percent("fee_bp"), "valid_from", "valid_until"]
    list_filter = ["payer"]
    search_fields = ["name"]


@admin.register(WagePolicy)
class WagePolicyAdmin(KeptAdmin):
    """The versions of the wage share: of what, how much, and whose pay counts."""

    _c = Columns(WagePolicy)
    list_display = [
        *("name", "version", _c.percent("share_bp"), "base", "numerator", "counting", "valid_from", "valid_until")
    ]
    list_filter = ["base", "numerator", "counting"]
    search_fields = ["name"]


@admin.register(MinimumWage)
class MinimumWageAdmin(KeptAdmin):
    """The gross hourly minimum wage, row by row as it was decreed."""

    _c = Columns(MinimumWage)
    list_display = [_c.price("hourly_micros"), "valid_from", "valid_until", "verified", "source"]
    list_filter = ["verified"]
    search_fields = ["source"]


@admin.register(FullTime)
class FullTimeAdmin(KeptAdmin):
    """The legal monthly duration of a full-time job, by which hours become jobs."""

    _c = Columns(FullTime)
    list_display = [_c.decimal("hours"), "valid_from", "valid_until", _c.french("source")]
    search_fields = ["source"]
