"""Asterisk's Master.csv (cdr_csv). For PBXs without a queue_log: it tells the answers it proves, no more."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import polars as pl

from illico_platform.lib.errors import Reject, UnusableInput
from illico_platform.lib.sentence import gettext_noop
from numbers.rules.cdr_rows import ROW_FRAME, assemble_rows, dialled_number
from numbers.rules.local_times import instants

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

_TIME = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$")
_CHANNEL_ID = re.compile(r"^(?:.*-)?\d{10}\.\d+$")
_EXPECTED = "a Master.csv of at least 17 columns with start, answer, end and a uniqueid (loguniqueid=yes)"


@dataclass(frozen=True)
class Layout:
    """Which options of cdr.conf a file was written with: number of columns, and where the ids are."""

    width: int
    uniqueid: int
    linkedid: int | None
    sequence: int | None


@CONNECTORS.register
class AsteriskCdr:
    """Rows of cdr_csv: 16 fixed columns, then uniqueid, userfield and peeraccount, linkedid, sequence as configured.

    Settings of the source (``mapping``): ``queue_answers``: true when nothing in the dialplan answers the caller
    before an agent does; ``agents``: {channel name: agent's name in the queue}.
    Source: cdr_csv.c of Asterisk 22.
    """

    key = "asterisk-cdr"
    label = "Asterisk, CDR (Master.csv)"
    version = "1"
    authority = 1
    unproven_note = gettext_noop("réponse non prouvée par le CDR seul")
    continues = True
    frame = ROW_FRAME

    def read(self, file: BinaryIO, options: ReadOptions) -> Iterator[Batch]:
        data = open_bytes(file, options.file)
        blocks = LineBlocks(
            data, is_line=lambda line: _layout_of(line) is not None, tail=options.tail, name=options.file
        )
        layout: Layout | None = None
        first = b""
        for block in blocks:
            first = first or block.data
            layout = layout or _find_layout(block.data)
            if layout is None:
                raise UnusableInput(
                    f"{options.file} is no CDR: line 1 is {shown(first.splitlines()[0])!r}, expected {_EXPECTED}"
                )
            yield _read_rows(block, layout, options)
        if layout is None and not blocks.tail.startswith(b'"'):
            raise UnusableInput(f"{options.file} is no CDR: line 1 is {shown(blocks.tail)!r}, expected {_EXPECTED}")
        yield Batch(pl.DataFrame(schema=ROW_FRAME), tail=blocks.tail)

    def assemble(self, events: pl.DataFrame, options: ReadOptions) -> pl.DataFrame:
        calls = assemble_rows(
            events,
            queue_number=number_in_queue(options),
            queue_answers=bool(options.mapping.get("queue_answers", False)),
        )
        names = options.mapping.get("agents", {})
        return calls.with_columns(pl.col("agent").replace(names)) if names else calls


def _layout_of(line: bytes) -> Layout | None:
    """The layout of a line, None when it is no whole record."""
    try:
        row = next(csv.reader([line.decode("latin-1").rstrip("\r")], strict=True), [])
    except csv.Error:
        return None
    width = len(row)
    if width < 17 or not _TIME.match(row[9]) or not row[12].isdigit() or not row[13].isdigit():
        return None
    if not _CHANNEL_ID.match(row[16]):
        return None
    if width >= 20:
        return Layout(width, 16, width - 2, width - 1) if row[-1].isdigit() and row[-2] else None
    return Layout(width, 16, None, None) if width in (17, 18) else None


def _find_layout(data: bytes) -> Layout | None:
    for line in data[: 1 << 16].split(b"\n")[:200]:
        if layout := _layout_of(line):
            return layout
    return None


def _read_rows(block: Block, layout: Layout, options: ReadOptions) -> Batch:
    data, rejects = clean_lines(block, file=options.file)
    rows = _parse(data, layout.width)
    number = pl.int_range(block.line, block.line + pl.len(), dtype=pl.Int64)
    rows = rows.with_columns(line=number).filter(pl.any_horizontal(pl.col(f"c{n}").is_not_null() for n in range(17)))
    typed = _typed(rows, layout, zone=options.zone)
    fault = _fault(layout)
    typed = typed.with_columns(fault=fault)
    bad = typed.filter(pl.col("fault").is_not_null())
    told = [
        Reject(options.file, row["line"], row["fault"], shown(row[_COLUMN[row["fault"]]] or ""), _WANTED[row["fault"]])
        for row in bad.head(REJECTS_KEPT).iter_rows(named=True)
    ]
    good = typed.filter(pl.col("fault").is_null())
    events = _events(good, layout).with_columns(provisional=pl.lit(block.provisional)).select(list(ROW_FRAME))
    return Batch(events, rows.height + len(rejects), rejects + told, len(rejects) + bad.height, Counter())


def _parse(data: bytes, width: int) -> pl.DataFrame:
    """Texts c0…; a stray quote that would swallow lines makes every line be read for itself."""
    schema = {f"c{n}": pl.String for n in range(width)}
    rows = pl.read_csv(data, has_header=False, schema=schema, truncate_ragged_lines=True)
    if rows.height == data.count(b"\n"):
        return rows.with_columns(pl.all().replace("", None))
    texts = [next(csv.reader([line]), []) for line in io.StringIO(data.decode(), newline="\n")]
    padded = [[*(text.strip("\n") or None for text in row[:width]), *[None] * (width - len(row))] for row in texts]
    return pl.DataFrame(padded, schema=schema, orient="row")


_COLUMN = {
    "start": "c9",
    "answer": "c10",
    "end": "c11",
    "duration": "c12",
    "billsec": "c13",
    "uniqueid": "c16",
    "linkedid": "linked",
}
_WANTED = {
    "start": "a local time YYYY-MM-DD HH:MM:SS that exists in the source's zone",
    "answer": "empty or a local time YYYY-MM-DD HH:MM:SS that exists in the source's zone",
    "end": "a local time YYYY-MM-DD HH:MM:SS that exists in the source's zone, not before start",
    "duration": "whole seconds",
    "billsec": "whole seconds, no more than the duration",
    "uniqueid": "the channel's unique id",
    "linkedid": "the call's linked id",
}


def _typed(rows: pl.DataFrame, layout: Layout, *, zone: str) -> pl.DataFrame:
    """Instants of start, answer and end; twice-occurring local times are settled by the duration the PBX counted."""
    typed = rows.with_columns(
        duration=pl.col("c12").cast(pl.Int64, strict=False),
        billsec=pl.col("c13").cast(pl.Int64, strict=False),
        linked=pl.col(f"c{layout.linkedid if layout.linkedid is not None else layout.uniqueid}"),
    )
    for name, column in (("start", "c9"), ("answer", "c10"), ("end", "c11")):
        local = rows[column].str.to_datetime("%Y-%m-%d %H:%M:%S", time_unit="us", strict=False)
        pair = instants(local, zone=zone)
        typed = typed.with_columns(pair["at_us"].alias(f"{name}_us"), pair["alt_us"].alias(f"{name}_alt"))
    return _settled(typed)


def _settled(typed: pl.DataFrame) -> pl.DataFrame:
    start, end, duration = pl.col("start_us"), pl.col("end_us"), pl.col("duration") * 1_000_000
    late_start, late_end = pl.coalesce("start_alt", "start_us"), pl.coalesce("end_alt", "end_us")
    misses = [
        (end - start - duration).abs(),
        (late_end - start - duration).abs(),
        (late_end - late_start - duration).abs(),
    ]
    channel_us = pl.col("c16").str.extract(r"(\d{10})\.\d+$").cast(pl.Int64, strict=False) * 1_000_000
    by_id = (late_start - channel_us).abs() < (start - channel_us).abs()
    best = pl.min_horizontal(misses)
    both_late = (misses[2] == best) & ((misses[0] > best) & (misses[1] > best) | by_id.fill_null(False))
    ends_late = (misses[1] == best) & (misses[0] > best) & ~both_late
    settled = typed.with_columns(
        start_us=pl.when(both_late).then(late_start).otherwise(start),
        end_us=pl.when(both_late | ends_late).then(late_end).otherwise(end),
    )
    answer = pl.col("answer_us")
    return settled.with_columns(
        answer_us=pl.when(answer < start).then(pl.coalesce("answer_alt", answer)).otherwise(answer)
    )


def _fault(layout: Layout) -> pl.Expr:
    billed = pl.col("billsec")
    no_answer = pl.col("c10").is_not_null() & (
        pl.col("answer_us").is_null() | (pl.col("answer_us") < pl.col("start_us"))
    )
    return (
        pl.when(pl.col("start_us").is_null())
        .then(pl.lit("start"))
        .when(no_answer)
        .then(pl.lit("answer"))
        .when(pl.col("end_us").is_null() | (pl.col("end_us") < pl.col("start_us")))
        .then(pl.lit("end"))
        .when(pl.col("duration").is_null() | (pl.col("duration") < 0))
        .then(pl.lit("duration"))
        .when(billed.is_null() | (billed < 0) | (billed > pl.col("duration") + 1))
        .then(pl.lit("billsec"))
        .when(pl.col("c16").is_null())
        .then(pl.lit("uniqueid"))
        .when(pl.col("linked").is_null() if layout.linkedid is not None else pl.lit(False))
        .then(pl.lit("linkedid"))
    )


def _events(rows: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    in_queue = (pl.col("c7") == "Queue").fill_null(False)

    def base(column: str) -> pl.Expr:
        """A Local channel has two ends, ;1 and ;2: one agent."""
        return pl.col(column).str.replace(r";[12]$", "")

    return rows.select(
        external_id="linked",
        seq="line",
        line="line",
        at_us="end_us",
        start_us="start_us",
        answer_us="answer_us",
        own=pl.col("c16") == pl.col("linked") if layout.linkedid is not None else pl.lit(True),
        answered=(pl.col("c14") == "ANSWERED").fill_null(False) & pl.col("answer_us").is_not_null(),
        in_queue=in_queue,
        number=dialled_number(pl.col("c2")),
        queue=pl.when(in_queue).then(pl.col("c8").str.extract(r"^([^,|]+)")),
        caller="c1",
        channel=base("c5"),
        peer=base("c6"),
        talk_s="billsec",
    )
