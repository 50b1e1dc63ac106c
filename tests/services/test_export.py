"""Exports: what a person gets for what they ask, whole or not at all, and with a memory that does not grow."""

import csv
import io
import os
import stat
import tracemalloc
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command, get_commands
from django.db import connection, transaction

from agents.models import PayrollDeclaration, PayrollFile, Payslip
from billing.models import Entry
from billing.reports.base import REPORTS, Scope
from billing.reports.fec import FecFormat, nearest
from billing.rules.fec_check import check_fec
from billing.services.export import plan_export, save_export, write_export
from billing.services.seal import seal_entries
from billing.services.write_entries import EntryDraft, write_entries
from illico_platform.lib.errors import IllicoError
from numbers.models import Company
from tests.cast import SIREN, Cast
from tests.scenarios.test_evening import EXPECTED, NOW, all_stages, evening_rows
from tests.stored_calls import store_calls

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = date(2026, 11, 26)
OPERATOR = "999999204"


@pytest.fixture
def evening(cast: Cast) -> Cast:
    """The evening up to the sealed ledger, with 3 euros of pay declared."""
    store_calls(cast.source, evening_rows())
    file = PayrollFile.objects.create(connector="csv", file_name="t", sha256="1", received_at=NOW)
    declaration = PayrollDeclaration.objects.create(
        file=file, company=cast.company, siret="99999900600011", month=date(2026, 11, 1), kind="01"
    )
    Payslip.objects.create(
        declaration=declaration,
        company=cast.company,
        month=date(2026, 11, 1),
        agent=cast.agents["A001"],
        gross=3,
        gross_current_month=3,
    )
    all_stages(cast.company.pk)
    return cast


def exported(report: str, **asked: object) -> str:
    out = io.BytesIO()
    plan = plan_export(report=report, today=TODAY, **asked)  # type: ignore[arg-type]
    write_export(plan, out)
    return out.getvalue().decode(plan.format.charset)


def table(report: str, **asked: object) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(exported(report, **asked))))


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


# ---- Calls -----------------------------------------------------------------------------------------------


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


# ---- Ledger and fund -------------------------------------------------------------------------------------


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
        }
    ]
    assert table("wage-share", since=date(2026, 12, 1)) == []
    assert len(table("wage-share", since=date(2026, 11, 30))) == 1  # a month that touches the days


# ---- FEC -------------------------------------------------------------------------------------------------


def draft(company: Company, rank: int, **changes: object) -> EntryDraft:
    lines = [("411", 521, 0), ("706", 0, 29), ("44571", 0, 6), ("4672", 0, 347), ("4671", 0, 139)]
    return EntryDraft(
        **{
            "journal": "VE",
            "kind": "day",
            "effective_on": date(2026, 11, 25),
            "label": "Appels",
            "piece_ref": f"P{rank}",
            "company_id": company.pk,
            "line_number_id": None,
            "subject_month": date(2026, 11, 1),
            "subject_day": None,
            "corrects_id": None,
            "source_key": f"test:{rank}",
            "inputs_hash": "0",
            "lines": lines,
        }
        | changes  # type: ignore[arg-type]
    )


def write(drafts: list[EntryDraft], *, now: datetime = NOW) -> None:
    with transaction.atomic():  # an entry and its lines balance at commit
        write_entries(drafts, now=now)


def seal(company: Company, *drafts: dict[str, object], now: datetime = NOW) -> None:
    rank = Entry.objects.count()
    write([draft(company, rank + i, **changes) for i, changes in enumerate(drafts)], now=now)
    seal_entries()


def fec_lines(**asked: object) -> list[list[str]]:
    return [line.split("\t") for line in exported("fec", **asked).split("\r\n")[:-1]]


def test_the_fec_of_the_evening_is_accepted_by_the_tester(evening: Cast, tmp_path: Path) -> None:
    path, rows = save_export(plan_export(report="fec", today=TODAY), tmp_path, operator_siren=OPERATOR)
    assert path.name == "999999204FEC20261231.txt"
    result = check_fec(path.read_bytes(), file_name=path.name)
    assert (result.verdict.value, result.faults) == ("accept", [])
    assert result.lines == rows == 12


def test_the_fec_holds_eighteen_fields_with_the_auxiliary_on_467_only(evening: Cast) -> None:
    header, *lines = fec_lines()
    assert len(header) == 18
    first = next(line for line in lines if line[4] == "411")
    assert first[:6] == ["VE", "Ventes", "VE000001", "20261125", "411", "Opérateurs et annonceurs"]
    assert first[8].startswith("089269000")
    assert first[9:] == ["20261125", first[10], first[11], "0,00", "", "", "20261126", "", ""]
    auxiliaries = {(line[4][:3], line[6], line[7]) for line in lines}
    assert auxiliaries == {
        ("411", "", ""),
        ("706", "", ""),
        ("445", "", ""),
        ("467", SIREN, "Allô Conseil"),
    }


