"""The books, to be read: accounts, journals, periods, entries and their lines."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, RangeDateFilter

from billing.models import Account, Entry, Journal, JournalYear, Line, Period
from illico_platform.web import show
from illico_platform.web.admin import ReadOnlyAdmin, ReadOnlyInline
from illico_platform.web.columns import Columns


class LineInline(ReadOnlyInline):
    model = Line
    fields = ["account", "company", "n_debit", "n_credit"]
    readonly_fields = ["n_debit", "n_credit"]

    @admin.display(description=_("débit"))
    def n_debit(self, line: Line) -> str:
        return format_html('<span class="num">{}</span>', show.euros(line.debit) if line.debit else "")

    @admin.display(description=_("crédit"))
    def n_credit(self, line: Line) -> str:
        return format_html('<span class="num">{}</span>', show.euros(line.credit) if line.credit else "")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("account", "company")


@admin.register(Account)
class AccountAdmin(ReadOnlyAdmin):
    list_display = ["code", "label"]
    search_fields = ["code", "label"]


@admin.register(Journal)
class JournalAdmin(ReadOnlyAdmin):
    list_display = ["code", "label"]
    search_fields = ["code", "label"]


@admin.register(JournalYear)
class JournalYearAdmin(ReadOnlyAdmin):
    """Where each journal's chain of entries stands."""

    _c = Columns(JournalYear)
    list_display = ["__str__", _c.link("journal"), "year", _c.whole("last_number"), "last_hash"]
    list_select_related = ["journal"]
    list_filter = ["journal"]
    search_fields = ["journal__code", "last_hash"]


@admin.register(Period)
class PeriodAdmin(ReadOnlyAdmin):
    """Months of the books; a closed one refuses entries."""

    _c = Columns(Period)
    list_display = [_c.month(), "closed_at"]
    list_filter = [("closed_at", admin.EmptyFieldListFilter)]
    search_fields = ["month"]


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin):
    """Entries: written by the night, corrected by other entries only."""

    _c = Columns(Entry)
    list_display = [
        "__str__",
        _c.chip("kind"),
        "effective_on",
        "label",
        _c.link("company"),
        _c.link("line_number"),
        _c.link("corrects"),
    ]
    list_select_related = ["company", "line_number", "corrects"]
    list_filter = [
        "kind",
        "journal",
        ("effective_on", RangeDateFilter),
        ("company", AutocompleteSelectFilter),
        ("line_number", AutocompleteSelectFilter),
    ]
    search_fields = ["=number", "piece_ref", "label", "source_key"]
    ordering = ["-id"]
    inlines = [LineInline]


@admin.register(Line)
class LineAdmin(ReadOnlyAdmin):
    """Lines of entries, by account and company."""

    _c = Columns(Line)
    list_display = [_c.link("entry"), _c.link("account"), _c.link("company"), _c.euros("debit"), _c.euros("credit")]
    list_select_related = ["entry", "account", "company"]
    list_display_links = None
    list_filter = ["account", ("company", AutocompleteSelectFilter)]
    search_fields = ["entry__piece_ref", "entry__label", "account__code"]
    ordering = ["-id"]
