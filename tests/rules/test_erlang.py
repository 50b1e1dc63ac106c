"""Erlang B and C against values computed with 60 digits by other means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.rules.erlang import agents_for_promise, erlang_b, erlang_c, share_waiting_longer

REFERENCE = [
    (1, 0.5, 0.333333333333, 0.5),
    (5, 3, 0.110054347826, 0.236151603499),
    (10, 8, 0.121661064253, 0.409180150796),
    (14, 10, 0.0568191433865, 0.174131933595),
    (20, 15, 0.0455932155898, 0.160429387417),
    (50, 40, 0.0186906711096, 0.0869525495268),
    (100, 90, 0.0269573804644, 0.216940480906),
    (200, 180, 0.010324995205, 0.0944712181776),
    (500, 470, 0.00759815611794, 0.113165022357),
    (1000, 950, 0.00364929368894, 0.0682534153771),
    (2000, 1950, 0.00540920442657, 0.178675068233),
    (5000, 4900, 0.0022157679025, 0.0999378772345),
]


@pytest.mark.parametrize(("agents", "load", "blocked", "waits"), REFERENCE)
def test_reference_values(agents: int, load: float, blocked: float, waits: float) -> None:
    assert erlang_b(agents, load) == pytest.approx(blocked, rel=1e-11)
    assert erlang_c(agents, load) == pytest.approx(waits, rel=1e-11)


@pytest.mark.parametrize(
    ("agents", "load", "late"),
    [(5, 3, 0.158297153729), (14, 10, 0.078242521342), (50, 40, 0.0117677479184), (100, 90, 0.029359701429)],
)
def test_waits_beyond_a_minute(agents: int, load: float, late: float) -> None:
    assert share_waiting_longer(agents, load, handle_s=300, limit_s=60) == pytest.approx(late, rel=1e-10)


@given(st.integers(0, 2000), st.integers(30, 900), st.sampled_from([9000, 9500, 9900]))
def test_the_fewest_agents_keep_the_promise_and_one_less_does_not(calls: int, handle_s: int, target_bp: int) -> None:
    found = agents_for_promise(calls_per_hour=calls, handle_s=handle_s, target_bp=target_bp)
    assert found.late_share <= 1 - target_bp / 10_000 + 1e-9
    assert found.busy_share <= 0.88 + 1e-9
    if found.agents > 1:
        fewer = found.agents - 1
        late = share_waiting_longer(fewer, found.load, handle_s=handle_s, limit_s=60)
        assert late > 1 - target_bp / 10_000 or found.load / fewer > 0.88
