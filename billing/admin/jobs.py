"""Jobs that the promise pays for, month by month."""

from django.contrib import admin
from unfold.contrib.filters.admin import AutocompleteSelectFilter, RangeDateFilter

from billing.models import JobMonth
from illico_platform.web.admin import ReadOnlyAdmin
from illico_platform.web.columns import Columns


@admin.register(JobMonth)
class JobMonthAdmin(ReadOnlyAdmin):
    """Hours of pay that count, by month, company, number and department."""

    _c = Columns(JobMonth)
    list_display = [
        *(_c.month(), _c.link("company"), _c.link("number"), "place", _c.decimal("hours"), _c.whole("unknown"))
    ]
    list_select_related = ["company", "number"]
    list_filter = [
        ("month", RangeDateFilter),
        "place",
        ("company", AutocompleteSelectFilter),
        ("number", AutocompleteSelectFilter),
    ]
    search_fields = ["place", "company__name", "company__siren", "number__digits"]
