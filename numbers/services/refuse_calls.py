"""Calls whose number nobody has: kept without the caller's number, and stored once the number is known."""

from __future__ import annotations

from datetime import datetime

import polars as pl
from django.db import transaction
from django.db.models import QuerySet

from illico_platform.lib.errors import Reject
from numbers.models import Intake, RejectedRow, Source
from numbers.rules.calls import CALLS

from .hash_callers import sealed_text
from .locks import lock_in_transaction
from .store_calls import CallWriter

_SERVICE = r"^(?:08\d{8}|[13]\d{3}|118\d{3})$"  # value-added numbers and short ones are nobody's own
_KEPT = [
    "external_id",
    "number",
    "queue",
    "caller",
    "offered_us",
    "outcome",
    "wait_ms",
    "talk_ms",
    "agent",
    "transferred",
    "line",
]


def refuse_unknown(*, intake: Intake, calls: pl.DataFrame) -> list[Reject]:
    """Keep these calls as refused rows that can be replayed; what was kept of them before is replaced.

    Args:
        calls: sealed calls, ``CallWriter.unknown``.
    Returns:
        One reject per call.
    """
    if calls.is_empty():
        return []
    rows = calls.with_columns(caller=sealed_text(), number=_ours_perhaps()).select(_KEPT).to_dicts()
    expected = f"a number of {intake.source.company or 'ours'}, or an alias of the source {intake.source.name}"
    _pending(intake.source).filter(payload__external_id__in=[row["external_id"] for row in rows]).delete()
    RejectedRow.objects.bulk_create(
        (
            RejectedRow(
                intake=intake, line=row["line"], field="number", value=_value(row), expected=expected, payload=row
            )
            for row in rows
        ),
        batch_size=2000,
    )
    return [Reject(intake.file_name, row["line"], "number", _value(row), expected) for row in rows[:1000]]


def replay_refused(*, source: Source, now: datetime) -> int:
    """Store the refused calls of a source whose number is known by now.

    Returns:
        How many rows were replayed; the others wait on.
    """
    replayed = 0
    with transaction.atomic():
        lock_in_transaction("intake", source.pk)
        for intake in Intake.objects.filter(pk__in=_pending(source).values("intake")).order_by("pk"):
            pending = list(_pending(source).filter(intake=intake))
            schema = {name: CALLS[name] for name in _KEPT}
            writer = CallWriter(source=source, intake=intake, connector=intake.connector)
            prepared = writer.prepare(writer.ready(pl.DataFrame([row.payload for row in pending], schema=schema)))
            writer.write(prepared)
            writer.mark_days()
            known = set(prepared.rows["external_id"])
            done = [row.pk for row in pending if row.payload["external_id"] in known]
            replayed += RejectedRow.objects.filter(pk__in=done).update(replayed_at=now)
    return replayed


def refused_sources() -> QuerySet[Source]:
    """The sources that have refused calls waiting for a number."""
    waiting = RejectedRow.objects.filter(payload__isnull=False, replayed_at=None)
    return Source.objects.filter(pk__in=waiting.values("intake__source")).order_by("pk")


def _pending(source: Source) -> QuerySet[RejectedRow]:
    return RejectedRow.objects.filter(intake__source=source, payload__isnull=False, replayed_at=None)


def _ours_perhaps() -> pl.Expr:
    """What was dialled, unless it may be a caller's number: some dialplans note that one in its place.

    A line that names no queue has nothing else by which to tell the number.
    """
    number, queue = pl.col("number"), pl.col("queue")
    return pl.when(number.str.contains(_SERVICE) | queue.is_null() | queue.str.contains(number, literal=True)).then(
        number
    )


def _value(row: dict[str, object]) -> str:
    """The name by which an alias of the source would tell the number."""
    return str(row["number"] or row["queue"] or "")
