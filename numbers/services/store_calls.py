"""Calls into their table: numbers resolved, callers sealed, written by COPY, counted per number and day.

It trusts the unique index to find what is stored already: looking before writing would cost every new call.
"""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import dataclass
from datetime import date

import polars as pl
from django.db import connection, transaction
from psycopg2.errors import UniqueViolation
from psycopg2.extras import execute_values

from illico_platform.frames import copy_in, copy_out, epoch_us
from numbers.connectors.base import CONNECTORS
from numbers.models import Intake, NumberAlias, PremiumNumber, Source

from .hash_callers import month_keys, seal_callers
from .partitions import ensure_partitions

TABLE = "numbers_call"
STORED = {
    "id": pl.Int64,
    "month": pl.Date,
    "day": pl.Date,
    "company_id": pl.Int64,
    "number_id": pl.Int64,
    "external_id": pl.String,
    "connector": pl.String,
    "queue": pl.String,
    "offered_us": pl.Int64,
    "outcome": pl.String,
    "wait_ms": pl.Int64,
    "talk_ms": pl.Int64,
    "agent_name": pl.String,
    "transferred": pl.String,
}
COLUMNS = [
    "month",
    "day",
    "company_id",
    "number_id",
    "source_id",
    "intake_id",
    "external_id",
    "connector",
    "queue",
    "caller_hash",
    "caller_mask",
    "offered_at",
    "outcome",
    "wait_ms",
    "talk_ms",
    "agent_name",
    "transferred",
]
# What calls of a channel have beside; calls by voice leave them to the table.
OF_CHANNELS = ["channel", "setup_ms"]
_COMPARED = ["number_id", "queue", "offered_us", "outcome", "wait_ms", "talk_ms", "agent_name", "transferred"]


@dataclass(frozen=True)
class Prepared:
    """Calls ready to be written: rows for the table, and those whose number nobody has."""

    rows: pl.DataFrame
    unknown: pl.DataFrame
    csv: dict[str, bytes]


class NumberTable:
    """Our numbers by what a source calls them. A company's PBX serves that company only."""

    def __init__(self, source: Source) -> None:
        numbers = PremiumNumber.objects.all()
        if source.company_id:
            numbers = numbers.filter(company_id=source.company_id)
        gone = (PremiumNumber.Status.CEASED, PremiumNumber.Status.QUARANTINED)
        ordered = sorted(numbers, key=lambda number: (number.status not in gone, number.pk))
        self.companies = {number.pk: number.company_id for number in ordered}
        self.digits = {number.digits: number.pk for number in ordered}
        aliases = NumberAlias.objects.filter(source=source, number_id__in=self.companies)
        self.aliases = dict(aliases.values_list("name", "number_id"))

    def resolve(self, calls: pl.DataFrame) -> pl.Series:
        """``number_id`` of each call: what was dialled, else the alias of its queue, else the number in its name."""

        def looked_up(column: str, table: dict[str, int]) -> pl.Expr:
            return pl.col(column).replace_strict(table, default=None, return_dtype=pl.Int64)

        found = calls.select(
            own=pl.coalesce(looked_up("number", self.aliases), looked_up("number", self.digits)),
            alias=looked_up("queue", self.aliases),
            is_from_name=pl.col("queue").str.contains(pl.col("number"), literal=True).fill_null(True),
        )
        own_first, alias_first = pl.coalesce("own", "alias"), pl.coalesce("alias", "own")
        return found.select(pl.when("is_from_name").then(alias_first).otherwise(own_first)).to_series()


