"""The kinds of findings, in the docs as in the code; what the checks of the night find about calls and intakes."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from billing.rules import checks_calls, checks_intake
from billing.rules.checks import EXAMPLES, Severity, draft
from billing.rules.checks_kinds import KINDS

PAGE = Path(__file__).resolve().parents[2] / "docs/findings.md"
DAY = date(2026, 11, 24)
NOVEMBER = date(2026, 11, 1)


def test_the_page_shows_every_kind_as_the_code_has_it() -> None:
    rows = re.findall(r"^\| ([a-z_]+) \| (error|warning|info) \| (.+) \| (.+) \|$", PAGE.read_text(), re.M)
    assert {kind: (severity, meaning, action) for kind, severity, meaning, action in rows} == KINDS


def test_every_kind_fits_its_table() -> None:
    for kind, (severity, _, action) in KINDS.items():
        assert len(kind) <= 40
        assert len(action) <= 300
        assert severity in set(Severity)


@given(st.text(max_size=400), st.text(max_size=400))
@example("a" * 300, "a" * 300 + "b")
def test_a_draft_fits_its_table_and_long_subjects_keep_keys_of_their_own(one: str, other: str) -> None:
    first, second = (draft("agent_unknown", 1, subject, "2026-11", name=subject) for subject in (one, other))
    assert len(first.key) <= 160
    assert (first.key == second.key) == (one == other)


# --- calls


def test_calls_without_a_price_are_one_finding_a_number_and_month() -> None:
    (found,) = checks_calls.check_unpriced([checks_calls.NumberDays(7, "0892690001", [DAY, DAY + timedelta(1)], 3)])
    assert (found.key, found.severity) == ("unpriced:7:2026-11", Severity.ERROR)
    assert found.detail["calls"] == 3
    assert found.detail["days"] == ["2026-11-24", "2026-11-25"]


def test_a_finding_names_at_most_twenty_calls_and_counts_them_all() -> None:
    (found,) = checks_calls.check_incomplete([checks_calls.NumberDays(7, "0892690001", [DAY], 99, range(99))])
    assert found.key == "incomplete:7:2026-11-24"
    assert (len(found.detail["call_ids"]), found.detail["calls"]) == (EXAMPLES, 99)


@pytest.mark.parametrize(
    ("reason", "agent_id", "key"),
    [
        ("agent_unknown", None, "agent_unknown:4:A777:2026-11"),
        ("no_contract", 9, "no_contract:9:2026-11"),
        ("no_proof", 9, "no_proof:9:2026-11"),
    ],
)
def test_unproven_calls_are_told_by_person_with_calls_and_seconds(reason: str, agent_id: int | None, key: str) -> None:
    source_id = None if agent_id else 4
    each = checks_calls.Unproven(reason, NOVEMBER, source_id, agent_id, "A777", [DAY], 2, 61_500, [1, 2])
    (found,) = checks_calls.check_unproven([each])
    assert found.key == key
    assert (found.detail["calls"], found.detail["talk_s"]) == (2, 61)


# --- intakes


def test_refused_rows_and_calls_left_open_are_told() -> None:
    rows = [{"line": n, "field": "wait", "expected": "seconds"} for n in range(30)]
    (refused,) = checks_intake.check_rejects([checks_intake.RefusedRows(3, "x" * 255, "pbx1", 30, rows)])
    assert (refused.key, refused.detail["rows"], len(refused.detail["examples"])) == ("rows_rejected:3", 30, EXAMPLES)
    (left,) = checks_intake.check_left_open([checks_intake.LeftOpen(2, "pbx1", 1, DAY, ["1.5"])])
    assert (left.key, left.detail["external_ids"]) == ("calls_left_open:2", ["1.5"])


def days_before(*back: int) -> set[date]:
    return {DAY - timedelta(days=each) for each in back}


@pytest.mark.parametrize(
    ("busy", "silences"),
    [
        (days_before(*range(8)), []),
        (days_before(*range(1, 8)), [("2026-11-24", "2026-11-24")]),
        (days_before(*range(1, 7)), []),
        (days_before(*range(3, 12)), [("2026-11-22", "2026-11-24")]),
        (days_before(0, 1, *range(4, 12)), [("2026-11-21", "2026-11-22")]),
        (days_before(*(back for back in range(37) if back % 7)), []),
        (set(), []),
    ],
)
def test_silence_after_seven_busy_days_is_told_while_it_lasts(busy: set[date], silences: list[tuple[str, str]]) -> None:
    found = checks_intake.check_silent(1, "pbx1", busy, day=DAY)
    assert [(each.detail["first_day"], each.detail["last_day"]) for each in found] == silences
