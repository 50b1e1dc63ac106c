"""The links beyond the workplace: asked for by the policy of that instant, the first missing one names the reason."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.rules.evidence import POLICY, REASONS, Evidence
from agents.rules.network import seen_spans
from agents.rules.training import Certificate, Required, training_gaps
from tests.rules.test_guarantee import NOON, judged, spans

NOTHING = {name: name == "counts_overseas" for name in POLICY if name != "start"}
AROUND = (NOON - timedelta(hours=4), NOON + timedelta(hours=4))
BEFORE = (NOON - timedelta(hours=9), NOON)  # over at the instant before the answer
AGENT = {"agent_id": pl.Int64}


def policies(*rows: tuple[datetime, dict[str, bool]]) -> pl.DataFrame:
    return pl.DataFrame([{"start": start, **NOTHING, **needs} for start, needs in rows], schema=POLICY)


def asking(*, since: datetime = NOON - timedelta(days=30), **needs: bool) -> pl.DataFrame:
    return policies((since, needs))


def bare(*rows: tuple[Any, ...]) -> pl.DataFrame:
    return pl.DataFrame(
        rows, schema={**AGENT, "start": pl.Datetime("us", "UTC"), "end": pl.Datetime("us", "UTC")}, orient="row"
    )


def check_ins(*rows: tuple[Any, ...]) -> pl.DataFrame:
    return spans("check_in_id", AGENT, *rows)


OPEN = check_ins((7, 1, *AROUND))
SIGNED = {"needs_check_in": True, "needs_passkey": True}
AGREED = spans("agreement_id", AGENT, (7, 3, *AROUND))


@pytest.mark.parametrize(
    ("needs", "known", "place", "reason"),
    [
        ({}, {}, {}, "kept"),
        ({"needs_check_in": True}, {"check_ins": check_ins((7, 1, *AROUND))}, {}, "kept"),
        ({"needs_check_in": True}, {"check_ins": check_ins((8, 1, *AROUND))}, {}, "no_check_in"),
        ({"needs_check_in": True}, {"check_ins": check_ins((7, 1, *BEFORE))}, {}, "no_check_in"),
        ({"needs_check_in": True}, {}, {}, "no_check_in"),
        (SIGNED, {"check_ins": OPEN}, {}, "no_check_in"),
        (SIGNED, {"check_ins": OPEN, "by_passkey": check_ins((7, 2, *BEFORE))}, {}, "no_check_in"),
        (SIGNED, {"check_ins": OPEN, "by_passkey": check_ins((7, 2, *AROUND))}, {}, "kept"),
        ({"needs_agreement": True}, {}, {"is_home": True}, "no_agreement"),
        ({"needs_agreement": True}, {}, {"is_home": False}, "kept"),
        ({"needs_agreement": True}, {"agreements": AGREED}, {"is_home": True}, "kept"),
        ({"needs_network": True}, {}, {}, "no_network"),
        ({"needs_network": True}, {"networks": bare((7, *AROUND))}, {}, "kept"),
        ({"needs_network": True}, {"networks": bare((7, *AROUND)), "abroad": bare((7, *AROUND))}, {}, "network_abroad"),
        ({"needs_network": True}, {"abroad": bare((7, *AROUND))}, {}, "network_abroad"),
        ({"needs_training": True}, {}, {}, "kept"),
        ({"needs_training": True}, {"untrained": bare((7, *AROUND))}, {}, "untrained"),
        ({"needs_training": True}, {"untrained": bare((7, *BEFORE))}, {}, "kept"),
        ({"needs_training": True}, {"untrained": bare((7, NOON, None))}, {}, "untrained"),
        ({"counts_overseas": False}, {}, {"is_overseas": True}, "overseas"),
        ({"counts_overseas": False}, {}, {"is_overseas": False}, "kept"),
        ({"counts_overseas": True}, {}, {"is_overseas": True}, "kept"),
        # What no policy asks for is not looked at.
        ({}, {"abroad": bare((7, *AROUND)), "untrained": bare((7, *AROUND))}, {"is_home": True}, "kept"),
        ({"needs_network": True, "needs_agreement": True}, {}, {"is_home": True}, "no_agreement"),
    ],
)  # fmt: skip
def test_the_first_missing_link_names_the_reason(
    needs: dict[str, bool], known: dict[str, Any], place: dict[str, bool], reason: str
) -> None:
    row = judged(evidence=Evidence(policies=asking(**needs), **known), **place)
    assert (row["verdict"], row["reason"]) == ("kept" if reason == "kept" else "unproven", reason)
    assert (row["charged_ms"] is None) is (reason != "kept")


def test_the_policy_of_the_instant_asks_and_no_other() -> None:
    later = policies((NOON - timedelta(days=9), {}), (NOON + timedelta(seconds=4), {"needs_check_in": True}))
    assert judged(wait_ms=3_999, evidence=Evidence(policies=later))["verdict"] == "kept"
    assert judged(wait_ms=4_000, evidence=Evidence(policies=later))["reason"] == "no_check_in"


def test_the_verdict_names_the_links_that_were_asked_for() -> None:
    known = {
        "check_ins": check_ins((7, 12, *AROUND), (7, 11, *AROUND)),
        "agreements": AGREED,
    }
    asked = judged(is_home=True, evidence=Evidence(policies=asking(needs_check_in=True, needs_agreement=True), **known))
    assert (asked["check_in_id"], asked["agreement_id"]) == (11, 3)
    unasked = judged(is_home=True, evidence=Evidence(policies=asking(), **known))
    assert (unasked["check_in_id"], unasked["agreement_id"]) == (None, None)


@settings(deadline=None)  # on a busy machine a frame's first join takes its time
@given(needs=st.fixed_dictionaries({name: st.booleans() for name in NOTHING}), is_home=st.booleans())
def test_asking_for_less_never_loses_a_kept_call(needs: dict[str, bool], is_home: bool) -> None:
    known = {"check_ins": check_ins((7, 1, *AROUND)), "networks": bare((7, *AROUND)), "by_passkey": check_ins()}
    strict = judged(is_home=is_home, evidence=Evidence(policies=asking(**needs), **known))
    for name in NOTHING:
        eased = {**needs, name: name == "counts_overseas"}
        relaxed = judged(is_home=is_home, evidence=Evidence(policies=asking(**eased), **known))
        assert relaxed["verdict"] == "kept" or strict["verdict"] != "kept"
    assert strict["reason"] in {"kept", *REASONS}


def test_a_sighting_holds_until_the_next_one_or_midnight_in_paris() -> None:
    at = datetime(2026, 11, 25, 8, tzinfo=UTC)
    rows = [(7, at, True, False), (7, at + timedelta(hours=2), False, True), (8, at, True, False)]
    frame = pl.DataFrame(
        rows,
        schema={**AGENT, "start": pl.Datetime("us", "UTC"), "is_french": pl.Boolean, "is_abroad": pl.Boolean},
        orient="row",
    )
    ends = seen_spans(frame)["end"].to_list()
    midnight = datetime(2026, 11, 25, 23, tzinfo=UTC)
    assert ends == [at + timedelta(hours=2), midnight, midnight]


def test_a_sighting_of_the_day_that_clocks_go_back_ends_at_its_own_midnight() -> None:
    frame = pl.DataFrame(
        [(7, datetime(2026, 10, 25, 5, tzinfo=UTC), True, False)],
        schema={**AGENT, "start": pl.Datetime("us", "UTC"), "is_french": pl.Boolean, "is_abroad": pl.Boolean},
        orient="row",
    )
    assert seen_spans(frame)["end"].item() == datetime(2026, 10, 25, 23, tzinfo=UTC)


JANUARY = date(2026, 1, 1)


@pytest.mark.parametrize(
    ("held", "gaps"),
    [
        ([], [(JANUARY, None)]),
        ([(date(2025, 1, 1), None)], []),
        ([(date(2025, 1, 1), JANUARY)], [(JANUARY, None)]),
        ([(date(2026, 2, 1), date(2026, 3, 1))], [(JANUARY, date(2026, 2, 1)), (date(2026, 3, 1), None)]),
        ([(JANUARY, date(2026, 6, 1)), (date(2026, 3, 1), date(2026, 9, 1))], [(date(2026, 9, 1), None)]),
        ([(date(2026, 3, 1), None), (JANUARY, date(2026, 2, 1))], [(date(2026, 2, 1), date(2026, 3, 1))]),
    ],
)
def test_the_days_without_a_certificate(held: list[tuple[date, date | None]], gaps: list[Any]) -> None:
    certificates = [Certificate(7, 1, *span) for span in held] + [Certificate(7, 2, JANUARY, None)]
    assert training_gaps([7], [Required(1, JANUARY)], certificates) == [(7, *gap) for gap in gaps]


@given(
    st.lists(st.tuples(st.dates(date(2025, 6, 1), date(2027, 1, 1)), st.none() | st.integers(1, 300)), max_size=6),
    st.dates(JANUARY, date(2028, 1, 1)),
)
def test_a_day_is_in_a_gap_when_no_certificate_holds(held: list[tuple[date, int | None]], day: date) -> None:
    spans_held = [(since, None if days is None else since + timedelta(days=days)) for since, days in held]
    gaps = training_gaps([7], [Required(1, JANUARY)], [Certificate(7, 1, *span) for span in spans_held])
    in_gap = any(first <= day and (end is None or day < end) for _, first, end in gaps)
    assert in_gap is not any(since <= day and (until is None or day < until) for since, until in spans_held)