class CallWriter:
    """Writes the calls of one file. ``prepare`` touches no database and may run beside ``write``.

    Counts: ``added`` (``incomplete`` among them), ``duplicates``, ``revised``. ``unknown`` collects the calls whose
    number nobody has. ``touched``: ids of stored calls that this file speaks of.
    """

    def __init__(self, *, source: Source, intake: Intake, connector: str) -> None:
        self.source, self.intake, self.connector = source, intake, connector
        self.numbers = NumberTable(source)
        self.keys: dict[date, bytes] = {}
        self.added = self.duplicates = self.revised = self.incomplete = 0
        self.touched: set[str] = set()
        self.unknown: list[pl.DataFrame] = []
        self._days: Counter[tuple[int, date]] = Counter()
        self._probing = False

    def ready(self, calls: pl.DataFrame) -> pl.DataFrame:
        """Give each call its Paris day and month, and make the keys and partitions they need."""
        paris = (
            pl.from_epoch("offered_us", time_unit="us").dt.replace_time_zone("UTC").dt.convert_time_zone("Europe/Paris")
        )
        calls = calls.with_columns(day=paris.dt.date()).with_columns(month=pl.col("day").dt.month_start())
        missing = set(calls["month"].unique()) - self.keys.keys()
        if missing:
            self.keys.update(month_keys(missing))
            ensure_partitions(table=TABLE, months=missing)
        return calls

    def prepare(self, calls: pl.DataFrame) -> Prepared:
        """Resolve numbers, seal callers, lay the rows out for COPY."""
        calls = seal_callers(calls, keys=self.keys).with_columns(number_id=self.numbers.resolve(calls))
        unknown = calls.filter(pl.col("number_id").is_null())
        rows = calls.filter(pl.col("number_id").is_not_null()).select(
            "month",
            "day",
            company_id=pl.col("number_id").replace_strict(self.numbers.companies, return_dtype=pl.Int64),
            number_id="number_id",
            source_id=pl.lit(self.source.pk),
            intake_id=pl.lit(self.intake.pk),
            external_id="external_id",
            connector=pl.lit(self.connector),
            queue=pl.col("queue").str.slice(0, 128),
            caller_hash="caller_hash",
            caller_mask="caller_mask",
            offered_at=pl.from_epoch("offered_us", time_unit="us").dt.replace_time_zone("UTC"),
            outcome="outcome",
            wait_ms="wait_ms",
            talk_ms="talk_ms",
            agent_name=pl.col("agent").str.slice(0, 128),
            transferred="transferred",
            **{name: name for name in OF_CHANNELS if name in calls.columns},
        )
        return Prepared(rows, unknown, _csv_by_partition(rows))

    def write(self, prepared: Prepared) -> None:
        """Add the calls that are not stored yet; what a lesser format told of them is revised."""
        self.unknown.append(prepared.unknown)
        if not self._probing and self._copied(prepared):
            self._count(prepared.rows)
            return
        self._probing = True  # this file overlaps another: from here on look first
        stored = self.stored(prepared.rows["external_id"])
        fresh = prepared.rows.join(stored, on="external_id", how="anti")
        if fresh.height:
            _copy(_csv_by_partition(fresh), fresh.columns)
            self._count(fresh)
        known = prepared.rows.join(stored, on="external_id", how="semi")
        lesser = _authority(stored).filter(pl.col("authority") < CONNECTORS[self.connector].authority)
        better = known.join(lesser, on="external_id", how="semi")
        self.duplicates += known.height - better.height
        self._revise(better, stored)

    def rewrite(self, prepared: Prepared) -> None:
        """Calls that were stored while they could still change: revise what differs now."""
        self.unknown.append(prepared.unknown)
        stored = self.stored(prepared.rows["external_id"])
        own = _authority(stored).filter(pl.col("authority") <= CONNECTORS[self.connector].authority)
        lost = prepared.rows.join(stored, on="external_id", how="anti")
        if lost.height:  # its number was unknown when it was stored first
            _copy(_csv_by_partition(lost), lost.columns)
            self._count(lost)
        known = prepared.rows.join(own, on="external_id", how="semi")
        changed = self._revise(known, stored)
        seen = prepared.rows.filter(pl.col("external_id").is_in(list(self.touched)))["external_id"]
        self.duplicates += len(set(seen) - changed - set(lost["external_id"]))

    def stored(self, ids: pl.Series) -> pl.DataFrame:
        """The stored calls of this source among these ids, in whatever month."""
        special = {"transferred": "transferred::text", "offered_us": epoch_us("offered_at")}
        names = ", ".join(special.get(name, name) for name in STORED)
        query = f"SELECT {names} FROM {TABLE} WHERE source_id = %s AND external_id = ANY(%s)"
        return copy_out(query, [self.source.pk, ids.to_list()], STORED)

    def settled(self, ids: pl.Series) -> pl.Series:
        """Those of these ids whose call is stored by a format that knows at least as much."""
        rank = CONNECTORS[self.connector].authority
        return _authority(self.stored(ids)).filter(pl.col("authority") >= rank)["external_id"]

    def _copied(self, prepared: Prepared) -> bool:
        """Write blindly; False, with nothing written, when one of the calls is stored already."""
        try:
            with transaction.atomic():
                _copy(prepared.csv, prepared.rows.columns)
        except UniqueViolation:
            return False
        return True

    def _revise(self, rows: pl.DataFrame, stored: pl.DataFrame) -> set[str]:
        """Update the stored calls that differ; returns their ids."""
        if rows.is_empty():
            return set()
        now = rows.with_columns(
            offered_us=pl.col("offered_at").dt.epoch("us"), transferred=pl.col("transferred").cast(pl.String)
        )
        pairs = now.join(stored, on="external_id", suffix="_old")
        differs = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}_old")) for name in _COMPARED)
        better = pl.col("connector") != pl.col("connector_old")
        changed = pairs.filter(differs | better)
        if changed.is_empty():
            return set()
        for number_id, day in changed.select("number_id_old", "day_old").iter_rows():
            self._days[number_id, day] -= 1
        for number_id, day in changed.select("number_id", "day").iter_rows():
            self._days[number_id, day] += 1
        _update(rows.join(changed.select("external_id", "id"), on="external_id"))
        self.revised += changed.height
        return set(changed["external_id"])

    def _count(self, rows: pl.DataFrame) -> None:
        self.added += rows.height
        self.incomplete += int((rows["outcome"] == "incomplete").sum())
        for number_id, day, calls in rows.group_by("number_id", "day").len().iter_rows():
            self._days[number_id, day] += calls

    def mark_days(self) -> None:
        """Raise the revision of every number-day that was touched: from this the later stages pull.

        The import's days come to cover them: its calls are found by these days.
        """
        rows = [
            (self.numbers.companies[number_id], number_id, day, calls) for (number_id, day), calls in self._days.items()
        ]
        if not rows:
            return
        days = [*filter(None, (self.intake.first_day, self.intake.last_day)), *(day for _, day in self._days)]
        self.intake.first_day, self.intake.last_day = min(days), max(days)
        self.intake.save(update_fields=["first_day", "last_day"])
        with connection.cursor() as cursor:
            execute_values(
                cursor.cursor,
                """INSERT INTO numbers_callday (company_id, number_id, day, calls, revision) VALUES %s
                   ON CONFLICT (number_id, day) DO UPDATE
                   SET calls = numbers_callday.calls + EXCLUDED.calls, revision = numbers_callday.revision + 1""",
                sorted(rows),
                template="(%s, %s, %s, %s, 1)",
            )


