"""The story of one call: verdict and proof, price line by line, the day's posting, the fund. It only reads."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet

from agents.models import Verdict, VerdictChange
from billing.models import Entry, FundMonth, RatedCall, RatedChange, RatedDay
from billing.rules.shares import SCALES, DayTotals, exact_of
from illico_platform.lib.money import divide_half_up
from numbers.models import Call

OFFERED = ("late", "unproven")  # answered, and free because the promise was broken


@dataclass(frozen=True)
class CallOutcome:
    """What became of a listed call; ``verdict`` is empty while it waits for judgment, ``ttc_micros`` None unpriced."""

    verdict: str = ""
    reason: str = ""
    agent: str = ""
    ttc_micros: int | None = None


@dataclass(frozen=True)
class CallShares:
    """How one call's price is shared, micro-euros, each column rounded half-up from its exact value.

    The books round once per number and day, not per call: these lines explain, they are not posted.
    """

    ttc: int
    vat: int
    ht: int
    carriers: int
    fee: int
    fee_vat: int
    company: int
    wage: int
    available: int


@dataclass(frozen=True)
class CallStory:
    """All that the platform knows of one call; what has not happened yet is None or empty.

    ``entries`` posted the number's day; ``adjustments`` of its month, made since, may concern the call.
    """

    call: Call
    verdict: Verdict | None
    rated: RatedCall | None
    day: RatedDay | None
    shares: CallShares | None
    entries: list[Entry] = field(default_factory=list)
    adjustments: list[Entry] = field(default_factory=list)
    fund: FundMonth | None = None
    verdict_changes: list[VerdictChange] = field(default_factory=list)
    price_changes: list[RatedChange] = field(default_factory=list)


def outcomes_of(calls: Sequence[Call]) -> dict[int, CallOutcome]:
    """Verdict, agent and price of the calls of one page, by their ids: two queries whatever their number."""
    keys = {"pk__in": [call.pk for call in calls], "month__in": {call.month for call in calls}}
    prices = dict(RatedCall.objects.filter(**keys).values_list("pk", "ttc_micros")) if calls else {}
    verdicts = Verdict.objects.filter(**keys).values_list("pk", "verdict", "reason", "agent__employee_number")
    return {pk: CallOutcome(kind, reason, agent or "", prices.get(pk)) for pk, kind, reason, agent in verdicts}


def last_calls(*, company_id: int, day: date, limit: int) -> list[Call]:
    """A company's last calls of one day, newest first, with their number."""
    calls = Call.objects.filter(company_id=company_id, month=day.replace(day=1), day=day)
    return list(calls.select_related("number").order_by("-offered_at", "-id")[:limit])


def call_story(*, call: Call) -> CallStory:
    """The story of a call, in twelve queries at most."""
    same = {"call_id": call.pk, "month": call.month}
    links = ("agent", "contract", "proof__site", "agreement", "check_in")
    verdict = Verdict.objects.filter(**same).select_related(*links).first()
    rated = RatedCall.objects.filter(**same).select_related("tariff").first()
    day = (
        RatedDay.objects.filter(number_id=call.number_id, day=call.day)
        .select_related("tariff", "share_policy", "wage_policy")
        .first()
    )
    return CallStory(
        call=call,
        verdict=verdict,
        rated=rated,
        day=day,
        shares=call_shares(rated=rated, day=day) if rated and day else None,
        entries=list(_entries(call, Entry.Kind.DAY).filter(subject_day=call.day)),
        adjustments=list(_entries(call, Entry.Kind.ADJUSTMENT)),
        fund=FundMonth.objects.filter(company_id=call.company_id, month=call.month).select_related("policy").first(),
        verdict_changes=list(VerdictChange.objects.filter(**same).order_by("id")),
        price_changes=list(RatedChange.objects.filter(**same).order_by("id")),
    )


def call_shares(*, rated: RatedCall, day: RatedDay) -> CallShares | None:
    """The shares of one charged call under the rates of its day; None while the day has no rates."""
    rates = (day.vat_bp, day.carriers_bp, day.fee_bp, day.wage_bp)
    if None in rates:
        return None
    exact = exact_of(DayTotals(rated.ttc_micros, rated.ht_micros, *rates, day.wage_base))
    one = {name: divide_half_up(getattr(exact, name), scale) for name, scale in SCALES.items()}
    company = one["receivable"] - one["fee_gross"]
    wage = max(0, min(one["wage"], company))
    return CallShares(
        ttc=one["ttc"],
        vat=one["ttc"] - one["ht"],
        ht=one["ht"],
        carriers=one["ttc"] - one["receivable"],
        fee=one["fee"],
        fee_vat=one["fee_gross"] - one["fee"],
        company=company,
        wage=wage,
        available=company - wage,
    )


def _entries(call: Call, kind: str) -> QuerySet[Entry]:
    """Entries of the number's month; adjustments count here that were made after the call was first posted."""
    found = Entry.objects.filter(line_number_id=call.number_id, subject_month=call.month, kind=kind)
    if kind == Entry.Kind.ADJUSTMENT:
        found = found.filter(effective_on__gte=call.day)
    return found.select_related("corrects", "line_number").prefetch_related("lines__account").order_by("id")