def test_hostile_texts_still_give_an_accepted_fec(cast: Cast) -> None:
    cast.company.name = "L’Œuvre\t|\r\n«d’Ștefan»\u202f… \\N \\.\x01\x85\u00a0日本"
    cast.company.save()
    seal(cast.company, {"label": " | ", "piece_ref": "\\"}, {"label": "-10 % \\t\t=A1", "piece_ref": "  "})
    text = exported("fec")
    data = text.encode("iso-8859-15")
    assert check_fec(data, file_name="999999204FEC20261231.txt").verdict.value != "reject"
    names = {line[7] for line in fec_lines()[1:] if line[7]}
    assert names == {"L'Œuvre    «d'Stefan» ... \\N \\.   ??"}


def test_entries_come_in_the_order_in_which_they_were_validated(cast: Cast) -> None:
    early, late = datetime(2026, 11, 20, 2, tzinfo=UTC), datetime(2026, 11, 22, 2, tzinfo=UTC)
    seal(cast.company, {"journal": "VE"}, {"journal": "OD"}, now=late)
    seal(cast.company, {"journal": "VE"}, now=early)  # prepared first, sealed last: valid when the chain reaches it
    seal(cast.company, {"journal": "BQ"}, now=early)
    order = list(dict.fromkeys((line[2], line[15]) for line in fec_lines()[1:]))
    assert order == [
        ("BQ000001", "20261120"),
        ("OD000001", "20261122"),
        ("VE000001", "20261122"),
        ("VE000002", "20261122"),
    ]
    assert check_fec(exported("fec").encode("iso-8859-15"), file_name="999999204FEC20261231.txt").faults == []


def test_the_fiscal_year_is_that_of_to_or_of_the_last_entry(cast: Cast) -> None:
    seal(cast.company, {"effective_on": date(2026, 12, 31)}, {"effective_on": date(2027, 1, 1)})
    assert {line[3] for line in fec_lines()[1:]} == {"20270101"}
    assert {line[3] for line in fec_lines(until=date(2026, 12, 31))[1:]} == {"20261231"}
    assert {line[3] for line in fec_lines(since=date(2026, 1, 1))[1:]} == {"20261231"}
    plan = plan_export(report="fec", until=date(2027, 1, 31), today=TODAY)
    name = plan.report.file_name(plan.scope, operator_siren=OPERATOR, extension="txt")
    assert name == "999999204FEC20271231.txt"


def test_numbers_above_a_million_keep_all_their_digits(cast: Cast) -> None:
    write([draft(cast.company, 1)])
    with connection.cursor() as cursor:  # the chain's start is made up, so its guard has to look away
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE billing_entry SET number = 1234567, hash = 'h', prev_hash = 'p'")
        cursor.execute("SET session_replication_role = DEFAULT")
    assert {line[2] for line in fec_lines()[1:]} == {"VE1234567"}
    assert {row["entry"] for row in table("ledger")} == {"VE-2026-1234567"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("déjà vu €", "déjà vu €"),
        ("l’œuvre “dite” – ½ ¼", 'l\'œuvre "dite" - 1/2 1/4'),
        ("Łódź, Iași, Ünal, ﬁn", "?ódz, Iasi, Ünal, fin"),
        ("Ω☎", "??"),
    ],
)
def test_what_iso_8859_15_lacks_becomes_its_nearest(text: str, expected: str) -> None:
    assert nearest(text) == expected


def test_every_character_there_is_can_be_written() -> None:
    for start in range(0, 0x30000, 0x800):
        signs = "".join(chr(code) for code in range(max(start, 1), start + 0x800) if not 0xD800 <= code < 0xE000)
        row = signs.replace("\\", "").replace("\n", "").replace("\t", "")
        line = FecFormat().encode(row.encode() + b"\n")
        assert line.endswith(b"\r\n")
        assert not set(line[:-2]) & {*range(0x20), 0x7F, *range(0x80, 0xA1), ord("|")}


# ---- The command -----------------------------------------------------------------------------------------


