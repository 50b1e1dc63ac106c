"""Keep the findings as the checks see them: open, see again, resolve, reopen. One row per key; nothing is repaired."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from billing.models import Finding, FindingNote
from billing.models.finding import BACK_AGAIN, FACTS_CHANGED
from billing.models.finding_words import said_in_french
from billing.rules.checks import FindingDraft
from billing.services.settle_finding import facts_of
from numbers.services.locks import lock_in_transaction

_GONE: dict[str, str] = {}  # as ``settled``: the facts of a finding that a person resolved are gone since
_STANDS = Q(resolved_at=None) | (Q(settled__isnull=False) & ~Q(settled=_GONE))


@dataclass(frozen=True)
class Checked:
    """What one check looked at and what it found.

    Args:
        kinds: the kinds it may find; only findings of these may be resolved by it.
        drafts: what it found.
        months: the months it looked at (first days); a finding about another month stays as it is. None: all.
    """

    kinds: Collection[str]
    drafts: Sequence[FindingDraft]
    months: Collection[date] | None = None

    def looked_at(self, month: str | None) -> bool:
        """Whether it would have seen a finding about this month (2026-11), or about none."""
        return month is None or self.months is None or date.fromisoformat(f"{month}-01") in self.months


def watched_findings(*, company_id: int, kinds: Collection[str], field: str) -> set[str]:
    """What findings of these kinds say in one field of their detail: what must be looked at again.

    Those that are open, and those that a person resolved while their facts stood: only who looks sees facts change.
    """
    found = Finding.objects.filter(_STANDS, company_id=company_id, kind__in=kinds)
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
    it says the same, and is opened again, with a note, when it says something else or comes back after it was gone.
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
        resolved=_resolve(company_id, checked, drafts, now),
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
    """Note beside each finding that a person had resolved why it is open again."""
    FindingNote.objects.bulk_create(
        FindingNote(
            finding=before[row.key],
            kind=FindingNote.Kind.REOPENED,
            at=now,
            text=BACK_AGAIN if before[row.key].settled == _GONE else FACTS_CHANGED,
        )
        for row in rows
        if row.settled is None and row.key in before and before[row.key].settled is not None
    )


def _resolve(company_id: int | None, checked: Sequence[Checked], seen: Collection[str], now: datetime) -> int:
    """Resolve what its check looked for and no longer sees; returns how many were open."""
    by_kind = {kind: one for one in checked for kind in one.kinds}
    standing = Finding.objects.select_for_update(of=("self",)).filter(_STANDS, company_id=company_id, kind__in=by_kind)
    gone = [
        row
        for row in standing.exclude(key__in=seen).only("kind", "detail", "resolved_at").order_by("pk")
        if by_kind[row.kind].looked_at(row.detail.get("month"))
    ]
    Finding.objects.filter(pk__in=[row.pk for row in gone if row.resolved_at]).update(settled=_GONE)
    return Finding.objects.filter(pk__in=[row.pk for row in gone if not row.resolved_at]).update(resolved_at=now)
