"""Post a company's rated days: daily entries for new days, adjustments for days that changed after they were posted."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Max, Q, Sum

from billing.models import Entry, Line, RatedDay
from billing.rules.postings import ACCOUNTS, DayState, Draft, lines_of, plan_postings
from billing.rules.shares import DayTotals, Exact, exact_of
from billing.services.write_entries import EntryDraft, effective_day, inputs_hash, write_entries
from illico_platform.lib.money import cents_of_euros
from illico_platform.lib.periods import Month
from numbers.models import PremiumNumber
from numbers.services.locks import lock_in_transaction

_COLUMN_OF = {account: (column, is_debit) for column, (account, is_debit) in ACCOUNTS.items()}


@dataclass
class PostCounts:
    """What posting did: number-days taken into account, entries written, adjustments among them."""

    days: int = 0
    entries: int = 0
    adjustments: int = 0


def post_company(*, company_id: int, until: date, since: date, now: datetime) -> PostCounts:
    """Post every rated day of a company up to ``until`` that is new or changed; again writes nothing.

    One transaction per number and month, under the company's lock.

    Args:
        until: last day that may be posted (a day is posted when it is over).
        since: first day of the open months.
        now: booking instant.
    """
    counts = PostCounts()
    for number_id, month in _unposted_months(company_id, since, until):
        with transaction.atomic():
            lock_in_transaction("post", company_id)
            _post_month(number_id, month, until, now, counts)
    return counts


def _unposted_months(company_id: int, since: date, until: date) -> list[tuple[int, date]]:
    days = RatedDay.objects.filter(Q(day__lte=until) | Q(posted_revision__gt=0), company_id=company_id, day__gte=since)
    pairs = days.exclude(posted_revision=F("revision")).values_list("number_id", "day")
    return sorted({(number, day.replace(day=1)) for number, day in pairs}, key=lambda pair: (pair[1], pair[0]))


def _post_month(number_id: int, month: date, until: date, now: datetime, counts: PostCounts) -> None:
    # Days after ``until`` that were posted stay in the sum, or a night run for an earlier day would take them back.
    wanted = Q(day__lte=until) | Q(posted_revision__gt=0)
    in_month = RatedDay.objects.filter(wanted, number_id=number_id, day__gte=month, day__lte=Month(month).last)
    days = list(in_month.order_by("day"))
    states = [_state(day) for day in days]
    drafts = plan_postings(states, posted_of(number_id=number_id, month=month))
    number = PremiumNumber.objects.select_related("company").get(pk=number_id)
    entries = [_entry(number, month, until, draft, states, position) for position, draft in enumerate(drafts)]
    write_entries(entries, now=now)
    changed = [day for day in days if day.posted_revision != day.revision]
    RatedDay.objects.filter(pk__in=[day.pk for day in changed]).update(posted_revision=F("revision"))
    counts.days += len(changed)
    counts.entries += len(entries)
    counts.adjustments += sum(draft.kind == "adjustment" for draft in drafts)


def posted_of(*, number_id: int, month: date) -> dict[str, int]:
    """Cents per posting column that the number's month sums to in the ledger."""
    sums = (
        Line.objects.filter(entry__line_number_id=number_id, entry__subject_month=month)
        .values_list("account_id")
        .annotate(debit=Sum("debit"), credit=Sum("credit"))
    )
    posted: dict[str, int] = defaultdict(int)
    for account, debit, credit in sums:
        column, is_debit = _COLUMN_OF[account]
        posted[column] += cents_of_euros(debit - credit if is_debit else credit - debit)
    return dict(posted)


def exact_of_day(day: RatedDay) -> Exact:
    """A rated day's exact columns. A day on which no rates hold charged nothing: its totals are zero."""
    rates = (day.vat_bp, day.carriers_bp, day.fee_bp, day.wage_bp)
    if None in rates:
        return Exact()
    return exact_of(DayTotals(day.ttc_micros, day.ht_micros, *rates, day.wage_base))


def _state(day: RatedDay) -> DayState:
    return DayState(day.day, exact_of_day(day), day.posted_revision > 0, changed=day.posted_revision != day.revision)


def _entry(
    number: PremiumNumber, month: date, until: date, draft: Draft, states: list[DayState], position: int
) -> EntryDraft:
    of_number = Entry.objects.filter(line_number=number, subject_month=month)
    if draft.kind == "day":
        key, corrects = f"day:{number.pk}:{draft.day}", None
        label, wanted_day = f"Appels du {draft.day:%d/%m/%Y} au {number.digits}", draft.day
    else:
        rank = of_number.filter(kind=Entry.Kind.ADJUSTMENT).count() + 1
        key = f"adjustment:{number.pk}:{month:%Y-%m}:{rank}"
        label, wanted_day = f"Régularisation {month:%m/%Y} du {number.digits}", max(until, draft.day)
        first = of_number.filter(Q(subject_day=draft.day) | Q(subject_day=None)).aggregate(pk=Max("pk"))["pk"]
        corrects = first or of_number.aggregate(pk=Max("pk"))["pk"]
    return EntryDraft(
        journal="VE",
        kind=draft.kind,
        effective_on=effective_day(wanted_day, otherwise=until),
        label=label,
        piece_ref=f"{number.digits}-{draft.day:%Y%m%d}",
        company_id=number.company_id,
        line_number_id=number.pk,
        subject_month=month,
        subject_day=draft.day if draft.kind == "day" else None,
        corrects_id=corrects,
        source_key=key,
        inputs_hash=inputs_hash(key, [(str(state.day), state.exact) for state in states], position, draft.cents),
        lines=[(line.account, line.debit, line.credit) for line in lines_of(draft)],
    )
