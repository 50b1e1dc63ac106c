"""Shares and postings: the worked table, and cents that never drift whatever comes late."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rules.postings import ACCOUNTS, DayState, lines_of, plan_postings
from billing.rules.shares import Cents, DayTotals, Exact, cents_of, exact_of

FIRST = date(2026, 11, 1)
amounts = st.integers(0, 50_000_000)
day_totals = st.builds(
    lambda ttc: DayTotals(ttc, (2 * 10_000 * ttc + 12_000) // 24_000, 2000, 2500, 500, 6000, "RETAIL_HT"), amounts
)


def totals(ttc: int, ht: int, *, carriers_bp: int = 2500, base: str = "RETAIL_HT") -> DayTotals:
    return DayTotals(ttc, ht, 2000, carriers_bp, 500, 6000, base)


@pytest.mark.parametrize(
    ("ttc", "ht", "expected"),
    [
        (6_950_000, 5_791_666, Cents(695, 579, 116, 521, 29, 6, 579, 347, 347, 0, 139)),
        (1_710_000, 1_425_000, Cents(171, 143, 28, 128, 7, 2, 143, 86, 86, 0, 33)),
        (0, 0, Cents(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)),
    ],
)
def test_the_worked_table(ttc: int, ht: int, expected: Cents) -> None:
    assert cents_of(exact_of(totals(ttc, ht))) == expected


def test_a_hold_never_exceeds_the_companys_share() -> None:
    cents = cents_of(exact_of(totals(12_000_000, 10_000_000, carriers_bp=5000)))
    assert (cents.due, cents.hold, cents.shortfall, cents.available) == (600, 540, 60, 0)


@pytest.mark.parametrize(("base", "due"), [("RETAIL_HT", 600), ("RETAIL_TTC", 720), ("PAYOUT_HT", 450)])
def test_the_base_of_the_wage_share_is_the_policys(base: str, due: int) -> None:
    assert cents_of(exact_of(totals(12_000_000, 10_000_000, base=base))).due == due


@given(day_totals)
def test_the_columns_of_a_posting_balance(day: DayTotals) -> None:
    cents = cents_of(exact_of(day))
    assert cents.receivable == cents.fee + cents.fee_vat + cents.hold + cents.available


class Books:
    """A tiny ledger of one number's month: what was posted, day by day, and what is true now."""

    def __init__(self) -> None:
        self.posted: dict[str, int] = {}
        self.known: dict[date, Exact] = {}
        self.done: set[date] = set()
        self.kinds: list[str] = []

    def night(self) -> None:
        states = [DayState(day, exact, day in self.done, changed=True) for day, exact in self.known.items()]
        for draft in plan_postings(states, self.posted):
            lines = lines_of(draft)
            assert sum(line.debit for line in lines) == sum(line.credit for line in lines)
            assert all((line.debit > 0) != (line.credit > 0) for line in lines)
            self.kinds.append(draft.kind)
            for column, cents in draft.cents.items():
                self.posted[column] = self.posted.get(column, 0) + cents
        self.done = set(self.known)

    def truth(self) -> dict[str, int]:
        total = Exact()
        for exact in self.known.values():
            total = total + exact
        cents = cents_of(total)
        return {column: getattr(cents, column) for column in ACCOUNTS}


@given(st.lists(day_totals, max_size=31))
def test_a_month_of_daily_postings_equals_the_rounded_month(days: list[DayTotals]) -> None:
    books = Books()
    for offset, day in enumerate(days):
        books.known[FIRST + timedelta(days=offset)] = exact_of(day)
        books.night()
    assert {**dict.fromkeys(ACCOUNTS, 0), **books.posted} == books.truth()
    assert "adjustment" not in books.kinds


@given(st.lists(st.tuples(st.integers(0, 29), day_totals), max_size=40), st.data())
def test_corrections_in_any_order_end_on_the_rounded_month(
    facts: list[tuple[int, DayTotals]], data: st.DataObject
) -> None:
    books = Books()
    for offset, day in facts:
        books.known[FIRST + timedelta(days=offset)] = exact_of(day)
        if data.draw(st.booleans()):
            books.night()
    books.night()
    assert {**dict.fromkeys(ACCOUNTS, 0), **books.posted} == books.truth()


def test_later_days_do_not_cascade() -> None:
    books = Books()
    for offset in range(3):
        books.known[FIRST + timedelta(days=offset)] = exact_of(totals(1_000_000, 833_333))
        books.night()
    books.known[FIRST] = exact_of(totals(500_000, 416_667))
    books.night()
    assert books.kinds == ["day", "day", "day", "adjustment"]


def test_nothing_to_post_is_no_entry() -> None:
    assert plan_postings([DayState(FIRST, Exact(), False)], {}) == []
