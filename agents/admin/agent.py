"""Agents, their contracts, their names in sources, their workplaces and the proof of them."""

from django.contrib import admin
from unfold.contrib.filters.admin import AutocompleteSelectFilter, RangeDateFilter, RangeDateTimeFilter

from agents.models import Agent, Contract, LocationProof, PbxName, Site
from illico_platform.web.admin import KeptAdmin, PlatformAdmin, PlatformInline
from illico_platform.web.columns import Columns


class ContractInline(PlatformInline):
    model = Contract
    can_delete = False


class ProofInline(PlatformInline):
    model = LocationProof
    fields = ["place", "site", "commune_insee", "method", "valid_from", "valid_until", "revoked_at"]
    autocomplete_fields = ["site"]
    can_delete = False


class PbxNameInline(PlatformInline):
    model = PbxName
    autocomplete_fields = ["source"]


@admin.register(Site)
class SiteAdmin(KeptAdmin):
    """Workplaces in France, placed by their INSEE commune."""

    _c = Columns(Site)
    list_display = ["name", _c.link("company"), "commune_name", "commune_insee", "address"]
    list_select_related = ["company"]
    list_filter = [("company", AutocompleteSelectFilter)]
    search_fields = ["name", "commune_name", "commune_insee", "company__name", "company__siren"]
    autocomplete_fields = ["company"]


@admin.register(Agent)
class AgentAdmin(KeptAdmin):
    """People who answer: deactivated, never deleted, since verdicts and payslips point at them."""

    _c = Columns(Agent)
    list_display = ["employee_number", "display_name", _c.link("company"), "is_call_centre", "is_active"]
    list_select_related = ["company"]
    list_filter = ["is_active", "is_call_centre", ("company", AutocompleteSelectFilter)]
    search_fields = ["employee_number", "display_name", "pbx_names__name", "company__name", "company__siren"]
    autocomplete_fields = ["company", "user"]
    inlines = [ProofInline, ContractInline, PbxNameInline]


@admin.register(PbxName)
class PbxNameAdmin(PlatformAdmin):
    """The names under which agents appear in sources."""

    _c = Columns(PbxName)
    list_display = ["name", _c.link("source"), _c.link("agent"), "valid_from", "valid_until"]
    list_select_related = ["source", "agent"]
    list_filter = [("source", AutocompleteSelectFilter), ("agent", AutocompleteSelectFilter)]
    search_fields = ["name", "agent__employee_number", "agent__display_name"]
    autocomplete_fields = ["source", "agent"]


@admin.register(Contract)
class ContractAdmin(KeptAdmin):
    """Employment contracts: ended, never deleted, since verdicts rest on them."""

    _c = Columns(Contract)
    list_display = ["__str__", _c.link("agent"), "starts_on", "ends_on", "weekly_hours"]
    list_select_related = ["agent"]
    list_filter = ["kind", ("starts_on", RangeDateFilter), ("agent", AutocompleteSelectFilter)]
    search_fields = ["agent__employee_number", "agent__display_name", "agent__company__name"]
    autocomplete_fields = ["agent"]


@admin.register(LocationProof)
class LocationProofAdmin(KeptAdmin):
    """Proofs of workplace: revoked, never deleted, since verdicts rest on them."""

    _c = Columns(LocationProof)
    list_display = ["__str__", _c.link("agent"), _c.link("site"), "valid_from", "valid_until", "revoked_at"]
    list_select_related = ["agent", "site"]
    list_filter = [
        "place",
        "method",
        ("valid_until", RangeDateTimeFilter),
        ("agent", AutocompleteSelectFilter),
        ("site", AutocompleteSelectFilter),
    ]
    search_fields = ["agent__employee_number", "agent__display_name", "commune_insee", "site__name"]
    autocomplete_fields = ["agent", "site"]
    readonly_fields = ["created_at"]
