"""The file of an auditor's pack: written so that the same content gives the same bytes, and checked byte by byte.

Of the standard library alone: a pack is checked without database, and whoever reads this file can check one by hand.
"""

import csv
import hashlib
import io
import json
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, BinaryIO

MANIFEST, SUMS, CALLS, DAYS = "manifest.json", "SHA256SUMS", "calls.csv", "judged_days.csv"
_CHUNK = 256 * 1024
_BROKEN = (zipfile.BadZipFile, RuntimeError, ValueError, EOFError, OSError, OverflowError, LookupError)


@dataclass
class Member:
    """One file of a pack: its size, the SHA-256 of its bytes, and its rows when it is a table."""

    name: str
    bytes: int
    sha256: str
    rows: int | None = None


@dataclass
class Checked:
    """What checking a pack found: its own SHA-256, its files, the calls in it, and what is wrong, a sentence each."""

    sha256: str = ""
    members: dict[str, Member] = field(default_factory=dict)
    calls: int = 0
    faults: list[str] = field(default_factory=list)


class PackWriter:
    """Writes the members of a pack one after another into a file that can be read and sought.

    Nothing is compressed and every date is the same, so that the bytes follow from the content alone, on any machine.
    """

    def __init__(self, out: BinaryIO) -> None:
        self._zip = zipfile.ZipFile(out, "w")
        self.members: list[Member] = []

    @contextmanager
    def member(self, name: str) -> Iterator[Callable[[bytes], object]]:
        """Open a member; what it yields appends bytes to it."""
        with _open_member(self._zip, name) as handle:
            digest, size = hashlib.sha256(), 0

            def write(data: bytes) -> None:
                nonlocal size
                size += len(data)
                digest.update(data)
                handle.write(data)

            yield write
        self.members.append(Member(name, size, digest.hexdigest()))

    def close(self, about: dict[str, Any]) -> None:
        """Add the manifest, which holds ``about`` and every file, and the list of all hashes; end the file."""
        files = [{key: value for key, value in vars(each).items() if value is not None} for each in self.members]
        with self.member(MANIFEST) as write:
            write((json.dumps(about | {"files": files}, ensure_ascii=False, indent=1) + "\n").encode())
        sums = "".join(f"{each.sha256}  {each.name}\n" for each in self.members)
        with self.member(SUMS) as write:
            write(sums.encode())
        self._zip.close()


def check_pack(pack: BinaryIO, *, is_canonical: bool = True) -> Checked:
    """Check a pack: the hash, size and rows of every file, none missing or added, and the totals of its tables.

    Args:
        pack: opened to read, at its beginning.
        is_canonical: also that every byte between the files is the one that a pack has there.
    """
    found = Checked(sha256=hashlib.file_digest(pack, "sha256").hexdigest())
    pack.seek(0)
    try:
        archive = zipfile.ZipFile(pack)
        names = [info.filename for info in archive.infolist()]
    except _BROKEN as error:
        found.faults.append(f"the pack is no whole zip file: {error}")
        return found
    with archive:
        found.faults.extend(
            f"{name} is in the pack {count} times" for name, count in Counter(names).items() if count > 1
        )
        tables: dict[str, Counter[str]] = {}
        for name in dict.fromkeys(names):
            try:
                found.members[name], tables[name] = _read(archive, name)
            except _BROKEN as error:
                found.faults.append(f"{name} cannot be read: {error}")
        _check_sums(archive, names, found)
        _check_manifest(archive, found, tables)
        if is_canonical and not found.faults:
            _check_bytes(pack, archive, names, found)
    return found


def _open_member(archive: zipfile.ZipFile, name: str) -> Any:
    info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    info.create_system, info.external_attr = 3, 0o644 << 16
    return archive.open(info, "w", force_zip64=True)


def _chunks(source: Any) -> Iterator[bytes]:
    while data := source.read(_CHUNK):
        yield data


