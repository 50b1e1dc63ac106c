"""Companies and their members."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter

from illico_platform.web.admin import KeptAdmin, PlatformAdmin, PlatformInline
from illico_platform.web.columns import Columns
from numbers.models import Company, Membership


class MemberInline(PlatformInline):
    model = Membership
    autocomplete_fields = ["user", "company"]
    verbose_name_plural = _("membres")


@admin.register(Company)
class CompanyAdmin(KeptAdmin):
    """Companies: deactivated, never deleted, since books and calls point at them."""

    list_display = ["name", "siren", "siret", "is_active", "created_at"]
    list_filter = ["is_active"]
    search_fields = ["name", "siren", "siret"]
    readonly_fields = ["created_at"]
    inlines = [MemberInline]
    fieldsets = [
        (None, {"fields": ["name", "siren", "siret", "vat_number", "is_active", "must_give_access", "created_at"]}),
        (
            _("Annuaire"),
            {"fields": ["address", "complaint_contact"], "description": _("Ce que l’annuaire public affiche.")},
        ),
    ]


@admin.register(Membership)
class MembershipAdmin(PlatformAdmin):
    """Who may act for which company, in which role."""

    _c = Columns(Membership)
    list_display = ["__str__", _c.link("user"), _c.link("company"), "role"]
    list_select_related = ["user", "company"]
    list_filter = ["role", ("company", AutocompleteSelectFilter)]
    search_fields = ["user__email", "company__name", "company__siren"]
    autocomplete_fields = ["user", "company"]
