"""The review queue of files: oldest first."""

from django.contrib import admin

from illico_platform.web.admin import ReadOnlyAdmin
from illico_platform.web.columns import Columns
from numbers.models import Enrolment


@admin.register(Enrolment)
class EnrolmentAdmin(ReadOnlyAdmin):
    """What companies answered, and what was decided."""

    _c = Columns(Enrolment)
    list_display = ["__str__", _c.link("company"), "digits", "submitted_at", "answer"]
    list_select_related = ["company", "number"]
    search_fields = ["digits", "company__name", "company__siren"]
