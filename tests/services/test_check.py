"""The checks of the night on real tables: what each finds, and a finding that opens, stays one, resolves, reopens."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from agents.models import Agent, PayrollDeclaration, PayrollFile, Payslip, PbxName
from billing.models import Entry, Finding, RatedDay, SharePolicy, Tariff
from billing.services.check import check_company, check_platform
from billing.services.record_findings import FindingCounts
from numbers.models import AccessChannel, Company, DirectoryRecord, Intake, OpenCall, PlanCeiling, RejectedRow, Source
from tests.cast import SIREN, Cast, prove
from tests.scenarios.test_evening import all_stages, evening_rows
from tests.stored_calls import store_calls

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 25)
NOVEMBER = date(2026, 11, 1)
SINCE = date(2026, 1, 1)
NOW = datetime(2026, 11, 26, 1, 15, tzinfo=UTC)


def a_call(external_id: str, **facts: object) -> dict[str, Any]:
    base = {
        "external_id": external_id,
        "number": "0892690001",
        "offered_at": datetime(2026, 11, 25, 9, tzinfo=UTC),
        "outcome": "answered",
        "wait_ms": 4000,
        "talk_ms": 60_000,
        "agent": "A001",
    }
    return {**base, **facts}


def check(company: Company, *, after: int = 0) -> FindingCounts:
    day = DAY + timedelta(days=after)
    return check_company(company_id=company.pk, day=day, since=SINCE, now=NOW + timedelta(days=after))


def night(company: Company, *, after: int = 0) -> FindingCounts:
    all_stages(company.pk, until=DAY + timedelta(days=after), now=NOW + timedelta(days=after))
    return check(company, after=after)


def open_kinds() -> list[str]:
    return sorted(Finding.objects.filter(resolved_at=None).values_list("kind", flat=True))


def a_declaration(company: Company, *, sha: str = "1", siret: str = f"{SIREN}00011") -> PayrollDeclaration:
    file = PayrollFile.objects.create(connector="csv", file_name="t", sha256=sha, received_at=NOW)
    return PayrollDeclaration.objects.create(file=file, company=company, siret=siret, month=NOVEMBER, kind="01")


def a_payslip(declaration: PayrollDeclaration, agent: Agent | None, **facts: object) -> Payslip:
    base = {"employee_number": agent.employee_number if agent else "X9", "gross": "3.00", "gross_current_month": "3.00"}
    company = declaration.company
    return Payslip.objects.create(
        declaration=declaration, company=company, month=NOVEMBER, agent=agent, **{**base, **facts}
    )


def tamper(statement: str, *parameters: object) -> None:
    """Change what the database's guards refuse to change, as somebody with the keys of the server could."""
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, parameters)
        cursor.execute("SET LOCAL session_replication_role = origin")


# --- the life of a finding


def test_an_evening_without_trouble_has_no_findings(cast: Cast) -> None:
    store_calls(cast.source, evening_rows())
    assert night(cast.company) == FindingCounts()
    assert check_platform(day=DAY, now=NOW) == FindingCounts()


def test_a_finding_opens_stays_one_resolves_and_reopens(cast: Cast) -> None:
    store_calls(cast.source, [a_call("1", agent="A900")])
    assert night(cast.company).opened == 1
    assert night(cast.company, after=1) == FindingCounts(seen=1)
    finding = Finding.objects.get(kind="no_proof")
    assert (finding.first_seen_on, finding.last_seen_on, finding.resolved_at) == (DAY, DAY + timedelta(days=1), None)

    proof = prove(cast.agents["A900"])
    assert night(cast.company, after=2) == FindingCounts(resolved=1)
    finding.refresh_from_db()
    assert finding.resolved_at == NOW + timedelta(days=2)

    proof.delete()
    assert night(cast.company, after=3) == FindingCounts(seen=1, reopened=1)
    finding.refresh_from_db()
    assert (finding.resolved_at, finding.first_seen_on) == (None, DAY)


def test_findings_of_months_that_are_not_looked_at_stay(cast: Cast) -> None:
    store_calls(cast.source, [a_call("1", outcome="incomplete", talk_ms=None)])
    night(cast.company)
    december = date(2026, 12, 1)
    check_company(company_id=cast.company.pk, day=december, since=december, now=NOW)
    assert open_kinds() == ["incomplete"]


