"""Lists over the partitioned tables of facts: bound to one day, so that millions of rows are never scanned."""

from datetime import date, timedelta
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Max, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter
from unfold.contrib.filters.admin.dropdown_filters import DropdownFilter
from unfold.decorators import action

from agents.models import JudgedDay, Verdict
from agents.models.verdict import VerdictKind
from billing.admin.pack import pack_page
from billing.models import RatedCall, RatedDay
from illico_platform.lib.periods import day_start, months_between, paris_day
from illico_platform.web.admin import ReadOnlyAdmin
from illico_platform.web.columns import Columns
from illico_platform.web.pages import CAP
from numbers.models import Call, CallDay, Intake, PremiumNumber, Source

ALL_DAYS = "tous"
# What the roll-ups count by, and what chooses nothing.
_COUNTED = {"jour", "company__id__exact", "number__id__exact", "promesse", "verdict__exact", "p"}


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
        if not hasattr(request, "last_day"):  # asked by the list and by its filters
            days = CallDay.objects.filter(**narrowed, **_of_source(request))
            request.last_day = days.aggregate(last=Max("day"))["last"] or paris_day(timezone.now())  # type: ignore[attr-defined]
        return request.last_day


def _of_source(request: HttpRequest) -> dict[str, int]:
    """The company that a PBX in the address belongs to: its last day is the one to show first."""
    key = request.GET.get("source__id__exact", "")
    source = Source.objects.filter(pk=key).exclude(company=None).first() if key.isdigit() else None
    return {"number__company_id": source.company_id} if source else {}


def on_day(queryset: QuerySet, day: date, request: HttpRequest) -> QuerySet:
    """Facts of one day; naming its month, instants and numbers lets the partitions and their indexes be used."""
    numbers = CallDay.objects.filter(day=day, **narrowed_by(request)).values_list("number_id", flat=True)
    return _between(queryset, day, day).filter(number_id__in=list(numbers))


def of_import(queryset: QuerySet, request: HttpRequest) -> QuerySet:
    """Facts of one import: of the days that it brought, where these are recorded."""
    key = request.GET["intake__id__exact"]
    intake = Intake.objects.select_related("source").filter(pk=key).first() if key.isdigit() else None
    if intake is None or intake.first_day is None or intake.last_day is None:
        return queryset
    rows = _between(queryset, intake.first_day, intake.last_day)
    return rows.filter(company=intake.source.company_id) if intake.source.company_id else rows


def newest(queryset: QuerySet, request: HttpRequest) -> QuerySet:
    """Facts of all days, newest first: of the last days alone that fill every page the list can show.

    The roll-ups say how many there are each day. Twice as many are taken, since days may be in the course of being
    judged anew. In another order, or by filters that no roll-up counts, every day is read.
    """
    kind = request.GET.get("promesse") or request.GET.get("verdict__exact") or ""
    if set(request.GET) - _COUNTED or (kind and kind not in VerdictKind.values):
        return queryset
    if queryset.model is RatedCall:
        days = RatedDay.objects.values_list("day").annotate(rows=Sum("calls"))
    elif kind:
        days = JudgedDay.objects.values_list("day").annotate(rows=Sum(kind))
    else:
        days = CallDay.objects.values_list("day").annotate(rows=Sum("calls"))
    days = list(days.filter(**narrowed_by(request)).order_by("-day"))
    reached = 0
    for day, rows in days:
        reached += rows
        if reached > 2 * CAP:
            return _between(queryset, day, days[0][0])
    return queryset


def _between(queryset: QuerySet, first: date, last: date) -> QuerySet:
    rows = queryset.filter(month__in=months_between(first, last), day__range=(first, last))
    if queryset.model is not Call:
        return rows
    # The instants say the same as the days: calls are indexed by them.
    return rows.filter(offered_at__gte=day_start(first), offered_at__lt=day_start(last + timedelta(days=1)))


class DayFilter(DropdownFilter):
    """The day shown. The address takes any ISO day; the list offers those around it."""

    title = _("jour")
    parameter_name = "jour"
    all_option = None

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        self.day = day_shown(request)
        days = [] if self.day is None else [self.day + timedelta(days=shift) for shift in range(7, -15, -1)]
        return [(ALL_DAYS, _("tous (d’un numéro ou d’une entreprise)")), *((str(d), f"{d:%d/%m/%Y}") for d in days)]

    def value(self) -> str:
        return ALL_DAYS if self.day is None else str(self.day)

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        # A search names one call: it is looked for on every day.
        if request.GET.get("q"):
            return queryset
        if self.day is not None:
            return on_day(queryset, self.day, request)
        return of_import(queryset, request) if "intake__id__exact" in request.GET else newest(queryset, request)


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

    @admin.display(description=_("appel"), ordering="call_id")
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
    search_help_text = _("Numéro d’ordre d’un appel")
    ordering = ["-day", "-call_id"]
    actions_list = ["pack"]

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.pack_view)
        return [path("dossier-de-preuve/", view, name="agents_verdict_make_pack"), *super().get_urls()]

    def has_pack_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perms(["agents.view_verdict", "agents.view_locationproof"])

    @action(description=_("Dossier de preuve"), url_path="vers-dossier", permissions=["pack"])
    def pack(self, request: HttpRequest) -> HttpResponse:
        return redirect("admin:agents_verdict_make_pack")

    def pack_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_pack_permission(request):
            raise PermissionDenied
        return pack_page(self, request)


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
    search_help_text = _("Numéro d’ordre d’un appel")
    ordering = ["-day", "-call_id"]
