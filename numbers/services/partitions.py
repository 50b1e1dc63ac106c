"""Monthly partitions of the fact tables: made before they are needed. It drops nothing."""

from collections.abc import Iterable
from datetime import date

from django.db import connection, transaction

from illico_platform.lib.periods import Month

_PARTITIONS_LOCK = 7_001  # any fixed number: partitions of one table are made by one process at a time


def ensure_partitions(*, table: str, months: Iterable[date]) -> list[str]:
    """Make the partitions of ``table`` for these months where they do not exist yet.

    Args:
        table: a table partitioned by a ``month`` column.
        months: any days; their months are meant.
    Returns:
        Names of the partitions that were created, in order.
    """
    wanted = {f"{table}_{Month.of(day).first:%Y_%m}": Month.of(day) for day in months}
    missing = sorted(wanted.keys() - _existing(wanted))
    if not missing:
        return []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_PARTITIONS_LOCK])
        created = sorted(wanted.keys() - _existing(wanted))
        for name in created:
            month = wanted[name]
            cursor.execute(
                f'CREATE TABLE "{name}" PARTITION OF "{table}" FOR VALUES FROM (%s) TO (%s)',
                [month.first, month.next.first],
            )
    return created


def _existing(names: Iterable[str]) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relname = ANY(%s) AND relkind = 'r'", [list(names)])
        return {name for (name,) in cursor.fetchall()}
