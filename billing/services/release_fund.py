"""Release held wages as payroll proves them: settle each company's months, write the difference to the ledger."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum

from agents.selectors import credited_pay
from billing.models import Entry, FundMonth, Line, RatedDay, WagePolicy
from billing.rules.shares import Exact, cents_of
from billing.rules.wage_share import MonthFacts, MonthFund, settle_year
from billing.services.post import exact_of_day
from billing.services.write_entries import EntryDraft, inputs_hash, write_entries
from illico_platform.lib.money import cents_of_euros, euros_of_cents
from numbers.services.locks import lock_in_transaction


@dataclass
class ReleaseCounts:
    """What releasing did: months settled, entries written, cents moved to the companies (less what moved back)."""

    months: int = 0
    entries: int = 0
    released_cents: int = 0


def release_company(*, company_id: int, until: date, since: date, now: datetime) -> ReleaseCounts:
    """Settle the wage fund of a company for every year that has open months; again writes nothing.

    Args:
        company_id: whose fund.
        until: the night's day; months after it are not settled.
        since: first day of the open months; settled results before it are not rewritten, only carried.
        now: booking instant.
    """
    counts = ReleaseCounts()
    with transaction.atomic():
        lock_in_transaction("release", company_id)
        for year in range(since.year, until.year + 1):
            facts = _facts(company_id, year, until)
            for month, fund in zip(facts, settle_year(facts), strict=True):
                _store(company_id, month, fund)
                if month.month >= since.replace(day=1):
                    _release(company_id, fund, until, now, counts)
                counts.months += 1
    return counts


def _facts(company_id: int, year: int, until: date) -> list[MonthFacts]:
    """The months of a year in which something was due, held or declared."""
    pay = credited_pay(company_id=company_id, year=year)
    base_due = _base_and_due(company_id, year)
    held = _moved(company_id, year, "4672", kinds=[Entry.Kind.DAY, Entry.Kind.ADJUSTMENT])
    months = sorted(month for month in {*pay, *base_due, *held} if month <= until)
    facts = []
    for month in months:
        base, due = base_due.get(month, (0, 0))
        facts.append(
            MonthFacts(
                month=month,
                base=base,
                due=due,
                held=held.get(month, 0),
                credited=cents_of_euros(pay.get(month, Decimal(0))),
                carry_excess=_policy(month).carry_excess,
            )
        )
    return facts


def _policy(month: date) -> WagePolicy:
    policy = WagePolicy.objects.filter(valid_from__lte=month).order_by("-valid_from").first()
    return policy or WagePolicy.objects.earliest("valid_from")


def _base_and_due(company_id: int, year: int) -> dict[date, tuple[int, int]]:
    """(base, due) cents per month: the sum of the numbers' months, each rounded once."""
    totals: dict[tuple[date, int], Exact] = {}
    days = RatedDay.objects.filter(company_id=company_id, day__year=year, posted_revision__gt=0)
    for day in days.iterator():
        key = (day.day.replace(day=1), day.number_id)
        totals[key] = totals.get(key, Exact()) + exact_of_day(day)
    sums: dict[date, tuple[int, int]] = {}
    for (month, _), total in totals.items():
        cents = cents_of(total)
        base, due = sums.get(month, (0, 0))
        sums[month] = (base + cents.base, due + cents.due)
    return sums


def _moved(company_id: int, year: int, account: str, *, kinds: list[str]) -> dict[date, int]:
    """Cents credited less debited on an account of the company, per month spoken of."""
    sums = (
        Line.objects.filter(
            company_id=company_id, account_id=account, entry__subject_month__year=year, entry__kind__in=kinds
        )
        .values_list("entry__subject_month")
        .annotate(credit=Sum("credit"), debit=Sum("debit"))
    )
    return {month: cents_of_euros(credit - debit) for month, credit, debit in sums}


def _store(company_id: int, facts: MonthFacts, fund: MonthFund) -> None:
    declared = credited_pay(company_id=company_id, year=facts.month.year)
    euros = {
        "base": facts.base,
        "due": facts.due,
        "held": facts.held,
        "credited": facts.credited,
        "balance": fund.balance,
        "carried_in": fund.carried_in,
        "carried_out": fund.carried_out,
        "released": fund.released,
        "year_due": fund.year_due,
        "year_credited": fund.year_credited,
    }
    FundMonth.objects.update_or_create(
        company_id=company_id,
        month=facts.month,
        defaults={
            **{name: euros_of_cents(cents) for name, cents in euros.items()},
            "policy": _policy(facts.month),
            "is_declared": facts.month in declared,
        },
    )


def _release(company_id: int, fund: MonthFund, until: date, now: datetime, counts: ReleaseCounts) -> None:
    """One entry for the difference between what the month should have released and what it did."""
    earlier = Entry.objects.filter(company_id=company_id, subject_month=fund.month, kind=Entry.Kind.RELEASE)
    done = _moved(company_id, fund.month.year, "4671", kinds=[Entry.Kind.RELEASE]).get(fund.month, 0)
    delta = fund.released - done
    if not delta:
        return
    rank = earlier.count() + 1
    key = f"release:{company_id}:{fund.month:%Y-%m}:{rank}"
    out, back = ("4672", "4671") if delta > 0 else ("4671", "4672")
    draft = EntryDraft(
        journal="OD",
        kind=Entry.Kind.RELEASE,
        effective_on=until,
        label=f"{'Libération' if delta > 0 else 'Reprise'} du fonds des salaires {fund.month:%m/%Y}",
        piece_ref=f"FONDS-{fund.month:%Y%m}",
        company_id=company_id,
        line_number_id=None,
        subject_month=fund.month,
        subject_day=None,
        corrects_id=earlier.order_by("-id").values_list("pk", flat=True).first(),
        source_key=key,
        inputs_hash=inputs_hash(key, fund, done),
        lines=[(out, abs(delta), 0), (back, 0, abs(delta))],
    )
    write_entries([draft], now=now)
    counts.entries += 1
    counts.released_cents += delta
