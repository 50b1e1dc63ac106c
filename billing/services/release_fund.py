"""Release held wages as payroll proves them: settle each company's months, write the difference to the ledger."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Sum

from billing.models import Entry, FundMonth, Line
from billing.rules.shares import cents_of
from billing.rules.wage_share import MonthFacts, MonthFund, settle_year
from billing.selectors_counted import MonthPay, declared_pay, wage_policies, wage_policy_on
from billing.selectors_wages import exact_by_number
from billing.services.write_entries import EntryDraft, inputs_hash, write_entries
from illico_platform.lib.money import cents_of_euros, euros_of_cents
from numbers.services.locks import lock_in_transaction

_OF_FACTS = ("base", "due", "held", "credited")
_OF_PAY = ("unclear", "gross_only", "unknown_time")
_OF_FUND = ("balance", "carried_in", "carried_out", "released", "year_due", "year_credited")


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
            pay = declared_pay(company_id=company_id, year=year)
            facts = _facts(company_id, year, until, pay)
            funds = settle_year(facts)
            _store(company_id, facts, funds, pay)
            done = _moved(company_id, year, "4671", kinds=[Entry.Kind.RELEASE])
            for fund in funds:
                if fund.month >= since.replace(day=1):
                    _release(company_id, fund, done.get(fund.month, 0), until, now, counts)
            counts.months += len(funds)
    return counts


def _facts(company_id: int, year: int, until: date, pay: dict[date, MonthPay]) -> list[MonthFacts]:
    """The months of a year in which something was due, held or declared."""
    base_due = _base_and_due(company_id, year)
    held = _moved(company_id, year, "4672", kinds=[Entry.Kind.DAY, Entry.Kind.ADJUSTMENT])
    months = sorted(month for month in {*pay, *base_due, *held} if month <= until)
    policies = wage_policies()
    facts = []
    for month in months:
        base, due = base_due.get(month, (0, 0))
        facts.append(
            MonthFacts(
                month=month,
                base=base,
                due=due,
                held=held.get(month, 0),
                credited=pay.get(month, MonthPay()).credited_cents,
                carry_excess=wage_policy_on(month, policies).carry_excess,
            )
        )
    return facts


def _base_and_due(company_id: int, year: int) -> dict[date, tuple[int, int]]:
    """(base, due) cents per month: the sum of the numbers' months, each rounded once."""
    totals = exact_by_number(company_id=company_id, first=date(year, 1, 1), last=date(year, 12, 31))
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


def _store(company_id: int, facts: list[MonthFacts], funds: list[MonthFund], pay: dict[date, MonthPay]) -> None:
    """Upsert the roll-up of each month."""
    policies = wage_policies()
    told = [pay.get(fund.month, MonthPay()) for fund in funds]
    rows = [
        FundMonth(
            company_id=company_id,
            month=fund.month,
            policy=wage_policy_on(fund.month, policies),
            is_declared=fund.month in pay,
            unclear=euros_of_cents(of_month.unclear_cents),
            gross_only=of_month.gross_only,
            unknown_time=of_month.unknown_time,
            **{name: euros_of_cents(getattr(month, name)) for name in _OF_FACTS},
            **{name: euros_of_cents(getattr(fund, name)) for name in _OF_FUND},
        )
        for month, fund, of_month in zip(facts, funds, told, strict=True)
    ]
    FundMonth.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["company", "month"],
        update_fields=["policy", "is_declared", *_OF_PAY, *_OF_FACTS, *_OF_FUND],
    )


def _release(company_id: int, fund: MonthFund, done: int, until: date, now: datetime, counts: ReleaseCounts) -> None:
    """One entry for the difference between what the month should have released and what it did (``done``, cents)."""
    delta = fund.released - done
    if not delta:
        return
    earlier = Entry.objects.filter(company_id=company_id, subject_month=fund.month, kind=Entry.Kind.RELEASE)
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
