"""What a file says of agents signing in and out, into its table by COPY; the days to count again are noted."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
from django.db import connection

from illico_platform.frames import copy_in, instant
from illico_platform.lib.periods import paris_day
from numbers.models import Recheck, Source

TABLE = "numbers_staffevent"
KEPT_ROWS = 50_000  # held before they are written: bounds the memory of a file, however long
_STORE = f"""
    WITH fresh AS (
        INSERT INTO {TABLE} (source_id, at, agent_name, queue, kind, place)
        SELECT source_id, at, agent_name, queue, kind, place FROM staff_read
        ON CONFLICT DO NOTHING RETURNING at)
    SELECT count(*), min(at), max(at) FROM fresh"""


class StaffWriter:
    """Writes the staff events of one file. A file that holds none costs no query. ``added`` counts the new ones."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._kept: list[pl.DataFrame] = []
        self.added = 0

    def add(self, events: pl.DataFrame) -> None:
        """Take ``STAFF_FRAME`` of one block."""
        if events.is_empty():
            return
        self._kept.append(events)
        if sum(each.height for each in self._kept) >= KEPT_ROWS:
            self.flush()

    def flush(self) -> None:
        """Write what is held, and note the days whose time must be counted again: a night shift ends the day after."""
        if not self._kept:
            return
        events = pl.concat(self._kept).rename({"at_us": "at"}).with_columns(instant("at"))
        self._kept.clear()
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TEMP TABLE staff_read (LIKE {TABLE}) ON COMMIT DROP")
            cursor.execute("ALTER TABLE staff_read ALTER id DROP NOT NULL")
            copy_in("staff_read", events.with_columns(source_id=pl.lit(self._source.pk)))
            cursor.execute(_STORE)
            added, first, last = cursor.fetchone()
            cursor.execute("DROP TABLE staff_read")
        self.added += added
        if added and self._source.company_id:
            since, until = paris_day(first), paris_day(last) + timedelta(days=2)
            Recheck.objects.create(
                stage=Recheck.Stage.WORK, company_id=self._source.company_id, since=since, until=until, cause=TABLE
            )
