"""Days as rated, prices that changed, and the wage fund month by month."""

from django.contrib import admin
from unfold.contrib.filters.admin import AutocompleteSelectFilter, RangeDateFilter

from billing.models import FundMonth, RatedChange, RatedDay
from illico_platform.web.admin import ReadOnlyAdmin
from illico_platform.web.columns import Columns


@admin.register(RatedDay)
class RatedDayAdmin(ReadOnlyAdmin):
    """What each number earned each day, with the rates of that day."""

    _c = Columns(RatedDay)
    list_display = [
        "day",
        _c.link("number"),
        _c.link("company"),
        _c.whole("calls"),
        _c.whole("unpriced"),
        _c.duration("billed_ms"),
        _c.price("ttc_micros"),
        _c.price("ht_micros"),
        "posted_revision",
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


@admin.register(RatedChange)
class RatedChangeAdmin(ReadOnlyAdmin):
    """Prices that changed after a late fact."""

    _c = Columns(RatedChange)
    list_display = [
        "changed_at",
        "call_id",
        _c.link("company"),
        _c.price("old_ttc_micros"),
        _c.price("new_ttc_micros"),
    ]
    list_select_related = ["company"]
    list_filter = [("company", AutocompleteSelectFilter)]
    search_fields = ["=call_id"]
    ordering = ["-id"]


@admin.register(FundMonth)
class FundMonthAdmin(ReadOnlyAdmin):
    """Due, held, proven and released, by company and month."""

    _c = Columns(FundMonth)
    list_display = [
        _c.month(),
        _c.link("company"),
        *map(_c.euros, ("base", "due", "held", "credited", "balance", "released")),
        "is_declared",
    ]
    list_select_related = ["company"]
    list_filter = [("month", RangeDateFilter), "is_declared", ("company", AutocompleteSelectFilter)]
    search_fields = ["company__name", "company__siren"]
