"""The verdict rule: DESIGN's table, first match wins, and what it says of borders."""

from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.rules.evidence import Evidence
from agents.rules.guarantee import judge

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
AT = pl.Datetime("us", "UTC")
OUTCOMES = ["answered", "abandoned", "key", "timeout", "full", "empty", "failed", "withdrawn", "incomplete"]


def spans(id_column: str, keys: dict[str, Any], *rows: tuple[Any, ...]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={**keys, id_column: pl.Int64, "start": AT, "end": AT}, orient="row")


def names(*rows: tuple[Any, ...]) -> pl.DataFrame:
    return spans("agent_id", {"source_id": pl.Int64, "name": pl.String}, *rows)


def judged(
    *,
    outcome: str = "answered",
    wait_ms: int | None = 3_000,
    talk_ms: int | None = 18_000,
    setup_ms: int | None = None,
    is_open: bool = True,
    agent: str | None = "A001",
    contract: tuple[datetime, datetime | None] | None = (NOON - timedelta(days=9), None),
    proof: tuple[datetime, datetime | None] | None = (NOON - timedelta(days=9), None),
    is_home: bool = False,
    is_overseas: bool = False,
    evidence: Evidence | None = None,
) -> dict[str, Any]:
    call = pl.DataFrame(
        [(1, 5, agent, NOON, outcome, wait_ms, talk_ms, setup_ms, is_open)],
        schema={
            "call_id": pl.Int64, "source_id": pl.Int64, "agent_name": pl.String, "offered_at": AT,
            "outcome": pl.String, "wait_ms": pl.Int64, "talk_ms": pl.Int64, "setup_ms": pl.Int64,
            "is_open": pl.Boolean,
        },
        orient="row",
    )  # fmt: skip
    people = {"agent_id": pl.Int64}
    workplace = {**people, "is_home": pl.Boolean, "is_overseas": pl.Boolean}
    return judge(
        call,
        names((5, "A001", 7, NOON - timedelta(days=99), None)),
        spans("contract_id", people, *([(7, 70, *contract)] if contract else [])),
        spans("proof_id", workplace, *([(7, is_home, is_overseas, 700, *proof)] if proof else [])),
        evidence,
    ).row(0, named=True)


def verdict_of(**facts: Any) -> tuple[str, str]:
    row = judged(**facts)
    return row["verdict"], row["reason"]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, ("kept", "kept")),
        ({"is_open": False}, ("closed", "outside_hours")),
        ({"is_open": False, "outcome": "abandoned"}, ("closed", "outside_hours")),
        ({"wait_ms": 59_999}, ("kept", "kept")),
        ({"wait_ms": 60_000}, ("late", "answered_late")),
        ({"wait_ms": 60_000, "agent": None}, ("late", "answered_late")),
        ({"wait_ms": None}, ("incomplete", "wait_unknown")),
        ({"talk_ms": None}, ("incomplete", "end_unknown")),
        ({"talk_ms": None, "wait_ms": 61_000}, ("incomplete", "end_unknown")),
        ({"talk_ms": 0}, ("kept", "kept")),
        ({"outcome": "abandoned", "wait_ms": 59_999}, ("abandoned", "left_before_60s")),
        ({"outcome": "abandoned", "wait_ms": 60_000}, ("unanswered", "gave_up_after_60s")),
        ({"outcome": "key", "wait_ms": 5_000}, ("abandoned", "left_before_60s")),
        ({"outcome": "key", "wait_ms": 65_000}, ("unanswered", "gave_up_after_60s")),
        ({"outcome": "abandoned", "wait_ms": None}, ("incomplete", "end_unknown")),
        ({"outcome": "timeout", "wait_ms": 20_000}, ("unanswered", "sent_away")),
        ({"outcome": "full", "wait_ms": 0}, ("unanswered", "sent_away")),
        ({"outcome": "empty", "wait_ms": 1_000}, ("unanswered", "sent_away")),
        ({"outcome": "failed", "wait_ms": 3_000}, ("unanswered", "sent_away")),
        ({"outcome": "withdrawn", "wait_ms": 3_000}, ("unanswered", "sent_away")),
        ({"outcome": "incomplete"}, ("incomplete", "end_unknown")),
        ({"agent": "ZZ99"}, ("unproven", "agent_unknown")),
        ({"agent": None}, ("unproven", "agent_unknown")),
        ({"contract": None}, ("unproven", "no_contract")),
        ({"proof": None}, ("unproven", "no_proof")),
        ({"contract": None, "proof": None}, ("unproven", "no_contract")),
    ],
)
def test_first_match_wins(facts: dict[str, Any], expected: tuple[str, str]) -> None:
    assert verdict_of(**facts) == expected


@pytest.mark.parametrize(
    ("facts", "charged_ms"),
    [
        ({}, 18_000),
        ({"setup_ms": 0}, 18_000),
        ({"setup_ms": 7_000}, 11_000),
        ({"setup_ms": 18_000}, 0),
        ({"setup_ms": 7_000, "wait_ms": 60_000}, None),
        ({"setup_ms": 7_000, "proof": None}, None),
    ],
)
def test_the_time_that_sets_an_interpreter_up_is_not_charged(facts: dict[str, Any], charged_ms: int | None) -> None:
    assert judged(**facts)["charged_ms"] == charged_ms


@pytest.mark.parametrize(
    ("starts_s", "ends_s", "counts"),
    [
        (3, None, True),  # begins at the very instant of the answer
        (4, None, False),
        (-9, 4, True),
        (-9, 3, False),  # half-open: over at the instant of the answer
        (-9, 2, False),
    ],
)
def test_a_proof_counts_at_the_instant_of_the_answer(starts_s: int, ends_s: int | None, counts: bool) -> None:
    end = None if ends_s is None else NOON + timedelta(seconds=ends_s)
    verdict, _ = verdict_of(wait_ms=3_000, proof=(NOON + timedelta(seconds=starts_s), end))
    assert (verdict == "kept") is counts


@given(
    outcome=st.sampled_from(OUTCOMES),
    wait_ms=st.none() | st.integers(0, 200_000),
    talk_ms=st.none() | st.integers(0, 7_200_000),
    is_open=st.booleans(),
    agent=st.sampled_from([None, "A001", "ZZ99"]),
)
def test_only_an_answer_in_time_by_a_known_person_is_kept(
    outcome: str, wait_ms: int | None, talk_ms: int | None, is_open: bool, agent: str | None
) -> None:
    row = judged(outcome=outcome, wait_ms=wait_ms, talk_ms=talk_ms, is_open=is_open, agent=agent)
    deserved = (
        is_open
        and outcome == "answered"
        and wait_ms is not None
        and wait_ms < 60_000
        and talk_ms is not None
        and agent == "A001"
    )
    assert (row["verdict"] == "kept") is deserved
    assert row["charged_ms"] == (talk_ms if deserved else None)
