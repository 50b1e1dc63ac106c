"""Time signed in to the queues, day by day, and the corrections of it."""

from django.contrib import admin
from unfold.contrib.filters.admin import AutocompleteSelectFilter, RangeDateFilter

from agents.models import Shift, WorkCorrection, WorkDay
from illico_platform.web.admin import PlatformAdmin, ReadOnlyAdmin
from illico_platform.web.columns import Columns


@admin.register(WorkDay)
class WorkDayAdmin(ReadOnlyAdmin):
    """What the switches' logs say of each agent's day."""

    _c = Columns(WorkDay)
    list_display = [
        "day",
        _c.link("agent"),
        _c.link("company"),
        "first_in",
        "last_out",
        "is_complete",
        "is_corrected",
    ]
    list_select_related = ["agent", "company"]
    list_filter = [("day", RangeDateFilter), "is_complete", "is_corrected", ("agent", AutocompleteSelectFilter)]
    search_fields = ["agent__employee_number", "agent__display_name", "company__name"]


@admin.register(WorkCorrection)
class WorkCorrectionAdmin(PlatformAdmin):
    """Supervisors' corrections of a day, each with its reason."""

    _c = Columns(WorkCorrection)
    list_display = ["day", _c.link("agent"), "started_at", "ended_at", "by", "reason"]
    list_select_related = ["agent"]
    list_filter = [("day", RangeDateFilter), ("agent", AutocompleteSelectFilter)]
    search_fields = ["agent__employee_number", "agent__display_name", "by", "reason"]
    autocomplete_fields = ["agent"]


@admin.register(Shift)
class ShiftAdmin(PlatformAdmin):
    """When agents are planned to work."""

    _c = Columns(Shift)
    list_display = ["starts_at", "ends_at", _c.link("agent"), _c.link("company"), "break_minutes"]
    list_select_related = ["agent", "company"]
    list_filter = [("company", AutocompleteSelectFilter), ("agent", AutocompleteSelectFilter)]
    search_fields = ["agent__employee_number", "agent__display_name"]
    autocomplete_fields = ["agent", "company"]
