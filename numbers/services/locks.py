"""Advisory locks by name: one writer per (stage, company), whatever machine it runs on."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


def lock_in_transaction(*parts: object) -> None:
    """Wait for the lock of these parts and hold it until the transaction ends, however it ends.

    >>> lock_key("judge", 12) == lock_key("judge", 12) != lock_key("judge", 13)
    True
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock_key(*parts)])


def lock_key(*parts: object) -> int:
    """A stable signed 64-bit key for these parts."""
    digest = hashlib.blake2b(":".join(map(str, parts)).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


@contextmanager
def try_lock(*parts: object) -> Iterator[bool]:
    """Hold the lock of these parts over several transactions, if nobody else does; yields whether it is held.

    The lock goes with the connection: a process that dies lets go of it.
    """
    key = lock_key(*parts)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        [held] = cursor.fetchone()
    try:
        yield held
    finally:
        if held:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])


def is_locked(*parts: object) -> bool:
    """Whether somebody holds the lock of these parts at this moment."""
    key = lock_key(*parts) % (1 << 64)
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT EXISTS (SELECT FROM pg_locks
                WHERE locktype = 'advisory' AND objsubid = 1 AND granted AND classid::bigint = %s
                  AND objid::bigint = %s
                  AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
            """,
            [key >> 32, key & 0xFFFFFFFF],
        )
        return bool(cursor.fetchone()[0])
