"""A ledger of any size, put straight into its tables, for the exports, and the bare COPY they are compared to."""

import time
from pathlib import Path

from illico_platform.bench.databases import connect

_ENTRIES = """
    INSERT INTO billing_entry (journal_id, year, number, kind, effective_on, booked_at, label, piece_ref, company_id,
        line_number_id, subject_month, subject_day, source_key, inputs_hash, prev_hash, hash)
    SELECT 'VE', 2026, i, 'day', d, d + interval '1 day',
        'Appels du ' || to_char(d, 'DD/MM/YYYY') || ' au ' || n.digits,
        n.digits || '-' || to_char(d, 'YYYYMMDD'), n.company_id, n.id, date_trunc('month', d)::date, d,
        'day:' || i, md5(i::text), md5((i - 1)::text), md5(i::text)
      FROM generate_series(1, %(entries)s) AS i
      CROSS JOIN LATERAL (SELECT date '2026-01-01' + i * 364 / %(entries)s AS d) AS day
      JOIN (SELECT *, row_number() OVER (ORDER BY id) - 1 AS rank, count(*) OVER () AS all_numbers
              FROM numbers_premiumnumber) AS n ON n.rank = i %% n.all_numbers
     ORDER BY i"""
_LINES = """
    INSERT INTO billing_line (entry_id, position, account_id, company_id, debit, credit)
    SELECT e.id, a.position, a.account, CASE WHEN a.account LIKE '467%%' THEN e.company_id END, a.debit, a.credit
      FROM billing_entry e CROSS JOIN (VALUES (1, '411', 5.21, 0), (2, '706', 0, 0.29), (3, '44571', 0, 0.06),
           (4, '4672', 0, 3.47), (5, '4671', 0, 1.39)) AS a(position, account, debit, credit)
     ORDER BY e.id, a.position"""
_LINES_OF_ENTRY = 5


def fill_ledger(database: str, lines: int) -> int:
    """Sealed daily entries of a year with about so many lines; returns how many lines there are."""
    with connect(database) as connection, connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(_ENTRIES, {"entries": lines // _LINES_OF_ENTRY})
        cursor.execute(_LINES, {})
        written = cursor.rowcount
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    connection.close()
    return written


def load_fec(database: str, path: Path) -> None:
    """Put an exported FEC back into a plain table of its 18 columns, so that a bare COPY TO has the same rows."""
    with connect(database) as connection, connection.cursor() as cursor, path.open("rb") as file:
        columns = file.readline().decode().split("\t")
        cursor.execute("CREATE TABLE fec (" + ", ".join(f"c{rank} text" for rank in range(len(columns))) + ")")
        cursor.copy_expert("COPY fec FROM STDIN WITH (FORMAT text, NULL '', ENCODING 'LATIN9')", file)
    connection.close()


def copy_fec_out(database: str, path: Path) -> float:
    """Seconds of a bare COPY TO of that table."""
    connection = connect(database)
    started = time.perf_counter()
    with connection.cursor() as cursor, path.open("wb") as file:
        cursor.copy_expert("COPY fec TO STDOUT WITH (FORMAT text, NULL '')", file)
    seconds = time.perf_counter() - started
    connection.close()
    return seconds