def refusal(*arguments: str) -> str:
    with pytest.raises(CommandError) as refused:
        call_command("export", *arguments, stdout=io.StringIO(), stderr=io.StringIO())
    assert refused.value.returncode == 2
    assert "\n" not in str(refused.value)
    return str(refused.value)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["pdf"], ["pdf", "calls", "fec", "ledger", "wage-share"]),
        (["calls", "--company", "999999007"], ["999999007", "SIREN"]),
        (["calls", "--company", ""], ["''", "SIREN"]),
        (["calls", "--format", "xml"], ["xml", "csv"]),
        (["calls", "--from", "25/11/2026"], ["--from", "25/11/2026", "YYYY-MM-DD"]),
        (["calls", "--to", "2026-02-30"], ["--to", "2026-02-30"]),
        (["calls", "--to", "20260228"], ["--to", "20260228"]),
        (["calls", "--from", "2026-02-02", "--to", "2026-02-01"], ["2026-02-02", "2026-02-01"]),
        (["calls", "--json"], ["-o"]),
        (["fec", "--company", SIREN], ["--company", SIREN]),
        (["fec", "--from", "2025-12-31", "--to", "2026-12-31"], ["2025-12-31", "fiscal year"]),
        (["fec", "--to", "2026-12-31"], ["no sealed entry"]),
        (["calls", "-o", "/nowhere/at/all.csv"], ["/nowhere/at/all.csv"]),
        (["calls", "-o", "/dev/full"], ["/dev/full"]),
    ],
)
def test_what_cannot_be_used_is_said_in_one_line(cast: Cast, arguments: list[str], words: list[str]) -> None:
    sentence = refusal(*arguments)
    assert all(word in sentence for word in words), sentence


def test_the_terminal_gets_the_report_and_nothing_else(evening: Cast) -> None:
    out = io.StringIO()
    call_command("export", "calls", "--company", "999 999 006", stdout=out)
    assert out.getvalue() == exported("calls", company=evening.company)


def test_json_counts_what_was_written(evening: Cast, tmp_path: Path) -> None:
    out = io.StringIO()
    call_command("export", "ledger", "-o", str(tmp_path), "--json", stdout=out)
    assert '"rows": 12' in out.getvalue()
    assert (tmp_path / "ledger.csv").read_text() == exported("ledger")


def test_a_failed_export_leaves_the_earlier_file_as_it_was(evening: Cast, tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_text("of yesterday")
    plan = plan_export(report="calls", today=TODAY)
    broken = replace(plan, report=_Failing())
    with pytest.raises(Exception, match="division by zero"):
        save_export(broken, path, operator_siren=OPERATOR)
    assert path.read_text() == "of yesterday"
    assert os.listdir(tmp_path) == ["calls.csv"]
    save_export(plan, path, operator_siren=OPERATOR)
    assert path.read_text() == exported("calls")


class _Failing(type(REPORTS["calls"])):  # type: ignore[misc]
    """Fails on its last row, after the others were sent."""

    rows = "FROM (SELECT 1 / (1000 - i) AS x FROM generate_series(1, 1000) i) t"
    columns = tuple(column.__class__(column.name, "x") for column in REPORTS["calls"].columns)


def test_a_link_keeps_pointing_and_a_device_is_never_replaced(evening: Cast, tmp_path: Path) -> None:
    target, link = tmp_path / "target.csv", tmp_path / "link.csv"
    link.symlink_to(target)
    plan = plan_export(report="calls", today=TODAY)
    save_export(plan, link, operator_siren=OPERATOR)
    assert link.is_symlink()
    assert target.read_text() == exported("calls")
    save_export(plan, Path("/dev/null"), operator_siren=OPERATOR)
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


def test_an_operator_without_a_right_siren_gets_no_fec_name(evening: Cast, tmp_path: Path) -> None:
    with pytest.raises(IllicoError, match="OPERATOR_SIREN"):
        save_export(plan_export(report="fec", today=TODAY), tmp_path, operator_siren="123456789")
    assert not os.listdir(tmp_path)


class _Many(_Failing):
    """As many rows as its name says, of the width that a ledger's line has."""

    rows = "FROM generate_series(1, {rows}) i"
    columns = tuple(column.__class__(f"c{rank}", "'l’été ' || i") for rank, column in enumerate(REPORTS["fec"].columns))


def _peak(report: str, rows: int) -> int:
    many = _Many()
    many.rows = _Many.rows.format(rows=rows)
    plan = replace(
        plan_export(report="calls", today=TODAY), report=many, format=next(iter(REPORTS[report].formats.values()))
    )
    tracemalloc.start()
    save_export(plan, Path("/dev/null"), operator_siren=OPERATOR)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


@pytest.mark.parametrize("report", ["calls", "fec"])
def test_ten_times_the_rows_take_no_more_memory(db: None, report: str) -> None:
    _peak(report, 10)
    assert _peak(report, 100_000) <= 1.2 * _peak(report, 10_000)


def test_the_command_is_ours_and_not_the_one_of_a_library() -> None:
    assert get_commands()["export"] == "billing"
