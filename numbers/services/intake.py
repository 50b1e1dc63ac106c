"""Take a file of calls in: one transaction per file, one writer per source, nothing half-written, nothing twice."""

from __future__ import annotations

import hashlib
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

import polars as pl
import structlog
from django.db import transaction

from illico_platform.lib.errors import Reject, UnusableInput
from illico_platform.lib.periods import Month, paris_day
from illico_platform.lib.sentence import gettext_noop
from numbers.connectors.base import CONNECTORS, REJECTS_KEPT, Batch, Connector, ReadOptions
from numbers.models import Intake, OpenCall, RejectedRow, Source, User
from numbers.rules.call_stream import CallStream, Rest
from numbers.rules.calls import CALLS, OPEN

from .keep_open import hide_tails, load_open, save_open, show_tails
from .locks import lock_in_transaction
from .partitions import ensure_partitions
from .refuse_calls import refuse_unknown
from .store_calls import TABLE, CallWriter, Prepared
from .store_staff import StaffWriter

log = structlog.get_logger()
LATE = gettext_noop("retour plus d’une heure après la sortie de file")
FORGET_AFTER = timedelta(days=40)  # an open call whose log never came


@dataclass
class IntakeReport:
    """What became of a file. ``rejects`` holds the first 1000; ``rejected`` counts all, unknown numbers too."""

    read: int = 0
    calls: int = 0
    duplicates: int = 0
    rejected: int = 0
    revised: int = 0
    open: int = 0
    ignored: dict[str, int] = field(default_factory=dict)
    rejects: list[Reject] = field(default_factory=list)
    intake_id: int = 0


def run_intake(
    *,
    connector: str,
    path: Path | BinaryIO,
    source: Source,
    now: datetime,
    by: User | None = None,
    name: str | None = None,
) -> IntakeReport:
    """Read a file and store its calls; the same file twice, overlapping or cut files change nothing.

    Args:
        connector: key of a connector.
        path: the file, or an open binary file that can seek.
        source: the PBX or carrier it comes from.
        now: aware.
        by: who gave it; ``name``: what they call it, when that is not the path's name.
    Raises:
        UnknownKey: no such connector.
        UnusableInput: the file is not of that format, or cannot be read; nothing was stored.
    """
    plugin = CONNECTORS[connector]
    if isinstance(path, str | Path):
        try:
            with Path(path).open("rb") as file:
                return run_intake(
                    connector=connector, path=file, source=source, now=now, by=by, name=name or Path(path).name
                )
        except OSError as error:
            raise UnusableInput(f"{path} cannot be read: {error.strerror}") from error
    day = paris_day(now)
    # Made ahead and outside: a new partition locks the whole table until its transaction ends.
    ensure_partitions(table=TABLE, months=[day, Month.of(day).next.first])
    with transaction.atomic():
        lock_in_transaction("intake", source.pk)
        report = _take(plugin, path, name or "file", Source.objects.get(pk=source.pk), now, by)
    log.info("intake", connector=connector, source=source.name, calls=report.calls, rejected=report.rejected)
    return report


def close_stale_calls(*, now: datetime) -> int:
    """Store as incomplete the calls that have been open for more than a day; a later file may still finish them.

    Returns:
        How many were stored.
    """
    stale = OpenCall.objects.filter(is_stored=False, last_event_at__lt=now - timedelta(days=1))
    closed = 0
    for source_id, connector in sorted(set(stale.values_list("source_id", "connector"))):
        with transaction.atomic():
            lock_in_transaction("intake", source_id)
            closed += _close(Source.objects.get(pk=source_id), CONNECTORS[connector], now)
    OpenCall.objects.filter(last_event_at__lt=now - FORGET_AFTER).delete()
    return closed


