"""Write verdicts: new ones by COPY, changed ones with their history, and each number-day's roll-up."""

from datetime import datetime

import polars as pl
from django.db import connection

from agents.models.verdict import VerdictKind
from illico_platform.frames import copy_in, copy_out

_STORED = {"call_id": pl.Int64, "month": pl.Date, "verdict": pl.String, "reason": pl.String}
_LINKS = ["agent_id", "contract_id", "proof_id", "agreement_id", "check_in_id"]
_DECIDED = ["verdict", "reason", *_LINKS, "charged_ms", "rule_version"]
BIN_S, BINS = 5, 13  # twelve bins of five seconds up to the promise, one for all that waited longer


def replace_verdicts(*, company_id: int, pending: pl.DataFrame, verdicts: pl.DataFrame, now: datetime) -> int:
    """Bring the stored verdicts of the pending number-days to ``verdicts``; returns how many had to change.

    A later log may revise the talk of a kept call: its row changes too, without a line of history.

    Args:
        pending: number_id, day, judged_revision (null: this day was never judged, so nothing is stored).
        verdicts: one row a call with the columns of the verdict table.
    """
    known = pending.filter(pl.col("judged_revision").is_not_null())
    if known.is_empty():
        copy_in("agents_verdict", verdicts)
        return 0
    stored = _stored(company_id, known)
    copy_in("agents_verdict", verdicts.join(stored, on="call_id", how="anti"))
    both = verdicts.join(stored, on="call_id", suffix="_old")
    differs = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}_old")) for name in _DECIDED)
    changed = both.filter(differs)
    _write_history(changed, now)
    _update(changed)
    return changed.height


def store_judged_days(*, company_id: int, pending: pl.DataFrame, calls: pl.DataFrame, verdicts: pl.DataFrame) -> None:
    """Upsert the roll-up of each pending number-day: counts per verdict, waits by five seconds, revisions."""
    both = pl.concat(
        [calls.select("number_id", "day", "outcome", "wait_ms"), verdicts.select("verdict")], how="horizontal"
    )
    counts = both.group_by("number_id", "day").agg(
        pl.len().alias("calls"),
        (pl.col("outcome") == "answered").sum().alias("answered"),
        *((pl.col("verdict") == kind).sum().alias(kind) for kind in VerdictKind.values),
        *_histogram(),
    )
    rows = pending.select("number_id", "day", "revision").join(counts, on=["number_id", "day"], how="left").fill_null(0)
    copied = rows.select(
        pl.lit(company_id).alias("company_id"),
        "number_id",
        "day",
        pl.col("revision").alias("seen_revision"),
        "calls",
        "answered",
        *VerdictKind.values,
        pl.format("[{}]", pl.concat_str([pl.col(f"bin{i}") for i in range(BINS)], separator=",")).alias(
            "wait_histogram"
        ),
    )
    names = ", ".join(copied.columns)
    updates = ", ".join(f"{name} = EXCLUDED.{name}" for name in copied.columns[3:])
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE judged (LIKE agents_judgedday) ON COMMIT DROP")
        cursor.execute(
            "ALTER TABLE judged ALTER id DROP NOT NULL, ALTER revision DROP NOT NULL, ALTER is_stale DROP NOT NULL"
        )
        copy_in("judged", copied)
        cursor.execute(
            f"""INSERT INTO agents_judgedday ({names}, revision, is_stale) SELECT {names}, 1, false FROM judged
                ON CONFLICT (number_id, day) DO UPDATE
                SET {updates}, revision = agents_judgedday.revision + 1, is_stale = false"""
        )
        cursor.execute("DROP TABLE judged")


def _histogram() -> list[pl.Expr]:
    """Answered calls by five seconds of wait; the last bin holds every wait of the promise's length and more."""
    bin_of = (pl.col("wait_ms") // (BIN_S * 1000)).clip(0, BINS - 1)
    answered = pl.col("outcome") == "answered"
    return [(answered & (bin_of == i)).sum().alias(f"bin{i}") for i in range(BINS)]


def _stored(company_id: int, days: pl.DataFrame) -> pl.DataFrame:
    figures = dict.fromkeys([*_LINKS, "charged_ms"], pl.Int64)
    frame = copy_out(
        """SELECT call_id, month, verdict, reason, agent_id, contract_id, proof_id, agreement_id, check_in_id,
                  charged_ms, rule_version, number_id, day
             FROM agents_verdict WHERE company_id = %s AND month = ANY(%s) AND number_id = ANY(%s) AND day = ANY(%s)""",
        [
            company_id,
            days["day"].dt.truncate("1mo").unique().to_list(),
            days["number_id"].unique().to_list(),
            days["day"].unique().to_list(),
        ],
        {**_STORED, **figures, "rule_version": pl.Int16, "number_id": pl.Int64, "day": pl.Date},
    )
    return frame.drop("number_id", "day")


def _write_history(changed: pl.DataFrame, now: datetime) -> None:
    visible = changed.filter((pl.col("verdict") != pl.col("verdict_old")) | (pl.col("reason") != pl.col("reason_old")))
    copy_in(
        "agents_verdictchange",
        visible.select(
            "call_id",
            "month",
            "company_id",
            pl.col("verdict_old").alias("old_verdict"),
            pl.col("reason_old").alias("old_reason"),
            pl.col("verdict").alias("new_verdict"),
            pl.col("reason").alias("new_reason"),
            pl.lit(now).alias("changed_at"),
        ),
    )


def _update(changed: pl.DataFrame) -> None:
    if changed.is_empty():
        return
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE rejudged (LIKE agents_verdict) ON COMMIT DROP")
        copy_in("rejudged", changed.select("call_id", "month", "day", "company_id", "number_id", *_DECIDED))
        assignments = ", ".join(f"{name} = r.{name}" for name in _DECIDED)
        cursor.execute(
            f"UPDATE agents_verdict v SET {assignments} FROM rejudged r"
            " WHERE v.call_id = r.call_id AND v.month = r.month"
        )
        cursor.execute("DROP TABLE rejudged")
