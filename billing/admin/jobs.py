"""Jobs that the promise pays for, month by month."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.contrib.filters.admin import AutocompleteSelectFilter, RangeDateFilter

from billing.models import JobMonth
from billing.selectors_jobs import jobs_by_month
from illico_platform.web.admin import ReadOnlyAdmin
from illico_platform.web.columns import Columns

MONTHS_SHOWN = 6


@admin.register(JobMonth)
class JobMonthAdmin(ReadOnlyAdmin):
    """Hours of pay that count, by month, company, number and department."""

    _c = Columns(JobMonth)
    list_before_template = "admin/billing/jobs.html"
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

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The rows, under the sum of all companies by month and department."""
        context = {"jobs": jobs_by_month()[:MONTHS_SHOWN]}
        return super().changelist_view(request, {**(extra_context or {}), **context})

    search_fields = ["place", "company__name", "company__siren", "number__digits"]
