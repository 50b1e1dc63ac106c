"""The registry of reports, and what they share: scopes, columns, formats. It reads no table: a report is a query.

A report declares its columns and the rows they are read from; the export service streams them by COPY. A pack is a
report of several tables in one file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from illico_platform.lib.registry import Registry

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(9999, 12, 31)


@dataclass(frozen=True)
class Scope:
    """What is asked for: one company or all of them, over Paris days, both ends included.

    ``calls`` narrows the report of calls to these ids; None is all of them.
    """

    company_id: int | None = None
    since: date = FIRST_DAY
    until: date = LAST_DAY
    calls: Sequence[int] | None = None
    home_papers: bool = False  # a pack holds the papers of homes too, which mostly bear an address

    @property
    def parameters(self) -> dict[str, Any]:
        """Values for ``%(company)s``, ``%(since)s``, ``%(until)s``, ``%(first_month)s`` and ``%(calls)s`` of a report.

        Partitions are pruned by ``month BETWEEN %(first_month)s AND %(until)s``.
        """
        return {
            "company": self.company_id,
            "since": self.since,
            "until": self.until,
            "first_month": self.since.replace(day=1),
            "calls": None if self.calls is None else list(self.calls),
            "home_papers": self.home_papers,
        }


@dataclass(frozen=True)
class Column:
    """One column: its name in the file, its SQL, and whether it holds words that people wrote."""

    name: str
    sql: str
    is_text: bool = False


@dataclass(frozen=True)
class Query:
    """A SELECT and the values of its ``%(name)s``."""

    sql: str
    parameters: Mapping[str, Any]


class CsvFormat:
    """RFC 4180 in UTF-8: comma, a header line, an empty cell is unknown, ``""`` an empty text."""

    extension = "csv"
    charset = "utf-8"
    copy_options = "FORMAT csv"

    def header(self, names: Sequence[str]) -> bytes:
        return (",".join(names) + "\n").encode()

    def text(self, sql: str) -> str:
        """A text that a spreadsheet would run as a formula gets an apostrophe in front."""
        # Source: OWASP, CSV injection: these six signs start a formula, a command or a new cell.
        starts = "left({0}, 1) IN ('=', '+', '-', '@', E'\\t', E'\\r')"
        return f"CASE WHEN {starts.format(sql)} THEN '''' || {sql} ELSE {sql} END"

    def encode(self, rows: bytes) -> bytes:
        """Whole rows as PostgreSQL sent them, as they stand in the file."""
        return rows


class Report:
    """One report. A subclass states ``key label version``, its columns and its rows.

    ``rows`` is SQL from FROM to ORDER BY; it names ``%(company)s`` and the days as ``Scope.parameters`` gives them.
    """

    key: ClassVar[str]
    label: ClassVar[str]
    version: ClassVar[str]
    formats: ClassVar[Mapping[str, CsvFormat]] = {"csv": CsvFormat()}
    parameters: ClassVar[tuple[str, ...]] = ("company", "from", "to")
    is_yearly: ClassVar[bool] = False  # the days must lie in one fiscal year
    sealed_only: ClassVar[bool] = False  # entries that wait for their seal are not in it
    needs_company: ClassVar[bool] = False  # one company's, never everybody's
    columns: ClassVar[tuple[Column, ...]]
    rows: ClassVar[str]

    @property
    def default_format(self) -> str:
        return next(iter(self.formats))

    def query(self, scope: Scope, fmt: CsvFormat) -> Query:
        """The SELECT of this report in that format."""
        return _select(self.columns, self.rows, scope, fmt)

    def file_name(self, scope: Scope, *, operator_siren: str, extension: str) -> str:
        """What the file is called when only a folder was named."""
        return f"{self.key}.{extension}"


def _select(columns: Sequence[Column], rows: str, scope: Scope, fmt: CsvFormat) -> Query:
    cells = (f'{fmt.text(c.sql) if c.is_text else c.sql} AS "{c.name}"' for c in columns)
    return Query(f"SELECT {', '.join(cells)} {rows}", scope.parameters)


@dataclass(frozen=True)
class Table:
    """One table of a pack, as a report states its own: the file's name, its columns, its rows."""

    name: str
    columns: tuple[Column, ...]
    rows: str

    def query(self, scope: Scope, fmt: CsvFormat) -> Query:
        """The SELECT of this table in that format."""
        return _select(self.columns, self.rows, scope, fmt)


class ZipFormat(CsvFormat):
    """A zip of CSV files; each of its bytes is one sign of this charset, for who can only take text."""

    extension = "zip"
    charset = "latin-1"


class Pack(Report):
    """A report of several tables in one zip, each read at the same instant. A subclass states ``tables``.

    Beside them stand what ``totals`` counts, by which the pack is checked, and the files that ``papers`` finds.
    """

    formats: ClassVar[Mapping[str, CsvFormat]] = {"zip": ZipFormat()}
    needs_company = True
    tables: ClassVar[tuple[Table, ...]]
    totals: ClassVar[str]  # SELECT of (name, count)
    papers: ClassVar[str]  # SELECT of (SHA-256, name of the kept file)


REPORTS: Registry[Report] = Registry(
    "report", package="billing.reports", required=("key", "label", "version", "formats", "parameters")
)


def paris_iso(column: str) -> str:
    """SQL for an instant as ISO-8601 in Paris with its offset; the fraction is written only where there is one."""
    local = f"({column} AT TIME ZONE 'Europe/Paris')"
    summer = f"{local} - ({column} AT TIME ZONE 'UTC') = interval '2 hours'"
    return f"replace({local}::text, ' ', 'T') || CASE WHEN {summer} THEN '+02:00' ELSE '+01:00' END"


def seconds(column: str) -> str:
    """SQL for milliseconds as seconds without trailing zeros: 3000 gives 3, 7902 gives 7.902."""
    return f"trim_scale({column} * 0.001)"


def entry_code(entry: str) -> str:
    """SQL for a sealed entry's code, VE-2026-000001; empty for none."""
    return f"{entry}.journal_id || '-' || {entry}.year || '-' || {padded(f'{entry}.number')}"


def padded(number: str) -> str:
    """SQL for a number in six digits, or more when it needs more."""
    return f"lpad({number}::text, greatest(6, length({number}::text)), '0')"


# The last day asked for; today in Paris when none was.
LAST_ASKED = (
    "(CASE WHEN %(until)s::date = DATE '9999-12-31' THEN (now() AT TIME ZONE 'Europe/Paris')::date"
    " ELSE %(until)s::date END)"
)


def paris_date(column: str) -> str:
    """SQL for the Paris day of an instant."""
    return f"({column} AT TIME ZONE 'Europe/Paris')::date"


def span(first: str, end: str) -> str:
    """SQL for days as ``2026-01-01..2026-06-30``, both included; ``end`` is the day after, NULL never comes."""
    return f"{first}::text || '..' || coalesce(({end} - 1)::text, '')"
