"""Verdicts as the platform gave them: by number and day, and how some changed."""

from django.contrib import admin
from unfold.contrib.filters.admin import AutocompleteSelectFilter, RangeDateFilter

from agents.models import ChannelDay, JudgedDay, VerdictChange
from illico_platform.web.admin import ReadOnlyAdmin
from illico_platform.web.columns import Columns


@admin.register(JudgedDay)
class JudgedDayAdmin(ReadOnlyAdmin):
    """What became of the promise, number by number and day by day."""

    _c = Columns(JudgedDay)
    list_display = [
        "day",
        _c.link("number"),
        _c.link("company"),
        *map(_c.whole, ("calls", "kept", "late", "unanswered", "unproven", "abandoned", "incomplete", "closed")),
        "is_stale",
    ]
    list_select_related = ["number", "company"]
    list_filter = [
        ("day", RangeDateFilter),
        "is_stale",
        ("company", AutocompleteSelectFilter),
        ("number", AutocompleteSelectFilter),
    ]
    search_fields = ["number__digits", "company__name", "company__siren"]


@admin.register(ChannelDay)
class ChannelDayAdmin(ReadOnlyAdmin):
    """What became of the promise by sign language, cued speech and text."""

    _c = Columns(ChannelDay)
    list_display = [
        "day",
        _c.link("number"),
        "channel",
        *map(_c.whole, ("calls", "kept", "late", "unanswered", "unproven", "abandoned")),
        *map(_c.duration, ("charged_ms", "free_setup_ms")),
    ]
    list_select_related = ["number"]
    list_filter = [
        ("day", RangeDateFilter),
        "channel",
        ("company", AutocompleteSelectFilter),
        ("number", AutocompleteSelectFilter),
    ]
    search_fields = ["number__digits", "company__name", "company__siren"]


@admin.register(VerdictChange)
class VerdictChangeAdmin(ReadOnlyAdmin):
    """Verdicts that changed after a late fact: before, after, when."""

    _c = Columns(VerdictChange)
    list_display = ["changed_at", "call_id", _c.link("company"), _c.chip("old_verdict"), _c.chip("new_verdict")]
    list_select_related = ["company"]
    list_filter = ["old_verdict", "new_verdict", ("company", AutocompleteSelectFilter)]
    search_fields = ["=call_id"]
    ordering = ["-id"]
