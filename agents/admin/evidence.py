"""The chain of evidence in the admin: the policy, home agreements, check-ins, networks seen."""

from django.contrib import admin
from unfold.contrib.filters.admin import AutocompleteSelectFilter, RangeDateFilter, RangeDateTimeFilter

from agents.models import (
    CheckIn,
    EvidencePolicy,
    ExpiryNotice,
    NetworkSighting,
    PresenceCheck,
    TeleworkAgreement,
    WorkingTimeRule,
)
from illico_platform.web.admin import KeptAdmin, ReadOnlyAdmin
from illico_platform.web.columns import Columns


@admin.register(EvidencePolicy)
class EvidencePolicyAdmin(KeptAdmin):
    """What a kept call must rest on, since when: a new row changes it, an old one explains old verdicts."""

    list_display = [
        "valid_from",
        "needs_agreement",
        "needs_check_in",
        "needs_passkey",
        "needs_network",
        "needs_training",
        "counts_overseas",
        "note",
    ]
    search_fields = ["note"]


@admin.register(WorkingTimeRule)
class WorkingTimeRuleAdmin(KeptAdmin):
    """How long a day of home work may last, since when."""

    list_display = ["valid_from", "day_span_minutes", "source"]
    search_fields = ["source"]


@admin.register(ExpiryNotice)
class ExpiryNoticeAdmin(ReadOnlyAdmin):
    """Who was told that something of an agent's ends soon."""

    _c = Columns(ExpiryNotice)
    list_display = ["claimed_at", _c.link("agent"), "subject", "expires_on", "step", "sent_at"]
    list_select_related = ["agent"]
    list_filter = ["subject", "step", ("expires_on", RangeDateFilter), ("agent", AutocompleteSelectFilter)]
    search_fields = ["agent__employee_number", "agent__display_name"]


@admin.register(TeleworkAgreement)
class TeleworkAgreementAdmin(KeptAdmin):
    """Agreements on work from home: ended, never deleted, since verdicts rest on them."""

    _c = Columns(TeleworkAgreement)
    list_display = ["__str__", _c.link("agent"), "starts_on", "ends_on"]
    list_select_related = ["agent"]
    list_filter = ["basis", ("starts_on", RangeDateFilter), ("agent", AutocompleteSelectFilter)]
    search_fields = ["agent__employee_number", "agent__display_name", "commune_insee"]
    autocomplete_fields = ["agent"]


@admin.register(CheckIn)
class CheckInAdmin(ReadOnlyAdmin):
    """Who signed in where and until when."""

    _c = Columns(CheckIn)
    list_display = ["started_at", _c.link("agent"), "place", "ends_at", "ending", "country", "signature"]
    list_select_related = ["agent"]
    list_filter = [
        "ending", "signature", "country", ("started_at", RangeDateTimeFilter), ("agent", AutocompleteSelectFilter),
    ]  # fmt: skip
    search_fields = ["agent__employee_number", "agent__display_name"]


@admin.register(PresenceCheck)
class PresenceCheckAdmin(ReadOnlyAdmin):
    """Questions asked at random moments, and whether they were answered."""

    _c = Columns(PresenceCheck)
    list_display = ["asked_at", _c.link("check_in"), "due_at", "answered_at"]
    list_select_related = ["check_in__agent"]
    list_filter = [("asked_at", RangeDateTimeFilter)]
    search_fields = ["check_in__agent__employee_number"]


@admin.register(NetworkSighting)
class NetworkSightingAdmin(ReadOnlyAdmin):
    """From which country agents' phones were registered, by the switches' logs."""

    _c = Columns(NetworkSighting)
    list_display = ["seen_at", _c.link("agent"), _c.link("source"), "country", "is_private"]
    list_select_related = ["agent", "source"]
    list_filter = ["country", ("seen_at", RangeDateTimeFilter), ("agent", AutocompleteSelectFilter)]
    search_fields = ["agent__employee_number", "agent__display_name"]