def test_a_company_hears_nothing_of_its_rival(cast: Cast) -> None:
    store_calls(cast.rival_source, [a_call("1", number="0892690009", agent="nobody")])
    night(cast.rival)
    night(cast.company)
    assert set(Finding.objects.values_list("company", "resolved_at")) == {(cast.rival.pk, None)}


def test_the_work_is_a_fixed_number_of_queries(cast: Cast, django_assert_max_num_queries: Callable) -> None:
    rows = [
        a_call(f"{back}-{n}", agent=f"who{n}", offered_at=datetime(2026, 11, 25, 9, tzinfo=UTC) - timedelta(days=back))
        for back in range(20)
        for n in range(10)
    ]
    store_calls(cast.source, rows)
    all_stages(cast.company.pk)
    with django_assert_max_num_queries(50):
        check(cast.company)
    assert Finding.objects.count() == 10


# --- calls


def test_calls_are_found_unpriced_incomplete_and_unproven(cast: Cast) -> None:
    Tariff.objects.filter(number__digits="0892690002").delete()
    cast.agents["A002"].contracts.all().delete()
    store_calls(
        cast.source,
        [
            a_call("1", number="0892690002"),
            a_call("2", outcome="incomplete", talk_ms=None),
            a_call("3", agent="stranger"),
            a_call("4", agent="A002"),
            a_call("5", agent="A900", talk_ms=61_500),
            a_call("6", agent="A900", talk_ms=1_000),
        ],
    )
    night(cast.company)
    assert open_kinds() == ["agent_unknown", "incomplete", "no_contract", "no_proof", "unpriced"]
    proof = Finding.objects.get(kind="no_proof").detail
    assert (proof["calls"], proof["talk_s"], proof["days"], len(proof["call_ids"])) == (2, 62, ["2026-11-25"], 2)
    assert Finding.objects.get(kind="agent_unknown").detail["name"] == "stranger"
    assert len(Finding.objects.get(kind="incomplete").detail["call_ids"]) == 1


# --- wages and people


def test_pay_that_is_short_is_told_and_resolves_when_the_rest_is_declared(cast: Cast) -> None:
    store_calls(cast.source, [a_call("1")])
    declaration = a_declaration(cast.company)
    a_payslip(declaration, cast.agents["A001"], gross="0.10")
    night(cast.company)
    found = Finding.objects.get(kind="wage_short")
    assert (found.detail["due_cents"], found.detail["missing_cents"]) == (30, 20)
    a_payslip(declaration, cast.agents["A001"], gross="0.20")
    night(cast.company, after=1)
    assert open_kinds() == []


def test_payroll_that_does_not_come_is_overdue_the_day_after_the_fifteenth(cast: Cast) -> None:
    store_calls(cast.source, [a_call("1")])
    night(cast.company, after=20)
    assert open_kinds() == []
    night(cast.company, after=21)
    assert open_kinds() == ["payroll_overdue"]


def test_a_share_too_small_for_the_wages_is_told(cast: Cast) -> None:
    SharePolicy.objects.filter(payer="caller").update(carriers_bp=8000)
    store_calls(cast.source, [a_call("1")])
    night(cast.company)
    assert Finding.objects.get(kind="hold_shortfall").detail["shortfall_cents"] == 21  # due 30, share 12 - 2.5 - 0.5


def test_people_and_payslips_are_compared(cast: Cast) -> None:
    store_calls(cast.source, [a_call("1"), a_call("2", agent="A002"), a_call("3", agent="A004", talk_ms=3_600_000)])
    declaration, other = a_declaration(cast.company), a_declaration(cast.company, sha="2")
    a_payslip(declaration, cast.agents["A001"], hours_paid="1")
    a_payslip(other, cast.agents["A001"], hours_paid="1")
    a_payslip(declaration, cast.agents["A003"])
    a_payslip(declaration, cast.agents["A004"], hours_paid="0.50", overtime_hours="0.25", workplaces=["99127"])
    a_payslip(declaration, None, initials="J. D.")
    night(cast.company)
    found = {finding.kind: finding.detail for finding in Finding.objects.all()}
    assert found["answered_unpaid"]["employee_number"] == "A002"
    assert found["paid_silent"]["employee_number"] == "A003"
    assert (found["talk_above_paid"]["employee_number"], found["talk_above_paid"]["hours_paid"]) == ("A004", "0.75")
    assert found["payslip_unmatched"]["people"] == ["X9 J. D."]
    assert found["declared_twice"]["people"] == ["A001"]
    assert found["workplace_abroad"]["communes"] == ["99127"]

    PayrollDeclaration.objects.update(in_force=False)
    night(cast.company, after=1)
    assert open_kinds() == []


