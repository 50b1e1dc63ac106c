"""What the checks of the night find, and what they pass over; the kinds stand in the docs as in the code."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from billing.rules import checks_calls, checks_intake, checks_ledger, checks_numbers, checks_people, checks_wage
from billing.rules.checks import EXAMPLES, FindingDraft, Severity, draft
from billing.rules.checks_kinds import KINDS
from billing.rules.checks_ledger import AuditedDay, ChainLink, DaySums, PostedMonth
from billing.rules.checks_numbers import LiveNumber, PricedSpan
from billing.rules.checks_people import AgentMonth, PaidPerson
from billing.rules.checks_wage import FundFacts, HoldFacts
from billing.rules.shares import DayTotals, cents_of, exact_of
from billing.rules.wage_share import MonthFacts, settle_year
from numbers.rules.plan import CeilingRow, Unit
from numbers.rules.plan_rows import CEILINGS

PAGE = Path(__file__).resolve().parents[2] / "docs/findings.md"
DAY = date(2026, 11, 24)
NOVEMBER, OCTOBER = date(2026, 11, 1), date(2026, 10, 1)
SUMS = DaySums(2, 60_000, 600_000, 500_000)


def kinds(drafts: Sequence[FindingDraft]) -> list[str]:
    return [found.kind for found in drafts]


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
    first, second = (draft("agent_unknown", 1, subject, "2026-11", title=subject) for subject in (one, other))
    assert len(first.key) <= 160
    assert len(first.title) <= 200
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


# --- books

TOTALS = DayTotals(6_950_000, 5_790_000, 2000, 2500, 500, 6000, "RETAIL_HT")
POSTED = {"receivable": 521, "fee": 29, "fee_vat": 6, "hold": 347, "available": 139}


def test_a_month_posted_as_rated_is_passed_over() -> None:
    assert checks_ledger.check_posted([PostedMonth(1, "0892690001", NOVEMBER, exact_of(TOTALS), POSTED)]) == []


@given(st.sampled_from(sorted(POSTED)), st.integers(-500, 500).filter(bool))
def test_a_cent_too_much_or_too_little_in_any_column_is_told(column: str, cents: int) -> None:
    posted = {**POSTED, column: POSTED[column] + cents}
    (found,) = checks_ledger.check_posted([PostedMonth(1, "0892690001", NOVEMBER, exact_of(TOTALS), posted)])
    expected = getattr(cents_of(exact_of(TOTALS)), column)
    assert found.detail["columns"] == {column: {"expected_cents": expected, "posted_cents": expected + cents}}


AUDITED = AuditedDay(1, "0892690001", DAY, SUMS, SUMS, kept=2, over_cap=0, highest_price=600_000)


@pytest.mark.parametrize(
    ("day", "rated", "cap"),
    [
        (AUDITED, [], []),
        (replace(AUDITED, kept=None), [], []),
        (replace(AUDITED, kept=3), ["rated_differs"], []),
        (replace(AUDITED, summed=replace(SUMS, ht_micros=499_999)), ["rated_differs"], []),
        (replace(AUDITED, summed=replace(SUMS, calls=1)), ["rated_differs"], []),
        (replace(AUDITED, over_cap=1), [], ["cap_exceeded"]),
        (replace(AUDITED, highest_price=600_001), [], ["cap_exceeded"]),
        (replace(AUDITED, rolled=replace(SUMS, ttc_micros=600_001)), ["rated_differs"], ["cap_exceeded"]),
    ],
)
def test_a_rated_day_is_the_sum_of_its_calls_and_under_the_cap(
    day: AuditedDay, rated: list[str], cap: list[str]
) -> None:
    assert (kinds(checks_ledger.check_rated([day])), kinds(checks_numbers.check_cap([day]))) == (rated, cap)


@pytest.mark.parametrize(
    ("debit", "credit", "lines", "found"), [(5, 5, 2, 0), (5, 4, 2, 1), (0, 0, 0, 1), (5, 5, 1, 1)]
)
def test_an_entry_balances_and_has_two_lines(debit: int, credit: int, lines: int, found: int) -> None:
    assert len(checks_ledger.check_balance([(1, NOVEMBER, debit, credit, lines)])) == found


def chain(count: int) -> list[ChainLink]:
    return [
        ChainLink(100 + n, "VE", 2026, n, f"h{n - 1}" if n > 1 else "", f"h{n}", f"h{n}") for n in range(1, count + 1)
    ]


def follow(links: list[ChainLink], last: int) -> list[str]:
    found = checks_ledger.check_chain(links, number=0, prev_hash="", last=(last, f"h{last}"))
    return [f"{each.detail['number']}" for each in found]


def test_a_whole_chain_is_passed_over() -> None:
    assert follow(chain(5), 5) == []
    assert follow([], 0) == []


@given(st.integers(1, 6), st.sampled_from(["hash", "computed", "prev_hash", "gone"]))
def test_the_first_broken_entry_is_named(at: int, what: str) -> None:
    links = chain(7)
    if what == "gone":
        del links[at - 1]
    else:
        links[at - 1] = replace(links[at - 1], **{what: "other"})
    assert follow(links, 7) == [str(at + 1 if what == "gone" else at)]


def test_entries_cut_off_at_the_end_are_told() -> None:
    assert follow(chain(5), 7) == ["5"]


# --- numbers

SPAN = PricedSpan(3, "0892690001", "caller", 600_000, date(2026, 1, 1), None)


def ceiling(prefix: str, micros: int, since: date = date(2020, 1, 1), until: date | None = None) -> CeilingRow:
    return CeilingRow(prefix, Unit.PER_MIN, micros, since, until, "test", verified=True)


@pytest.mark.parametrize(
    ("tariff", "ceilings", "found"),
    [
        (SPAN, CEILINGS, []),
        (SPAN, [], []),
        (replace(SPAN, price_micros=605_000), CEILINGS, ["tariff_above_ceiling", "price_not_cents"]),
        (replace(SPAN, price_micros=610_000), [], ["tariff_above_ceiling"]),
        (replace(SPAN, digits="0820690001", price_micros=210_000), CEILINGS, ["tariff_above_ceiling"]),
        (replace(SPAN, digits="0800690001"), CEILINGS, ["tariff_above_ceiling"]),
        (replace(SPAN, digits="0800690001", payer="sponsor"), CEILINGS, []),
        (SPAN, [ceiling("089", 500_000, until=date(2025, 1, 1))], []),
        (SPAN, [ceiling("089", 800_000), ceiling("0892", 500_000, since=date(2026, 6, 1))], ["tariff_above_ceiling"]),
        (replace(SPAN, until=date(2026, 6, 1)), [ceiling("089", 500_000, since=date(2026, 6, 1))], []),
        (replace(SPAN, price_micros=5), [], ["price_not_cents"]),
    ],
)
def test_tariffs_stay_under_cap_and_ceiling_on_all_their_days(
    tariff: PricedSpan, ceilings: Sequence[CeilingRow], found: list[str]
) -> None:
    assert kinds(checks_numbers.check_tariffs([tariff], ceilings)) == found


@pytest.mark.parametrize(
    ("number", "found", "code"),
    [
        (LiveNumber(1, "0892690001", "PAID_ADVICE", "premium", "caller"), [], []),
        (LiveNumber(1, "0892690001", "PAID_ADVICE", "", "caller"), [], []),
        (LiveNumber(1, "0892690001", "CONSUMER_AFTER_SALES", "premium", "caller"), ["not_eligible"], ["LME87"]),
        (LiveNumber(1, "0892690001", "PAID_ADVICE", "premium", "sponsor"), ["not_eligible"], ["PAYER"]),
        (LiveNumber(1, "0892690001", "B2B_ONLY", "premium", "caller"), ["eligible_if"], ["B2B"]),
        (LiveNumber(1, "0123456789", "PAID_ADVICE", "", "caller"), ["not_eligible"], ["FAMILY"]),
    ],
)
def test_a_live_number_is_judged_by_the_matrix_of_the_day(
    number: LiveNumber, found: list[str], code: list[str]
) -> None:
    drafts = checks_numbers.check_eligibility([number], on=DAY)
    assert (kinds(drafts), [each.detail["code"] for each in drafts]) == (found, code)
    assert all(each.detail["reason"] and each.detail["source"] for each in drafts)


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
