"""Every finding says its facts in the reader's language, from what the checks of the night keep of it."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils.translation import override

from billing.models.finding_words import said, said_in_french
from billing.rules import (
    checks_calls,
    checks_home,
    checks_intake,
    checks_ledger,
    checks_numbers,
    checks_pay,
    checks_people,
    checks_wage,
)
from billing.rules.checks import FindingDraft
from billing.rules.checks_kinds import KINDS, OF_PEOPLE
from billing.rules.minimum_wage import Least, RateDays
from billing.rules.shares import DayTotals, exact_of
from illico_platform.web import show
from numbers.rules.access_duty import DUTIES

DAY, NOVEMBER, NUMBER = date(2026, 11, 24), date(2026, 11, 1), "0892690001"


def plain(text: str | None) -> str:
    return (text or "").replace(show.NARROW, " ").replace("\u00a0", " ")


def of_calls() -> Iterator[FindingDraft]:
    days = checks_calls.NumberDays(7, NUMBER, [DAY], 1200)
    yield from checks_calls.check_unpriced([days])
    yield from checks_calls.check_incomplete([days])
    for reason in checks_calls.UNPROVEN:
        agent = None if reason == "agent_unknown" else 9
        each = checks_calls.Unproven(reason, NOVEMBER, 4, agent, "A777", [DAY], 1, 61_500)
        yield from checks_calls.check_unproven([each])


def of_intakes() -> Iterator[FindingDraft]:
    yield from checks_intake.check_rejects([checks_intake.RefusedRows(3, "soir.log", "pbx1", 2, [])])
    yield from checks_intake.check_left_open([checks_intake.LeftOpen(2, "pbx1", 1, DAY, ["1.5"])])
    week = {DAY - timedelta(days=back) for back in range(2, 9)}
    yield from checks_intake.check_silent(2, "pbx1", week, day=DAY)
    yield from checks_intake.check_silent(2, "pbx1", week, day=DAY - timedelta(days=1))


def of_pay() -> Iterator[FindingDraft]:
    facts = checks_wage.FundFacts(1, NOVEMBER, 600, 433, 100, 0, True)
    yield from checks_wage.check_wage_short([facts])
    late = checks_wage.FundFacts(1, NOVEMBER, 600, 123_456, 0, 0, False)
    yield from checks_wage.check_payroll_overdue([late], day=date(2026, 12, 16))
    yield from checks_wage.check_hold_shortfall([checks_wage.HoldFacts(7, NUMBER, NOVEMBER, 600, 5)])
    for calls, payslips, hours in ((3, 0, None), (0, 1, None), (3, 1, Decimal("1.5"))):
        person = checks_people.AgentMonth(1, "A001", True, NOVEMBER, calls, 7_200_000, payslips, hours)
        yield from checks_people.check_agents([person])
    slips = [
        checks_people.PaidPerson(key, 1, NOVEMBER, "99999900600011", key, None, "B7", "M", ["99127"]) for key in (1, 2)
    ]
    yield from checks_people.check_unmatched(slips)
    yield from checks_people.check_workplaces(slips)
    yield from checks_people.check_declared_twice(slips)


def of_payslips() -> Iterator[FindingDraft]:
    slip = checks_people.PaidPerson(1, 1, NOVEMBER, "99999900600011", 1, 9, "A001", "J. D.", ["59350"])
    for verified in (True, False):
        least = Least(1_800_00, 151_67, 1_866_99, (RateDays(12_310_000, 30, verified),))
        yield from checks_pay.check_minimum_wage([checks_pay.Compared(slip, least)])
    yield from checks_pay.check_prorata({NOVEMBER: [(slip, "no_hours")]})
    early = checks_people.AgentMonth(
        1, "A001", True, NOVEMBER, 3, 3_600_000, 1, Decimal("1.5"), logged_ms=9_000_000, ready_ms=8_100_000
    )
    yield from checks_people.check_agents([early])
    freelance = checks_people.AgentMonth(1, "A001", True, NOVEMBER, 3, 7_200_000, 0, None, is_salaried=False)
    yield from checks_pay.check_self_employed([freelance])
    other = checks_people.PaidPerson(2, 1, NOVEMBER, "99999900600029", 2, 9, "A001", "J. D.", ["59350"])
    yield from checks_pay.check_two_sites([slip, other])
    shared = checks_pay.SharedAccount(4, NOVEMBER, (9, 12), ("A001", "R7"), ("Un", "Deux"), [DAY], True)
    yield from checks_pay.check_two_employers([shared])


def of_home() -> Iterator[FindingDraft]:
    nine = datetime(2026, 11, 24, 8, tzinfo=UTC)
    long = checks_home.HomeDay(9, "A001", DAY, nine, nine + timedelta(hours=11), 2, [5, 6])
    yield from checks_home.check_home_time([long], {date(2026, 1, 1): 600})


def of_books() -> Iterator[FindingDraft]:
    sums, none = checks_ledger.DaySums(1, 60_000, 700_000, 1), checks_ledger.DaySums(0, 0, 0, 0)
    audited = checks_ledger.AuditedDay(7, NUMBER, DAY, sums, none, 1, 1, 700_000)
    totals = DayTotals(1_710_000, 1_425_000, 2000, 2500, 500, 6000, "RETAIL_HT")
    posted = {"receivable": 129, "fee": 7, "fee_vat": 2, "hold": 86, "available": 34}
    yield from checks_ledger.check_posted([checks_ledger.PostedMonth(7, NUMBER, NOVEMBER, exact_of(totals), posted)])
    yield from checks_ledger.check_rated([audited])
    yield from checks_numbers.check_cap([audited])
    yield from checks_ledger.check_balance([(5, NOVEMBER, 100, 90, 2)])
    link = checks_ledger.ChainLink(5, "VT", 2026, 3, "a", "b", "c")
    for number, before, last in ((7, "a", (3, "b")), (2, "z", (3, "b")), (2, "a", (3, "b"))):
        yield from checks_ledger.check_chain([link], number=number, prev_hash=before, last=last)
    whole = checks_ledger.ChainLink(5, "VT", 2026, 3, "a", "b", "b")
    yield from checks_ledger.check_chain([whole], number=2, prev_hash="a", last=(4, "d"))


def of_numbers() -> Iterator[FindingDraft]:
    tariff = checks_numbers.PricedSpan(4, NUMBER, "caller", 605_500, date(2026, 1, 1), None)
    yield from checks_numbers.check_tariffs([tariff], [])
    for use in ("CONSUMER_AFTER_SALES", "B2B_ONLY"):
        live = checks_numbers.LiveNumber(7, NUMBER, use, "premium", "caller")
        yield from checks_numbers.check_eligibility([live], on=DAY)
    all_day, mornings = [[(0, 86_400)]] * 7, [[(28_800, 43_200)]] * 7
    for channels in ({}, {"lsf": mornings}):
        line = checks_numbers.AccessLine(7, NUMBER, "LOCAL_AUTHORITY", False, False, all_day, channels)
        yield from checks_numbers.check_access([line], DUTIES, on=DAY)


DRAFTS = [*of_calls(), *of_intakes(), *of_pay(), *of_payslips(), *of_home(), *of_books(), *of_numbers()]


def test_every_kind_is_drafted_here() -> None:
    assert {draft.kind for draft in DRAFTS} == set(KINDS) - OF_PEOPLE


@pytest.mark.parametrize("draft", DRAFTS, ids=lambda draft: draft.key)
def test_a_finding_has_a_sentence_in_both_languages(draft: FindingDraft) -> None:
    french = said_in_french(draft.kind, draft.detail)
    with override("en"):
        english = said(draft.kind, draft.detail)
    assert french != draft.kind, "its facts make no sentence"
    assert english
    assert english != french
    assert not FRENCH.search(english), english


FRENCH = re.compile(r"[éèêàçùû«»]| :|\b(?:le|la|les|des|sans|appels?|paie|en)\b")


@pytest.mark.parametrize(
    ("kind", "french", "english"),
    [
        (
            "payroll_overdue",
            "Paie non déclarée, novembre 2026 : attendue le 15 décembre 2026, 1 234,56 € retenus",
            "Payroll not declared, November 2026: expected on 15 December 2026, €1,234.56 held",
        ),
        (
            "unpriced",
            "0892690001 : 1 200 appels tenus sans prix en novembre 2026",
            "0892690001: 1,200 kept calls without a price in November 2026",
        ),
        (
            "talk_above_paid",
            "Agent A001 : 2 h de conversation en novembre 2026 pour 1,50 h payées",
            "Agent A001: 2 h of talk time in November 2026 for 1.50 h paid",
        ),
    ],
)
def test_figures_and_months_are_the_readers(kind: str, french: str, english: str) -> None:
    facts = next(draft.detail for draft in DRAFTS if draft.kind == kind)
    assert plain(said_in_french(kind, facts)) == french
    with override("en"):
        assert plain(said(kind, facts)) == english


def test_facts_of_an_older_night_leave_the_stored_sentence() -> None:
    assert said("rows_rejected", {"rows": 3}) is None
    assert said("another_kind", {}) is None
    assert said_in_french("another_kind", {}) == "another_kind"
