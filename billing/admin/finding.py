"""Findings: what a person should look at, what it means, which rows, what to do. The night opens and closes them."""

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, RangeDateFilter

from agents.models import Agent, PayrollDeclaration, Payslip
from billing.admin.words import DETAILS
from billing.models import Entry, Finding, FindingNote, FundMonth, RatedDay, Tariff
from billing.rules.checks_kinds import KINDS
from illico_platform.web import show
from illico_platform.web.admin import ReadOnlyAdmin, ReadOnlyInline
from illico_platform.web.admin_links import list_url, row_url
from illico_platform.web.columns import Columns
from numbers.models import Call, Intake, PremiumNumber

# Fields of a finding's detail that hold keys of rows.
_ROWS: dict[str, type[Model]] = {
    "call_ids": Call,
    "agent": Agent,
    "intake": Intake,
    "entry": Entry,
    "tariff": Tariff,
    "payslip_ids": Payslip,
    "declarations": PayrollDeclaration,
}


class OpenFilter(admin.SimpleListFilter):
    """Open findings unless the address asks for others."""

    title = _("suivi")
    parameter_name = "suivi"
    _STATES = {"resolved": {"resolved_at__isnull": False}, "all": {}}

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("resolved", _("résolus")), ("all", _("tous"))]

    def choices(self, changelist: Any) -> Iterator[dict[str, Any]]:
        first, *others = super().choices(changelist)
        yield {**first, "display": _("ouverts")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(**self._STATES.get(self.value() or "", {"resolved_at__isnull": True}))


class NoteInline(ReadOnlyInline):
    model = FindingNote
    fields = ["at", "kind", "by", "text"]
    verbose_name_plural = _("suivi")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("by")


@admin.register(Finding)
class FindingAdmin(ReadOnlyAdmin):
    """What is open is shown first; a finding's page links to the rows it speaks of."""

    _c = Columns(Finding)
    list_display = ["sentence", _c.chip("severity"), _c.link("company"), "first_seen_on", "last_seen_on", "resolved_at"]
    list_select_related = ["company"]
    list_filter = [
        OpenFilter,
        "severity",
        "kind",
        ("last_seen_on", RangeDateFilter),
        ("company", AutocompleteSelectFilter),
    ]
    search_fields = ["title", "kind", "key", "company__name", "company__siren"]
    ordering = ["-last_seen_on", "-id"]
    fields = [
        *("level", "meaning", "action", "company", "rows", "first_seen_on", "last_seen_on"),
        *("assigned_to", "resolved_at", "key"),
    ]
    readonly_fields = ["level", "meaning", "rows"]
    inlines = [NoteInline]

    @admin.display(description=_("constat"), ordering="title")
    def sentence(self, finding: Finding) -> str:
        return finding.said

    @admin.display(description=_("gravité"))
    def level(self, finding: Finding) -> str:
        return show.chip(finding.severity, finding.get_severity_display())

    @admin.display(description=_("ce que c’est"))
    def meaning(self, finding: Finding) -> str:
        return gettext(KINDS[finding.kind][1]) if finding.kind in KINDS else finding.said

    @admin.display(description=_("les lignes dont il parle"))
    def rows(self, finding: Finding) -> str:
        lines = [(DETAILS.get(name, name), shown_detail(name, value)) for name, value in finding.detail.items()]
        lines += [(_("Voir aussi"), link) for link in self._lists(finding)]
        return format_html('<dl class="kv">{}</dl>', format_html_join("", "<dt>{}</dt><dd>{}</dd>", lines))

    def _lists(self, finding: Finding) -> list[str]:
        """Lists narrowed to the number and day, or the company and month, that the finding is about."""
        detail, found = finding.detail, []
        number = PremiumNumber.objects.filter(digits=str(detail.get("number", ""))).order_by("-id").first()
        day = detail.get("day") or next(iter(detail.get("days") or []), None)
        if number and day:
            address = list_url(Call, jour=day, number__id__exact=number.pk)
            found.append(format_html('<a href="{}">{}</a>', address, _("Appels du jour")))
        if number:
            address = list_url(RatedDay, number__id__exact=number.pk)
            found.append(format_html('<a href="{}">{}</a>', address, _("Journées tarifées du numéro")))
        if finding.company_id and detail.get("month"):
            address = list_url(FundMonth, company__id__exact=finding.company_id)
            found.append(format_html('<a href="{}">{}</a>', address, _("Fonds des salaires")))
        return found


def shown_detail(name: str, value: Any) -> str:
    """One field of a finding's detail: rows become links, lists and nested fields become words."""
    model = _ROWS.get(name)
    write: Callable[[Any], str] = str if model is None else lambda key: _row_link(model, key)
    if isinstance(value, list):
        return format_html_join(
            ", ", "{}", ((write(each) if not isinstance(each, dict) else _pairs(each),) for each in value)
        )
    if isinstance(value, dict):
        return _pairs(value)
    return "–" if value is None else write(value)


def _row_link(model: type[Model], key: Any) -> str:
    address = row_url(model, key)
    return format_html('<a href="{}">n° {}</a>', address, key)


def _pairs(fields: dict[str, Any]) -> str:
    return " ; ".join(show.pair(DETAILS.get(name, name), value) for name, value in fields.items())


@admin.register(FindingNote)
class FindingNoteAdmin(ReadOnlyAdmin):
    """What people did about findings, step by step."""

    _c = Columns(FindingNote)
    list_display = ["at", _c.link("finding"), _c.chip("kind"), _c.link("by"), "text"]
    list_select_related = ["finding", "by"]
    list_filter = ["kind"]
    search_fields = ["finding__title", "by__email", "text"]
    ordering = ["-id"]
