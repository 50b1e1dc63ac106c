"""Export a report: check what is asked, stream the rows by COPY, leave a whole file or none."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO

from django.db.models import Max

from billing.models import Entry
from billing.reports.base import FIRST_DAY, LAST_DAY, REPORTS, CsvFormat, Pack, Report, Scope
from billing.services.write_pack import write_pack
from billing.services.write_table import write_table
from illico_platform.lib.errors import UnusableInput
from numbers.models import Company
from numbers.rules.siren import siren_fault


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
    home_papers: bool = False,
    today: date,
) -> ExportPlan:
    """Check what is asked for before a byte is written.

    Args:
        report: a key of ``REPORTS``.
        company: whose rows; everybody's when empty.
        since, until: Paris days, both included; without them, all there is (a yearly report: the year of ``until``,
            or of the last entry, or of ``today``).
        fmt: a key of the report's ``formats``; its first one when empty.
        home_papers: the papers of homes too, in a pack.
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
    if company is None and found.needs_company:
        raise UnusableInput(f"--company is missing: {report} speaks of one company, named by its SIREN")
    if since and until and since > until:
        raise UnusableInput(f"--from is {since}, expected a day not after --to, {until}")
    if found.is_yearly:
        scope = _year_scope(report, since, until, today)
    else:
        scope = Scope(company and company.pk, since or FIRST_DAY, until or LAST_DAY, home_papers=home_papers)
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
    if isinstance(plan.report, Pack):
        return write_pack(plan.report, plan.scope, out)
    rows = write_table(plan.report, plan.scope, plan.format, out.write)
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
