"""Write prepared entries to the ledger, unnumbered; ``seal`` numbers and chains them."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, is_dataclass
from datetime import date, datetime

from billing.models import Entry, Line, Period
from illico_platform.lib.money import euros_of_cents

# Accounts whose lines name the company as their auxiliary account.
_AUXILIARY = {"4671", "4672"}


@dataclass(frozen=True)
class EntryDraft:
    """An entry ready to be written. ``lines``: (account, debit cents, credit cents), balanced."""

    journal: str
    kind: str
    effective_on: date
    label: str
    piece_ref: str
    company_id: int
    line_number_id: int | None
    subject_month: date
    subject_day: date | None
    corrects_id: int | None
    source_key: str
    inputs_hash: str
    lines: Sequence[tuple[str, int, int]]


def write_entries(drafts: Sequence[EntryDraft], *, now: datetime) -> list[Entry]:
    """Insert entries and their lines; the database refuses what does not balance or falls in a closed period."""
    entries = Entry.objects.bulk_create(
        Entry(
            journal_id=draft.journal,
            year=draft.effective_on.year,
            kind=draft.kind,
            effective_on=draft.effective_on,
            booked_at=now,
            label=draft.label,
            piece_ref=draft.piece_ref,
            company_id=draft.company_id,
            line_number_id=draft.line_number_id,
            subject_month=draft.subject_month,
            subject_day=draft.subject_day,
            corrects_id=draft.corrects_id,
            source_key=draft.source_key,
            inputs_hash=draft.inputs_hash,
        )
        for draft in drafts
    )
    Line.objects.bulk_create(
        Line(
            entry=entry,
            position=position,
            account_id=account,
            company_id=draft.company_id if account in _AUXILIARY else None,
            debit=euros_of_cents(debit),
            credit=euros_of_cents(credit),
        )
        for entry, draft in zip(entries, drafts, strict=True)
        for position, (account, debit, credit) in enumerate(draft.lines, start=1)
    )
    return entries


def effective_day(wanted: date, *, otherwise: date) -> date:
    """``wanted`` when its period is open, else the night's own day: closed periods receive nothing."""
    closed = Period.objects.filter(month=wanted.replace(day=1), closed_at__isnull=False).exists()
    return otherwise if closed else wanted


def inputs_hash(*inputs: object) -> str:
    """SHA-256 of what an entry was computed from, stable across processes."""
    text = json.dumps(
        inputs, sort_keys=True, default=lambda value: asdict(value) if is_dataclass(value) else str(value)
    )  # type: ignore[arg-type]
    return hashlib.sha256(text.encode()).hexdigest()
