"""What the wage share of a company rests on: numbers, payslips, policy, entries, and how it changed."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from agents.models import Agent, PayrollDeclaration, Payslip
from agents.selectors_staff import Answered
from billing.models import Entry, FundMonth, Line, RatedDay
from billing.rules.shares import Cents, DayTotals, Exact, cents_of, exact_of
from billing.selectors_counted import CountedSlip, counted_slips
from illico_platform.lib.periods import Month
from numbers.models import PremiumNumber

_RATES = ("vat_bp", "carriers_bp", "fee_bp", "wage_bp", "wage_base")


@dataclass(frozen=True)
class NumberBase:
    """What one number brings to a month's base: charged calls, the columns of its posted days in cents, its days."""

    number: PremiumNumber
    calls: int
    cents: Cents
    days: int


@dataclass(frozen=True)
class AgentPay:
    """One agent's month of declared pay, euros and hours (None: not given), and the calls that the agent answered.

    ``counted`` is what of the pay counts, ``why_not`` why nothing does. Without an agent, ``people`` payslips that name
    nobody.
    """

    agent: Agent | None
    people: int
    gross: Decimal
    hours: Decimal | None
    answered: Answered
    counted: Decimal
    why_not: str | None
    is_at_least: bool


@dataclass(frozen=True)
class FundEvent:
    """Something that moved the fund of a month: ``kind`` is declared, replaced, release, taken_back or adjustment."""

    at: datetime
    kind: str
    label: str
    amount: Decimal | None


def exact_by_number(*, company_id: int, first: date, last: date) -> dict[tuple[date, int], Exact]:
    """The exact columns of each month and number over [first, last], from days that are posted and have their rates.

    Days of a month that are shared by the same rates are added up by the database: columns are linear in them.
    """
    days = RatedDay.objects.filter(
        company_id=company_id, day__range=(first, last), posted_revision__gt=0, wage_bp__isnull=False
    )
    runs = (
        days.order_by()
        .values_list(TruncMonth("day"), "number_id", *_RATES)
        .annotate(ttc=Sum("ttc_micros"), ht=Sum("ht_micros"))
    )
    totals: dict[tuple[date, int], Exact] = {}
    for month, number_id, vat_bp, carriers_bp, fee_bp, wage_bp, wage_base, ttc, ht in runs:
        if None in (vat_bp, carriers_bp, fee_bp):
            continue
        exact = exact_of(DayTotals(int(ttc), int(ht), vat_bp, carriers_bp, fee_bp, wage_bp, wage_base))
        totals[month, number_id] = totals.get((month, number_id), Exact()) + exact
    return totals


def wage_months(*, company_id: int) -> QuerySet[FundMonth]:
    """A company's months of the wage fund, latest first."""
    return FundMonth.objects.filter(company_id=company_id).select_related("policy").order_by("-month")


def base_of(*, company_id: int, month: date) -> list[NumberBase]:
    """The numbers that make a month's base, in three queries; their cents add up to the month's."""
    last = Month.of(month).last
    exact = exact_by_number(company_id=company_id, first=month, last=last)
    days = RatedDay.objects.filter(company_id=company_id, day__range=(month, last), posted_revision__gt=0, calls__gt=0)
    sums = days.order_by().values("number_id").annotate(charged=Sum("calls"), days=Count("pk"))
    numbers = PremiumNumber.objects.in_bulk([row["number_id"] for row in sums])
    found = []
    for row in sums:
        found.append(
            NumberBase(
                number=numbers[row["number_id"]],
                calls=int(row["charged"]),
                cents=cents_of(exact.get((month, row["number_id"]), Exact())),
                days=row["days"],
            )
        )
    return sorted(found, key=lambda each: each.number.digits)


