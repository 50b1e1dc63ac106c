"""Exports of calls, ledger and fund: the rows a person gets for what they ask."""

import csv
from datetime import UTC, date, datetime

import pytest
from django.db import connection

from billing.reports.base import REPORTS, Scope
from billing.services.export import plan_export
from tests.cast import SIREN, Cast
from tests.exported import TODAY, draft, exported, paid_evening, table, write
from tests.scenarios.test_evening import EXPECTED, NOW, all_stages
from tests.stored_calls import store_calls

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def evening(cast: Cast) -> Cast:
    return paid_evening(cast)


def call(offered_at: datetime, **changes: object) -> dict[str, object]:
    return {
        "external_id": "1",
        "number": "0892690001",
        "offered_at": offered_at,
        "outcome": "answered",
        "wait_ms": 3_000,
        "talk_ms": 7_902,
        "agent": "A001",
    } | changes


def test_the_evening_comes_out_as_the_worked_file_call_by_call(evening: Cast) -> None:
    with EXPECTED.open() as file:
        expected = {row["uniqueid"]: row for row in csv.DictReader(file)}
    rows = table("calls")
    assert {row["external_id"] for row in rows} == expected.keys()
    for row in rows:
        worked = expected[row["external_id"]]
        same = ("number", "outcome", "wait_s", "talk_s", "agent", "verdict", "service_ttc_micros")
        assert [row[name] for name in same] == [worked[name] for name in same]
        assert datetime.fromisoformat(row["offered_at"]).timestamp() == int(worked["entered_epoch"])
        assert row["offered_at"].endswith("+01:00")
        assert row["source"] == "pbx1"


def test_calls_have_exactly_the_columns_that_were_promised(cast: Cast) -> None:
    promised = "source,external_id,number,offered_at,outcome,wait_s,talk_s,agent,verdict,reason,service_ttc_micros\n"
    assert exported("calls") == promised


def test_the_same_clock_time_twice_in_the_night_of_the_change_is_told_apart_by_its_offset(cast: Cast) -> None:
    instants = {
        datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC): "2026-03-29T01:59:59+01:00",
        datetime(2026, 3, 29, 1, 0, tzinfo=UTC): "2026-03-29T03:00:00+02:00",
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC): "2026-10-25T02:30:00+02:00",
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC): "2026-10-25T02:30:00+01:00",
        datetime(2026, 10, 31, 23, 0, 0, 250_000, tzinfo=UTC): "2026-11-01T00:00:00.25+01:00",
    }
    store_calls(cast.source, [call(at, external_id=str(at)) for at in instants])
    assert [row["offered_at"] for row in table("calls")] == list(instants.values())


def test_seconds_have_no_trailing_zeros_and_unknown_is_empty(cast: Cast) -> None:
    waits = [(0, 0), (3_000, 7_902), (59_999, 500), (None, None)]
    store_calls(
        cast.source,
        [
            call(datetime(2026, 5, 1, 9, minute, tzinfo=UTC), external_id=str(minute), wait_ms=wait, talk_ms=talk)
            for minute, (wait, talk) in enumerate(waits)
        ],
    )
    assert [(row["wait_s"], row["talk_s"]) for row in table("calls")] == [
        ("0", "0"),
        ("3", "7.902"),
        ("59.999", "0.5"),
        ("", ""),
    ]


def test_a_call_nobody_answered_has_no_conversation_even_if_the_source_wrote_0(cast: Cast) -> None:
    store_calls(cast.source, [call(NOW, outcome="abandoned", talk_ms=0, agent="")])
    row = table("calls")[0]
    assert (row["talk_s"], row["agent"], row["verdict"], row["service_ttc_micros"]) == ("", "", "", "")


def test_a_kept_call_without_a_price_costs_nothing_known(cast: Cast) -> None:
    cast.numbers["0892690001"].tariffs.all().delete()
    store_calls(cast.source, [call(datetime(2026, 11, 25, 9, tzinfo=UTC))])
    all_stages(cast.company.pk)
    row = table("calls")[0]
    assert (row["verdict"], row["service_ttc_micros"]) == ("kept", "")


def test_days_are_paris_days_with_both_ends_included(cast: Cast) -> None:
    edges = [
        datetime(2026, 4, 30, 21, 59, 59, tzinfo=UTC),
        datetime(2026, 4, 30, 22, 0, tzinfo=UTC),
        datetime(2026, 5, 31, 21, 59, 59, tzinfo=UTC),
        datetime(2026, 5, 31, 22, 0, tzinfo=UTC),
    ]
    store_calls(cast.source, [call(at, external_id=str(rank)) for rank, at in enumerate(edges)])
    may = table("calls", since=date(2026, 5, 1), until=date(2026, 5, 31))
    assert [row["external_id"] for row in may] == ["1", "2"]
    assert [row["external_id"] for row in table("calls", until=date(2026, 4, 30))] == ["0"]


