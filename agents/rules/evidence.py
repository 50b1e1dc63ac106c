"""The links of the chain of evidence behind an answer: which the policy asks for, which hold, which one is missing.

Pure: frames in, frame out. Instants are UTC in microseconds, spans half-open.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from agents.rules.spans import SPAN, attach_span, covered

POLICY: dict[str, pl.DataType | type[pl.DataType]] = {
    "start": pl.Datetime("us", "UTC"),
    "needs_agreement": pl.Boolean,
    "needs_check_in": pl.Boolean,
    "needs_passkey": pl.Boolean,
    "needs_network": pl.Boolean,
    "needs_training": pl.Boolean,
    "counts_overseas": pl.Boolean,
}
# The reasons that this rule gives, in the order in which a missing link is looked for.
REASONS = ("overseas", "no_agreement", "no_check_in", "network_abroad", "no_network", "untrained")


def _empty(**keys: type[pl.DataType]) -> pl.DataFrame:
    return pl.DataFrame(schema={"agent_id": pl.Int64, **keys, **SPAN})


@dataclass(frozen=True)
class Evidence:
    """What is known of a company's agents beyond name, contract and workplace.

    Args:
        policies: start and what is asked from then on (``POLICY``), until the next one's start; none before the first.
        agreements: agent_id, agreement_id, start, end: telework agreements.
        check_ins: agent_id, check_in_id, start, end: signed check-ins; by_passkey: those of them that a passkey signed.
        networks, abroad: agent_id, start, end: spans in which the network was seen in France, and outside it.
        untrained: agent_id, start, end: spans in which a compulsory certificate is missing.
    """

    policies: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=POLICY))
    agreements: pl.DataFrame = field(default_factory=lambda: _empty(agreement_id=pl.Int64))
    check_ins: pl.DataFrame = field(default_factory=lambda: _empty(check_in_id=pl.Int64))
    by_passkey: pl.DataFrame = field(default_factory=lambda: _empty(check_in_id=pl.Int64))
    networks: pl.DataFrame = field(default_factory=_empty)
    abroad: pl.DataFrame = field(default_factory=_empty)
    untrained: pl.DataFrame = field(default_factory=_empty)


def attach_evidence(rows: pl.DataFrame, evidence: Evidence) -> pl.DataFrame:
    """Add the links that an answer rests on, and the first that the policy asks for and nobody has.

    Args:
        rows: _row, _at (instant of the answer), agent_id, is_home and is_overseas (of the workplace's proof, null
            without one).
    Returns:
        ``rows`` with agreement_id, check_in_id (null where the policy of that instant does not ask for them) and
        missing: one of ``REASONS``, or null.
    """
    if evidence.policies.is_empty():
        nothing = pl.lit(None, dtype=pl.Int64)
        return rows.with_columns(agreement_id=nothing, check_in_id=nothing, missing=pl.lit(None, dtype=pl.String))
    found = _with_policy(rows, evidence.policies)
    found = attach_span(found, evidence.agreements, id_column="agreement_id")
    found = attach_span(found, evidence.check_ins, id_column="check_in_id")
    found = attach_span(found, evidence.by_passkey.rename({"check_in_id": "_signed_id"}), id_column="_signed_id")
    found = found.with_columns(check_in_id=pl.when("needs_passkey").then("_signed_id").otherwise("check_in_id"))
    for name in ("networks", "abroad", "untrained"):
        found = found.with_columns(covered(found, getattr(evidence, name)).alias(f"_{name}"))
    wants_agreement = pl.col("needs_agreement") & pl.col("is_home").fill_null(False)
    found = found.with_columns(
        missing=_missing(wants_agreement),
        agreement_id=pl.when(wants_agreement).then("agreement_id"),
        check_in_id=pl.when("needs_check_in").then("check_in_id"),
    )
    return found.drop([*POLICY.keys() - {"start"}, "_signed_id", "_networks", "_abroad", "_untrained"])


def _with_policy(rows: pl.DataFrame, policies: pl.DataFrame) -> pl.DataFrame:
    """The policy of each row's instant; before the first nothing is asked and the overseas departments count."""
    asked = rows.sort("_at").join_asof(
        policies.sort("start").rename({"start": "_since"}), left_on="_at", right_on="_since", strategy="backward"
    )
    needs = [name for name in POLICY if name.startswith("needs_")]
    return (
        asked.sort("_row")
        .drop("_since", strict=False)
        .with_columns(pl.col(needs).fill_null(False), pl.col("counts_overseas").fill_null(True))
    )


def _missing(wants_agreement: pl.Expr) -> pl.Expr:
    lacks = {
        "overseas": ~pl.col("counts_overseas") & pl.col("is_overseas").fill_null(False),
        "no_agreement": wants_agreement & pl.col("agreement_id").is_null(),
        "no_check_in": pl.col("needs_check_in") & pl.col("check_in_id").is_null(),
        "network_abroad": pl.col("needs_network") & pl.col("_abroad"),
        "no_network": pl.col("needs_network") & ~pl.col("_networks"),
        "untrained": pl.col("needs_training") & pl.col("_untrained"),
    }
    return pl.coalesce(pl.when(lacks[reason]).then(pl.lit(reason)) for reason in REASONS)
