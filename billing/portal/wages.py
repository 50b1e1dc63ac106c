"""The wage share in the space: month by month, everything behind a month, and the same as a file."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agents.selectors_pay import unmatched_payslips
from agents.selectors_staff import answered_between
from billing import selectors_home
from billing.models import Entry, FundMonth, WagePolicy
from billing.portal.dashboard import landing_of
from billing.portal.payroll import OfPay, month_of
from billing.selectors_wages import (
    NumberBase,
    base_of,
    fund_events,
    held_by_kind,
    hold_entries,
    pay_of,
    unpaid_answers,
    wage_months,
)
from billing.services.export import plan_export, write_export
from illico_platform.lib.money import euros_of_cents
from illico_platform.lib.periods import Month, paris_day
from numbers.access.pages import CompanyPage, CompanyTemplatePage

MONTHS_SHOWN = 36
SHOWN_ENTRIES = 100
BASES = {
    WagePolicy.Base.RETAIL_HT: _("le prix des appels facturés, hors taxes"),
    WagePolicy.Base.RETAIL_TTC: _("le prix des appels facturés, toutes taxes comprises"),
    WagePolicy.Base.PAYOUT_HT: _("ce que les opérateurs reversent pour les appels facturés, hors taxes"),
}
NUMERATORS = {
    WagePolicy.Numerator.GROSS: _("le brut déclaré du mois, rappels compris"),
    WagePolicy.Numerator.LOADED: _(
        "le brut déclaré du mois, rappels compris, et les cotisations que l’employeur paie seul, ligne par ligne comme"
        " la DSN les déclare, réductions déduites"
    ),
}
ENTRY_KINDS = {
    Entry.Kind.DAY: _("Retenu, jour par jour"),
    Entry.Kind.ADJUSTMENT: _("Régularisations"),
    Entry.Kind.RELEASE: _("Libéré"),
}


@dataclass(frozen=True)
class MonthBar:
    """A month's bar in the chart: shares of the largest amount, from 0 to 100."""

    fund: FundMonth
    due: int
    proven: int


class WagesPage(OfPay, CompanyTemplatePage):
    """The wage share month by month."""

    template_name = "portal/wages.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        months = list(wage_months(company_id=self.company.pk)[:MONTHS_SHOWN])
        context = super().get_context_data(**kwargs) | {
            "months": months,
            "unmatched": unmatched_payslips(company_id=self.company.pk).count(),
        }
        if not months:
            return context
        year = [fund for fund in months if fund.month.year == months[0].month.year]
        return (
            context
            | {
                "latest": months[0],
                "held": sum((fund.held - fund.released for fund in year), Decimal(0)),
                "bars": _bars(months[:12]),
                **policy_words(months[0].policy),
            }
            | landing(self.company.pk, months[0].month)
        )


def policy_words(policy: WagePolicy) -> dict[str, Any]:
    """What a policy counts, in words for the page that tells how."""
    return {
        "base": BASES[WagePolicy.Base(policy.base)],
        "numerator": NUMERATORS[WagePolicy.Numerator(policy.numerator)],
        "is_loaded": policy.numerator == WagePolicy.Numerator.LOADED,
        "is_prorata": policy.counting == WagePolicy.Counting.PRORATA,
    }


def landing(company_id: int, month: date) -> dict[str, Any]:
    """Where the month will end at the present pace; nothing for a month that is over."""
    today = paris_day(timezone.now())
    fund = selectors_home.company_fund(company_id=company_id, month=month)
    if fund is None or fund.last_day is None or today.replace(day=1) != month:
        return {}
    return {"landing": landing_of(fund, fund.last_day), "pay_month": fund.pay_month}


def _bars(months: list[FundMonth]) -> list[MonthBar]:
    top = max((fund.due for fund in months), default=Decimal(0)) or Decimal(1)
    return [MonthBar(fund, round(fund.due * 100 / top), round(fund.proven * 100 / top)) for fund in months]


class WagesMonthPage(OfPay, CompanyTemplatePage):
    """One month with everything behind it."""

    template_name = "portal/wages_month.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        month = month_of(self.kwargs["month"])
        of = {"company_id": self.company.pk, "month": month}
        fund = get_object_or_404(wage_months(company_id=self.company.pk), month=month)
        entries = hold_entries(**of, limit=SHOWN_ENTRIES)
        answered = answered_between(company_id=self.company.pk, since=month, until=Month.of(month).next.first)
        return (
            super().get_context_data(**kwargs)
            | {
                "fund": fund,
                "month": month,
                "last_day": Month.of(month).last,
                "numbers": [(each, *map(euros_of_cents, _columns(each))) for each in base_of(**of)],
                "pay": pay_of(**of, answered=answered),
                "unpaid": unpaid_answers(**of, answered=answered),
                **policy_words(fund.policy),
                "kinds": [
                    (ENTRY_KINDS[Entry.Kind(kind)], count, abs(moved)) for kind, count, moved in held_by_kind(**of)
                ],
                "entries": [(entry, max(moved, 0), max(-moved, 0)) for entry, moved in entries],
                "is_cut": len(entries) == SHOWN_ENTRIES,
                "events": fund_events(**of),
            }
            | landing(self.company.pk, month)
        )


def _columns(number: NumberBase) -> tuple[int, int, int, int]:
    return number.cents.ttc, number.cents.ht, number.cents.base, number.cents.due


class WagesFilePage(OfPay, CompanyPage):
    """The wage-share report of the company alone, as CSV."""

    def get(self, request: HttpRequest) -> HttpResponse:
        plan = plan_export(report="wage-share", company=self.company, today=paris_day(timezone.now()))
        out = BytesIO()
        if not write_export(plan, out):
            raise Http404
        return HttpResponse(
            out.getvalue(),
            content_type="text/csv; charset=utf-8",
            headers={
                "Content-Disposition": f'attachment; filename="part-des-salaires-{self.company.siren}.csv"',
                "Cache-Control": "private, no-store",
            },
        )