def test_a_span_of_days_reads_only_its_months(cast: Cast) -> None:
    months = [datetime(2026, month, 15, 9, tzinfo=UTC) for month in range(1, 7)]
    store_calls(cast.source, [call(at, external_id=str(at.month)) for at in months])
    all_stages(cast.company.pk)
    report = REPORTS["calls"]
    query = report.query(Scope(None, date(2026, 3, 10), date(2026, 4, 20)), report.formats["csv"])
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {query.sql}", query.parameters)
        plan = " ".join(line for (line,) in cursor.fetchall())
    for name in ("numbers_call", "agents_verdict", "billing_ratedcall"):
        read = {f"{name}_2026_{month:02d}" for month in range(1, 7) if f"{name}_2026_{month:02d}" in plan}
        assert read == {f"{name}_2026_03", f"{name}_2026_04"}


def test_one_company_sees_its_own_rows_only(evening: Cast) -> None:
    store_calls(evening.rival_source, [call(NOW, number="0892690009", external_id="rival", agent="R1")])
    rows = table("calls", company=evening.rival)
    assert [row["external_id"] for row in rows] == ["rival"]
    assert len(table("calls", company=evening.company)) == 94
    assert table("ledger", company=evening.rival) == table("wage-share", company=evening.rival) == []


@pytest.mark.parametrize("sign", "=+-@\t\r")
def test_a_text_that_a_spreadsheet_would_run_gets_an_apostrophe(cast: Cast, sign: str) -> None:
    store_calls(cast.source, [call(NOW, external_id=f"{sign}cmd|' /C calc'!A0", agent=f"{sign}1")])
    row = table("calls")[0]
    assert (row["external_id"], row["agent"]) == (f"'{sign}cmd|' /C calc'!A0", f"'{sign}1")


def test_the_ledger_balances_and_names_what_each_line_is_for(evening: Cast) -> None:
    rows = table("ledger")
    assert len(rows) == 12
    assert sum(round(float(row["debit"]) * 100) - round(float(row["credit"]) * 100) for row in rows) == 0
    first = next(row for row in rows if row["number"] == "0892690001" and row["account"] == "411")
    assert first == {
        "journal": "VE",
        "entry": first["entry"],
        "effective_on": "2026-11-25",
        "booked_at": "2026-11-26T02:15:00+01:00",
        "company": SIREN,
        "number": "0892690001",
        "account": "411",
        "account_label": "Opérateurs et annonceurs",
        "debit": "5.21",
        "credit": "0.00",
        "label": "Appels du 25/11/2026 au 0892690001",
        "source_key": first["source_key"],
        "corrects": "",
    }
    assert first["entry"] in ("VE-2026-000001", "VE-2026-000002")


def test_a_correction_names_the_entry_that_it_corrects(evening: Cast) -> None:
    evening.agents["A003"].proofs.all().delete()
    all_stages(evening.company.pk)
    codes = {row["entry"] for row in table("ledger")}
    corrected = {row["corrects"] for row in table("ledger")} - {""}
    assert corrected
    assert corrected <= codes


def test_what_waits_for_its_seal_is_left_out_and_counted(evening: Cast) -> None:
    before = exported("ledger"), exported("fec")
    write([draft(evening.company, 1)])
    assert (exported("ledger"), exported("fec")) == before
    for report in ("ledger", "fec"):
        assert plan_export(report=report, today=TODAY).unsealed == 1
    assert plan_export(report="ledger", company=evening.rival, today=TODAY).unsealed == 0
    assert plan_export(report="calls", today=TODAY).unsealed == 0


def test_the_fund_says_what_was_held_and_what_pay_released(evening: Cast) -> None:
    assert table("wage-share") == [
        {
            "siren": SIREN,
            "company": "Allô Conseil",
            "month": "2026-11",
            "policy": "60 % v1",
            "base": "7.22",
            "due": "4.33",
            "held": "4.33",
            "credited": "3.00",
            "balance": "-1.33",
            "carried_in": "0.00",
            "carried_out": "-1.33",
            "released": "3.00",
            "year_due": "4.33",
            "year_credited": "3.00",
            "declared": "yes",
            "unclear": "0.00",
            "gross_only": "0",
            "unknown_time": "0",
        }
    ]
    assert table("wage-share", since=date(2026, 12, 1)) == []
    assert len(table("wage-share", since=date(2026, 11, 30))) == 1  # a month that touches the days
