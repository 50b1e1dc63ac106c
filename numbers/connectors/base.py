"""What a connector of calls gives and what all of them share: bytes cut into whole lines. It stores nothing."""

from __future__ import annotations

import gzip
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Protocol

import polars as pl

from illico_platform.lib.errors import Reject, UnusableInput
from illico_platform.lib.registry import Registry
from numbers.rules.staff_events import STAFF_FRAME

BLOCK_BYTES = 3 << 20  # of smaller ones, each costs as much as its lines; larger ones made the peak grow with the file
LONGEST_LINE = 64 << 10  # a PBX writes far shorter ones; what is longer is damage
REJECTS_KEPT = 1000
SHOWN_VALUE = 200
# An instant begins with 1 and has ten digits; telephone numbers begin with 0, + or a country code.
_NUMBER_LIKE = re.compile(r"(?<!\d)(?!1\d{9}(?!\d))\+?\d{8,}")


@dataclass(frozen=True)
class ReadOptions:
    """What a connector must know about a file and its source.

    Args:
        file: name for messages.
        zone: IANA zone of local times without offset.
        mapping: the source's own settings, from ``Source.mapping``.
        queue_pattern: regular expression whose group ``number`` finds the dialled number in a queue's name.
        tail: start of a line that the previous file of this source ended with, empty when it ended with a newline.
    """

    file: str
    zone: str = "Europe/Paris"
    mapping: Mapping[str, Any] = field(default_factory=dict)
    queue_pattern: str = r"(?P<number>0\d{9}|3\d{3})"
    tail: bytes = b""


@dataclass
class Batch:
    """One block of a file, read.

    Args:
        events: one row per event in file order; ``external_id``, ``seq``, ``line``, ``at_us``, ``provisional`` and
            what the connector's ``assemble`` needs besides.
        read: lines that were not blank.
        rejects: the first refused lines of the block; ``rejected`` counts all of them.
        ignored: lines that say nothing about a call, by cause.
        restart_seq: ``seq`` of the last restart of the PBX in the block.
        tail: what the file ends with after its last newline; only the last batch has one.
        staff: what the block says of agents signing in and out, ``staff_events.STAFF_FRAME``.
    """

    events: pl.DataFrame
    read: int = 0
    rejects: list[Reject] = field(default_factory=list)
    rejected: int = 0
    ignored: Counter[str] = field(default_factory=Counter)
    restart_seq: int | None = None
    tail: bytes = b""
    staff: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=STAFF_FRAME))


class Connector(Protocol):
    """One format of calls. Pure: it opens nothing and knows no table.

    ``authority`` ranks the formats of one source: what a higher one says of a call replaces what a lower one said.
    ``unproven_note`` names, for the report, what the format cannot know of its incomplete calls ("" when it can).
    ``continues`` says whether a file may go on in the next one; then line ends are remembered between files.
    ``frame`` is the schema of its events.
    """

    key: str
    label: str
    version: str
    authority: int
    unproven_note: str
    continues: bool
    frame: Mapping[str, Any]

    def read(self, file: BinaryIO, options: ReadOptions) -> Iterator[Batch]:
        """The file's events, block by block. Raises UnusableInput when it is not this format at all."""
        ...

    def assemble(self, events: pl.DataFrame, options: ReadOptions) -> pl.DataFrame:
        """One row per ``external_id``: the columns of ``rules.calls.CALLS``."""
        ...


CONNECTORS: Registry[Connector] = Registry(
    "connector",
    package="numbers.connectors",
    required=("key", "label", "version", "authority", "unproven_note", "continues", "frame", "read", "assemble"),
)

_MAGIC_BYTES = 8
_PACKINGS = {
    b"PK\x03\x04": "zip",
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"Rar!\x1a\x07": "rar",
}
BROKEN = (OSError, EOFError, zlib.error)  # what reading a packed file may raise


def open_bytes(file: BinaryIO, name: str) -> BinaryIO:
    """The file itself, unpacked on the way when it is gzip (known by its first bytes, not by its name).

    Raises:
        UnusableInput: the file is empty, packed in another way, or packed and broken from its start.
    """
    start = file.read(_MAGIC_BYTES)
    if not start:
        raise UnusableInput(f"{name} is empty, expected at least one line")
    file.seek(0)
    for magic, packing in _PACKINGS.items():
        if start.startswith(magic):
            raise UnusableInput(f"{name} is packed as {packing}, expected the log itself or the log packed as gzip")
    if not start.startswith(b"\x1f\x8b"):
        return file
    unpacked = gzip.GzipFile(fileobj=file)
    try:
        unpacked.peek(1)
    except BROKEN as error:
        raise UnusableInput(f"{name} cannot be unpacked: {error}") from error
    return unpacked  # type: ignore[return-value]


@dataclass(frozen=True)
class Block:
    """Whole lines, each ended by a newline. ``line`` is the number of the first; 0 is the previous file's end."""

    line: int
    data: bytes
    provisional: bool = False


