"""Keep the findings as the checks see them: open, see again, resolve, reopen. One row per key; nothing is repaired."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Q

from billing.models import Finding, FindingNote
from billing.models.finding import FACTS_CHANGED
from billing.models.finding_words import said_in_french
from billing.rules.checks import FindingDraft
from billing.services.settle_finding import facts_of
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
    ``now``; one that comes back is opened again under the same key. One that a person resolved stays resolved while
    it says the same, and is opened again, with a note, when it says something else.
    """
    lock_in_transaction("check", company_id)
    drafts = {each.key: each for one in checked for each in one.drafts}
    found = Finding.objects.select_for_update(of=("self",)).filter(key__in=drafts)
    before = {row.key: row for row in found.only("key", "resolved_at", "settled")}
    rows = [_row(each, company_id, day, before.get(each.key)) for each in drafts.values()]
    Finding.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["severity", "company", "title", "detail", "action", "last_seen_on", "resolved_at", "settled"],
        batch_size=1000,
    )
    _tell_reopened(rows, before, now)
    return FindingCounts(
        seen=len(drafts),
        opened=len(drafts) - len(before),
        reopened=sum(row.resolved_at is None and _was_resolved(row, before) for row in rows),
        resolved=sum(_resolve(company_id, one, now) for one in checked),
    )


def _row(each: FindingDraft, company_id: int | None, day: date, before: Finding | None) -> Finding:
    detail = dict(each.detail)
    title = said_in_french(each.kind, detail)
    holds = before is not None and before.settled == facts_of(title=title, detail=detail)
    return Finding(
        key=each.key,
        kind=each.kind,
        severity=each.severity,
        company_id=company_id,
        title=title,
        detail=detail,
        action=each.action,
        first_seen_on=day,
        last_seen_on=day,
        resolved_at=before.resolved_at if before is not None and holds else None,
        settled=before.settled if before is not None and holds else None,
    )


def _was_resolved(row: Finding, before: Mapping[str, Finding]) -> bool:
    return row.key in before and before[row.key].resolved_at is not None


def _tell_reopened(rows: Sequence[Finding], before: Mapping[str, Finding], now: datetime) -> None:
    """Note beside each finding that a person had resolved, and that says something else now, why it is open again."""
    FindingNote.objects.bulk_create(
        FindingNote(
            finding=before[row.key],
            kind=FindingNote.Kind.REOPENED,
            at=now,
            text=FACTS_CHANGED,
        )
        for row in rows
        if row.settled is None and row.key in before and before[row.key].settled is not None
    )


def _resolve(company_id: int | None, checked: Checked, now: datetime) -> int:
    gone = Finding.objects.filter(company_id=company_id, kind__in=checked.kinds, resolved_at=None)
    gone = gone.exclude(key__in=[each.key for each in checked.drafts])
    if checked.months is not None:
        gone = gone.annotate(about=F("detail__month")).filter(
            Q(about=None) | Q(about__in=[f"{month:%Y-%m}" for month in checked.months])
        )
    return gone.update(resolved_at=now)