def _take(plugin: Connector, file: BinaryIO, name: str, source: Source, now: datetime, by: User | None) -> IntakeReport:
    intake = _begin(plugin, file, name, source, now, by)
    options = _options(source, name, plugin)
    kept, stored = load_open(source=source, plugin=plugin)
    stream = CallStream(lambda events: plugin.assemble(events, options), kept=kept, stored=stored)
    writer = CallWriter(source=source, intake=intake, connector=plugin.key)
    reading = _Reading(plugin, file, options, stream)
    known = _pipe(reading, writer, StaffWriter(source), stored)
    rest = stream.finish()
    writer.touched = stream.touched
    events = _finish(writer, rest, known, stored)
    ids = set(events["external_id"])
    told = (set(rest.calls["external_id"]) | stored) & ids
    save_open(source=source, plugin=plugin, events=events, stored=told, keys=writer.keys)
    writer.mark_days()
    if plugin.continues:
        source.tail = hide_tails({**show_tails(bytes(source.tail)), plugin.key: reading.tail})
    if stream.clock_us is not None:
        clock = datetime.fromtimestamp(stream.clock_us // 1_000_000, UTC)
        source.log_clock = max(clock, source.log_clock or clock)
    source.save(update_fields=["tail", "log_clock"])
    if stream.late:
        reading.ignored[LATE] += stream.late
    if plugin.unproven_note and writer.incomplete:
        reading.ignored[plugin.unproven_note] += writer.incomplete
    return _report(reading, writer, intake, open_calls=len(ids - told))


def _begin(plugin: Connector, file: BinaryIO, name: str, source: Source, now: datetime, by: User | None) -> Intake:
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    size = file.tell()
    file.seek(0)
    return Intake.objects.create(
        source=source, connector=plugin.key, file_name=name[:255], sha256=digest, size=size, started_at=now, by=by
    )


def _report(reading: _Reading, writer: CallWriter, intake: Intake, *, open_calls: int) -> IntakeReport:
    """Write the counts and the refused rows beside the calls, and tell them."""
    unknown = pl.concat(writer.unknown, how="diagonal")
    RejectedRow.objects.bulk_create(
        RejectedRow(intake=intake, line=one.line, field=one.field, value=one.value[:200], expected=one.expected[:300])
        for one in reading.rejects
    )
    rejects = reading.rejects + refuse_unknown(intake=intake, calls=unknown)
    intake.read, intake.calls, intake.duplicates = reading.read, writer.added, writer.duplicates
    intake.revised, intake.open, intake.rejected = writer.revised, open_calls, reading.rejected + unknown.height
    intake.ignored, intake.ended_at = dict(reading.ignored), intake.started_at
    intake.save()
    return IntakeReport(
        read=intake.read,
        calls=intake.calls,
        duplicates=intake.duplicates,
        rejected=intake.rejected,
        revised=intake.revised,
        open=intake.open,
        ignored=intake.ignored,
        rejects=rejects[:REJECTS_KEPT],
        intake_id=intake.pk,
    )


def _options(source: Source, name: str, plugin: Connector) -> ReadOptions:
    pattern = {"queue_pattern": source.queue_pattern} if source.queue_pattern else {}
    tail = show_tails(bytes(source.tail)).get(plugin.key, b"")
    return ReadOptions(file=name, zone=source.timezone, mapping=source.mapping, tail=tail, **pattern)


class _Reading:
    """The file's blocks through the stream, with what is counted on the way."""

    def __init__(self, plugin: Connector, file: BinaryIO, options: ReadOptions, stream: CallStream) -> None:
        self._batches = plugin.read(file, options)
        self._stream = stream
        self.read = self.rejected = 0
        self.rejects: list[Reject] = []
        self.ignored: Counter[str] = Counter()
        self.tail = b""

    def next(self) -> tuple[pl.DataFrame, pl.DataFrame] | None:
        """The calls that the next block brings to an end and what it says of agents, None when there is no block."""
        batch = next(self._batches, None)
        if batch is None:
            return None
        self._count(batch)
        return self._stream.feed(batch.events, restart_seq=batch.restart_seq), batch.staff

    def _count(self, batch: Batch) -> None:
        self.read += batch.read
        self.rejected += batch.rejected
        self.rejects += batch.rejects[: REJECTS_KEPT - len(self.rejects)]
        self.ignored += batch.ignored
        self.tail = batch.tail


def _pipe(reading: _Reading, writer: CallWriter, staff: StaffWriter, stored: frozenset[str]) -> pl.DataFrame:
    """Read and prepare the next block in a thread while PostgreSQL takes the rows of the one before.

    Returns:
        The calls that came to an end and were stored by an earlier file already, few as they are.
    """
    known: list[pl.DataFrame] = [pl.DataFrame(schema=CALLS)]
    with ThreadPoolExecutor(1) as pool:
        pending: Future[Prepared] | None = None
        parsed = pool.submit(reading.next)
        while (piece := parsed.result()) is not None:
            calls, events = piece
            staff.add(events)
            if stored:
                known.append(calls.filter(pl.col("external_id").is_in(list(stored))).select(list(CALLS)))
                calls = calls.filter(~pl.col("external_id").is_in(list(stored)))
            calls = writer.ready(calls)
            prepared = pool.submit(writer.prepare, calls)
            parsed = pool.submit(reading.next)
            if pending:
                writer.write(pending.result())
            pending = prepared
        if pending:
            writer.write(pending.result())
    staff.flush()
    return pl.concat(known)


def _finish(writer: CallWriter, rest: Rest, known: pl.DataFrame, stored: frozenset[str]) -> pl.DataFrame:
    """Store what may still change but has an outcome; returns the events to keep, with ``month``.

    Calls that are stored for good, by an earlier file that knew their end, are no longer open.
    """
    ids = rest.events["external_id"].unique()
    settled = writer.settled(ids.filter(~ids.is_in(list(stored))))
    writer.duplicates += len(settled)
    calls = rest.calls.filter(~pl.col("external_id").is_in(settled.implode())).select(list(CALLS))
    again = pl.col("external_id").is_in(list(stored))
    fresh, known = calls.filter(~again), pl.concat([known, calls.filter(again)])
    writer.write(writer.prepare(writer.ready(fresh)))
    writer.rewrite(writer.prepare(writer.ready(known)))
    events = rest.events.filter(~pl.col("external_id").is_in(settled.implode()))
    first = pl.col("start_us" if "start_us" in events.columns else "at_us").min().over("external_id")
    return writer.ready(events.with_columns(offered_us=first)).drop("offered_us", "day")


def _close(source: Source, plugin: Connector, now: datetime) -> int:
    events, stored = load_open(source=source, plugin=plugin)
    options = _options(source, "", plugin)
    calls = plugin.assemble(events, options).filter(
        (pl.col("state") == OPEN)
        & pl.col("is_call")
        & (pl.col("last_us") < int((now - timedelta(days=1)).timestamp()) * 1_000_000)
        & ~pl.col("external_id").is_in(list(stored))
    )
    intake = Intake.objects.filter(source=source, connector=plugin.key).first()
    if calls.is_empty() or intake is None:
        return 0
    writer = CallWriter(source=source, intake=intake, connector=plugin.key)
    writer.write(writer.prepare(writer.ready(calls.select(list(CALLS)))))
    refuse_unknown(intake=intake, calls=pl.concat(writer.unknown, how="diagonal"))
    writer.mark_days()
    closed = OpenCall.objects.filter(
        source=source, connector=plugin.key, external_id__in=calls["external_id"].to_list()
    )
    return closed.update(is_stored=True)
