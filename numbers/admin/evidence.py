"""What the platform writes by itself about calls: days, refused rows, keys, what waits to be looked at again."""

from django.contrib import admin
from unfold.contrib.filters.admin import AutocompleteSelectFilter, RangeDateFilter

from illico_platform.web.admin import ReadOnlyAdmin
from illico_platform.web.columns import Columns
from numbers.models import CallDay, CallerKey, Recheck, RejectedRow


@admin.register(CallDay)
class CallDayAdmin(ReadOnlyAdmin):
    """How many calls each number had each day."""

    _c = Columns(CallDay)
    list_display = ["day", _c.link("number"), _c.link("company"), _c.whole("calls"), _c.whole("revision")]
    list_select_related = ["number", "company"]
    list_filter = [
        ("day", RangeDateFilter),
        ("company", AutocompleteSelectFilter),
        ("number", AutocompleteSelectFilter),
    ]
    search_fields = ["number__digits", "company__name", "company__siren"]


@admin.register(RejectedRow)
class RejectedRowAdmin(ReadOnlyAdmin):
    """Rows that an import refused: file, line, field, value, and what was expected."""

    _c = Columns(RejectedRow)
    list_display = [_c.link("intake"), _c.whole("line"), "field", "value", "expected", "replayed_at"]
    list_display_links = ["field"]
    list_select_related = ["intake__source"]
    list_filter = ["field", ("replayed_at", admin.EmptyFieldListFilter)]
    search_fields = ["intake__file_name", "field", "value"]
    ordering = ["-id"]


@admin.register(CallerKey)
class CallerKeyAdmin(ReadOnlyAdmin):
    """Months whose callers can still be recognised; the key itself is never shown."""

    _c = Columns(CallerKey)
    list_display = [_c.month()]
    fields = ["month"]
    search_fields = ["month"]
    ordering = ["-month"]


@admin.register(Recheck)
class RecheckAdmin(ReadOnlyAdmin):
    """Spans of days that the next run looks at again, and why."""

    _c = Columns(Recheck)
    list_display = ["cause", "stage", _c.link("company"), "since", "until"]
    list_select_related = ["company"]
    list_filter = ["stage", ("company", AutocompleteSelectFilter)]
    search_fields = ["cause", "company__name"]
    ordering = ["-id"]
