"""The calls of a company: filtered and sorted by the address, and the same rows as a file."""

import tempfile
from dataclasses import replace
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.portal.call_pages import KnownPaginator, reader_of
from billing.portal.filters import SORTS, CallFilter
from billing.portal.rows import rows_of
from billing.services.export import plan_export, write_export
from illico_platform.lib.periods import paris_day
from numbers.access.pages import CompanyList, CompanyPage
from numbers.models import Call

_HEADS = {
    "heure": (_("Jour et heure"), ""),
    "numero": (_("Numéro"), "opt"),
    "agent": (_("Agent"), "opt"),
    "attente": (_("Attente"), "opt"),
    "conversation": (_("Conversation"), "num opt"),
    "promesse": (_("Promesse"), ""),
    "prix": (_("Prix"), "num"),
}


class _Chosen(CompanyPage):
    """The calls that the address asks for."""

    place = "calls"

    def chosen(self) -> QuerySet[Call]:
        self.filterset = CallFilter(
            self.request.GET,
            queryset=Call.objects.all(),
            request=self.request,
            company=self.company,
            today=paris_day(timezone.now()),
        )
        return self.filterset.qs


class CallsPage(_Chosen, CompanyList):
    """The list of calls."""

    template_name = "portal/calls.html"

    def get_queryset(self) -> QuerySet[Call]:
        return self._in_order(self.chosen())

    def get_paginator(self, queryset: QuerySet[Call], per_page: int, **kwargs: Any) -> Paginator:
        days = self.filterset.days
        if days is None:
            return super().get_paginator(queryset, per_page, **kwargs)
        read = reader_of(self.filterset, self._sort, self._in_order)
        return KnownPaginator(queryset, per_page, seen=sum(calls for _, calls in days), read=read)

    @property
    def _sort(self) -> str:
        return self.request.GET.get("tri", "")

    def _in_order(self, rows: QuerySet[Call]) -> QuerySet[Call]:
        # Not joined: the planner takes a join behind the wall for a rare one, and sorts instead of reading in order.
        return self.filterset.sorted_by(rows.prefetch_related("number"), self._sort)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {
            "filter": self.filterset,
            "rows": rows_of(list(context["page_obj"].object_list)),
            "heads": self._heads(),
            "is_capped": context["paginator"].is_capped,
            "is_single_day": self.filterset.first == self.filterset.last,
        }

    def _heads(self) -> list[dict[str, Any]]:
        """The columns' heads; those that sort lead to the same rows in that order, and back."""
        sort = self.request.GET.get("tri", "-heure")
        heads = []
        for name, (label, classes) in _HEADS.items():
            head: dict[str, Any] = {"label": label, "classes": classes}
            if name in SORTS:
                address = self.request.GET.copy()
                address.pop("page", None)
                # Times and amounts are first wanted greatest first.
                address["tri"] = name if sort == f"-{name}" else f"-{name}"
                head["url"] = f"?{address.urlencode()}"
                head["order"] = {name: "ascending", f"-{name}": "descending"}.get(sort, "")
            heads.append(head)
        return heads


class CallsFile(_Chosen):
    """The same calls as a CSV file, columns as in the « calls » report, cells safe for a spreadsheet."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> FileResponse:
        calls, found = self.chosen(), self.filterset
        plan = plan_export(
            report="calls",
            company=self.company,
            since=found.first,
            until=found.last,
            today=paris_day(timezone.now()),
        )
        if found.is_narrowed:
            chosen = list(calls.order_by().values_list("pk", flat=True))
            plan = replace(plan, scope=replace(plan.scope, calls=chosen))
        # Written whole behind the wall, then sent: nothing is read once the wall is down.
        file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
        write_export(plan, file)
        file.seek(0)
        name = f"illico-{self.company.siren}-{found.first}-{found.last}.csv"
        return FileResponse(file, as_attachment=True, filename=name, content_type="text/csv; charset=utf-8")