def _read(archive: zipfile.ZipFile, name: str) -> tuple[Member, Counter[str]]:
    """A member as it is in the pack, and what its rows add up to."""
    digest, size = hashlib.sha256(), 0
    with archive.open(name) as source:
        for data in _chunks(source):
            digest.update(data)
            size += len(data)
    member = Member(name, size, digest.hexdigest())
    totals: Counter[str] = Counter()
    if name.endswith(".csv"):
        with archive.open(name) as source:
            rows = csv.DictReader(io.TextIOWrapper(source, "utf-8", newline=""), strict=True)
            member.rows = _add_up(name, rows, totals)
    return member, totals


def _add_up(name: str, rows: Iterable[dict[str, str]], totals: Counter[str]) -> int:
    count = 0
    for count, row in enumerate(rows, 1):  # noqa: B007 - the last one is the number of rows
        if name == CALLS:
            totals[row["verdict"] or "unjudged"] += 1
        elif name == DAYS:
            totals.update({kind: int(figure) for kind, figure in row.items() if kind not in ("number", "day")})
    return count


def _check_sums(archive: zipfile.ZipFile, names: list[str], found: Checked) -> None:
    try:
        lines = archive.read(SUMS).decode().splitlines()
        stated = dict(reversed(line.split("  ", 1)) for line in lines)
    except _BROKEN as error:
        found.faults.append(f"{SUMS} cannot be read: {error}")
        return
    found.faults.extend(f"{name} is missing: {SUMS} names it" for name in stated if name not in names)
    for name, member in found.members.items():
        if name == SUMS:
            continue
        if name not in stated:
            found.faults.append(f"{name} was added: {SUMS} does not name it")
        elif member.sha256 != stated[name]:
            found.faults.append(f"{name} has changed: its SHA-256 is {member.sha256}, {SUMS} says {stated[name]}")


def _check_manifest(archive: zipfile.ZipFile, found: Checked, tables: dict[str, Counter[str]]) -> None:
    try:
        manifest = json.loads(archive.read(MANIFEST))
        files = {each["name"]: Member(**each) for each in manifest["files"]}
        totals = dict(manifest["totals"])
    except (*_BROKEN, TypeError) as error:
        found.faults.append(f"{MANIFEST} cannot be read: {error}")
        return
    found.faults.extend(f"{name} is missing: {MANIFEST} names it" for name in files if name not in found.members)
    for name, member in found.members.items():
        if name not in (MANIFEST, SUMS) and files.get(name) != member:
            found.faults.append(f"{name} is not as {MANIFEST} says: {files.get(name)} there, {member} in the pack")
    calls, days = tables.get(CALLS, Counter()), tables.get(DAYS, Counter())
    found.calls = calls.total()
    if totals != {kind: calls[kind] for kind in totals} or found.calls != sum(totals.values()):
        found.faults.append(f"{CALLS} adds up to {dict(calls)}, {MANIFEST} says {totals}")
    judged = {kind: figure for kind, figure in totals.items() if kind != "unjudged"}
    if judged != {kind: days[kind] for kind in judged}:
        found.faults.append(f"{DAYS} adds up to {dict(days)}, {MANIFEST} says {judged}")


def _check_bytes(pack: BinaryIO, archive: zipfile.ZipFile, names: list[str], found: Checked) -> None:
    """Write the pack again from its own files: what differs is a byte that no file holds."""
    with tempfile.TemporaryFile() as again:
        with zipfile.ZipFile(again, "w") as copy:
            for name in names:
                with archive.open(name) as source, _open_member(copy, name) as handle:
                    for data in _chunks(source):
                        handle.write(data)
        again.seek(0)
        pack.seek(0)
        offset = 0
        for mine in iter(lambda: again.read(_CHUNK), b""):
            theirs = pack.read(len(mine))
            if theirs != mine:
                shared = next((i for i, (a, b) in enumerate(zip(mine, theirs, strict=False)) if a != b), len(theirs))
                found.faults.append(f"{_holder(archive, offset + shared)}: byte {offset + shared} has changed")
                return
            offset += len(mine)
        if pack.read(1):
            found.faults.append(f"bytes were added after byte {offset}")


def _holder(archive: zipfile.ZipFile, offset: int) -> str:
    """Whose entry in the zip a byte belongs to."""
    before = [info.filename for info in archive.infolist() if info.header_offset <= offset < archive.start_dir]
    return f"the entry of {before[-1]}" if before else "the zip's directory"
