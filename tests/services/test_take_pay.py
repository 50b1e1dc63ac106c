"""Payroll files from the space: read once as the company's own, deleted, and the fund moves without the night."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone

from agents.connectors.dsn_writer import WrittenDeclaration, WrittenEmployee, write_dsn
from agents.models import Agent, PayrollDeclaration, PayrollFile, PayrollNumber, PayrollUpload, Payslip
from agents.services.match_by_hand import MatchRefused, match_by_hand, payslip_numbers, undo_match
from agents.services.payroll_uploads import forget_unread, keep_upload, read_upload, start_reading
from billing.models import Entry, FundMonth, WagePolicy
from billing.portal.payroll_words import words_of
from billing.selectors_counted import declared_pay
from billing.selectors_wages import base_of
from billing.services.night import run_night
from billing.services.take_pay import FUND_WAITS, declare_pay, release_now, take_pay
from tests.admin_rows import DAY, run_stages, store_day
from tests.cast import RIVAL_SIREN, SIREN, Cast

SAMPLE = Path(__file__).resolve().parents[2] / "sample/payroll/allo_conseil_2026_11.dsn"
NOW = datetime(2026, 11, 25, 15, tzinfo=UTC)
NOVEMBER = date(2026, 11, 1)
pytestmark = pytest.mark.usefixtures("check_deferred")


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


def dsn(employees: list[WrittenEmployee], *, siren: str = SIREN, what: WrittenDeclaration | None = None) -> bytes:
    return write_dsn(siren=siren, nic="00011", month=NOVEMBER, employees=employees, declaration=what)


def bring(cast: Cast, content: bytes, name: str = "novembre.dsn", connector: str = "dsn") -> PayrollUpload:
    assert cast.owner is not None
    file = SimpleUploadedFile(name, content)
    return keep_upload(company=cast.company, connector=connector, content=file, by=cast.owner, now=NOW)


def read(upload_id: int, *, now: datetime = NOW) -> PayrollUpload:
    start_reading(upload_id=upload_id, now=now)
    return read_upload(upload_id=upload_id, now=now)


def kept_files(settings: Any) -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_the_file_waits_encrypted_and_is_gone_once_read(
    cast: Cast, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    content = SAMPLE.read_bytes()
    upload = bring(cast, content)
    (kept,) = kept_files(settings)
    assert b"S21.G00" not in kept.read_bytes()
    with django_capture_on_commit_callbacks(execute=True):
        done = read(upload.pk)
    assert (done.state, done.stored_as, done.ended_at) == ("done", "", NOW)
    assert kept_files(settings) == []
    file = PayrollFile.objects.get()
    assert (file.file_name, file.by, file.sha256) == ("novembre.dsn", cast.owner, hashlib.sha256(content).hexdigest())
    assert done.outcome["payslips"] == 6


def test_read_twice_it_is_read_once(cast: Cast) -> None:
    upload = bring(cast, SAMPLE.read_bytes())
    first = read(upload.pk)
    again = read(upload.pk, now=NOW.replace(hour=16))
    assert again.ended_at == first.ended_at
    assert PayrollDeclaration.objects.count() == 1


def test_a_reading_that_was_killed_is_taken_up_again(cast: Cast) -> None:
    upload = bring(cast, SAMPLE.read_bytes())
    PayrollUpload.objects.filter(pk=upload.pk).update(state="reading", started_at=NOW)
    assert read(upload.pk).state == "done"


def test_the_pay_of_another_siren_is_refused_whole(cast: Cast) -> None:
    foreign = dsn([WrittenEmployee("A001", 2_000_00)], siren=RIVAL_SIREN)
    upload = read(bring(cast, foreign).pk)
    assert upload.state == "refused"
    assert (upload.fault["field"], upload.fault["value"]) == ("SIREN", RIVAL_SIREN)
    mixed = (
        "month;siren;siret;employee_number;gross;hours_paid;workplace_insee\n"
        f"2026-11;{SIREN};{SIREN}00011;A001;2000.00;151.67;59350\n"
        f"2026-11;{RIVAL_SIREN};{RIVAL_SIREN}00011;X001;2000.00;151.67;59350\n"
    )
    assert read(bring(cast, mixed.encode(), "paie.csv", "csv").pk).state == "refused"
    assert not PayrollFile.objects.exists()
    assert not Payslip.objects.exists()


def test_a_siren_that_nobody_has_is_told_as_another_companys(cast: Cast) -> None:
    texts = set()
    for siren in (RIVAL_SIREN, "732829320"):
        upload = read(bring(cast, dsn([], siren=siren)).pk)
        texts.add(upload.fault["expected"])
    assert len(texts) == 1


def test_a_copy_that_is_gone_is_told(cast: Cast, settings: Any) -> None:
    upload = bring(cast, SAMPLE.read_bytes())
    for path in kept_files(settings):
        path.unlink()
    done = read(upload.pk)
    assert done.state == "refused"
    assert "bring the file again" in done.fault["sentence"]


def test_a_file_that_nobody_read_is_not_kept(
    cast: Cast, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    upload = bring(cast, SAMPLE.read_bytes())
    assert forget_unread(now=NOW + timedelta(days=6)) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert forget_unread(now=NOW + timedelta(days=8)) == 1
    upload.refresh_from_db()
    assert (upload.state, upload.stored_as, kept_files(settings)) == ("refused", "", [])


def test_what_was_replaced_is_named(cast: Cast) -> None:
    first = dsn([WrittenEmployee("A001", 2_000_00)])
    read(bring(cast, first).pk)
    old = PayrollDeclaration.objects.get()
    second = dsn([WrittenEmployee("A001", 1_900_00)], what=WrittenDeclaration("03", order=2, replaces="011120261"))
    upload = read(bring(cast, second).pk)
    assert upload.outcome["replaced"] == [old.pk]


def test_the_fund_moves_at_once_and_the_night_adds_nothing(cast: Cast) -> None:
    store_day(cast)
    run_stages(cast)
    held = FundMonth.objects.get(company=cast.company)
    assert held.released == 0 < held.held
    take_pay(upload_id=bring(cast, dsn([WrittenEmployee("A001", 2_000_00)])).pk, now=NOW)
    fund = FundMonth.objects.get(company=cast.company)
    assert (fund.released, fund.credited, fund.is_declared) == (fund.held, Decimal("2000.00"), True)
    releases = Entry.objects.filter(company=cast.company, kind=Entry.Kind.RELEASE)
    assert releases.count() == 1
    release_now(company_id=cast.company.pk, now=NOW)
    run_night(day=DAY, now=NOW.replace(day=26))
    assert releases.count() == 1
    assert FundMonth.objects.get(company=cast.company).released == fund.released


@pytest.mark.parametrize("way", ["page", "command", "service"])
def test_the_fund_moves_alike_whichever_way_pay_came(
    cast: Cast, way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_day(cast)
    run_stages(cast)
    content, path = dsn([WrittenEmployee("A001", 2_000_00)]), tmp_path / "novembre.dsn"
    path.write_bytes(content)
    if way == "page":
        take_pay(upload_id=bring(cast, content).pk, now=NOW)
    elif way == "command":
        monkeypatch.setattr(timezone, "now", lambda: NOW)
        call_command("payroll", "dsn", str(path), stdout=StringIO())
    else:
        declare_pay(connector="dsn", path=path, now=NOW)
    fund = FundMonth.objects.get(company=cast.company)
    assert (fund.released, fund.credited, fund.is_declared) == (fund.held, Decimal("2000.00"), True)
    release = Entry.objects.get(company=cast.company, kind=Entry.Kind.RELEASE)
    lines = release.lines.order_by("account_id").values_list("account_id", "debit", "credit")
    assert list(lines) == [("4671", 0, fund.held), ("4672", fund.held, 0)]


def test_pay_stays_in_and_a_person_is_told_when_the_fund_cannot_follow(cast: Cast, tmp_path: Path) -> None:
    WagePolicy.objects.all().delete()  # whatever goes wrong: here nobody says what is owed to wages
    content, path = dsn([WrittenEmployee("A001", 2_000_00)]), tmp_path / "novembre.dsn"
    path.write_bytes(content)
    upload = take_pay(upload_id=bring(cast, content).pk, now=NOW)
    upload.refresh_from_db()
    assert (upload.state, upload.outcome["notes"]) == ("done", [FUND_WAITS])
    assert words_of(FUND_WAITS) != FUND_WAITS
    assert Payslip.objects.get().agent == cast.agents["A001"]
    assert FUND_WAITS in declare_pay(connector="dsn", path=path, now=NOW).notes


def test_a_cancelled_declaration_is_taken_back_at_once(cast: Cast) -> None:
    store_day(cast)
    run_stages(cast)
    take_pay(upload_id=bring(cast, dsn([WrittenEmployee("A001", 2_000_00)])).pk, now=NOW)
    cancel = dsn([], what=WrittenDeclaration("04", order=2, replaces="011120261"))
    take_pay(upload_id=bring(cast, cancel).pk, now=NOW)
    fund = FundMonth.objects.get(company=cast.company)
    assert (fund.released, fund.is_declared) == (0, False)


def test_numbers_add_up_to_the_months_base_and_due(cast: Cast) -> None:
    store_day(cast)
    store_day(cast, number="0892690002", copies=3)
    run_stages(cast)
    fund = FundMonth.objects.get(company=cast.company)
    rows = base_of(company_id=cast.company.pk, month=NOVEMBER)
    assert [row.number.digits for row in rows] == ["0892690001", "0892690002"]
    assert (sum(row.cents.base for row in rows), sum(row.cents.due for row in rows)) == (
        fund.base * 100,
        fund.due * 100,
    )
    assert [row.calls for row in rows] == [2, 6]


def test_a_match_by_hand_holds_for_later_files_and_is_undone(cast: Cast) -> None:
    read(bring(cast, dsn([WrittenEmployee("P7", 1_000_00)])).pk)
    payslip = Payslip.objects.get()
    match = match_by_hand(payslip=payslip, agent=cast.agents["A002"])
    payslip.refresh_from_db()
    assert payslip.agent == cast.agents["A002"]
    assert declared_pay(company_id=cast.company.pk, year=2026)[NOVEMBER].credited_cents == 1_000_00
    again = dsn([WrittenEmployee("P7", 1_200_00)], what=WrittenDeclaration("03", order=2, replaces="011120261"))
    read(bring(cast, again).pk)
    assert Payslip.objects.get(declaration__in_force=True).agent == cast.agents["A002"]
    undo_match(match=match)
    assert Payslip.objects.get(declaration__in_force=True).agent is None
    assert not PayrollNumber.objects.exists()


def test_an_agents_own_number_outweighs_a_match(cast: Cast) -> None:
    read(bring(cast, dsn([WrittenEmployee("P7", 1_000_00)])).pk)
    match_by_hand(payslip=Payslip.objects.get(), agent=cast.agents["A002"])
    own = Agent.objects.create(company=cast.company, employee_number="P7")
    again = dsn([WrittenEmployee("P7", 900_00)], what=WrittenDeclaration("03", order=2, replaces="011120261"))
    read(bring(cast, again).pk)
    assert Payslip.objects.get(declaration__in_force=True).agent == own


def test_a_match_across_companies_or_without_a_number_is_refused(cast: Cast) -> None:
    read(bring(cast, dsn([WrittenEmployee("P7", 1_000_00)])).pk)
    payslip = Payslip.objects.get()
    stranger = Agent.objects.create(company=cast.rival, employee_number="R1")
    with pytest.raises(MatchRefused, match="entreprise"):
        match_by_hand(payslip=payslip, agent=stranger)
    Payslip.objects.filter(pk=payslip.pk).update(employee_number="", contract_numbers=["00001", "00002"])
    payslip.refresh_from_db()
    assert payslip_numbers([payslip]) == {payslip.pk: ""}
    with pytest.raises(MatchRefused, match="matricule"):
        match_by_hand(payslip=payslip, agent=cast.agents["A001"])
