"""Asterisk's security log: each phone that signed in with its password, and the address it came from.

Source: Asterisk documentation, « Security Log File Format »: after the logger's own beginning of a line come pairs
NAME="value", quotes inside a value escaped by a backslash; ``EventTV`` is an ISO instant with its offset, in old
versions seconds-microseconds since 1970; ``RemoteAddress`` is family/transport/address/port.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

import polars as pl

from agents.connectors.sightings import SEEN, SIGHTING_CONNECTORS, SeenBatch
from illico_platform.lib.errors import Reject, UnusableInput
from illico_platform.lib.sentence import gettext_noop
from numbers.connectors.base import LineBlocks, clean_lines, open_bytes, shown

_PHONES = ["PJSIP", "SIP", "IAX2"]  # others sign in too: programs to the manager's interface
_ADDRESS = r"^IPV[46]/[A-Z]+/\[?([0-9A-Fa-f.:]+)\]?/\d+$"
_WANTED = {
    "EventTV": "an instant such as 2026-11-25T09:00:00.123+0100",
    "AccountID": "the name of an account",
    "RemoteAddress": "an address such as IPV4/UDP/192.0.2.1/5060",
}


@SIGHTING_CONNECTORS.register
class AsteriskSecurity:
    """The ``security`` channel of logger.conf, alone in its file or among other lines."""

    key = "asterisk-security"
    label = gettext_noop("Journal de sécurité d’Asterisk")
    version = "1"

    def read(self, file: BinaryIO, *, name: str, zone: str) -> Iterator[SeenBatch]:
        """The successful sign-ins of phones."""
        blocks = LineBlocks(open_bytes(file, name), is_line=_is_whole, tail=b"", name=name)
        start, next_line, is_log = "", 1, False
        for block in blocks:
            data, rejects = clean_lines(block, file=name)
            lines = pl.DataFrame({"raw": data.decode().split("\n")}).with_row_index("line", offset=block.line)
            lines = lines.with_columns(pl.col("line").cast(pl.Int64)).filter(pl.col("raw").str.strip_chars() != "")
            start = start or (shown(lines["raw"][0]) if lines.height else "")
            is_log = is_log or bool(lines["raw"].str.contains('SecurityEvent="', literal=True).any())
            next_line = block.line + block.data.count(b"\n")
            yield _batch(lines, name, rejects)
        if blocks.tail and not _is_whole(blocks.tail):
            torn = SeenBatch(pl.DataFrame(schema=SEEN), read=1)
            torn.refuse([Reject(name, next_line, "line", shown(blocks.tail), "a whole line: the file ends inside it")])
            yield torn
        if not is_log:
            raise UnusableInput(f'{name}, line 1: {start!r}, expected lines with SecurityEvent="…"')


def _is_whole(line: bytes) -> bool:
    return line.endswith(b'"')


def _batch(lines: pl.DataFrame, name: str, rejects: list[Reject]) -> SeenBatch:
    signed_in = lines.filter(pl.col("raw").str.contains('SecurityEvent="SuccessfulAuth"', literal=True)).with_columns(
        *(_value(field).alias(field) for field in (*_WANTED, "Service"))
    )
    phones = signed_in.filter(pl.col("Service").is_in(_PHONES) | pl.col("Service").is_null())
    parsed = phones.with_columns(
        at=_instant(),
        address=pl.col("RemoteAddress").str.extract(_ADDRESS),
        name=pl.when(pl.col("AccountID") != "").then("AccountID"),
    )
    batch = SeenBatch(
        parsed.drop_nulls(["at", "address", "name"])
        .with_columns(other_name=pl.concat_str("Service", pl.lit("/"), "name"))
        .select(*SEEN),
        read=lines.height + len(rejects),
        ignored=lines.height - phones.height,
    )
    batch.refuse(rejects + list(_refused(parsed, name)))
    return batch


def _value(field: str) -> pl.Expr:
    """A pair's value; a name that only ends like the one wanted is another one."""
    return pl.col("raw").str.extract(rf'(?:^|[\s,]){field}="((?:[^"\\]|\\.)*)"').str.replace_all(r"\\(.)", "${1}")


def _instant() -> pl.Expr:
    written = pl.col("EventTV")
    since_1970 = written.str.extract_groups(r"^(\d{9,10})-(\d{1,6})$").struct
    old = since_1970.field("1").cast(pl.Int64) * 1_000_000 + since_1970.field("2").cast(pl.Int64)
    return pl.coalesce(
        written.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f%z", strict=False, time_unit="us"),
        old.cast(pl.Datetime("us")).dt.replace_time_zone("UTC"),
    )


def _refused(parsed: pl.DataFrame, name: str) -> Iterator[Reject]:
    """The lines that miss something, each with the first thing that it misses."""
    missing = {"EventTV": "at", "AccountID": "name", "RemoteAddress": "address"}
    for row in parsed.filter(pl.any_horizontal(pl.col(list(missing.values())).is_null())).iter_rows(named=True):
        field = next(field for field, column in missing.items() if row[column] is None)
        yield Reject(name, row["line"], field, shown(row[field] or ""), _WANTED[field])
