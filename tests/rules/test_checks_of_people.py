"""What the checks of the night find about pay and people."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rules import checks_people, checks_wage
from billing.rules.checks import FindingDraft
from billing.rules.checks_people import AgentMonth, PaidPerson
from billing.rules.checks_wage import FundFacts, HoldFacts
from billing.rules.wage_share import MonthFacts, settle_year

NOVEMBER, OCTOBER = date(2026, 11, 1), date(2026, 10, 1)


def kinds(drafts: Sequence[FindingDraft]) -> list[str]:
    return [found.kind for found in drafts]


# --- wages


def fund(month: date, *, due: int, credited: int, carried_in: int = 0, declared: bool = True) -> FundFacts:
    return FundFacts(1, month, due, due, credited, carried_in, declared)


@pytest.mark.parametrize(
    ("months", "missing"),
    [
        ([fund(OCTOBER, due=600, credited=600)], []),
        ([fund(OCTOBER, due=600, credited=400)], [200]),
        ([fund(OCTOBER, due=600, credited=0, declared=False)], []),
        ([fund(OCTOBER, due=600, credited=400), fund(NOVEMBER, due=600, credited=900, carried_in=-200)], []),
        ([fund(OCTOBER, due=600, credited=400), fund(NOVEMBER, due=600, credited=650, carried_in=-200)], [150]),
        ([fund(OCTOBER, due=600, credited=400), fund(NOVEMBER, due=600, credited=500, carried_in=-200)], [200, 100]),
        ([fund(OCTOBER, due=600, credited=700), fund(NOVEMBER, due=600, credited=500, carried_in=100)], []),
        ([fund(date(2026, 12, 1), due=600, credited=500), fund(date(2027, 1, 1), due=600, credited=900)], [100]),
    ],
)
def test_a_short_month_is_told_until_later_pay_of_the_year_makes_up(
    months: list[FundFacts], missing: list[int]
) -> None:
    assert [found.detail["missing_cents"] for found in checks_wage.check_wage_short(months)] == missing


@given(st.lists(st.tuples(st.integers(0, 999), st.integers(0, 999)), min_size=1, max_size=12), st.booleans())
def test_what_is_told_as_missing_is_what_the_fund_carries(pay: list[tuple[int, int]], carry_excess: bool) -> None:
    months = [MonthFacts(date(2026, m, 1), due, due, due, paid, carry_excess) for m, (due, paid) in enumerate(pay, 1)]
    settled = settle_year(months)
    facts = [
        fund(m.month, due=m.due, credited=m.credited, carried_in=s.carried_in)
        for m, s in zip(months, settled, strict=True)
    ]
    assert sum(cents for _, cents in checks_wage.outstanding(facts)) == max(0, -settled[-1].carried_out)


@pytest.mark.parametrize(
    ("facts", "day", "found"),
    [
        (fund(OCTOBER, due=600, credited=0, declared=False), date(2026, 11, 15), []),
        (fund(OCTOBER, due=600, credited=0, declared=False), date(2026, 11, 16), ["payroll_overdue"]),
        (fund(OCTOBER, due=0, credited=0, declared=False), date(2026, 11, 16), []),
        (fund(OCTOBER, due=600, credited=0), date(2026, 11, 16), []),
        (fund(date(2026, 12, 1), due=600, credited=0, declared=False), date(2027, 1, 16), ["payroll_overdue"]),
    ],
)
def test_payroll_is_overdue_after_the_fifteenth_when_money_is_held(
    facts: FundFacts, day: date, found: list[str]
) -> None:
    assert kinds(checks_wage.check_payroll_overdue([facts], day=day)) == found


def test_a_hold_smaller_than_due_is_told_with_what_is_missing() -> None:
    rows = [HoldFacts(1, "0892690001", NOVEMBER, 600, 0), HoldFacts(2, "0892690002", NOVEMBER, 600, 50)]
    (found,) = checks_wage.check_hold_shortfall(rows)
    assert (found.key, found.detail["shortfall_cents"]) == ("hold_shortfall:2:2026-11", 50)


# --- people

AGENT = AgentMonth(9, "A009", True, NOVEMBER, calls=10, talk_ms=3_600_000, payslips=1, hours=Decimal("1.00"))


@pytest.mark.parametrize(
    ("agent", "found"),
    [
        (AGENT, []),
        (replace(AGENT, talk_ms=3_600_001), ["talk_above_paid"]),
        (replace(AGENT, talk_ms=3_600_001, hours=None), []),
        # Up to a twentieth beyond the hours paid is coming early and leaving late.
        (replace(AGENT, ready_ms=3_780_000, logged_ms=9_000_000), []),
        (replace(AGENT, ready_ms=3_780_001, logged_ms=9_000_000), ["logged_above_paid"]),
        (replace(AGENT, ready_ms=9_000_000, logged_ms=9_000_000, hours=None), []),
        (replace(AGENT, talk_ms=3_600_001, ready_ms=9_000_000), ["talk_above_paid"]),
        (replace(AGENT, payslips=0, hours=None), ["answered_unpaid"]),
        (replace(AGENT, calls=0, talk_ms=0), ["paid_silent"]),
        (replace(AGENT, calls=0, talk_ms=0, is_call_centre=False), []),
    ],
)
def test_people_who_answered_are_paid_and_people_paid_have_answered(agent: AgentMonth, found: list[str]) -> None:
    assert kinds(checks_people.check_agents([agent])) == found


SLIP = PaidPerson(1, 1, NOVEMBER, "99999900600011", 5, 9, "A009", "J. D.", ["59350"])


def test_payslips_that_fit_nobody_are_one_finding_a_month() -> None:
    slips = [SLIP, *(replace(SLIP, payslip_id=n, agent_id=None, employee_number=f"X{n}") for n in (2, 3))]
    (found,) = checks_people.check_unmatched(slips)
    assert (found.key, found.detail["people"]) == ("payslip_unmatched:1:2026-11", ["X2 J. D.", "X3 J. D."])


@pytest.mark.parametrize("commune", ["01001", "2A004", "2B033", "59350", "75056", "95018", "97411", "98735"])
def test_communes_of_france_are_known(commune: str) -> None:
    assert checks_people.check_workplaces([replace(SLIP, workplaces=[commune])]) == []


@pytest.mark.parametrize("commune", ["99127", "96001", "20004", "00000", "5935", "593500", "", "Tunis", "59350\n"])
def test_a_workplace_that_is_no_commune_of_france_is_told(commune: str) -> None:
    (found,) = checks_people.check_workplaces([replace(SLIP, workplaces=["59350", commune])])
    assert found.detail["communes"] == [commune]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"declaration_id": 6}, ["declared_twice"]),
        ({"declaration_id": 6, "siret": "99999900600029"}, []),
        ({"declaration_id": 6, "month": OCTOBER}, []),
        ({"declaration_id": 6, "agent_id": 8}, []),
        ({}, []),
    ],
)
def test_a_person_declared_twice_in_one_establishment_and_month_is_told(change: dict, found: list[str]) -> None:
    assert kinds(checks_people.check_declared_twice([SLIP, replace(SLIP, payslip_id=2, **change)])) == found


def test_people_without_any_number_are_not_taken_for_one() -> None:
    nobody = replace(SLIP, agent_id=None, employee_number="")
    assert checks_people.check_declared_twice([nobody, replace(nobody, declaration_id=6)]) == []
