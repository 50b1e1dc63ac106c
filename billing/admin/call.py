"""Calls: a list by day with verdict and price, and one page per call that tells its story."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet, prefetch_related_objects
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter
from unfold.contrib.filters.admin.dropdown_filters import DropdownFilter
from unfold.views import ChangeList

from agents.models import Verdict
from agents.models.verdict import VerdictKind
from billing.admin.facts import DayFilter, FactAdmin, day_shown
from billing.models import RatedCall
from billing.portal.story import page_of
from billing.selectors_call import call_story
from illico_platform.web import show
from illico_platform.web.admin_links import object_link
from illico_platform.web.columns import Columns
from numbers.models import Call, PremiumNumber, Source
from numbers.rules.plan import NumberRefused, normalise

PROMISE_S = 60
_ANSWERED_FREE = ("late", "unproven")


class VerdictFilter(DropdownFilter):
    """What became of the promise."""

    title = _("promesse")
    parameter_name = "promesse"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(VerdictKind.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet | None:
        if self.value() not in VerdictKind.values:
            return None
        if (day := day_shown(request)) is not None:
            of_day = Verdict.objects.filter(month=day.replace(day=1), day=day, verdict=self.value())
            return queryset.filter(pk__in=of_day.values("pk"))
        # Month, day and number are named again so that the verdicts' own partition and index are used.
        same = {name: OuterRef(name) for name in ("month", "day", "number_id")}
        return queryset.filter(Exists(Verdict.objects.filter(call_id=OuterRef("id"), verdict=self.value(), **same)))


class CallList(ChangeList):
    """Adds number, verdict and price to the rows of the page, by three queries whatever its length."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = list(self.result_list)
        prefetch_related_objects(self.result_list, "number")
        keys = {
            "pk__in": [call.pk for call in self.result_list],
            "month__in": {call.month for call in self.result_list},
        }
        verdicts = Verdict.objects.select_related("agent").filter(**keys)
        by_call = {verdict.pk: verdict for verdict in verdicts}
        prices = dict(RatedCall.objects.filter(**keys).values_list("pk", "ttc_micros"))
        for call in self.result_list:
            call.verdict, call.ttc_micros = by_call.get(call.pk), prices.get(call.pk)


@admin.register(Call)
class CallAdmin(FactAdmin):
    """A call is a fact: read, never written. Its page is its passport."""

    _c = Columns(Call)
    list_display = [
        "time",
        _c.link("number"),
        "agent",
        "wait",
        _c.duration("talk_ms"),
        "promise",
        "n_price",
    ]
    list_display_links = ["time"]
    list_select_related = False  # a day's calls would each be joined before the page is cut: the list adds the numbers
    list_filter = [
        DayFilter,
        VerdictFilter,
        ("outcome", ChoicesDropdownFilter),
        ("channel", ChoicesDropdownFilter),
        ("company", AutocompleteSelectFilter),
        ("number", AutocompleteSelectFilter),
        ("source", AutocompleteSelectFilter),
    ]
    search_fields = ["external_id__exact"]
    search_help_text = _("Identifiant dans la source, ou numéro appelé")
    ordering = ["-offered_at", "-id"]
    change_form_template = "admin/billing/call/story.html"

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        if kwargs.get("obj") is not None:
            context |= page_of(call_story(call=kwargs["obj"]))
        return super().render_change_form(request, context, *args, **kwargs)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Call | None:
        calls = self.get_queryset(request).select_related("number", "company", "source", "intake__source")
        return calls.filter(pk=object_id).first() if object_id.isdigit() and len(object_id) < 19 else None

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return CallList

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        if not search_term:
            return queryset, False
        try:
            numbers = PremiumNumber.objects.filter(digits=normalise(search_term).digits)
        except NumberRefused:
            # The identifier is unique in a source: naming the sources lets that index be used.
            sources = Source.objects.values_list("pk", flat=True)
            return queryset.filter(source_id__in=list(sources), external_id=search_term), False
        return queryset.filter(number_id__in=list(numbers.values_list("pk", flat=True))), False

    @admin.display(description=_("présenté le"), ordering="offered_at")
    def time(self, call: Call) -> str:
        return format_html('<span class="nb">{}</span>', f"{timezone.localtime(call.offered_at):%d/%m/%Y %H:%M:%S}")

    @admin.display(description=_("agent"))
    def agent(self, call: Any) -> str:
        known = call.verdict and call.verdict.agent
        return object_link(known, known.employee_number) if known else (call.agent_name or show.NONE)

    @admin.display(description=_("attente"), ordering="wait_ms")
    def wait(self, call: Any) -> str:
        if call.wait_ms is None:
            return show.NONE
        share = min(100, call.wait_ms // (PROMISE_S * 10))
        kind = call.verdict.verdict if call.verdict else "quiet"
        return format_html(
            '<span class="wait {}">{} <span aria-hidden="true"><b style="width:{}%"></b></span></span>',
            kind,
            show.seconds(call.wait_ms),
            share,
        )

    @admin.display(description=_("promesse"))
    def promise(self, call: Any) -> str:
        return show.chip(call.verdict.verdict, str(call.verdict)) if call.verdict else gettext("à juger")

    @admin.display(description=_("prix TTC"))
    def n_price(self, call: Any) -> str:
        return format_html('<span class="num">{}</span>', price_words(call.verdict, call.ttc_micros))


def price_words(verdict: Verdict | None, ttc_micros: int | None) -> str:
    """The price of a call, or the word for none: « offert » where the promise was broken."""
    if ttc_micros is not None:
        return show.price(ttc_micros)
    return gettext("offert") if verdict and verdict.verdict in _ANSWERED_FREE else show.NONE
