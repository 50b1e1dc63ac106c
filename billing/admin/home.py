"""The admin's first page: yesterday's promise, what it earned, what wages are owed, what to look at."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from agents.models import JudgedDay
from agents.models.verdict import REASONS, VerdictKind
from billing import selectors_home
from billing.models import Finding, FundMonth, RatedDay
from billing.selectors_home import DayPromise, WageShare
from illico_platform.lib.periods import Month, paris_day
from illico_platform.web import show
from illico_platform.web.admin_links import list_url
from numbers.models import Call

_LABELS = dict(VerdictKind.choices)
_CAUSES = ("unanswered", "abandoned", "late", "unproven", "incomplete")
BIN_S = 5
# The histogram's drawing, in its own units: twelve bars up to the 60 s line, a gap, one bar beyond it.
_STEP, _BAR, _HEIGHT, _BASE, _OVER_X, _OVER_W = 21, 18, 132, 160, 280, 42


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Fill the first page's context. Without leave to see days and money a person sees the menu only."""
    user = request.user
    needed = ("agents.view_judgedday", "billing.view_fundmonth", "billing.view_ratedday", "billing.view_finding")
    context |= {
        "title": "Accueil",
        "may_see": user.has_perms(needed),
        "may_import": user.has_perm("numbers.add_intake"),
        "may_run": user.has_perm("billing.add_run"),
    }
    now = timezone.now()
    if not context["may_see"]:
        return context
    day = selectors_home.day_in_question(now=now)
    if day is None:
        return context
    promise = selectors_home.day_promise(day=day)
    wages, before = selectors_home.fund_months(day=day)
    counts, findings = selectors_home.open_findings()
    return context | {
        "day": day,
        "is_yesterday": day == paris_day(now) - timedelta(days=1),
        "promise": promise,
        "answered": promise.counts["kept"] + promise.counts["late"] + promise.counts["unproven"],
        "histogram": draw_histogram(promise.histogram),
        "causes": _causes(promise),
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


def draw_histogram(bins: list[int]) -> dict[str, Any]:
    """The bars, ticks and sentence of the minute, from calls per five seconds and beyond."""
    top = max([*bins, 1])
    narrow = top < 1_000
    bars = []
    for rank, calls in enumerate(bins):
        beyond = rank == len(bins) - 1
        height = max(2, calls * _HEIGHT // top) if calls else 1
        x = _OVER_X if beyond else rank * _STEP + 2
        width = _OVER_W if beyond else _BAR
        bars.append(
            {
                "kind": "over" if beyond else "bar",
                "x": x,
                "y": _BASE - height,
                "width": width,
                "height": height,
                "middle": x + width // 2,
                "label_y": _BASE - height - 5,
                "calls": calls,
                # Wide figures would run into each other: then the tallest bar and the last one speak alone.
                "label": show.whole(calls) if calls and (narrow or beyond or calls == top) else "",
                "span": "60 s et plus" if beyond else f"de {rank * BIN_S} à {(rank + 1) * BIN_S} s",
            }
        )
    limit_x = 12 * _STEP + 10
    ticks = [{"x": second // BIN_S * _STEP + 2, "text": f"{second} s", "anchor": "start"} for second in (0, 15, 30, 45)]
    ticks.append({"x": limit_x, "text": "60 s", "anchor": "middle", "strong": True})
    ticks.append({"x": _OVER_X + _OVER_W // 2, "text": "et plus", "anchor": "middle"})
    inside, beyond = sum(bins[:-1]), bins[-1]
    sentence = (
        f"Attente des {inside + beyond} appels répondus, par tranches de 5 secondes : "
        f"{', '.join(map(str, bins[:-1]))} ; {beyond} à 60 secondes ou plus."
    )
    return {"bars": bars, "limit_x": limit_x, "ticks": ticks, "sentence": sentence}


def _causes(promise: DayPromise) -> list[dict[str, Any]]:
    found = []
    for kind in _CAUSES:
        calls = promise.counts[kind]
        if calls:
            reasons = promise.reasons.get(kind, [])
            words = [f"{REASONS.get(reason, reason)} : {show.whole(count)}" for reason, count in reasons]
            found.append(
                {
                    "kind": kind,
                    "label": _LABELS[kind],
                    "calls": calls,
                    "words": " · ".join(words) or ("l’appelant est parti avant 60 s" if kind == "abandoned" else ""),
                    "url": list_url(Call, jour=promise.day, promesse=kind),
                }
            )
    return sorted(found, key=lambda cause: -cause["calls"])


def _severities(counts: dict[str, int]) -> list[dict[str, Any]]:
    labels = dict(Finding.Severity.choices)
    return [
        {
            "label": labels[severity],
            "count": count,
            "url": list_url(Finding, severity__exact=severity, resolved_at__isempty=1),
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
        "findings": list_url(Finding, resolved_at__isempty=1),
    }
