"""The floor that a night is compared to: a bare COPY of its final rows into the same tables, indexes and checks."""

import time
from pathlib import Path

from illico_platform.bench.databases import connect

# Facts first, as the stages write them, then what is kept per day and the ledger.
FACTS = ("numbers_call", "agents_verdict", "billing_ratedcall")
SMALL = (
    "numbers_intake",
    "numbers_callday",
    "agents_judgedday",
    "billing_ratedday",
    "billing_entry",
    "billing_line",
    "billing_journalyear",
)
TABLES = (*FACTS, *SMALL)


def dump(database: str, folder: Path) -> dict[str, int]:
    """Write each table's rows to a file of the folder; returns the rows of each table."""
    rows = {}
    with connect(database) as connection, connection.cursor() as cursor:
        for table in TABLES:
            order = "ORDER BY call_id" if table in FACTS[1:] else "ORDER BY id"
            with (folder / table).open("wb") as file:
                cursor.copy_expert(f'COPY (SELECT * FROM "{table}" {order}) TO STDOUT WITH (FORMAT csv)', file)
            rows[table] = cursor.rowcount
    connection.close()
    return rows


def copy_bare(database: str, folder: Path) -> dict[str, float]:
    """COPY the dumped files into the empty tables of a database; returns the seconds of each table.

    One transaction per table. Triggers and foreign keys are off: only the tables, their indexes and their checks
    stand between the file and the disk, so that the floor is as low as it can be.
    """
    seconds = {}
    connection = connect(database)
    for table in TABLES:
        started = time.perf_counter()
        with connection, connection.cursor() as cursor, (folder / table).open("rb") as file:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.copy_expert(f'COPY "{table}" FROM STDIN WITH (FORMAT csv)', file)
        seconds[table] = time.perf_counter() - started
    connection.close()
    return seconds
