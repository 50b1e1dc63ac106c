"""Export a report: check what is asked, stream the rows by COPY, leave a whole file or none."""

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO

from django.db import connection
from django.db.models import Max

from billing.models import Entry
from billing.reports.base import FIRST_DAY, LAST_DAY, REPORTS, CsvFormat, Report, Scope
from illico_platform.lib.errors import UnusableInput
from numbers.models import Company
from numbers.rules.siren import siren_fault

_CHUNK = 256 * 1024  # bytes of rows that are encoded and written at once: the only memory an export takes


@dataclass(frozen=True)
class ExportPlan:
    """An export that can be made. ``unsealed``: entries in its days that are left out because nothing sealed them."""

    report: Report
    format: CsvFormat
    scope: Scope
    unsealed: int = 0


def plan_export(
    *,
    report: str,
    company: Company | None = None,
    since: date | None = None,
    until: date | None = None,
    fmt: str | None = None,
    today: date,
) -> ExportPlan:
    """Check what is asked for before a byte is written.

    Args:
        report: a key of ``REPORTS``.
        company: whose rows; everybody's when empty.
        since, until: Paris days, both included; without them, all there is (a yearly report: the year of ``until``,
            or of the last entry, or of ``today``).
        fmt: a key of the report's ``formats``; its first one when empty.
    Raises:
        UnknownKey: no such report.
        UnusableInput: the report does not take that company, format or span, or has nothing to say.
    """
    found = REPORTS[report]
    fmt = fmt or found.default_format
    if fmt not in found.formats:
        raise UnusableInput(f"--format is {fmt!r}, expected for {report}: {', '.join(found.formats)}")
    if company and "company" not in found.parameters:
        raise UnusableInput(
            f"--company is {company.siren!r}, but {report} holds the operator's own books: leave it out"
        )
    if since and until and since > until:
        raise UnusableInput(f"--from is {since}, expected a day not after --to, {until}")
    if found.is_yearly:
        scope = _year_scope(report, since, until, today)
    else:
        scope = Scope(company and company.pk, since or FIRST_DAY, until or LAST_DAY)
    return ExportPlan(found, found.formats[fmt], scope, _unsealed(scope) if found.sealed_only else 0)


def _year_scope(report: str, since: date | None, until: date | None, today: date) -> Scope:
    last = until or since or Entry.objects.exclude(hash=None).aggregate(last=Max("effective_on"))["last"] or today
    until = until or date(last.year, 12, 31)
    since = since or date(last.year, 1, 1)
    if since.year != until.year:
        raise UnusableInput(f"--from is {since}, expected a day of the fiscal year of --to, {until.year}")
    if not Entry.objects.exclude(hash=None).filter(effective_on__range=(since, until)).exists():
        raise UnusableInput(f"{report}: no sealed entry from {since} to {until}, expected at least one")
    return Scope(None, since, until)


def _unsealed(scope: Scope) -> int:
    waiting = Entry.objects.filter(hash=None, effective_on__range=(scope.since, scope.until))
    return waiting.filter(company_id=scope.company_id).count() if scope.company_id else waiting.count()


def write_export(plan: ExportPlan, out: BinaryIO) -> int:
    """Stream a report into a binary file; memory does not grow with it.

    Returns:
        The number of rows, the header not counted.
    """
    query = plan.report.query(plan.scope, plan.format)
    out.write(plan.format.header([column.name for column in plan.report.columns]))
    sink = _Sink(out, plan.format.encode)
    with connection.cursor() as cursor:
        statement = cursor.mogrify(query.sql, query.parameters).decode()
        cursor.copy_expert(f"COPY ({statement}) TO STDOUT WITH ({plan.format.copy_options})", sink)
        rows: int = cursor.rowcount
    sink.flush()
    out.flush()
    return rows


def save_export(plan: ExportPlan, path: Path, *, operator_siren: str) -> tuple[Path, int]:
    """Write a report to a file, or into a folder under the report's own name.

    The rows go to a hidden neighbour first, which then takes the name: the file is there whole, or as it was.

    Returns:
        The file's path and its number of rows.
    Raises:
        UnusableInput: the place cannot be written to, or the operator's SIREN cannot stand in the file's name.
    """
    if path.is_dir():
        if plan.report.is_yearly and (fault := siren_fault(operator_siren)):
            raise UnusableInput(f"OPERATOR_SIREN is {operator_siren!r}: {fault}")
        path /= plan.report.file_name(plan.scope, operator_siren=operator_siren, extension=plan.format.extension)
    try:
        with _whole_file(path) as out:
            return path, write_export(plan, out)
    except OSError as error:
        raise UnusableInput(f"-o is {str(path)!r}, which cannot be written: {error.strerror or error}") from error


@contextmanager
def _whole_file(path: Path) -> Iterator[BinaryIO]:
    path = path.resolve()  # a link keeps pointing where it did
    if path.exists() and not path.is_file():
        with path.open("wb") as out:  # a pipe or a device cannot be replaced by a file
            yield out
        return
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with draft.open("xb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


class _Sink:
    """Gathers the rows that psycopg2 hands over one by one: whole rows only ever reach ``encode``."""

    def __init__(self, out: BinaryIO, encode: Callable[[bytes], bytes]) -> None:
        self._out, self._encode = out, encode
        self._rows: list[bytes] = []
        self._size = 0

    def write(self, row: bytes) -> int:
        self._rows.append(row)
        self._size += len(row)
        if self._size >= _CHUNK:
            self.flush()
        return len(row)

    def flush(self) -> None:
        self._out.write(self._encode(b"".join(self._rows)))
        self._rows.clear()
        self._size = 0
