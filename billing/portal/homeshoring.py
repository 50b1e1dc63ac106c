"""Home against site in the space: one month side by side; reports about people as files."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from agents.models.verdict import REASONS
from agents.selectors_staff import ANSWERED
from billing.portal.filters import PLACES_OF_WORK
from billing.portal.rows import calls_address
from billing.rules.checks_calls import UNPROVEN
from billing.selectors_homeshoring import home_and_site, months_judged
from billing.services.export import plan_export, write_export
from illico_platform.lib.periods import Month, paris_day
from illico_platform.web import show
from numbers.access.pages import CompanyPage, CompanyTemplatePage
from numbers.access.places import RUNS_THE_COMPANY

SHOWN_MONTHS = 6
UNKNOWN = _("inconnu")
# Columns of the report in seconds, and how each is told.
_TIMES = {
    # A mean is told to a tenth: rounded to the second it could seem to pass the minute.
    "wait_mean_s": lambda ms: f"{show.decimal(Decimal(ms) / 1000, 1)}{show.NARROW}s",
    "wait_p90_s": show.seconds,
    "talk_s": show.hours,
    "logged_s": show.hours,
}


class HomeshoringPage(CompanyTemplatePage):
    """What calls answered from home came to, beside those answered on site; every count opens its calls."""

    place = "agents"
    template_name = "portal/homeshoring.html"

    @cached_property
    def months(self) -> list[date]:
        return months_judged(company_id=self.company.pk)

    @cached_property
    def month(self) -> date | None:
        asked = self.request.GET.get("mois", "")
        return next((each for each in self.months if f"{each:%Y-%m}" == asked), self.months[0] if self.months else None)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs) | {"tab": "telework", "month": self.month}
        if self.month is None:
            return context
        by_place = {row["place"]: row for row in home_and_site(company_id=self.company.pk, month=self.month)}
        shown = [place for place in ("home", "site", "unknown") if place in by_place or place != "unknown"]
        rows = [by_place.get(place) for place in shown]
        return context | {
            "months": self.months[:SHOWN_MONTHS],
            "heads": [PLACES_OF_WORK[place] for place in shown],
            "figures": [*self._counts(shown, rows), *self._measures(shown, rows)],
            "known": any(row and row["known_days"] for row in rows),
        }

    def _counts(self, places: Sequence[str], rows: Sequence[dict[str, Any] | None]) -> list[dict[str, Any]]:
        """Calls by verdict, and unproven ones by reason where there are any."""
        asked: list[tuple[str, Any, dict[str, Any], bool]] = [
            ("answered", _("Appels répondus"), {"promesse": list(ANSWERED)}, False),
            ("kept", _("Promesse tenue"), {"promesse": "kept"}, False),
            ("late", _("Répondus trop tard"), {"promesse": "late"}, False),
            ("unproven", _("Lieu non prouvé"), {"promesse": "unproven"}, False),
        ]
        for reason in UNPROVEN:
            if any(row and row[f"unproven_{reason}"] for row in rows):
                narrowed = {"promesse": "unproven", "motif": reason}
                asked.append((f"unproven_{reason}", REASONS[reason], narrowed, True))
        return [
            {
                "label": label,
                "is_part": is_part,
                "cells": [
                    {"shown": show.whole(row[name]) if row else show.NONE, "url": self._calls(place, narrowed)}
                    if row and row[name]
                    else {"shown": show.whole(0)}
                    for place, row in zip(places, rows, strict=True)
                ],
            }
            for name, label, narrowed, is_part in asked
        ]

    def _measures(self, places: Sequence[str], rows: Sequence[dict[str, Any] | None]) -> list[dict[str, Any]]:
        """The promise rate, waits, talk and occupancy, with the calls that they are made of; time opens the days."""
        figures: list[tuple[str, Any, dict[str, Any] | None]] = [
            ("promise_bp", _("Taux de promesse tenue"), {}),
            ("wait_mean_s", _("Attente moyenne"), {"tri": "-attente"}),
            ("wait_p90_s", _("Attente, neuf appels sur dix"), {"tri": "-attente"}),
            ("talk_s", _("Conversation"), {"tri": "-conversation"}),
            ("logged_s", _("Connecté hors pause"), None),
            ("occupancy_bp", _("Occupation"), None),
        ]
        return [
            {
                "label": label,
                "cells": [
                    {"shown": show.NONE}
                    if row is None
                    else {"shown": _told(name, row[name]), "url": self._behind(place, sort) if row[name] else ""}
                    for place, row in zip(places, rows, strict=True)
                ],
            }
            for name, label, sort in figures
        ]

    def _behind(self, place: str, sort: dict[str, Any] | None) -> str:
        assert self.month is not None
        if sort is None:
            month = f"{self.month:%Y-%m}"
            return reverse("portal:presence_month", kwargs={"siren": self.company.siren}) + f"?mois={month}"
        return self._calls(place, {"promesse": list(ANSWERED), **sort})

    def _calls(self, place: str, narrowed: dict[str, Any]) -> str:
        assert self.month is not None
        return calls_address(self.company, du=self.month, au=Month.of(self.month).last, lieu=place, **narrowed)


def _told(name: str, value: Any) -> Any:
    if value is None:
        return UNKNOWN if name in ("logged_s", "occupancy_bp") else show.NONE
    return _TIMES[name](int(value * 1000)) if name in _TIMES else show.percent_bp(int(value))


class ReportFile(CompanyPage):
    """A report of the company alone, as CSV."""

    place = "agents"
    report = ""
    file_name = ""

    def get(self, request: HttpRequest) -> HttpResponse:
        plan = plan_export(report=self.report, company=self.company, today=paris_day(timezone.now()))
        out = BytesIO()
        if not write_export(plan, out):
            raise Http404
        name = f"{self.file_name}-{self.company.siren}.csv"
        return HttpResponse(
            out.getvalue(),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"},
        )


class HomeshoringFile(ReportFile):
    """Home against site, all months."""

    report = "homeshoring"
    file_name = "domicile-et-site"


class AgentsFile(ReportFile):
    """Everybody who answers, with their proofs."""

    roles = RUNS_THE_COMPANY
    report = "agents"
    file_name = "agents"


class TrainingFile(ReportFile):
    """Who followed which course."""

    roles = RUNS_THE_COMPANY
    report = "training"
    file_name = "formations"
