"""Training in the admin: the catalogue, sessions, certificates, skills."""

from django.contrib import admin
from unfold.contrib.filters.admin import AutocompleteSelectFilter, RangeDateFilter

from agents.models import Attendance, Course, Skill, TrainingSession
from illico_platform.web.admin import KeptAdmin, PlatformAdmin
from illico_platform.web.columns import Columns


@admin.register(Course)
class CourseAdmin(KeptAdmin):
    """The catalogue: courses without a company are the operator's, for everybody."""

    _c = Columns(Course)
    list_display = ["title", "kind", "hours", "valid_months", "required_from", _c.link("company")]
    list_select_related = ["company"]
    list_filter = ["kind", ("company", AutocompleteSelectFilter)]
    search_fields = ["title", "company__name", "company__siren"]
    autocomplete_fields = ["company"]


@admin.register(TrainingSession)
class TrainingSessionAdmin(KeptAdmin):
    """Courses as they were held."""

    _c = Columns(TrainingSession)
    list_display = ["__str__", _c.link("company"), "starts_on", "last_day", "trainer"]
    list_select_related = ["company", "course"]
    list_filter = [("starts_on", RangeDateFilter), ("company", AutocompleteSelectFilter)]
    search_fields = ["course__title", "trainer", "company__name"]
    autocomplete_fields = ["company", "course"]


@admin.register(Attendance)
class AttendanceAdmin(KeptAdmin):
    """Who followed what, and until when the certificate holds."""

    _c = Columns(Attendance)
    list_display = [_c.link("agent"), _c.link("session"), "hours", "certified_on", "expires_on"]
    list_select_related = ["agent", "session__course"]
    list_filter = [("expires_on", RangeDateFilter), ("agent", AutocompleteSelectFilter)]
    search_fields = ["agent__employee_number", "agent__display_name", "session__course__title"]
    autocomplete_fields = ["agent", "session"]


@admin.register(Skill)
class SkillAdmin(PlatformAdmin):
    """What agents can do on a call."""

    _c = Columns(Skill)
    list_display = [_c.link("agent"), "kind", "language", "level", "since"]
    list_select_related = ["agent"]
    list_filter = ["kind", "level", ("agent", AutocompleteSelectFilter)]
    search_fields = ["agent__employee_number", "agent__display_name", "language"]
    autocomplete_fields = ["agent"]
