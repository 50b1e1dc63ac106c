"""Take a switch's log of registrations in: which country each agent's phone came from, never its address."""

import ipaddress
from pathlib import Path

import polars as pl
from django.db import connection, transaction

from agents.connectors.sightings import SEEN, SIGHTING_CONNECTORS, SightingReport
from agents.models import PbxName
from agents.rules.network import run_starts
from agents.rules.spans import SPAN, attach_span
from agents.services.locate import networks_of
from illico_platform.frames import copy_in
from illico_platform.lib.errors import Reject, UnusableInput
from illico_platform.lib.periods import day_start
from numbers.connectors.base import REJECTS_KEPT, shown
from numbers.models import Source
from numbers.services.locks import lock_in_transaction

_EXPECTED = "an IP address"


def take_sightings(*, connector: str, path: Path, source: Source, name: str = "") -> SightingReport:
    """Store where the agents of a source were seen; the same file again changes nothing.

    Of several lines in a row that tell the same network of an agent on a Paris day the first one is kept: it stands
    until the next one anyway. Days whose verdicts may rest on what is new are judged again by the night.

    Args:
        connector: a key of ``SIGHTING_CONNECTORS``.
        name: what the file is called in messages; its own name when empty.
    Raises:
        UnknownKey: no such connector.
        UnusableInput: the file is not of that format, or cannot be read; nothing is stored.
    """
    reader, report = SIGHTING_CONNECTORS[connector], SightingReport()
    try:
        with path.open("rb") as file, transaction.atomic():
            lock_in_transaction("sightings", source.pk)
            names = _names(source)
            found = [pl.DataFrame(schema=_FOUND)]
            for batch in reader.read(file, name=name or path.name, zone=source.timezone):
                report.read += batch.read
                report.ignored += batch.ignored
                _refuse(report, batch.rejects, batch.rejected)
                found.append(_located(_of_agents(_addressed(batch.seen, name or path.name, report), names, report)))
            _store(source, run_starts(pl.concat(found)), report)
    except OSError as error:
        raise UnusableInput(f"{path} cannot be read: {error.strerror or error}") from error
    return report


_FOUND = {
    "company_id": pl.Int64,
    "agent_id": pl.Int64,
    "at": SEEN["at"],
    "country": pl.String,
    "is_private": pl.Boolean,
    "network_hash": pl.String,
}


def _names(source: Source) -> pl.DataFrame:
    """Who bears which name in the source, since when: name, agent_id, company_id, start, end."""
    rows = PbxName.objects.filter(source=source).values_list(
        "name", "agent_id", "agent__company_id", "valid_from", "valid_until"
    )
    return pl.DataFrame(
        [
            (name, agent, company, day_start(first), until and day_start(until))
            for name, agent, company, first, until in rows
        ],
        schema={"name": pl.String, "agent_id": pl.Int64, "company_id": pl.Int64, **SPAN},
        orient="row",
    )


def _addressed(seen: pl.DataFrame, name: str, report: SightingReport) -> pl.DataFrame:
    """The rows whose address is one; the others are refused."""
    bad = {address for address in seen["address"].unique() if not _is_address(address)}
    if bad:
        refused = seen.filter(pl.col("address").is_in(list(bad)))
        lines = refused.select("line", "address").iter_rows()
        _refuse(report, [Reject(name, line, "address", shown(address), _EXPECTED) for line, address in lines])
        seen = seen.filter(~pl.col("address").is_in(list(bad)))
    report.seen += seen.height
    return seen


def _of_agents(seen: pl.DataFrame, names: pl.DataFrame, report: SightingReport) -> pl.DataFrame:
    """The agent of each row at its instant; rows of nobody are counted by their name."""
    rows = seen.with_row_index("_row").rename({"at": "_at"})
    rows = attach_span(rows, names.drop("company_id"), id_column="agent_id", on=["name"])
    other = names.drop("company_id").rename({"name": "other_name", "agent_id": "other_id"})
    rows = attach_span(rows, other, id_column="other_id", on=["other_name"])
    rows = rows.with_columns(agent_id=pl.coalesce("agent_id", "other_id"))
    for name, lines in rows.filter(pl.col("agent_id").is_null())["name"].value_counts().iter_rows():
        report.unknown[name] += lines
    companies = names.select("agent_id", "company_id").unique()
    return rows.rename({"_at": "at"}).join(companies, on="agent_id", how="inner", maintain_order="left")


def _located(rows: pl.DataFrame) -> pl.DataFrame:
    """What is kept of the address of each row."""
    rows = rows.with_columns(_day=pl.col("at").dt.convert_time_zone("Europe/Paris").dt.date().dt.truncate("1mo"))
    networks = networks_of(rows.select("address", "_day").unique().iter_rows())
    known = pl.DataFrame(
        [(address, day, each.country, each.is_private, each.digest) for (address, day), each in networks.items()],
        schema={
            "address": pl.String, "_day": pl.Date, "country": pl.String, "is_private": pl.Boolean,
            "network_hash": pl.String,
        },
        orient="row",
    )  # fmt: skip
    return rows.join(known, on=["address", "_day"], how="left", maintain_order="left").select(*_FOUND)


def _store(source: Source, rows: pl.DataFrame, report: SightingReport) -> None:
    """Add the rows that are not there yet."""
    columns = ["company_id", "agent_id", "source_id", "seen_at", "country", "is_private", "network_hash"]
    copied = rows.with_columns(source_id=pl.lit(source.pk, dtype=pl.Int64)).rename({"at": "seen_at"}).select(columns)
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMP TABLE sighted ON COMMIT DROP AS SELECT {names} FROM agents_networksighting LIMIT 0"
        )
        copy_in("sighted", copied)
        cursor.execute(
            f"INSERT INTO agents_networksighting ({names}) SELECT {names} FROM sighted ORDER BY seen_at, agent_id"
            " ON CONFLICT DO NOTHING"
        )
        report.stored = cursor.rowcount
        cursor.execute("DROP TABLE sighted")
    report.known = copied.height - report.stored


def _refuse(report: SightingReport, rejects: list[Reject], count: int | None = None) -> None:
    report.rejected += len(rejects) if count is None else count
    report.rejects += rejects[: max(0, REJECTS_KEPT - len(report.rejects))]


def _is_address(written: str) -> bool:
    try:
        ipaddress.ip_address(written)
    except ValueError:
        return False
    return True
