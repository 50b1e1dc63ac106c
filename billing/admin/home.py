"""The admin's first page: yesterday's promise, what it earned, what wages are owed, what to look at."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from agents.models import JudgedDay
from agents.models.verdict import REASONS, VerdictKind
from billing import selectors_home
from billing.models import Finding, FundMonth, RatedDay
from billing.selectors_channels import channel_lines
from billing.selectors_enrolment import waiting_files
from billing.selectors_home import BROKEN, Broken, Promise, WageShare
from illico_platform.lib.periods import Month, paris_day
from illico_platform.web import show
from illico_platform.web.admin_links import list_url
from illico_platform.web.draw import draw_histogram
from numbers.models import Call

_LABELS = dict(VerdictKind.choices)


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Fill the first page's context. Without leave to see days and money a person sees the menu only."""
    user = request.user
    needed = ("agents.view_judgedday", "billing.view_fundmonth", "billing.view_ratedday", "billing.view_finding")
    context |= {
        "title": _("Accueil"),
        "may_see": user.has_perms(needed),
        "may_import": user.has_perm("numbers.add_intake"),
        "may_run": user.has_perm("billing.add_run"),
        "waiting_files": waiting_files() if user.has_perm("numbers.change_premiumnumber") else 0,
    }
    now = timezone.now()
    if not context["may_see"]:
        return context
    day = selectors_home.day_in_question(now=now)
    if day is None:
        return context
    promise = selectors_home.promise_over(first=day, last=day)
    wages, before = selectors_home.fund_months(day=day)
    counts, findings = selectors_home.open_findings()
    return context | {
        "day": day,
        "is_yesterday": day == paris_day(now) - timedelta(days=1),
        "promise": promise,
        "answered": promise.counts["kept"] + promise.counts["late"] + promise.counts["unproven"],
        "histogram": draw_histogram(promise.histogram),
        "by_channel": [
            {"line": line, "url": list_url(Call, jour=day, channel__exact=line.channel)}
            for line in channel_lines(first=day, last=day, whole=promise.counts)
        ],
        "causes": _causes(promise, selectors_home.broken_on(day=day, number_ids=promise.numbers)),
        "revenue_day": selectors_home.revenue(first=day, last=day),
        "revenue_month": selectors_home.revenue(first=day.replace(day=1), last=day),
        "wages": wages,
        "wages_width": min(100, (wages.proven_bp or 0) // 100),
        "before": before,
        "severities": _severities(counts),
        "findings": findings,
        "run": selectors_home.last_run(),
        "links": _links(day, wages, before),
    }


def _causes(promise: Promise, broken: dict[str, Broken]) -> list[dict[str, Any]]:
    found = []
    for kind in BROKEN:
        calls = promise.counts[kind]
        if calls:
            reasons = broken[kind].reasons.most_common() if kind in broken else []
            words = [show.pair(REASONS.get(reason, reason), show.whole(count)) for reason, count in reasons]
            found.append(
                {
                    "kind": kind,
                    "label": _LABELS[kind],
                    "calls": calls,
                    "words": " · ".join(words),
                    "url": list_url(Call, jour=promise.last, promesse=kind),
                }
            )
    return sorted(found, key=lambda cause: -cause["calls"])


def _severities(counts: dict[str, int]) -> list[dict[str, Any]]:
    labels = dict(Finding.Severity.choices)
    return [
        {
            "label": labels[severity],
            "count": count,
            "url": list_url(Finding, severity__exact=severity),
        }
        for severity, count in counts.items()
        if count
    ]


def _links(day: date, wages: WageShare, before: WageShare) -> dict[str, str]:
    today = {"day_from": day, "day_to": day}
    return {
        "kept": list_url(Call, jour=day, promesse="kept"),
        "days": list_url(JudgedDay, **today),
        "rated": list_url(RatedDay, **today),
        "rated_month": list_url(RatedDay, **{**today, "day_from": Month.of(day).first}),
        "fund": list_url(FundMonth, month_from=wages.month, month_to=wages.month),
        "fund_before": list_url(FundMonth, month_from=before.month, month_to=before.month),
        "findings": list_url(Finding),
    }
