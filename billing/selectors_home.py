"""What the first page shows of a day: promise, revenue, wage share, causes, findings, last night. It only reads."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import zip_longest

from django.db.models import Count, F, Max, Q, Sum
from django.db.models.functions import Least

from agents.models import JudgedDay, Verdict
from agents.models.verdict import VerdictKind
from agents.rules.promise_rate import PromiseRate, promise_rate
from billing.models import Finding, FundMonth, RatedDay, Run
from illico_platform.lib.periods import Month, paris_day

EXPLAINED = ("late", "unanswered", "unproven", "incomplete")  # verdicts whose reason says more than the verdict


@dataclass(frozen=True)
class DayPromise:
    """One day of all numbers: calls by verdict, the rate, and answered calls by five seconds of wait.

    ``histogram`` has twelve bins of 5 s up to the promise and a thirteenth for all that waited longer.
    ``reasons`` gives (reason, calls) of a verdict, most frequent first.
    """

    day: date
    calls: int
    counts: dict[str, int]
    rate: PromiseRate
    histogram: list[int]
    reasons: dict[str, list[tuple[str, int]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Revenue:
    """Charged calls of a span of days: how many, and micro-euros TTC and HT."""

    calls: int
    ttc_micros: int
    ht_micros: int


@dataclass(frozen=True)
class WageShare:
    """A month of the wage fund over all companies, euros.

    ``proven`` counts each company's declared pay up to its due: one company's surplus does not hide another's gap.
    ``held`` is what is still held of the year so far. ``proven_bp`` is None while nothing is due.
    """

    month: date
    due: Decimal
    proven: Decimal
    missing: Decimal
    held: Decimal
    declared: int
    companies: int
    proven_bp: int | None


def day_in_question(*, now: datetime) -> date | None:
    """Yesterday in Paris when it was judged, else the last day that was; None before the first."""
    yesterday = paris_day(now) - timedelta(days=1)
    if JudgedDay.objects.filter(day=yesterday).exists():
        return yesterday
    return JudgedDay.objects.aggregate(last=Max("day"))["last"]


def day_promise(*, day: date) -> DayPromise:
    """The promise on one day, over all numbers."""
    rows = list(JudgedDay.objects.filter(day=day).values("number_id", "calls", "wait_histogram", *VerdictKind.values))
    counts = {kind: sum(row[kind] for row in rows) for kind in VerdictKind.values}
    covered = {kind: counts[kind] for kind in ("kept", "late", "unproven", "unanswered", "abandoned")}
    bins = zip_longest(*(row["wait_histogram"] for row in rows), fillvalue=0)
    return DayPromise(
        day=day,
        calls=sum(row["calls"] for row in rows),
        counts=counts,
        rate=promise_rate(**covered),
        histogram=[sum(each) for each in bins] or [0] * 13,
        reasons=_reasons(day, [row["number_id"] for row in rows]),
    )


def revenue(*, first: date, last: date) -> Revenue:
    """What was charged from the first day to the last, both included."""
    days = RatedDay.objects.filter(day__gte=first, day__lte=last)
    sums = days.aggregate(calls=Sum("calls"), ttc=Sum("ttc_micros"), ht=Sum("ht_micros"))
    return Revenue(int(sums["calls"] or 0), int(sums["ttc"] or 0), int(sums["ht"] or 0))


def wage_share(*, month: date) -> WageShare:
    """The wage fund of a month as last computed by the release stage."""
    rows = FundMonth.objects.filter(month=month)
    sums = rows.aggregate(
        due_total=Sum("due"),
        proven=Sum(Least("credited", "due")),
        companies=Count("pk"),
        declared=Count("pk", filter=Q(is_declared=True)),
    )
    year = FundMonth.objects.filter(month__year=month.year, month__lte=month)
    held = year.aggregate(left=Sum(F("held") - F("released")))["left"] or Decimal(0)
    due, proven = sums["due_total"] or Decimal(0), sums["proven"] or Decimal(0)
    return WageShare(
        month=month,
        due=due,
        proven=proven,
        missing=due - proven,
        held=held,
        declared=sums["declared"],
        companies=sums["companies"],
        proven_bp=int(proven * 10_000 / due) if due else None,
    )


def fund_months(*, day: date) -> list[WageShare]:
    """The wage share of the day's month and of the month before, which payroll may already prove."""
    month = Month.of(day)
    return [wage_share(month=month.first), wage_share(month=month.previous.first)]


def open_findings(*, limit: int = 6) -> tuple[dict[str, int], list[Finding]]:
    """Open findings: how many by severity, and the worst of them, newest first."""
    rows = Finding.objects.filter(resolved_at=None)
    counts = dict(rows.order_by().values_list("severity").annotate(rows=Count("pk")))
    worst: list[Finding] = []
    for severity in ("error", "warning", "info"):
        if len(worst) < limit and counts.get(severity):
            chosen = rows.filter(severity=severity).select_related("company").order_by("-last_seen_on", "-id")
            worst += chosen[: limit - len(worst)]
    return {severity: counts.get(severity, 0) for severity in ("error", "warning", "info")}, worst


def last_run() -> Run | None:
    """The night that was started last."""
    return Run.objects.order_by("-id").first()


def _reasons(day: date, number_ids: list[int]) -> dict[str, list[tuple[str, int]]]:
    verdicts = Verdict.objects.filter(
        month=day.replace(day=1), day=day, number_id__in=number_ids, verdict__in=EXPLAINED
    )
    found: dict[str, list[tuple[str, int]]] = {}
    for verdict, reason, calls in (
        verdicts.order_by().values_list("verdict", "reason").annotate(calls=Count("pk")).order_by("-calls", "reason")
    ):
        found.setdefault(verdict, []).append((reason, calls))
    return found
