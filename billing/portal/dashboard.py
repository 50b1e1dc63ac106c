"""The dashboard: the promise of today or of 30 days, why it was missed, what it earned, what wages are owed."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from agents.models.verdict import REASONS, VerdictKind
from agents.selectors_renewals import renewals
from billing import selectors_home
from billing.portal.rows import calls_address, rows_of
from billing.rules.checks_kinds import PAY_KINDS
from billing.rules.landing import month_end_landing
from billing.selectors_call import last_calls
from billing.selectors_channels import channel_lines
from billing.selectors_home import BROKEN, COVERED, Broken, CompanyFund, Promise
from illico_platform.lib.money import cents_of_euros, euros_of_cents
from illico_platform.lib.periods import paris_day
from illico_platform.web import show
from illico_platform.web.draw import draw_days, draw_histogram
from numbers.access.pages import CompanyTemplatePage
from numbers.access.places import OPERATOR, RUNS_THE_COMPANY, RUNS_THE_FLOOR, SEES_PAY
from numbers.models import PremiumNumber

SPAN_DAYS = 30
LAST_CALLS, SHOWN_FINDINGS, SHOWN_RENEWALS = 8, 5, 4
_LABELS = dict(VerdictKind.choices)


class Dashboard(CompanyTemplatePage):
    """The first page of a company's space."""

    template_name = "portal/dashboard.html"
    place = "dashboard"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        now = timezone.now()
        day = selectors_home.last_judged_day(company_id=self.company.pk)
        context |= {"day": day, "may_import": self.role in RUNS_THE_FLOOR}
        if day is None:
            return context | {
                "has_number": PremiumNumber.objects.filter(company=self.company).exists(),
                "may_enrol": self.role in RUNS_THE_COMPANY,
            }
        is_long = self.request.GET.get("periode") == str(SPAN_DAYS)
        first = day - timedelta(days=SPAN_DAYS - 1) if is_long else day
        promise = selectors_home.promise_over(first=first, last=day, company_id=self.company.pk)
        context |= {"is_long": is_long, "is_today": day == paris_day(now), "first": first}
        context |= self._promise(promise, is_long=is_long)
        context |= {"revenue": selectors_home.revenue(first=first, last=day, company_id=self.company.pk)}
        context |= self._wages(day)
        context |= self._to_do(now)
        return context | {"rows": rows_of(last_calls(company_id=self.company.pk, day=day, limit=LAST_CALLS))}

    def _promise(self, promise: Promise, *, is_long: bool) -> dict[str, Any]:
        span = {"du": promise.first, "au": promise.last}
        broken = {} if is_long else selectors_home.broken_on(day=promise.last, number_ids=promise.numbers)
        found: dict[str, Any] = {
            "promise": promise,
            "answered": sum(promise.counts[kind] for kind in ("kept", "late", "unproven")),
            "histogram": draw_histogram(promise.histogram),
            "causes": [
                {
                    "kind": kind,
                    "label": _LABELS[kind],
                    "calls": promise.counts[kind],
                    "words": words_of(kind, broken[kind]) if kind in broken else worst_day(kind, promise),
                    "url": calls_address(self.company, **span, promesse=kind),
                }
                for kind in sorted(BROKEN, key=lambda kind: -promise.counts[kind])
                if promise.counts[kind]
            ],
            "by_channel": [
                {"line": line, "url": calls_address(self.company, **span, canal=line.channel, promesse=COVERED)}
                for line in channel_lines(
                    first=promise.first, last=promise.last, whole=promise.counts, company_id=self.company.pk
                )
            ],
            "missed": promise.rate.received - promise.rate.kept,
            "links": {
                "kept": calls_address(self.company, **span, promesse="kept"),
                "received": calls_address(self.company, **span, promesse=COVERED),
                "missed": calls_address(self.company, **span, promesse=[k for k in COVERED if k != "kept"]),
                "closed": calls_address(self.company, **span, promesse="closed"),
                "incomplete": calls_address(self.company, **span, promesse="incomplete"),
                "charged": calls_address(self.company, **span, facture="oui"),
                "calls": calls_address(self.company, **span),
            },
        }
        if is_long:
            found["days"] = draw_days(_rates(promise))
        return found

    def _wages(self, day: date) -> dict[str, Any]:
        if self.role not in SEES_PAY | {OPERATOR}:
            return {"may_see_pay": False}
        fund = selectors_home.company_fund(company_id=self.company.pk, month=day.replace(day=1))
        if fund is None:
            return {"may_see_pay": True, "fund": None}
        share = (fund.proven_bp or 0) // 100
        return {
            "may_see_pay": True,
            "fund": fund,
            "proven_share": share,
            "landing": landing_of(fund, fund.last_day or day),
        }

    def _to_do(self, now: Any) -> dict[str, Any]:
        hidden = () if self.role in SEES_PAY | {OPERATOR} else PAY_KINDS
        counts, findings = selectors_home.open_findings(
            limit=SHOWN_FINDINGS, company_id=self.company.pk, without=hidden
        )
        ending = renewals(company_id=self.company.pk, now=now)
        total = sum(counts.values())
        return (
            ({} if hidden else {"open_findings": total})
            | {  # the menu's count, which need not be asked again
                "findings": findings,
                "findings_count": total,
                "renewals": ending[:SHOWN_RENEWALS],
                "more_renewals": max(0, len(ending) - SHOWN_RENEWALS),
            }
        )