def pay_of(*, company_id: int, month: date, answered: dict[int, Answered]) -> list[AgentPay]:
    """The payslips that make a month's credit, agent by agent; those without an agent come last."""
    in_force = Payslip.objects.filter(company_id=company_id, month=month, declaration__in_force=True).order_by()
    sums = in_force.values_list("agent_id").annotate(people=Count("pk"), total=Sum("gross"), hours=Sum("hours_paid"))
    agents = Agent.objects.in_bulk([agent_id for agent_id, *_ in sums if agent_id])
    slips: dict[int | None, list[CountedSlip]] = {}
    for slip in counted_slips(company_id=company_id, month=month).values():
        slips.setdefault(slip.agent_id, []).append(slip)
    rows = [
        AgentPay(
            agent=agents.get(agent_id),
            people=people,
            gross=gross,
            hours=hours,
            answered=answered.get(agent_id, Answered()),
            counted=sum((slip.counted for slip in slips[agent_id]), Decimal(0)),
            why_not=_why_not(slips[agent_id]),
            is_at_least=any(slip.is_at_least for slip in slips[agent_id]),
        )
        for agent_id, people, gross, hours in sums
    ]
    return sorted(rows, key=lambda row: (row.agent is None, row.agent.employee_number if row.agent else ""))


def _why_not(slips: list[CountedSlip]) -> str | None:
    """Why none of a person's payslips counts; None when one does."""
    reasons = [slip.why_not for slip in slips]
    return None if None in reasons else reasons[0]


def unpaid_answers(*, company_id: int, month: date, answered: dict[int, Answered]) -> list[tuple[Agent, Answered]]:
    """Agents who answered calls in a month and have no payslip in force for it."""
    paid = Payslip.objects.filter(company_id=company_id, month=month, declaration__in_force=True, agent__isnull=False)
    missing = set(answered) - set(paid.values_list("agent_id", flat=True))
    agents = Agent.objects.filter(pk__in=missing).order_by("employee_number")
    return [(agent, answered[agent.pk]) for agent in agents]


def held_by_kind(*, company_id: int, month: date) -> list[tuple[str, int, Decimal]]:
    """What moved on 4672 for a month: (kind of entry, entries, euros held less released)."""
    lines = Line.objects.filter(company_id=company_id, account_id="4672", entry__subject_month=month)
    sums = lines.order_by().values_list("entry__kind").annotate(
        entries=Count("entry", distinct=True), credit=Sum("credit"), debit=Sum("debit")
    )  # fmt: skip
    order = list(Entry.Kind.values)
    return sorted(
        ((kind, entries, credit - debit) for kind, entries, credit, debit in sums), key=lambda row: order.index(row[0])
    )


def hold_entries(
    *, company_id: int, month: date, limit: int = 100, kinds: tuple[str, ...] = tuple(Entry.Kind.values)
) -> list[tuple[Entry, Decimal]]:
    """The last entries of a month that held or released wages, newest first, with what each moved on 4672."""
    on_hold = Q(lines__account="4672", lines__company_id=company_id)
    entries = Entry.objects.filter(company_id=company_id, subject_month=month, kind__in=kinds).filter(on_hold)
    moved = entries.annotate(credit=Sum("lines__credit", filter=on_hold), debit=Sum("lines__debit", filter=on_hold))
    rows = moved.select_related("line_number", "corrects").order_by("-id")[:limit]
    return [(entry, entry.credit - entry.debit) for entry in rows]


def fund_events(*, company_id: int, month: date) -> list[FundEvent]:
    """What changed a month's fund, newest first: declarations, releases, corrections of posted days."""
    declarations = PayrollDeclaration.objects.filter(company_id=company_id, month=month).select_related("file")
    events = [
        FundEvent(
            at=one.file.received_at,
            kind="declared" if one.in_force else "replaced",
            label=f"{one.get_kind_display()}, {one.siret}",
            amount=one.total,
        )
        for one in declarations.annotate(total=Sum("payslips__gross"))
    ]
    changing = (Entry.Kind.RELEASE, Entry.Kind.ADJUSTMENT)
    for entry, moved in hold_entries(company_id=company_id, month=month, kinds=changing):
        if entry.kind == Entry.Kind.RELEASE:
            kind = "release" if moved < 0 else "taken_back"
            events.append(FundEvent(entry.booked_at, kind, entry.said, abs(moved)))
        else:
            events.append(FundEvent(entry.booked_at, "adjustment", entry.said, moved))
    return sorted(events, key=lambda event: event.at, reverse=True)
