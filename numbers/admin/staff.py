"""What switches wrote of their agents: into a queue, on pause, out."""

from django.contrib import admin
from unfold.contrib.filters.admin import AutocompleteSelectFilter

from illico_platform.web.admin import ReadOnlyAdmin
from illico_platform.web.columns import Columns
from numbers.models import StaffEvent


@admin.register(StaffEvent)
class StaffEventAdmin(ReadOnlyAdmin):
    """The events that the time signed in to the queues is counted from."""

    _c = Columns(StaffEvent)
    list_display = ["at", _c.link("source"), "agent_name", "queue", "kind"]
    list_select_related = ["source"]
    list_filter = ["kind", ("source", AutocompleteSelectFilter)]
    search_fields = ["agent_name"]
    ordering = ["-id"]
