"""What the agents app can be asked: who is who in a source, since when, with which contract and proof."""

from datetime import date

import polars as pl

from illico_platform.frames import copy_out, epoch_us, instant

_SPAN = {"start": pl.Int64, "end": pl.Int64}


def agent_names(*, company_id: int) -> pl.DataFrame:
    """Names of a company's agents in sources: source_id, name, agent_id, start, end (us UTC, end null is open)."""
    return _spans(
        "SELECT n.source_id, n.name, n.agent_id, {from_day}, {until_day} FROM agents_pbxname n"
        " JOIN agents_agent a ON a.id = n.agent_id WHERE a.company_id = %s",
        company_id,
        {"source_id": pl.Int64, "name": pl.String, "agent_id": pl.Int64},
        "n.valid_from",
        "n.valid_until",
    )


def contract_spans(*, company_id: int) -> pl.DataFrame:
    """Contracts of a company's agents: agent_id, contract_id, start, end."""
    return _spans(
        "SELECT c.agent_id, c.id, {from_day}, {until_day} FROM agents_contract c"
        " JOIN agents_agent a ON a.id = c.agent_id WHERE a.company_id = %s",
        company_id,
        {"agent_id": pl.Int64, "contract_id": pl.Int64},
        "c.starts_on",
        "c.ends_on",
    )


def proof_spans(*, company_id: int) -> pl.DataFrame:
    """Location proofs of a company's agents: agent_id, proof_id, is_home, is_overseas, start, end.

    A revoked proof ends when it was revoked.
    """
    frame = copy_out(
        "SELECT p.agent_id, p.id, (p.place = 'home')::int, (p.commune_insee ~ '^9[78]')::int,"
        f" {epoch_us('p.valid_from')}, {epoch_us('least(p.valid_until, p.revoked_at)')}"
        " FROM agents_locationproof p JOIN agents_agent a ON a.id = p.agent_id WHERE a.company_id = %s",
        [company_id],
        {"agent_id": pl.Int64, "proof_id": pl.Int64, "is_home": pl.Int8, "is_overseas": pl.Int8, **_SPAN},
    )
    return frame.with_columns(pl.col("is_home", "is_overseas").cast(pl.Boolean), instant("start"), instant("end"))


def pending_days(*, company_id: int, since: date) -> pl.DataFrame:
    """Number-days whose calls changed since they were judged, or that must be looked at again, oldest first.

    Returns:
        number_id, day, calls, revision (of the calls), judged_revision (null: never judged).
    """
    return copy_out(
        """SELECT c.number_id, c.day, c.calls, c.revision, j.revision FROM numbers_callday c
             LEFT JOIN agents_judgedday j ON j.number_id = c.number_id AND j.day = c.day
            WHERE c.company_id = %s AND c.day >= %s
              AND (j.id IS NULL OR j.seen_revision <> c.revision OR j.is_stale)
            ORDER BY c.day, c.number_id""",
        [company_id, since],
        {"number_id": pl.Int64, "day": pl.Date, "calls": pl.Int64, "revision": pl.Int64, "judged_revision": pl.Int64},
    )


def _spans(query: str, company_id: int, keys: dict[str, type[pl.DataType]], start: str, end: str) -> pl.DataFrame:
    paris = "({} AT TIME ZONE 'Europe/Paris')"  # a day starts at midnight in Paris
    sql = query.format(
        from_day=epoch_us(paris.format(f"{start}::timestamp")), until_day=epoch_us(paris.format(f"{end}::timestamp"))
    )
    return copy_out(sql, [company_id], {**keys, **_SPAN}).with_columns(instant("start"), instant("end"))
