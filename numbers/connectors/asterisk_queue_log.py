"""Asterisk's queue_log: the file as the PBX writes it, and the export of its realtime table. The authority on waits."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import polars as pl

from illico_platform.lib.errors import Reject, UnusableInput
from numbers.rules.calls import assemble_calls
from numbers.rules.event_order import settle_clock
from numbers.rules.local_times import read_times
from numbers.rules.queue_events import EVENT_FRAME, FIELDS, Kind, read_events
from numbers.rules.staff_events import staff_events

from .base import (
    CONNECTORS,
    REJECTS_KEPT,
    Batch,
    Block,
    LineBlocks,
    ReadOptions,
    clean_lines,
    number_in_queue,
    open_bytes,
    shown,
)

_LINE = re.compile(rb"^1\d{9}\|[^|]+\|[^|]*\|[^|]*\|[A-Z][A-Z0-9_]+(?:\|[^\n]*)?\r?$")
_LINE_BEGUN = re.compile(rb"^1\d{0,9}(?:\|[^\n]*)?$")
_TABLE_NAMES = {"time": "when", "queuename": "queue", "queue": "queue", **{f"data{n}": f"d{n}" for n in range(1, 9)}}
_PLAIN = dict.fromkeys(("when", *FIELDS), pl.String)
_WHOLE = "epoch|callid|queue|agent|EVENT|… or a table with the columns time, callid, queuename, agent, event"


@dataclass(frozen=True)
class Table:
    """How an export of the realtime table is laid out: our names of its columns by position."""

    separator: str
    names: dict[int, str]


@CONNECTORS.register
class AsteriskQueueLog:
    """Lines ``epoch|callid|queue|agent|event|data…`` or rows ``time,callid,queuename,agent,event,data1…``.

    Source: main/logger.c and apps/app_queue.c of Asterisk 1.4 to 22; FreePBX and Wazo for the table.
    """

    key = "asterisk-queue-log"
    label = "Asterisk, queue_log"
    version = "1"
    authority = 2
    unproven_note = ""
    continues = True
    frame = EVENT_FRAME

    def read(self, file: BinaryIO, options: ReadOptions) -> Iterator[Batch]:
        data = open_bytes(file, options.file)
        header = _table_header(data)
        blocks = LineBlocks(data, is_line=_is_line, tail=b"" if header else options.tail, name=options.file)
        found, first = 0, b""
        for block in blocks:
            first = first or block.data
            batch = _read_table(block, header, options) if header else _read_lines(block, options)
            found += batch.events.height + sum(batch.ignored.values()) + (batch.read - batch.rejected)
            if not found and batch.read and block.line:
                raise UnusableInput(_not_ours(options.file, block.data))
            yield batch
        if header:
            yield from self._last_row(blocks, header, options)
        elif not found and not _LINE_BEGUN.match(blocks.tail):
            raise UnusableInput(_not_ours(options.file, first or blocks.tail))
        else:
            yield Batch(pl.DataFrame(schema=EVENT_FRAME), tail=blocks.tail)

    def assemble(self, events: pl.DataFrame, options: ReadOptions) -> pl.DataFrame:
        return assemble_calls(settle_clock(events), queue_number=number_in_queue(options))

    def _last_row(self, blocks: LineBlocks, header: Table, options: ReadOptions) -> Iterator[Batch]:
        """A table is exported whole: its last row counts without a final newline too."""
        if blocks.tail:
            yield _read_table(Block(0, blocks.tail + b"\n"), header, options)


def _is_line(data: bytes) -> bool:
    return bool(_LINE.match(data))


def _not_ours(file: str, data: bytes) -> str:
    first = shown(data.splitlines()[0][:200]) if data else ""
    return f"{file} is no queue_log: line 1 is {first!r}, expected {_WHOLE}"


def _read_lines(block: Block, options: ReadOptions) -> Batch:
    data, rejects = clean_lines(block, file=options.file)
    columns = {"when": pl.String, **dict.fromkeys(FIELDS, pl.String)}
    lines = pl.read_csv(
        data, separator="|", has_header=False, quote_char=None, truncate_ragged_lines=True, schema=columns
    )
    when = pl.col("when")
    lines = _numbered(lines, block.line).filter(pl.any_horizontal(pl.col("when", "callid", "event").is_not_null()))
    seconds = pl.when(when.str.len_bytes() == 10).then(when.cast(pl.Int64, strict=False))
    return _batch(lines.with_columns(at_us=seconds * 1_000_000, alt_us=pl.lit(None, pl.Int64)), block, rejects, options)


def _read_table(block: Block, header: Table, options: ReadOptions) -> Batch:
    data, rejects = clean_lines(block, file=options.file)
    width = max(header.names) + 1
    rows = pl.read_csv(
        data,
        separator=header.separator,
        has_header=False,
        truncate_ragged_lines=True,
        schema={str(index): pl.String for index in range(width)},
    )
    rows = rows.select(pl.col(str(index)).replace("", None).alias(name) for index, name in header.names.items())
    if "data" in rows.columns:  # older tables keep the fields in one column, with their pipes
        parts = rows["data"].str.split_exact("|", 7).struct.rename_fields([f"d{n}" for n in range(1, 9)])
        rows = rows.drop("data").hstack(parts.struct.unnest())
    rows = rows.with_columns(pl.lit(None, pl.String).alias(name) for name in _PLAIN if name not in rows.columns)
    times = read_times(rows["when"], zone=options.zone)
    lines = _numbered(rows.hstack(times), block.line)
    if block.line == 1:
        lines = lines.slice(1)
    return _batch(lines.filter(pl.col("when").is_not_null() | pl.col("callid").is_not_null()), block, rejects, options)


def _numbered(lines: pl.DataFrame, first: int) -> pl.DataFrame:
    number = pl.int_range(first, first + pl.len(), dtype=pl.Int64)
    return lines.with_columns(line=number, seq=number)


def _batch(lines: pl.DataFrame, block: Block, rejects: list[Reject], options: ReadOptions) -> Batch:
    events, faults = read_events(lines)
    kinds = events["kind"]
    ignored: Counter[str] = Counter()
    if kinds.null_count():
        ignored.update(dict(events.filter(pl.col("kind").is_null())["event"].value_counts().iter_rows()))
    restarts = events.filter(pl.col("kind") == Kind.RESTART)["seq"] if (kinds == Kind.RESTART).any() else kinds.clear()
    told = faults.head(REJECTS_KEPT).iter_rows()
    return Batch(
        events.filter(pl.col("kind") >= Kind.DID).drop("event").with_columns(provisional=pl.lit(block.provisional)),
        read=lines.height + len(rejects),
        rejects=rejects
        + [Reject(options.file, line, field, shown(value), expected) for line, field, value, expected in told],
        rejected=len(rejects) + faults.height,
        ignored=ignored,
        restart_seq=int(restarts.max()) if len(restarts) else None,  # type: ignore[arg-type]
        staff=staff_events(lines, events),
    )


def _table_header(data: BinaryIO) -> Table | None:
    """Names of a table's columns by position; empty when the file is the log itself."""
    start = data.read(4096)
    data.seek(0)
    lines = start.removeprefix(b"\xef\xbb\xbf").decode("latin-1").splitlines()
    first = lines[0].strip().lower() if lines else ""
    for separator in ",;\t":
        names = next(csv.reader([first], delimiter=separator), [])
        header = {index: _TABLE_NAMES.get(name, name) for index, name in enumerate(names)}
        header = {index: name for index, name in header.items() if name in _PLAIN or name == "data"}
        if {"when", "callid", "queue", "event"} <= set(header.values()):
            return Table(separator, header)
    return None
