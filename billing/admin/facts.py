"""Lists over the partitioned tables of facts: bound to one day, so that millions of rows are never scanned."""

from datetime import date, timedelta
from typing import Any

from django.contrib import admin
from django.db.models import Max, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter
from unfold.contrib.filters.admin.dropdown_filters import DropdownFilter

from agents.models import Verdict
from billing.models import RatedCall
from illico_platform.lib.periods import paris_day
from illico_platform.web.admin import ReadOnlyAdmin
from illico_platform.web.columns import Columns
from numbers.models import CallDay, PremiumNumber, Source

ALL_DAYS = "tous"


def narrowed_by(request: HttpRequest) -> dict[str, int]:
    """The company and number that a list's address narrows it to, as look-ups on day tables."""
    found = {}
    for field in ("company", "number"):
        value = request.GET.get(f"{field}__id__exact", "")
        if value.isdigit():
            found[f"{field}_id"] = int(value)
    return found


def day_shown(request: HttpRequest) -> date | None:
    """The day in the address, else the last one with calls; None for all days, which needs a company or number."""
    asked = request.GET.get("jour", "")
    narrowed = narrowed_by(request)
    if (asked == ALL_DAYS and narrowed) or "intake__id__exact" in request.GET:
        return None
    try:
        return date.fromisoformat(asked)
    except ValueError:
        days = CallDay.objects.filter(**narrowed, **_of_source(request))
        return days.aggregate(last=Max("day"))["last"] or paris_day(timezone.now())


def _of_source(request: HttpRequest) -> dict[str, int]:
    """The company that a PBX in the address belongs to: its last day is the one to show first."""
    key = request.GET.get("source__id__exact", "")
    source = Source.objects.filter(pk=key).exclude(company=None).first() if key.isdigit() else None
    return {"number__company_id": source.company_id} if source else {}


def on_day(queryset: QuerySet, day: date, request: HttpRequest) -> QuerySet:
    """Facts of one day; naming its month and numbers lets the partitions and their indexes be used."""
    numbers = CallDay.objects.filter(day=day, **narrowed_by(request)).values_list("number_id", flat=True)
    return queryset.filter(month=day.replace(day=1), day=day, number_id__in=list(numbers))


class DayFilter(DropdownFilter):
    """The day shown. The address takes any ISO day; the list offers those around it."""

    title = "jour"
    parameter_name = "jour"
    all_option = None

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        self.day = day_shown(request)
        days = [] if self.day is None else [self.day + timedelta(days=shift) for shift in range(7, -15, -1)]
        return [(ALL_DAYS, "tous (d’un numéro ou d’une entreprise)"), *((str(d), f"{d:%d/%m/%Y}") for d in days)]

    def value(self) -> str:
        return ALL_DAYS if self.day is None else str(self.day)

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        # A search names one call: it is looked for on every day.
        if self.day is None or request.GET.get("q"):
            return queryset
        return on_day(queryset, self.day, request)


class FactAdmin(ReadOnlyAdmin):
    """Base of the lists of facts: one day at a time, with the way to the days around it."""

    list_before_template = "admin/billing/day_steps.html"

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        day = day_shown(request)
        steps: dict[str, Any] = {"day": day, "is_search": bool(request.GET.get("q"))}
        for name, shift in (("before", -1), ("after", 1)):
            if day is not None:
                query = request.GET.copy()
                query["jour"] = str(day + timedelta(days=shift))
                query.pop("p", None)
                steps[name] = f"?{query.urlencode()}"
        steps["kept"] = [(key, value) for key, value in request.GET.items() if key not in ("jour", "p", "q")]
        return super().changelist_view(request, {**(extra_context or {}), "steps": steps})

    @admin.display(description="appel", ordering="call_id")
    def call(self, fact: Any) -> str:
        address = reverse("admin:numbers_call_change", args=[fact.pk])
        return format_html('<a href="{}">{}</a>', address, fact.pk)

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        if not search_term:
            return queryset, False
        pk = int(search_term) if search_term.isdigit() and len(search_term) < 19 else 0
        numbers = PremiumNumber.objects.filter(digits=search_term).values_list("pk", flat=True)
        if numbers:
            return queryset.filter(number_id__in=list(numbers)), False
        return queryset.filter(pk=pk), False


@admin.register(Verdict)
class VerdictAdmin(FactAdmin):
    """The verdict of each call; its page is the call's."""

    _c = Columns(Verdict)
    list_display = ["call", "day", _c.link("number"), _c.chip("verdict"), "reason", _c.link("agent")]
    list_display_links = None
    list_select_related = ["number", "agent"]
    list_filter = [
        DayFilter,
        ("verdict", ChoicesDropdownFilter),
        ("company", AutocompleteSelectFilter),
        ("number", AutocompleteSelectFilter),
    ]
    search_fields = ["=call_id"]
    search_help_text = "Numéro d’ordre d’un appel"
    ordering = ["-day", "-call_id"]


@admin.register(RatedCall)
class RatedCallAdmin(FactAdmin):
    """The price of each charged call; its page is the call's."""

    _c = Columns(RatedCall)
    list_display = [
        "call",
        "day",
        _c.link("number"),
        _c.duration("billed_ms"),
        _c.price("price_micros"),
        _c.price("ttc_micros"),
        _c.price("vat_micros"),
        _c.price("ht_micros"),
    ]
    list_display_links = None
    list_select_related = ["number"]
    list_filter = [DayFilter, ("company", AutocompleteSelectFilter), ("number", AutocompleteSelectFilter)]
    search_fields = ["=call_id"]
    search_help_text = "Numéro d’ordre d’un appel"
    ordering = ["-day", "-call_id"]