def test_an_old_month_is_compared_again_when_a_name_gets_its_person(cast: Cast) -> None:
    store_calls(cast.source, [a_call("1", agent="stranger")])
    a_payslip(a_declaration(cast.company), cast.agents["A001"])
    night(cast.company, after=40)
    assert "answered_unpaid" not in open_kinds()
    PbxName.objects.create(source=cast.source, name="stranger", agent=cast.agents["A003"], valid_from=SINCE)
    night(cast.company, after=41)
    assert Finding.objects.get(kind="answered_unpaid").detail["employee_number"] == "A003"


# --- books and prices


def test_prices_changed_behind_our_back_are_found_and_stay_until_mended(cast: Cast) -> None:
    store_calls(cast.source, [a_call("1"), a_call("2")])
    night(cast.company)
    tamper("UPDATE billing_ratedcall SET ttc_micros = ttc_micros - 6, ht_micros = ht_micros - 6 WHERE call_id IN"
           " (SELECT min(call_id) FROM billing_ratedcall)")  # fmt: skip
    check(cast.company, after=1)  # posted less than a day before: still looked at
    assert open_kinds() == ["rated_differs"]
    check(cast.company, after=9)
    assert open_kinds() == ["rated_differs"]
    RatedDay.objects.update(is_stale=True)
    night(cast.company, after=10)
    assert open_kinds() == []


@pytest.mark.parametrize(("after", "found"), [(6, []), (7, ["rated_differs"]), (30, ["rated_differs"])])
def test_a_day_is_added_up_again_when_it_is_older(cast: Cast, after: int, found: list[str]) -> None:
    store_calls(cast.source, [a_call("1")])
    night(cast.company)
    tamper("UPDATE billing_ratedcall SET ttc_micros = ttc_micros - 6, ht_micros = ht_micros - 6")
    check(cast.company, after=after)
    assert [kind for kind in open_kinds() if kind == "rated_differs"] == found


def test_a_call_above_its_price_is_found(cast: Cast) -> None:
    store_calls(cast.source, [a_call("1")])
    night(cast.company)
    tamper("UPDATE billing_ratedcall SET price_micros = 500000")
    check(cast.company)
    assert open_kinds() == ["cap_exceeded"]


def test_lines_changed_behind_our_back_show_in_posting_balance_and_chain(cast: Cast) -> None:
    store_calls(cast.source, evening_rows())
    night(cast.company)
    entry = Entry.objects.earliest("number")
    tamper("UPDATE billing_line SET debit = debit + 1 WHERE entry_id = %s AND debit > 0", entry.pk)
    check(cast.company)
    check_platform(day=DAY, now=NOW)
    assert open_kinds() == ["chain_broken", "entry_unbalanced", "posted_differs"]
    assert Finding.objects.get(kind="chain_broken").detail["entry"] == entry.pk
    posted = Finding.objects.get(kind="posted_differs").detail["columns"]["receivable"]
    assert posted["posted_cents"] == posted["expected_cents"] + 100


@pytest.mark.parametrize("what", ["the first entry", "the last entry"])
def test_an_entry_taken_out_breaks_the_chain(cast: Cast, what: str) -> None:
    store_calls(cast.source, evening_rows())
    night(cast.company)
    gone = Entry.objects.order_by("number" if "first" in what else "-number").first()
    assert gone
    tamper("DELETE FROM billing_line WHERE entry_id = %s", gone.pk)
    tamper("DELETE FROM billing_entry WHERE id = %s", gone.pk)
    check_platform(day=DAY, now=NOW)
    assert open_kinds() == ["chain_broken"]


def test_a_ceiling_lowered_under_a_tariff_is_told(cast: Cast) -> None:
    PlanCeiling.objects.filter(prefix="089", unit="per_min").update(ceiling_micros=500_000)
    check(cast.company)
    assert open_kinds() == ["tariff_above_ceiling"] * 2


