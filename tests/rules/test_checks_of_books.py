"""What the checks of the night find about the books, prices and uses."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rules import checks_ledger, checks_numbers
from billing.rules.checks import FindingDraft
from billing.rules.checks_ledger import AuditedDay, ChainLink, DaySums, PostedMonth
from billing.rules.checks_numbers import LiveNumber, PricedSpan
from billing.rules.shares import DayTotals, cents_of, exact_of
from numbers.rules.plan import CeilingRow, Unit
from numbers.rules.plan_rows import CEILINGS

DAY, NOVEMBER = date(2026, 11, 24), date(2026, 11, 1)
SUMS = DaySums(2, 60_000, 600_000, 500_000)


def kinds(drafts: Sequence[FindingDraft]) -> list[str]:
    return [found.kind for found in drafts]


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