def words_of(kind: str, broken: Broken) -> str:
    """What helps to understand the calls of one verdict on one day: reasons, the busiest half hour, the wait."""
    words = []
    if kind == "abandoned" and broken.mean_wait_ms is not None:
        words.append(_("attente moyenne %(wait)s") % {"wait": show.seconds(broken.mean_wait_ms)})
    elif kind == "late" and broken.wait_min is not None:
        span = {"from": show.seconds(broken.wait_min), "to": show.seconds(broken.wait_max)}
        words.append(
            _("répondu après %(from)s") % span
            if broken.wait_min == broken.wait_max
            else _("répondu après %(from)s à %(to)s") % span
        )
    else:
        words += [show.pair(REASONS.get(reason, reason), show.whole(n)) for reason, n in broken.reasons.most_common(3)]
    start, calls = broken.half_hours.most_common(1)[0]
    if calls > 1:
        local = timezone.localtime(start)
        words.append(
            _("surtout de %(from)s à %(to)s (%(calls)s)")
            % {
                "from": time_format(local.time(), "TIME_FORMAT"),
                "to": time_format((local + timedelta(minutes=30)).time(), "TIME_FORMAT"),
                "calls": show.whole(calls),
            }
        )
    return " · ".join(words)


def worst_day(kind: str, promise: Promise) -> str:
    """The day of the span on which most calls had this verdict."""
    day, counts = max(promise.days.items(), key=lambda each: each[1][kind])
    return _("surtout le %(day)s (%(calls)s)") % {
        "day": date_format(day, "MONTH_DAY_FORMAT"),
        "calls": show.whole(counts[kind]),
    }


def landing_of(fund: CompanyFund, day: date) -> dict[str, Any]:
    """The month's end at the present pace, in euros, with what its formula is made of."""
    landing = month_end_landing(
        last_day=day,
        due=cents_of_euros(fund.month.due),
        pay=cents_of_euros(fund.pay),
        carried_in=cents_of_euros(fund.month.carried_in),
    )
    return {
        "elapsed": landing.elapsed,
        "days": landing.days,
        "due": euros_of_cents(landing.due),
        "pay": fund.pay,
        "carried_in": fund.month.carried_in,
        "proven": euros_of_cents(landing.proven),
        "missing": euros_of_cents(landing.missing),
        "share": landing.proven * 100 // landing.due if landing.due else 0,
    }


def _rates(promise: Promise) -> list[tuple[date, int | None]]:
    span = (promise.last - promise.first).days + 1
    days = [promise.first + timedelta(days=shift) for shift in range(span)]
    return [(day, selectors_home.rate_of(promise.days.get(day, {})).strict_bp) for day in days]
