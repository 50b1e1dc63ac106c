"""Make an auditor's pack: every table at one instant, the kept papers, and a check of the whole before it leaves."""

import hashlib
import shutil
import tempfile
from datetime import date
from typing import Any, BinaryIO

from django.db import connection

from agents.services.keep_paper import kind_of_evidence
from billing.reports.base import FIRST_DAY, LAST_DAY, CsvFormat, Pack, Scope
from billing.services.pack_file import PackWriter, check_pack
from billing.services.write_table import write_table
from illico_platform.frames import one_instant
from illico_platform.lib.errors import UnusableInput
from illico_platform.web.private_files import open_file
from numbers.models import Company

CSV = CsvFormat()


def write_pack(report: Pack, scope: Scope, out: BinaryIO) -> int:
    """Write a pack into a file or a pipe, whole or not at all.

    It is made on disk first: memory does not grow with it, and nothing leaves that does not pass its own check.

    Returns:
        The number of rows of all its tables.
    Raises:
        UnusableInput: its tables contradict each other.
    """
    with tempfile.TemporaryFile() as draft:
        with one_instant():
            rows = _fill(PackWriter(draft), report, scope)
        draft.seek(0)
        if faults := check_pack(draft, is_canonical=False).faults:
            raise UnusableInput(f"{report.key}: the pack would not pass its own check: {faults[0]}")
        draft.seek(0)
        shutil.copyfileobj(draft, out)
    out.flush()
    return rows


def _fill(pack: PackWriter, report: Pack, scope: Scope) -> int:
    rows = 0
    for table in report.tables:
        with pack.member(table.name) as write:
            count = write_table(table, scope, CSV, write)
        pack.members[-1].rows = count
        rows += count
    missing = _add_papers(pack, report, scope)
    company = Company.objects.get(pk=scope.company_id)
    pack.close(
        {
            "pack": report.key,
            "version": report.version,
            "siren": company.siren,
            "company": company.name,
            "from": _day(scope.since),
            "to": _day(scope.until),
            "totals": dict(_rows_of(report.totals, scope)),
            "home_papers": scope.home_papers,
            "papers_missing": missing,
        }
    )
    return rows


def _add_papers(pack: PackWriter, report: Pack, scope: Scope) -> list[str]:
    """Add each paper once, under its hash; answers with the hashes of which no unchanged copy is kept any more."""
    wanted: dict[str, None] = {}
    added = set()
    for sha256, kept in _rows_of(report.papers, scope):
        wanted[sha256] = None
        if sha256 in added:
            continue
        try:
            paper = open_file(kept)
        except FileNotFoundError:
            continue
        with paper:
            if hashlib.sha256(paper.read()).hexdigest() != sha256:
                continue
            with pack.member(f"papers/{sha256}.{kind_of_evidence(paper)[1]}") as write:
                for chunk in paper.chunks():
                    write(chunk)
        added.add(sha256)
    return [sha256 for sha256 in wanted if sha256 not in added]


def _rows_of(sql: str, scope: Scope) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, scope.parameters)
        return list(cursor.fetchall())


def _day(day: date) -> str | None:
    return None if day in (FIRST_DAY, LAST_DAY) else day.isoformat()
