"""Number and chain the entries that are waiting: one short serial step per journal and year."""

import hashlib
import json

from django.db import connection, transaction

from billing.models import Entry, JournalYear
from numbers.services.locks import lock_in_transaction


def seal_entries() -> int:
    """Seal every waiting entry, oldest first; returns how many. Two at once wait for each other.

    Each entry's hash covers its content, its lines and its predecessor's hash, so a change anywhere shows.
    """
    waiting = Entry.objects.filter(hash=None).order_by().values_list("journal_id", "year").distinct()
    return sum(_seal_journal(journal, year) for journal, year in sorted(waiting))


def _seal_journal(journal: str, year: int) -> int:
    with transaction.atomic():
        lock_in_transaction("seal", journal, year)
        state, _ = JournalYear.objects.get_or_create(journal_id=journal, year=year)
        entries = list(
            Entry.objects.filter(journal_id=journal, year=year, hash=None).order_by("id").prefetch_related("lines")
        )
        sealed = []
        for entry in entries:
            number = state.last_number + 1
            digest = entry_hash(entry, number=number, prev_hash=state.last_hash)
            sealed.append((entry.pk, number, state.last_hash, digest))
            state.last_number, state.last_hash = number, digest
        _store(sealed)
        state.save()
        return len(sealed)


def entry_hash(entry: Entry, *, number: int, prev_hash: str) -> str:
    """The chained SHA-256 of an entry: what the audit recomputes."""
    content = [
        prev_hash,
        entry.journal_id,
        entry.year,
        number,
        str(entry.effective_on),
        entry.label,
        entry.piece_ref,
        entry.source_key,
        entry.inputs_hash,
        [
            [line.position, line.account_id, line.company_id, f"{line.debit:.2f}", f"{line.credit:.2f}"]
            for line in sorted(entry.lines.all(), key=lambda line: line.position)
        ],
    ]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def _store(sealed: list[tuple[int, int, str, str]]) -> None:
    if not sealed:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE billing_entry e SET number = s.number, prev_hash = s.prev, hash = s.hash"
            " FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[]) AS s(id, number, prev, hash)"
            " WHERE e.id = s.id",
            [list(column) for column in zip(*sealed, strict=True)],
        )
