"""The numbering plan's ceilings, with their sources."""

from django.contrib import admin

from illico_platform.web.admin import KeptAdmin
from illico_platform.web.columns import Columns
from numbers.models import PlanCeiling


@admin.register(PlanCeiling)
class PlanCeilingAdmin(KeptAdmin):
    """Dated ceilings: a row is ended, not deleted."""

    _c = Columns(PlanCeiling)
    list_display = ["prefix", "unit", _c.price("ceiling_micros"), "valid_from", "valid_until", "verified", "source"]
    list_filter = ["unit", "verified"]
    search_fields = ["prefix", "source"]