def test_a_channel_open_less_than_the_law_asks_is_told_until_it_is_not(cast: Cast) -> None:
    number = cast.numbers["0892690001"]
    AccessChannel.objects.create(number=number, channel="lsf", valid_from=SINCE)
    text = AccessChannel.objects.create(number=number, channel="text", opening="own", valid_from=SINCE)
    for weekday in range(7):
        text.hours.create(weekday=weekday, opens_s=0, closes_s=43_200)
    # Half of the voice line's hours was enough on the last of September.
    at = datetime(2026, 9, 30, 22, 15, tzinfo=UTC)
    check_company(company_id=cast.company.pk, day=date(2026, 9, 30), since=SINCE, now=at)
    assert open_kinds() == []
    check_company(company_id=cast.company.pk, day=date(2026, 10, 1), since=SINCE, now=at + timedelta(days=1))
    found = Finding.objects.get()
    assert (found.kind, found.severity, found.detail["channel"]) == ("access_hours_short", "warning", "text")
    assert (
        found.title
        == "0892690001, texte en temps réel : ouvert 50\u202f% des horaires de la voix, la loi en demande 100\u202f%"
    )
    text.opening = "same"
    text.save()
    check(cast.company)
    assert open_kinds() == []


def test_a_line_that_the_law_names_wants_an_access_of_any_kind(cast: Cast) -> None:
    number = cast.numbers["0892690001"]
    number.use_case = "CONSUMER_AFTER_SALES"
    number.save()
    check(cast.company)
    assert "access_missing" not in open_kinds()
    cast.company.must_give_access = True
    cast.company.save()
    check(cast.company)
    assert "access_missing" in open_kinds()
    access = AccessChannel.objects.create(number=number, channel="text", valid_from=SINCE)
    check(cast.company)
    assert "access_missing" not in open_kinds()
    access.delete()
    check(cast.company)
    assert "access_missing" in open_kinds()
    DirectoryRecord.objects.create(number=number, deaf_access="Par un prestataire : acces.example", confirmed_on=SINCE)
    check(cast.company)
    assert "access_missing" not in open_kinds()


def test_a_use_that_the_matrix_denies_is_told_with_its_source(cast: Cast) -> None:
    number = cast.numbers["0892690001"]
    number.use_case = "STATE_ADMIN"
    number.save()
    check(cast.company)
    found = Finding.objects.get(kind="not_eligible")
    assert found.detail["code"] == "ESSOC28"
    assert found.detail["source"]
    number.status = "suspended"
    number.save()
    check(cast.company)
    assert open_kinds() == []


# --- intakes


def an_intake(source: Source) -> None:
    intake = Intake.objects.create(
        source=source, connector="generic-csv", file_name="a.csv", size=1, rejected=2, started_at=NOW
    )
    for line in (2, 3):
        RejectedRow.objects.create(intake=intake, line=line, field="wait", value="0639112244", expected="seconds")
    for age in (23, 25):
        OpenCall.objects.create(
            source=source, external_id=str(age), events=[], last_event_at=NOW - timedelta(hours=age)
        )


def test_what_files_left_behind_is_told_to_whom_it_concerns(cast: Cast) -> None:
    an_intake(cast.source)
    an_intake(Source.objects.create(name="carrier", kind="carrier"))
    check(cast.company)
    check_platform(day=DAY, now=NOW)
    told = Finding.objects.values_list("kind", "company", "detail__source")
    assert set(told) == {
        ("rows_rejected", cast.company.pk, "pbx1"),
        ("calls_left_open", cast.company.pk, "pbx1"),
        ("rows_rejected", None, "carrier"),
        ("calls_left_open", None, "carrier"),
    }
    refused = Finding.objects.get(kind="rows_rejected", company=cast.company).detail
    assert refused["rows"] == 2
    assert refused["examples"][0] == {"line": 2, "field": "wait", "expected": "seconds"}
    assert "0639112244" not in json.dumps(list(Finding.objects.values_list("detail", flat=True)))

    RejectedRow.objects.update(replayed_at=NOW)
    OpenCall.objects.all().delete()
    check(cast.company)
    check_platform(day=DAY, now=NOW)
    assert open_kinds() == []


def test_a_pbx_that_falls_silent_is_told_until_its_file_comes(cast: Cast) -> None:
    store_calls(
        cast.source,
        [
            a_call(str(back), offered_at=datetime(2026, 11, 25, 9, tzinfo=UTC) - timedelta(days=back))
            for back in range(7)
        ],
    )
    check(cast.company)
    check(cast.rival)
    assert open_kinds() == []
    check(cast.company, after=1)
    check(cast.company, after=2)
    found = Finding.objects.get()
    assert (found.kind, found.detail["last_day"]) == ("source_silent", "2026-11-27")
    store_calls(
        cast.source,
        [a_call(f"late{day}", offered_at=datetime(2026, 11, day, 9, tzinfo=UTC)) for day in (26, 27)],
    )
    check(cast.company, after=2)
    assert open_kinds() == []