class LineBlocks:
    """Cuts a log into blocks of whole lines and joins a line that the previous file had begun.

    A log may be cut at any byte. The piece's unfinished last line comes as a provisional block of its own if it
    stands as a line, and as ``tail`` when the iteration is over, to be given to the next file: its first line is
    joined to the tail when it is no line of its own, else both stand.

    Args:
        file: bytes, not gzip.
        is_line: whether bytes without newline are a whole line of the format.
        tail: what the previous file ended with.
    """

    def __init__(self, file: BinaryIO, *, is_line: Callable[[bytes], bool], tail: bytes, name: str) -> None:
        self._file, self._is_line, self._name = file, is_line, name
        self.tail = tail

    def __iter__(self) -> Iterator[Block]:
        data = self._fill(b"")
        yield from self._settle_tail(data)
        data = self._first_block(data)
        line = 1
        while data:
            end = data.rfind(b"\n") + 1
            if end:
                yield Block(line, data[:end])
                line += data.count(b"\n", 0, end)
            rest = data[end:]
            data = self._fill(rest)
            if len(data) == len(rest):
                break
        if len(data) > LONGEST_LINE:  # refused as any other line of that length, instead of being kept
            yield Block(line, data + b"\n")
            return
        self.tail = data
        if data and self._is_line(data):
            yield Block(line, data + b"\n", provisional=True)

    def _settle_tail(self, data: bytes) -> Iterator[Block]:
        """The tail as a line of its own, when the first line does not continue it."""
        first, newline, _ = data.partition(b"\n")
        parted = newline and self._is_line(self.tail) and not self._is_line(self.tail + first)
        if self.tail and (parted or self._is_line(first)):
            yield Block(0, self.tail + b"\n")
            self.tail = b""

    def _first_block(self, data: bytes) -> bytes:
        joined, self.tail = self.tail + data, b""
        return joined

    def _fill(self, rest: bytes) -> bytes:
        """The rest and at least one more newline after it, or all there is."""
        parts, size = [rest], len(rest)
        while more := self._read():
            parts.append(more)
            size += len(more)
            if b"\n" in more:
                break
            if size > 4 * BLOCK_BYTES:
                raise UnusableInput(f"{self._name} has a line of more than {size >> 20} MB, expected a text of lines")
        return b"".join(parts)

    def _read(self) -> bytes:
        try:
            return self._file.read(BLOCK_BYTES)
        except BROKEN as error:
            raise UnusableInput(f"{self._name} cannot be unpacked: {error}") from error


def clean_lines(block: Block, *, file: str) -> tuple[bytes, list[Reject]]:
    """The block in UTF-8 with LF ends; lines nobody can read are emptied and refused, so that numbering holds.

    What is not UTF-8 is read as Latin-1, line by line, so that the same line reads the same wherever a file was cut.
    """
    data = block.data.replace(b"\r\n", b"\n") if b"\r" in block.data else block.data
    plain = b"\0" not in data and (data.isascii() or _is_utf8(data))
    if plain and not _has_long_line(data):
        return data, []
    lines, rejects = data.split(b"\n"), []
    for index, line in enumerate(lines):
        expected = ""
        if len(line) > LONGEST_LINE:
            expected = f"at most {LONGEST_LINE} bytes"
        elif b"\0" in line:
            expected = "text without NUL bytes"
        if expected:
            rejects.append(Reject(file, block.line + index, "line", shown(line), expected))
            lines[index] = b""
        elif not _is_utf8(line):
            lines[index] = line.decode("latin-1").encode()
    return b"\n".join(lines), rejects


def number_in_queue(options: ReadOptions) -> pl.Expr:
    """The number in a queue's name, by the source's pattern.

    Raises:
        UnusableInput: the pattern is no regular expression or has no group ``number``.
    """
    try:
        group = re.compile(options.queue_pattern).groupindex.get("number")
        if group is None:
            raise UnusableInput(f"the source's queue pattern {options.queue_pattern!r} has no group (?P<number>…)")
        expression = pl.col("queue").str.extract(options.queue_pattern, group)
        pl.DataFrame({"queue": ["q"]}).select(expression)
    except (re.error, pl.exceptions.ComputeError) as error:
        raise UnusableInput(f"the source's queue pattern {options.queue_pattern!r} cannot be used: {error}") from error
    return expression


def shown(value: bytes | str) -> str:
    """A value as a message may show it: text, shortened, without control characters and without callers' numbers."""
    text = value.decode("latin-1") if isinstance(value, bytes) else value
    return hide_numbers("".join(char if char.isprintable() else "·" for char in text[:SHOWN_VALUE]))


def hide_numbers(text: str) -> str:
    """Every run of nine digits or more that is no channel's id shortened to its first four: nobody's number shows.

    >>> hide_numbers("1767603600|1767603600.1|q|NONE|ENTERQUEUE||0639980001")
    '1767603600|1767603600.1|q|NONE|ENTERQUEUE||0639…'
    """
    return _NUMBER_LIKE.sub(lambda match: match[0][:4] + "…", text)


def _has_long_line(data: bytes) -> bool:
    """Whether a line passes the limit, without looking at every line: from each line's start, a limit back."""
    start = 0
    while len(data) - start > LONGEST_LINE:
        end = data.rfind(b"\n", start, start + LONGEST_LINE + 1)
        if end < 0:
            return True
        start = end + 1
    return False


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
