"""Keep the findings as the checks see them: open, see again, resolve, reopen. One row per key; nothing is repaired."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Q

from billing.models import Finding
from billing.rules.checks import FindingDraft
from illico_platform.lib.periods import Month
from numbers.services.locks import lock_in_transaction


@dataclass(frozen=True)
class Checked:
    """What one check looked at and what it found.

    Args:
        kinds: the kinds it may find; only open findings of these may be resolved by it.
        drafts: what it found.
        months: the months it looked at (first days); a finding about another month stays as it is. None: all.
    """

    kinds: Collection[str]
    drafts: Sequence[FindingDraft]
    months: Collection[date] | None = None


def months_between(since: date, day: date) -> list[date]:
    """First days of the months from ``since`` to ``day``.

    >>> [str(month) for month in months_between(date(2026, 12, 5), date(2027, 1, 1))]
    ['2026-12-01', '2027-01-01']
    """
    months, month = [], Month.of(since)
    while month.first <= day:
        months.append(month.first)
        month = month.next
    return months


def open_findings(*, company_id: int, kinds: Collection[str], field: str) -> set[str]:
    """What the open findings of these kinds say in one field of their detail: what must be looked at again."""
    found = Finding.objects.filter(company_id=company_id, kind__in=kinds, resolved_at=None)
    return set(found.filter(detail__has_key=field).values_list(f"detail__{field}", flat=True))


@dataclass
class FindingCounts:
    """What a check stage did to the findings: seen tonight, newly opened, reopened, resolved."""

    seen: int = 0
    opened: int = 0
    reopened: int = 0
    resolved: int = 0


@transaction.atomic
def record_findings(*, company_id: int | None, checked: Sequence[Checked], day: date, now: datetime) -> FindingCounts:
    """Bring the findings of a company (or of the platform, None) to what was found; again changes nothing.

    A finding seen again keeps its first day; one that its check looked for and no longer sees is resolved at
    ``now``; one that comes back is opened again under the same key.
    """
    lock_in_transaction("check", company_id)
    drafts = {each.key: each for one in checked for each in one.drafts}
    known = dict(Finding.objects.filter(key__in=drafts).values_list("key", "resolved_at"))
    Finding.objects.bulk_create(
        [_row(each, company_id, day) for each in drafts.values()],
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["severity", "company", "title", "detail", "action", "last_seen_on", "resolved_at"],
        batch_size=1000,
    )
    return FindingCounts(
        seen=len(drafts),
        opened=len(drafts) - len(known),
        reopened=sum(resolved_at is not None for resolved_at in known.values()),
        resolved=sum(_resolve(company_id, one, now) for one in checked),
    )


def _row(each: FindingDraft, company_id: int | None, day: date) -> Finding:
    return Finding(
        key=each.key,
        kind=each.kind,
        severity=each.severity,
        company_id=company_id,
        title=each.title,
        detail=dict(each.detail),
        action=each.action,
        first_seen_on=day,
        last_seen_on=day,
        resolved_at=None,
    )


def _resolve(company_id: int | None, checked: Checked, now: datetime) -> int:
    gone = Finding.objects.filter(company_id=company_id, kind__in=checked.kinds, resolved_at=None)
    gone = gone.exclude(key__in=[each.key for each in checked.drafts])
    if checked.months is not None:
        gone = gone.annotate(about=F("detail__month")).filter(
            Q(about=None) | Q(about__in=[f"{month:%Y-%m}" for month in checked.months])
        )
    return gone.update(resolved_at=now)
