"""The life of a number: every pair of states, every actor, the quarantine."""

from datetime import UTC, date, datetime
from itertools import product

import pytest

from numbers.rules.lifecycle import (
    STEPS,
    Actor,
    NoSuchStep,
    NotAllowed,
    QuarantineRow,
    Status,
    check_step,
    next_steps,
    quarantine_end,
)

OPERATOR, OWNER, MANAGER = Actor.OPERATOR, Actor.OWNER, Actor.MANAGER
WHO = {
    ("draft", "submitted"): {OPERATOR, OWNER, MANAGER},
    ("submitted", "draft"): {OPERATOR, OWNER, MANAGER},
    ("submitted", "approved"): {OPERATOR},
    ("approved", "live"): {OPERATOR},
    ("approved", "ceased"): {OPERATOR, OWNER},
    ("live", "suspended"): {OPERATOR},
    ("suspended", "live"): {OPERATOR},
    ("live", "ceased"): {OPERATOR, OWNER},
    ("suspended", "ceased"): {OPERATOR, OWNER},
    ("ceased", "quarantined"): {OPERATOR},
}


@pytest.mark.parametrize(("start", "end"), list(product(Status, Status)))
def test_a_step_is_for_those_who_may_take_it_and_no_other_step_exists(start: Status, end: Status) -> None:
    allowed = WHO.get((start.value, end.value))
    for actor in Actor:
        if allowed is None:
            with pytest.raises(NoSuchStep):
                check_step(start, end, actors=[actor])
        elif actor in allowed:
            check_step(start, end, actors=[actor])
        else:
            with pytest.raises(NotAllowed):
                check_step(start, end, actors=[actor])


def test_the_refusal_lists_the_steps_that_exist() -> None:
    with pytest.raises(NoSuchStep, match="« suspendu », « résilié »"):
        check_step(Status.LIVE, Status.DRAFT, actors=[OPERATOR])
    with pytest.raises(NoSuchStep, match="possibles : aucun"):
        check_step(Status.QUARANTINED, Status.LIVE, actors=[OPERATOR])


def test_any_one_of_several_roles_is_enough_and_none_is_not() -> None:
    check_step(Status.DRAFT, Status.SUBMITTED, actors=[Actor.AGENT, MANAGER])
    with pytest.raises(NotAllowed):
        check_step(Status.DRAFT, Status.SUBMITTED, actors=[])


def test_next_steps_are_those_of_the_actor() -> None:
    assert next_steps(Status.SUBMITTED, actors=[MANAGER]) == [Status.DRAFT]
    assert next_steps(Status.SUBMITTED) == [Status.DRAFT, Status.APPROVED]
    assert next_steps(Status.QUARANTINED) == []


def test_every_state_can_be_reached_from_a_draft() -> None:
    reached = {Status.DRAFT}
    for _ in Status:
        reached |= {end for start, end in STEPS if start in reached}
    assert reached == set(Status)


def test_quarantine_counts_paris_days_with_the_length_of_the_day_of_ceasing() -> None:
    rows = [QuarantineRow(10, date(2026, 1, 1), "a"), QuarantineRow(20, date(2026, 6, 1), "b")]
    assert quarantine_end(datetime(2026, 5, 31, 21, 59, tzinfo=UTC), rows=rows) == date(2026, 6, 10)
    assert quarantine_end(datetime(2026, 5, 31, 22, 0, tzinfo=UTC), rows=rows) == date(2026, 6, 21)
    assert quarantine_end(datetime(2026, 11, 25, 12, 0, tzinfo=UTC)) == date(2027, 5, 24)


def test_a_day_without_a_quarantine_length_is_a_fault_of_the_table() -> None:
    with pytest.raises(ValueError, match="no quarantine length"):
        quarantine_end(datetime(2026, 1, 1, 12, 0, tzinfo=UTC), rows=[QuarantineRow(10, date(2026, 1, 2), "a")])
