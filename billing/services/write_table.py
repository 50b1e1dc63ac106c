"""Stream the rows of one table out of the database by COPY; memory does not grow with them."""

from collections.abc import Callable

from django.db import connection

from billing.reports.base import CsvFormat, Report, Scope, Table

_CHUNK = 256 * 1024  # bytes of rows that are encoded and written at once: the only memory an export takes


def write_table(table: Report | Table, scope: Scope, fmt: CsvFormat, write: Callable[[bytes], object]) -> int:
    """Write the header and the rows in that format; returns how many rows there are, the header not counted."""
    query = table.query(scope, fmt)
    write(fmt.header([column.name for column in table.columns]))
    sink = _Sink(write, fmt.encode)
    with connection.cursor() as cursor:
        statement = cursor.mogrify(query.sql, query.parameters).decode()
        cursor.copy_expert(f"COPY ({statement}) TO STDOUT WITH ({fmt.copy_options})", sink)
        rows: int = cursor.rowcount
    sink.flush()
    return rows


class _Sink:
    """Gathers the rows that psycopg2 hands over one by one: whole rows only ever reach ``encode``."""

    def __init__(self, write: Callable[[bytes], object], encode: Callable[[bytes], bytes]) -> None:
        self._write, self._encode = write, encode
        self._rows: list[bytes] = []
        self._size = 0

    def write(self, row: bytes) -> int:
        self._rows.append(row)
        self._size += len(row)
        if self._size >= _CHUNK:
            self.flush()
        return len(row)

    def flush(self) -> None:
        self._write(self._encode(b"".join(self._rows)))
        self._rows.clear()
        self._size = 0
