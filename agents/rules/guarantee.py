"""The verdict of a call: was the promise kept, and if not, why. Pure: frames in, frame out."""

import polars as pl

from agents.rules.evidence import Evidence, attach_evidence
from agents.rules.spans import attach_span

RULE_VERSION = 3  # since 3 the time that sets up an interpreter or a relay is not charged
PROMISE_MS = 60_000

_SENT_AWAY = ["timeout", "full", "empty", "failed", "withdrawn"]
_LEFT = ["abandoned", "key"]


def judge(
    calls: pl.DataFrame,
    agents: pl.DataFrame,
    contracts: pl.DataFrame,
    proofs: pl.DataFrame,
    evidence: Evidence | None = None,
) -> pl.DataFrame:
    """The verdict of each call, its reason, what it rests on, and the talk that is charged; first match wins.

    A person counts when, at the instant of the answer, the name in the source belongs to a known agent who
    has a running contract and a valid, unrevoked proof of a workplace in France, and every further link that the
    policy of that instant asks for.

    Args:
        calls: one row a call: call_id Int64, source_id Int64, agent_name Utf8|null, offered_at Datetime(us, UTC),
            outcome Utf8, wait_ms Int64|null, talk_ms Int64|null, setup_ms Int64|null (the first part of the talk, that
            set up an interpreter or a relay), is_open Boolean (inside announced hours).
        agents: source_id, name, agent_id, start, end: names of agents, half-open instants (us, UTC), end null is open.
        contracts: agent_id, contract_id, start, end: likewise.
        proofs: agent_id, proof_id, is_home, is_overseas, start, end: likewise, a revoked proof ending when it was
            revoked.
        evidence: the policies and the further links; None asks for none.
    Returns:
        call_id, verdict, reason, agent_id, contract_id, proof_id, agreement_id, check_in_id, charged_ms (the talk of
        a kept call less its set-up, in milliseconds, null for every other); one row a call, in the order of ``calls``.
        Reasons: outside_hours, left_before_60s, sent_away, gave_up_after_60s, end_unknown, wait_unknown,
        answered_late, agent_unknown, no_contract, no_proof, those of ``evidence``, kept.
    Source: the operator's promise; a wait of 60.000 s is broken, 59.999 s is kept.
    """
    rows = calls.with_row_index("_row").with_columns(
        _at=pl.col("offered_at") + pl.duration(milliseconds=pl.col("wait_ms").fill_null(0))
    )
    rows = attach_span(
        rows, agents.rename({"name": "agent_name"}), id_column="agent_id", on=["source_id", "agent_name"]
    )
    rows = attach_span(rows, contracts, id_column="contract_id")
    rows = attach_span(rows, proofs, id_column="proof_id").join(
        proofs.select("proof_id", "is_home", "is_overseas"), on="proof_id", how="left", maintain_order="left"
    )
    rows = attach_evidence(rows, evidence or Evidence())
    decision = pl.col("_decision").struct
    decided = rows.with_columns(_decision=_decide()).with_columns(decision.field("verdict"), decision.field("reason"))
    charged = pl.when(pl.col("verdict") == "kept").then(pl.col("talk_ms") - pl.col("setup_ms").fill_null(0))
    return decided.select(
        "call_id",
        "verdict",
        "reason",
        "agent_id",
        "contract_id",
        "proof_id",
        "agreement_id",
        "check_in_id",
        charged.alias("charged_ms"),
    )


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
        .when(pl.col("missing").is_not_null())
        .then(pl.struct(verdict=pl.lit("unproven"), reason=pl.col("missing")))
        .otherwise(verdict("kept", "kept"))
    )
