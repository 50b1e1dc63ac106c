"""A plain CSV of sightings, ``time,agent,address``, for switches that write something else."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import BinaryIO

import polars as pl

from agents.connectors.sightings import SEEN, SIGHTING_CONNECTORS, SeenBatch
from illico_platform.lib.errors import Reject, UnusableInput
from numbers.connectors.base import LineBlocks, clean_lines, open_bytes, shown

_COLUMNS = ("time", "agent", "address")
_TIME = "a time such as 2026-11-25T09:00:00, with or without offset"


@SIGHTING_CONNECTORS.register
class NetworkCsv:
    """One row a sighting, comma or semicolon, a header line."""

    key = "network-csv"
    label = "CSV (time, agent, address)"
    version = "1"

    def read(self, file: BinaryIO, *, name: str, zone: str) -> Iterator[SeenBatch]:
        """The rows, block by block; values hold no line ends."""
        header: list[str] = []
        separator = ","
        for block in LineBlocks(open_bytes(file, name), is_line=lambda line: True, tail=b"", name=name):
            data, rejects = clean_lines(block, file=name)
            lines = data.decode().removeprefix("\ufeff").split("\n")
            first = block.line
            if not header:
                separator = ";" if ";" in lines[0] else ","
                header = [cell.strip().lower() for cell in lines[0].split(separator)]
                if missing := [column for column in _COLUMNS if column not in header]:
                    start, columns = shown(lines[0]), ",".join(_COLUMNS)
                    raise UnusableInput(f"{name}, line 1: {start!r} has no {', '.join(missing)}, expected {columns}")
                lines, first = lines[1:], first + 1
            yield _batch(lines, first, [header.index(column) for column in _COLUMNS], separator, zone, name, rejects)


def _batch(
    lines: list[str], first: int, places: list[int], separator: str, zone: str, name: str, rejects: list[Reject]
) -> SeenBatch:
    numbered = [(first + index, line) for index, line in enumerate(lines) if line.strip()]
    cells = csv.reader(io.StringIO("\n".join(line for _, line in numbered)), delimiter=separator)
    rows = [
        (number, *(row[place].strip() if place < len(row) else "" for place in places))
        for (number, _), row in zip(numbered, cells, strict=False)
    ]
    frame = pl.DataFrame(rows, schema={"line": pl.Int64, **dict.fromkeys(_COLUMNS, pl.String)}, orient="row")
    parsed = frame.with_columns(at=_instant(zone), name=pl.when(pl.col("agent") != "").then("agent")).with_columns(
        pl.when(pl.col("address") != "").then("address").alias("address")
    )
    good = parsed.drop_nulls(["at", "name", "address"])
    batch = SeenBatch(
        good.with_columns(other_name=pl.lit(None, dtype=pl.String)).select(*SEEN), read=len(numbered) + len(rejects)
    )
    batch.refuse(rejects + list(_refused(parsed, name)))
    return batch


def _instant(zone: str) -> pl.Expr:
    """An instant; what bears no offset is a local time of ``zone``, and of an hour that exists twice the first."""
    written = (
        pl.col("time").str.replace(" ", "T").str.replace(r"Z$", "+0000").str.replace(r"([+-]\d\d):(\d\d)$", "$1$2")
    )
    local = written.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f", strict=False, time_unit="us")
    return pl.coalesce(
        written.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f%z", strict=False, time_unit="us"),
        local.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null").dt.convert_time_zone("UTC"),
    )


def _refused(parsed: pl.DataFrame, name: str) -> Iterator[Reject]:
    wanted = {"at": ("time", _TIME), "name": ("agent", "a name"), "address": ("address", "an IP address")}
    for row in parsed.filter(pl.any_horizontal(pl.col(list(wanted)).is_null())).iter_rows(named=True):
        column = next(column for column in wanted if row[column] is None)
        field, expected = wanted[column]
        yield Reject(name, row["line"], field, shown(row[field] or ""), expected)
