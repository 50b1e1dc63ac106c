"""Sources of calls, the files that companies gave, and what was left half-way: open calls."""

from django.contrib import admin
from unfold.contrib.filters.admin import AutocompleteSelectFilter

from illico_platform.web.admin import KeptAdmin, PlatformInline, ReadOnlyAdmin
from illico_platform.web.columns import Columns
from numbers.models import CallUpload, NumberAlias, OpenCall, Source


class AliasInline(PlatformInline):
    model = NumberAlias
    autocomplete_fields = ["number"]


@admin.register(Source)
class SourceAdmin(KeptAdmin):
    """PBXs and carriers: deactivated, never deleted, since calls point at them."""

    _c = Columns(Source)
    list_display = ["name", "kind", _c.link("company"), "timezone", "log_clock", "is_active"]
    list_select_related = ["company"]
    list_filter = ["kind", "is_active", ("company", AutocompleteSelectFilter)]
    search_fields = ["name", "company__name", "company__siren"]
    autocomplete_fields = ["company"]
    readonly_fields = ["log_clock"]
    inlines = [AliasInline]


@admin.register(OpenCall)
class OpenCallAdmin(ReadOnlyAdmin):
    """Calls whose end has not been read yet."""

    _c = Columns(OpenCall)
    list_display = ["external_id", _c.link("source"), "last_event_at", "is_stored"]
    list_select_related = ["source"]
    list_filter = ["is_stored", ("source", AutocompleteSelectFilter)]
    search_fields = ["external_id"]
    ordering = ["-id"]


@admin.register(CallUpload)
class CallUploadAdmin(ReadOnlyAdmin):
    """Files that companies gave through their space, and how far the work on each is."""

    _c = Columns(CallUpload)
    list_display = [
        "file_name",
        _c.link("company"),
        _c.link("source"),
        "created_at",
        _c.chip("state"),
        _c.link("intake"),
        "error",
    ]
    list_select_related = ["company", "source", "intake__source"]
    list_filter = ["state", ("company", AutocompleteSelectFilter), ("source", AutocompleteSelectFilter)]
    search_fields = ["file_name", "sha256", "company__name", "company__siren"]
    ordering = ["-id"]
    exclude = ["path"]
