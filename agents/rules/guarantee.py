"""The verdict of a call: was the promise kept, and if not, why. Pure: frames in, frame out."""

import polars as pl

RULE_VERSION = 1
PROMISE_MS = 60_000

_SENT_AWAY = ["timeout", "full", "empty", "failed", "withdrawn"]
_LEFT = ["abandoned", "key"]


def judge(calls: pl.DataFrame, agents: pl.DataFrame, contracts: pl.DataFrame, proofs: pl.DataFrame) -> pl.DataFrame:
    """The verdict of each call, its reason, what it rests on, and the talk that is charged; first match wins.

    A person counts when, at the instant of the answer, the name in the source belongs to a known agent who
    has a running contract and a valid, unrevoked proof of a workplace in France.

    Args:
        calls: one row a call: call_id Int64, source_id Int64, agent_name Utf8|null, offered_at Datetime(us, UTC),
            outcome Utf8, wait_ms Int64|null, talk_ms Int64|null, is_open Boolean (inside announced hours).
        agents: source_id, name, agent_id, start, end: names of agents, half-open instants (us, UTC), end null is open.
        contracts: agent_id, contract_id, start, end: likewise.
        proofs: agent_id, proof_id, start, end: likewise, a revoked proof ending when it was revoked.
    Returns:
        call_id, verdict, reason, agent_id, contract_id, proof_id, charged_ms (the talk of a kept call in
        milliseconds, null for every other); one row a call, in the order of ``calls``.
        Reasons: outside_hours, left_before_60s, sent_away, gave_up_after_60s, end_unknown, wait_unknown,
        answered_late, agent_unknown, no_contract, no_proof, kept.
    Source: the operator's promise; a wait of 60.000 s is broken, 59.999 s is kept.
    """
    rows = calls.with_row_index("_row").with_columns(
        _at=pl.col("offered_at") + pl.duration(milliseconds=pl.col("wait_ms").fill_null(0))
    )
    rows = _attach(rows, agents, on=["source_id", "agent_name"], names=["source_id", "name"], id_column="agent_id")
    rows = _attach(rows, contracts, on=["agent_id"], names=["agent_id"], id_column="contract_id")
    rows = _attach(rows, proofs, on=["agent_id"], names=["agent_id"], id_column="proof_id")
    decision = pl.col("_decision").struct
    decided = rows.with_columns(_decision=_decide()).with_columns(decision.field("verdict"), decision.field("reason"))
    charged = pl.when(pl.col("verdict") == "kept").then("talk_ms")
    return decided.select(
        "call_id", "verdict", "reason", "agent_id", "contract_id", "proof_id", charged.alias("charged_ms")
    )


def _attach(
    rows: pl.DataFrame, spans: pl.DataFrame, *, on: list[str], names: list[str], id_column: str
) -> pl.DataFrame:
    """Add ``id_column``: the span that holds the instant of the answer; the lowest id where several do."""
    keyed = spans.rename(dict(zip(names, on, strict=True)))
    hits = (
        rows.select("_row", "_at", *on)
        .join(keyed, on=on, how="inner")
        .filter((pl.col("start") <= pl.col("_at")) & (pl.col("end").is_null() | (pl.col("_at") < pl.col("end"))))
        .group_by("_row")
        .agg(pl.col(id_column).min())
    )
    return rows.join(hits, on="_row", how="left", maintain_order="left")


def _decide() -> pl.Expr:
    answered = pl.col("outcome") == "answered"
    wait = pl.col("wait_ms")

    def verdict(name: str, reason: str) -> pl.Expr:
        return pl.struct(verdict=pl.lit(name), reason=pl.lit(reason))

    return (
        pl.when(~pl.col("is_open"))
        .then(verdict("closed", "outside_hours"))
        .when(pl.col("outcome").is_in(_LEFT) & (wait < PROMISE_MS))
        .then(verdict("abandoned", "left_before_60s"))
        .when(pl.col("outcome").is_in(_SENT_AWAY))
        .then(verdict("unanswered", "sent_away"))
        .when(pl.col("outcome").is_in(_LEFT) & (wait >= PROMISE_MS))
        .then(verdict("unanswered", "gave_up_after_60s"))
        .when(~answered | pl.col("talk_ms").is_null())
        .then(verdict("incomplete", "end_unknown"))
        .when(wait.is_null())
        .then(verdict("incomplete", "wait_unknown"))
        .when(wait >= PROMISE_MS)
        .then(verdict("late", "answered_late"))
        .when(pl.col("agent_id").is_null())
        .then(verdict("unproven", "agent_unknown"))
        .when(pl.col("contract_id").is_null())
        .then(verdict("unproven", "no_contract"))
        .when(pl.col("proof_id").is_null())
        .then(verdict("unproven", "no_proof"))
        .otherwise(verdict("kept", "kept"))
    )
