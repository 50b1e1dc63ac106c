"""Any table of calls with a header, read by the mapping that the source holds. One row is one call, told whole."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO

import polars as pl

from illico_platform.lib.errors import Reject, UnusableInput
from illico_platform.lib.sentence import gettext_noop
from numbers.rules.calls import CALLS
from numbers.rules.mapped_rows import CallMapping, MappingFault, calls_of_rows, parse_mapping

from .base import BLOCK_BYTES, BROKEN, CONNECTORS, REJECTS_KEPT, Batch, ReadOptions, open_bytes, shown

AMBIGUOUS = gettext_noop("heure ambiguë prise comme la première")


@CONNECTORS.register
class GenericCsv:
    """A CSV with a header line. The source's ``mapping`` names the columns, and ``delimiter`` and ``encoding``.

    Quoted fields may hold the delimiter and newlines. See ``rules.mapped_rows.parse_mapping`` for the mapping.
    """

    key = "generic-csv"
    label = gettext_noop("Tableau CSV, colonnes au choix")
    version = "1"
    authority = 2
    unproven_note = ""
    continues = False
    frame = {**CALLS, "seq": pl.Int64, "at_us": pl.Int64, "provisional": pl.Boolean}

    def read(self, file: BinaryIO, options: ReadOptions) -> Iterator[Batch]:
        try:
            mapping = parse_mapping(options.mapping)
        except MappingFault as fault:
            raise UnusableInput(f"the source's column mapping cannot be used for {options.file}: {fault}") from fault
        delimiter = str(options.mapping.get("delimiter", ","))
        if len(delimiter.encode()) != 1:
            raise UnusableInput(f"delimiter is {delimiter!r} in the source's column mapping, expected one character")
        names: list[str] = []
        line = 1
        for text in _whole_rows(open_bytes(file, options.file), options):
            head = 0
            if not names:
                names, head = _header(text, delimiter, mapping, options)
            rows = _rows(text[head:], names, delimiter, first=line + text.count("\n", 0, head))
            line += text.count("\n")
            yield _batch(rows, mapping, options)

    def assemble(self, events: pl.DataFrame, options: ReadOptions) -> pl.DataFrame:
        return events.drop("seq", "at_us", "provisional").unique(
            subset="external_id", keep="first", maintain_order=True
        )


def _whole_rows(data: BinaryIO, options: ReadOptions) -> Iterator[str]:
    """Text in pieces that end where a row ends: at a newline outside quotes."""
    name = str(options.mapping.get("encoding", "utf-8-sig"))
    try:
        decoder = codecs.getincrementaldecoder("utf-8-sig" if name.lower() in ("utf-8", "utf8") else name)()
    except LookupError as error:
        raise UnusableInput(f"encoding is {name!r} in the source's column mapping, expected a known one") from error
    rest = ""
    while True:
        try:
            block = data.read(BLOCK_BYTES)
            text = rest + decoder.decode(block, final=not block)
        except (*BROKEN, ValueError) as error:
            raise UnusableInput(f"{options.file} cannot be read as {name}: {error}") from error
        if "\0" in text[:4096]:
            raise UnusableInput(f"{options.file} is no text, expected a CSV with a header line")
        text = text.replace("\r\n", "\n")
        if not block:
            if text:
                yield text if text.endswith("\n") else text + "\n"
            return
        end = text.rfind("\n") + 1
        while end and text.count('"', 0, end) % 2:
            end = text.rfind("\n", 0, end - 1) + 1
        if not end and len(text) > 4 * BLOCK_BYTES:
            raise UnusableInput(f"{options.file} has a row of more than {len(text) >> 20} MB, expected a CSV")
        if end:
            yield text[:end]
        rest = text[end:]


def _header(text: str, delimiter: str, mapping: CallMapping, options: ReadOptions) -> tuple[list[str], int]:
    """Names of the columns, and where the first row begins."""
    reader = csv.reader(io.StringIO(text[: 1 << 16]), delimiter=delimiter)
    names = [name.strip() for name in next(reader, [])]
    missing = sorted(mapping.columns - set(names))
    if missing:
        there = shown(", ".join(names[:40]))
        raise UnusableInput(f"{options.file} has no column {', '.join(missing)}; line 1 names: {there}")
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise UnusableInput(f"{options.file} names the column {twice!r} twice in line 1, expected each name once")
    end = 0
    for _ in range(reader.line_num):
        end = text.index("\n", end) + 1
    return names, end


def _rows(text: str, names: list[str], delimiter: str, *, first: int) -> pl.DataFrame:
    """Rows as texts, with the number of the line each begins on."""
    schema = {**dict.fromkeys(names, pl.String), "\0more": pl.String}
    data = text.replace("\0", "�").encode()
    rows = pl.read_csv(data, separator=delimiter, has_header=False, schema=schema, truncate_ragged_lines=True)
    breaks = pl.sum_horizontal(pl.col(name).str.count_matches("\n", literal=True).fill_null(0) for name in names)
    number = first + pl.int_range(pl.len(), dtype=pl.Int64) + breaks.cum_sum().shift(1, fill_value=0).cast(pl.Int64)
    rows = rows.with_columns(number.alias("\0line")).with_columns(pl.col(names).str.strip_chars().replace("", None))
    return rows.filter(pl.any_horizontal(pl.col(names).is_not_null()))


def _batch(rows: pl.DataFrame, mapping: CallMapping, options: ReadOptions) -> Batch:
    long = rows.filter(pl.col("\0more").is_not_null())
    fitting = rows.filter(pl.col("\0more").is_null()).rename({"\0line": "line"}).drop("\0more")
    calls, faults = calls_of_rows(fitting, mapping, zone=options.zone)
    rejects = [
        Reject(options.file, line, "line", shown(value), "as many fields as the header")
        for line, value in long.head(REJECTS_KEPT).select("\0line", "\0more").iter_rows()
    ]
    rejects += [
        Reject(options.file, line, field, shown(value), expected)
        for line, field, value, expected in faults.head(REJECTS_KEPT).iter_rows()
    ]
    dropped = int(calls["drop"].sum())
    kept = calls.filter(~pl.col("drop"))
    twice = int(kept["ambiguous"].sum())
    ignored = Counter({"drop": dropped, AMBIGUOUS: twice})
    events = kept.drop("drop", "ambiguous").with_columns(
        seq=pl.col("line"), at_us=pl.col("offered_us"), provisional=pl.lit(False)
    )
    return Batch(events, rows.height, rejects, long.height + faults.height, +ignored)
