"""The operator's blocks, who holds a free number, what came with a file, what the directory says."""

from django.contrib import admin
from unfold.contrib.filters.admin import AutocompleteSelectFilter

from illico_platform.web.admin import KeptAdmin, PlatformAdmin, ReadOnlyAdmin
from illico_platform.web.columns import Columns
from numbers.models import (
    DirectoryRecord,
    EnrolmentDecision,
    EnrolmentDocument,
    NumberBlock,
    NumberReservation,
    PortRequest,
)


@admin.register(NumberBlock)
class NumberBlockAdmin(KeptAdmin):
    """Numbers attributed to the operator; one that is no longer offered stays for those enrolled in it."""

    _c = Columns(NumberBlock)
    list_display = ["__str__", "family", _c.price("ceiling_micros"), "is_offered", "source"]
    list_filter = ["family", "is_offered"]
    search_fields = ["prefix", "source"]


@admin.register(NumberReservation)
class NumberReservationAdmin(ReadOnlyAdmin):
    """Who keeps which free number, and until when."""

    _c = Columns(NumberReservation)
    list_display = ["__str__", _c.link("company"), "reserved_at", "expires_at"]
    list_select_related = ["company"]
    list_filter = [("company", AutocompleteSelectFilter)]
    search_fields = ["digits", "company__name"]


@admin.register(PortRequest)
class PortRequestAdmin(KeptAdmin):
    """Numbers on their way from another operator; their state is kept here by hand."""

    _c = Columns(PortRequest)
    list_display = ["__str__", _c.link("enrolment"), "state", "ports_on", "note"]
    list_select_related = ["enrolment"]
    list_filter = ["state"]
    search_fields = ["digits", "rio"]
    raw_id_fields = ["enrolment"]


@admin.register(DirectoryRecord)
class DirectoryRecordAdmin(PlatformAdmin):
    """What the public directory says of a number."""

    _c = Columns(DirectoryRecord)
    list_display = [_c.link("number"), "provider_name", "complaint_contact", "confirmed_on"]
    list_display_links = ["provider_name"]
    list_select_related = ["number"]
    search_fields = ["number__digits", "provider_name"]
    autocomplete_fields = ["number"]


@admin.register(EnrolmentDocument)
class EnrolmentDocumentAdmin(ReadOnlyAdmin):
    """The papers of the files."""

    _c = Columns(EnrolmentDocument)
    list_display = ["name", _c.link("enrolment"), "kind", "media_type", _c.whole("size"), "added_at"]
    list_select_related = ["enrolment"]
    list_filter = ["kind"]
    search_fields = ["name", "sha256"]


@admin.register(EnrolmentDecision)
class EnrolmentDecisionAdmin(ReadOnlyAdmin):
    """What was decided on the files: who, when, why."""

    _c = Columns(EnrolmentDecision)
    list_display = ["at", _c.link("enrolment"), _c.chip("kind"), _c.link("by"), "reason"]
    list_select_related = ["enrolment", "by"]
    list_filter = ["kind"]
    search_fields = ["reason", "enrolment__digits"]