def _authority(stored: pl.DataFrame) -> pl.DataFrame:
    ranks = {key: CONNECTORS[key].authority for key in CONNECTORS}
    rank = pl.col("connector").replace_strict(ranks, default=0, return_dtype=pl.Int64)
    return stored.select("external_id", authority=rank)


def _csv_by_partition(rows: pl.DataFrame) -> dict[str, bytes]:
    """Rows as CSV per monthly partition: straight into it, PostgreSQL need not route each row."""
    texts = {}
    for (month,), part in rows.group_by("month", maintain_order=True):
        data = io.BytesIO()
        part.write_csv(data, include_header=False, null_value="", quote_style="necessary", datetime_format="%FT%T%.6fZ")
        texts[f"{TABLE}_{month:%Y_%m}"] = data.getvalue()
    return texts


def _update(rows: pl.DataFrame) -> None:
    """Set stored calls (by ``id``) to these rows; a caller that is not known any more stays as it was stored."""
    columns = [name for name in COLUMNS if name not in ("source_id", "intake_id")]
    sets = ", ".join(
        f"{name} = COALESCE(r.{name}, c.{name})" if name.startswith("caller_") else f"{name} = r.{name}"
        for name in columns
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMP TABLE IF NOT EXISTS call_revision (LIKE {TABLE} INCLUDING DEFAULTS) ON COMMIT DROP"
        )
        cursor.execute("TRUNCATE call_revision")
    copy_in("call_revision", rows.select("id", *COLUMNS))
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {TABLE} c SET {sets} FROM call_revision r WHERE c.id = r.id")


def _copy(csv: dict[str, bytes], names: list[str]) -> None:
    columns = ", ".join(names)
    with connection.cursor() as cursor:
        for table, text in csv.items():
            cursor.copy_expert(f'COPY "{table}" ({columns}) FROM STDIN WITH (FORMAT csv)', io.BytesIO(text))
