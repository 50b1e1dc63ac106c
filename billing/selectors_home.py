"""What a first page shows: promise, causes, revenue, wage share, findings, last night. It only reads.

``company_id`` narrows each of them to one company; without it they speak of all.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import zip_longest

from django.db import connection
from django.db.models import Case, Count, F, Max, Q, Subquery, Sum, When
from django.db.models.functions import Least

from agents.models import JudgedDay
from agents.models.verdict import VerdictKind
from agents.rules.promise_rate import PromiseRate, promise_rate
from billing.models import Finding, FundMonth, RatedDay, Run
from illico_platform.lib.periods import Month, paris_day

COVERED = ("kept", "late", "unproven", "unanswered", "abandoned")  # the verdicts under the promise
BROKEN = ("unanswered", "abandoned", "late", "unproven", "incomplete")  # those worth a cause
SEVERITIES = ("error", "warning", "info")


@dataclass(frozen=True)
class Promise:
    """The calls of a span of days by verdict, the rate, and answered calls by five seconds of wait.

    ``histogram`` has twelve bins of 5 s up to the promise and a thirteenth for all that waited longer.
    ``days`` has each day that was judged, with its calls by verdict; ``numbers`` the numbers that were called.
    """

    first: date
    last: date
    calls: int
    counts: dict[str, int]
    rate: PromiseRate
    histogram: list[int]
    days: dict[date, dict[str, int]]
    numbers: list[int]


@dataclass
class Broken:
    """Calls of one verdict on one day: by reason, by half hour of Paris, and how long they waited (ms)."""

    reasons: Counter[str] = field(default_factory=Counter)
    half_hours: Counter[datetime] = field(default_factory=Counter)
    waited: int = 0
    wait_sum: int = 0
    wait_min: int | None = None
    wait_max: int | None = None

    @property
    def mean_wait_ms(self) -> int | None:
        """The mean wait of those whose wait was recorded, to the second."""
        return self.wait_sum // self.waited // 1000 * 1000 if self.waited else None


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


@dataclass(frozen=True)
class CompanyFund:
    """One company's wage fund of a month.

    ``pay`` is the month's declared pay, else the last declared month's; ``pay_month`` says which, None for neither.
    ``held`` is what is still held of the year so far. ``last_day`` is the last one whose calls are in what is due: a
    day counts from the night that posts it.
    """

    month: FundMonth
    proven: Decimal
    proven_bp: int | None
    held: Decimal
    pay: Decimal
    pay_month: date | None
    last_day: date | None


def day_in_question(*, now: datetime) -> date | None:
    """Yesterday in Paris when it was judged, else the last day that was; None before the first."""
    yesterday = paris_day(now) - timedelta(days=1)
    if JudgedDay.objects.filter(day=yesterday).exists():
        return yesterday
    return last_judged_day()


def last_judged_day(*, company_id: int | None = None) -> date | None:
    """The last day that was judged; None before the first."""
    return JudgedDay.objects.filter(**_of(company_id)).aggregate(last=Max("day"))["last"]


def promise_over(*, first: date, last: date, company_id: int | None = None) -> Promise:
    """The promise from the first day to the last, both included, over all numbers."""
    found = JudgedDay.objects.filter(day__range=(first, last), **_of(company_id)).order_by("day")
    counts: Counter[str] = Counter()
    days: dict[date, Counter[str]] = {}
    histogram = [0] * 13
    numbers: set[int] = set()
    for row in found.values("day", "number_id", "wait_histogram", "calls", *VerdictKind.values):
        of_row = Counter({kind: row[kind] for kind in VerdictKind.values})
        counts.update(of_row)
        days.setdefault(row["day"], Counter()).update(of_row)
        counts["calls"] += row["calls"]
        numbers.add(row["number_id"])
        histogram = [a + b for a, b in zip_longest(histogram, row["wait_histogram"], fillvalue=0)]
    return Promise(
        first=first,
        last=last,
        calls=counts.pop("calls", 0),
        counts={kind: counts[kind] for kind in VerdictKind.values},
        rate=rate_of(counts),
        histogram=histogram,
        days={day: dict(of_day) for day, of_day in days.items()},
        numbers=sorted(numbers),
    )


def rate_of(counts: Mapping[str, int]) -> PromiseRate:
    """The rate of calls counted by verdict."""
    return promise_rate(**{kind: counts.get(kind, 0) for kind in COVERED})


def broken_on(*, day: date, number_ids: Sequence[int]) -> dict[str, Broken]:
    """The calls of one day for which the promise was not kept, by verdict; empty where there were none."""
    found: dict[str, Broken] = {}
    with connection.cursor() as cursor:
        # Both tables are told the month, so that only its partitions are opened.
        cursor.execute(
            """SELECT v.verdict, v.reason, floor(extract(epoch FROM c.offered_at) / 1800)::bigint,
                      count(*), count(c.wait_ms), coalesce(sum(c.wait_ms), 0), min(c.wait_ms), max(c.wait_ms)
                 FROM agents_verdict v JOIN numbers_call c ON c.id = v.call_id AND c.month = v.month
                WHERE v.month = %(month)s AND c.month = %(month)s AND v.day = %(day)s
                  AND v.number_id = ANY(%(numbers)s) AND v.verdict = ANY(%(kinds)s)
                GROUP BY 1, 2, 3 ORDER BY 1, 2, 3""",
            {"month": day.replace(day=1), "day": day, "numbers": list(number_ids), "kinds": list(BROKEN)},
        )
        for verdict, reason, slot, calls, waited, wait_sum, wait_min, wait_max in cursor:
            broken = found.setdefault(verdict, Broken())
            broken.reasons[reason] += calls
            broken.half_hours[datetime.fromtimestamp(slot * 1800, UTC)] += calls
            broken.waited += waited
            broken.wait_sum += int(wait_sum)
            broken.wait_min = min(filter(lambda each: each is not None, (broken.wait_min, wait_min)), default=None)
            broken.wait_max = max(filter(lambda each: each is not None, (broken.wait_max, wait_max)), default=None)
    return found


def revenue(*, first: date, last: date, company_id: int | None = None) -> Revenue:
    """What was charged from the first day to the last, both included."""
    days = RatedDay.objects.filter(day__range=(first, last), **_of(company_id))
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


def company_fund(*, company_id: int, month: date) -> CompanyFund | None:
    """The wage fund of a company's month as last computed; None while the month has none."""
    # Twelve months back: the last declared pay may be of the year before.
    rows = FundMonth.objects.filter(
        company_id=company_id, month__lte=month, month__gt=month.replace(year=month.year - 1)
    )
    posted = RatedDay.objects.filter(
        company_id=company_id, day__range=(month, Month.of(month).last), posted_revision__gt=0
    )
    last_day = Subquery(posted.order_by("-day").values("day")[:1])
    rows = list(rows.annotate(last_day=last_day).select_related("policy").order_by("-month"))
    if not rows or rows[0].month != month:
        return None
    now = rows[0]
    declared = next((row for row in rows if row.is_declared), None)
    return CompanyFund(
        month=now,
        proven=now.proven,
        proven_bp=now.proven_bp,
        held=sum((row.held - row.released for row in rows if row.month.year == month.year), Decimal(0)),
        pay=declared.credited if declared else Decimal(0),
        pay_month=declared.month if declared else None,
        last_day=now.last_day,
    )


def open_findings(
    *, limit: int = 6, company_id: int | None = None, without: Collection[str] = ()
) -> tuple[dict[str, int], list[Finding]]:
    """Open findings: how many by severity, and the worst of them, newest first.

    Args:
        without: kinds that the reader may not see.
    """
    rows = Finding.objects.filter(resolved_at=None, **_of(company_id)).exclude(kind__in=without)
    counts = dict(rows.order_by().values_list("severity").annotate(rows=Count("pk")))
    worst = rows.annotate(rank=Case(*(When(severity=each, then=rank) for rank, each in enumerate(SEVERITIES))))
    shown = worst.select_related("company").order_by("rank", "-last_seen_on", "-id")[:limit] if counts else ()
    return {severity: counts.get(severity, 0) for severity in SEVERITIES}, list(shown)


def last_run() -> Run | None:
    """The night that was started last."""
    return Run.objects.order_by("-id").first()


def _of(company_id: int | None) -> dict[str, int]:
    return {} if company_id is None else {"company_id": company_id}
