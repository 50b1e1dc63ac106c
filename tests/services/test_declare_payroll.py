"""Payroll files arriving: once, late, in any order, corrected, unmatched; and what is never written down."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import StringIO
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents.connectors.base import UnusablePayrollFile
from agents.connectors.dsn_writer import WrittenDeclaration, WrittenEmployee, write_dsn
from agents.models import Agent, PayrollDeclaration, PayrollFile, PayrollMonth, Payslip
from agents.services.declare_payroll import PayrollReport, declare_payroll
from agents.services.match_payslips import match_payslips
from billing.selectors_counted import declared_pay
from illico_platform.lib.errors import UnusableInput
from illico_platform.lib.money import euros_of_cents
from illico_platform.lib.registry import UnknownKey
from tests.cast import RIVAL_SIREN, SIREN, Cast

GOLDEN = Path(__file__).resolve().parents[1] / "golden/payroll"
SAMPLE = Path(__file__).resolve().parents[2] / "sample/payroll/allo_conseil_2026_11.dsn"
NOW = datetime(2026, 12, 6, 9, tzinfo=UTC)
NOVEMBER, APRIL = date(2026, 11, 1), date(2026, 4, 1)
NIR, IBAN = "1990199999", "FR14200410"


def declare(path: Path, *, connector: str = "dsn", now: datetime = NOW) -> PayrollReport:
    return declare_payroll(connector=connector, path=path, now=now)


def write(
    folder: Path,
    name: str,
    employees: list[WrittenEmployee],
    what: WrittenDeclaration | None = None,
    nic: str = "00011",
) -> Path:
    path = folder / name
    path.write_bytes(write_dsn(siren=SIREN, nic=nic, month=NOVEMBER, employees=employees, declaration=what))
    return path


def table(folder: Path, name: str, rows: list[str]) -> Path:
    path = folder / name
    path.write_text("\n".join(["month;siren;siret;employee_number;gross;hours_paid;workplace_insee", *rows]))
    return path


def pay(cast: Cast, month: date = NOVEMBER) -> Decimal | None:
    found = declared_pay(company_id=cast.company.pk, year=2026).get(month)
    return None if found is None else euros_of_cents(found.credited_cents)


def revision(cast: Cast, month: date = NOVEMBER) -> int:
    found = PayrollMonth.objects.filter(company=cast.company, month=month).first()
    return found.revision if found else 0


def standing() -> list[tuple[Any, ...]]:
    """The end state that must not depend on the order of arrival."""
    slips = Payslip.objects.order_by("declaration__digest", "pk").values_list(
        "declaration__digest", "declaration__in_force", "agent__employee_number", "gross"
    )
    return list(slips)


def test_the_sample_gives_each_agent_a_payslip(cast: Cast) -> None:
    report = declare(SAMPLE)
    assert (report.declarations, report.payslips, report.matched, report.unmatched) == (1, 6, 6, 0)
    assert (report.months, report.notes) == (["2026-11"], [])
    assert pay(cast) == sum(Payslip.objects.values_list("gross", flat=True))
    assert Payslip.objects.get(agent=cast.agents["A001"]).hours_paid == Decimal("151.67")


def test_the_same_file_twice_changes_nothing_and_says_so(cast: Cast) -> None:
    declare(SAMPLE)
    before = standing()
    again = declare(SAMPLE, now=NOW + timedelta(days=1))
    assert (again.declarations, again.payslips, again.duplicates) == (0, 0, 1)
    assert "taken in before" in again.notes[0]
    assert (standing(), revision(cast), PayrollFile.objects.count()) == (before, 1, 1)


def test_the_same_declaration_in_another_file_is_a_duplicate(cast: Cast, tmp_path: Path) -> None:
    declare(SAMPLE)
    other = tmp_path / "again.dsn"
    other.write_bytes(SAMPLE.read_bytes().replace(b"\r\n", b"\n"))
    assert declare(other).duplicates == 1
    assert (PayrollDeclaration.objects.count(), revision(cast)) == (1, 1)


def test_a_replacement_takes_the_place_and_keeps_the_history(cast: Cast) -> None:
    declare(GOLDEN / "dsn/s01_deux_salaries.dsn")
    declare(GOLDEN / "dsn/s02_annule_et_remplace.dsn")
    assert sorted(Payslip.objects.filter(declaration__in_force=True).values_list("gross", flat=True)) == [
        Decimal("1950.00"),
        Decimal("2431.18"),
    ]
    assert Payslip.objects.count() == 4
    assert revision(cast, APRIL) == 2


def test_a_cancelled_month_is_not_declared_and_a_nil_month_is(cast: Cast, tmp_path: Path) -> None:
    one = [WrittenEmployee("A001", 2_000_00)]
    declare(write(tmp_path, "1.dsn", one))
    declare(write(tmp_path, "2.dsn", [], WrittenDeclaration("04", order=2, replaces="011120261")))
    assert pay(cast) is None
    declare(write(tmp_path, "3.dsn", [], WrittenDeclaration("02", order=3)))
    assert pay(cast) == 0


def test_any_order_of_arrival_ends_in_the_same_state(cast: Cast, tmp_path: Path) -> None:
    one, two = WrittenEmployee("A001", 2_000_00), WrittenEmployee("A002", 1_900_00)
    files = [
        write(tmp_path, "1.dsn", [one], WrittenDeclaration(fraction="12")),
        write(tmp_path, "2.dsn", [two], WrittenDeclaration(fraction="22")),
        write(tmp_path, "3.dsn", [WrittenEmployee("A001", 1_500_00)], WrittenDeclaration("03", "12", 2, "011120261")),
        write(tmp_path, "4.dsn", [one, two], WrittenDeclaration(order=9, is_test=True)),
    ]
    states = []
    for order in permutations(files):
        for path in order:
            declare(path)
        assert pay(cast) == Decimal("3400.00")
        states.append(standing())
        Payslip.objects.all().delete()
        PayrollDeclaration.objects.all().delete()
        PayrollFile.objects.all().delete()
    assert all(state == states[0] for state in states)


def gross_lines(path: Path) -> dict[str, Decimal]:
    """Gross of each establishment of a file, by adding its lines up one by one."""
    sums: dict[str, Decimal] = {}
    siret = kind = ""
    for rubric, value in (line.split(",", 1) for line in path.read_text("latin-1").splitlines()):
        value = value[1:-1]
        siret = f"{SIREN}{value}" if rubric == "S21.G00.11.001" else siret
        kind = value if rubric == "S21.G00.51.011" else kind
        if rubric == "S21.G00.51.013" and kind == "001":
            sums[siret] = sums.get(siret, Decimal(0)) + Decimal(value)
    return sums


SAMPLES = sorted((GOLDEN / "dsn").glob("s0*.dsn"))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(SAMPLES), min_size=2, unique=True), st.randoms(use_true_random=False))
def test_the_pay_of_a_month_is_the_sum_of_its_lines_whatever_the_order(
    cast: Cast, files: list[Path], random: Any
) -> None:
    ends = []
    for order in (sorted(files), random.sample(files, len(files))):
        with transaction.atomic():
            for path in order:
                declare(path)
            counting = PayrollDeclaration.objects.filter(in_force=True).select_related("file")
            lines = [gross_lines(GOLDEN / "dsn" / one.file.file_name).get(one.siret, Decimal(0)) for one in counting]
            slips = Payslip.objects.filter(declaration__in_force=True).values_list("gross", flat=True)
            assert sum(slips) == sum(lines)
            ends.append(sorted(counting.values_list("digest", flat=True)))
            transaction.set_rollback(True)
    assert ends[0] == ends[1]


def test_a_missing_fraction_is_named(cast: Cast) -> None:
    report = declare(GOLDEN / "dsn/s09_fraction_1_sur_2.dsn")
    assert any("fraction 2 of 2 has not come yet" in note for note in report.notes)
    assert not any("fraction" in note for note in declare(GOLDEN / "dsn/s09_fraction_2_sur_2.dsn").notes)


def test_two_establishments_add_up(cast: Cast, tmp_path: Path) -> None:
    declare(write(tmp_path, "1.dsn", [WrittenEmployee("A001", 2_000_00)]))
    declare(write(tmp_path, "2.dsn", [WrittenEmployee("A001", 100_00)], nic="00029"))
    assert pay(cast) == Decimal("2100.00")


def test_people_who_share_a_contract_number_are_not_matched_by_it(cast: Cast) -> None:
    Agent.objects.create(company=cast.company, employee_number="00001")
    report = declare(GOLDEN / "dsn/s07_deux_etablissements.dsn")
    assert (report.matched, report.unmatched) == (0, 2)
    assert report.unknown[0] == "2026-04: no agent of Allô Conseil for the payslip of contract 00001 A. M."


def test_a_contract_number_of_one_person_matches(cast: Cast) -> None:
    agent = Agent.objects.create(company=cast.company, employee_number="00001")
    assert declare(GOLDEN / "dsn/s01_deux_salaries.dsn").matched == 1
    assert Payslip.objects.get(agent=agent).initials == "A. M."


def test_an_unmatched_payslip_is_kept_and_matched_when_the_agent_comes(cast: Cast, tmp_path: Path) -> None:
    report = declare(write(tmp_path, "1.dsn", [WrittenEmployee("A001", 2_000_00), WrittenEmployee("A077", 1_800_00)]))
    assert (report.matched, report.unmatched) == (1, 1)
    assert "A077 A. E." in report.unknown[0]
    assert (pay(cast), match_payslips(cast.company)) == (Decimal("2000.00"), set())
    agent = Agent.objects.create(company=cast.company, employee_number="A077")
    assert match_payslips(cast.company) == {NOVEMBER}
    assert (pay(cast), revision(cast)) == (Decimal("3800.00"), 2)
    agent.employee_number = "A078"
    agent.save()
    assert match_payslips(cast.company) == {NOVEMBER}
    assert pay(cast) == Decimal("2000.00")


def test_an_agent_of_another_company_is_not_matched(cast: Cast, tmp_path: Path) -> None:
    Agent.objects.create(company=cast.rival, employee_number="B001")
    assert declare(write(tmp_path, "1.dsn", [WrittenEmployee("B001", 2_000_00)])).unmatched == 1


def test_good_rows_of_a_table_go_in_and_the_latest_table_speaks_for_the_month(cast: Cast, tmp_path: Path) -> None:
    head = f"2026-11;{SIREN};99999900600011;"
    report = declare(
        table(tmp_path, "1.csv", [head + "A001;2000,00;151,67;59350", head + "A002;beaucoup;;"]), connector="csv"
    )
    assert (report.matched, report.rejected, report.rejects[0].line) == (1, 1, 3)
    both = [head + "A001;2000,00;151,67;59350", head + "A002;1900,00;;"]
    declare(table(tmp_path, "2.csv", both), connector="csv", now=NOW + timedelta(hours=1))
    assert pay(cast) == Decimal("3900.00")
    again = declare(table(tmp_path, "3.csv", [*both, ""]), connector="csv", now=NOW + timedelta(hours=2))
    assert (again.duplicates, revision(cast)) == (1, 2)


def test_a_dsn_outweighs_a_table_whichever_comes_last(cast: Cast, tmp_path: Path) -> None:
    declare(SAMPLE)
    before = pay(cast)
    declare(table(tmp_path, "1.csv", [f"2026-11;{SIREN};99999900600011;A001;9000;;"]), connector="csv")
    assert pay(cast) == before


def test_an_unknown_siren_is_named_and_nothing_is_kept(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "1.dsn"
    path.write_bytes(write_dsn(siren="732829320", nic="00074", month=NOVEMBER, employees=[]))
    with pytest.raises(UnusablePayrollFile, match="732829320"):
        declare(path)
    assert PayrollFile.objects.count() == 0


@pytest.mark.parametrize("name", sorted(path.name for path in (GOLDEN / "dsn").glob("bad_*.dsn")))
def test_a_faulty_file_leaves_nothing_behind(cast: Cast, name: str) -> None:
    with pytest.raises(UnusablePayrollFile):
        declare(GOLDEN / "dsn" / name)
    assert (PayrollFile.objects.count(), Payslip.objects.count()) == (0, 0)


def test_a_file_that_is_not_there_and_a_format_that_does_not_exist(cast: Cast, tmp_path: Path) -> None:
    with pytest.raises(UnusableInput, match=r"nothing\.dsn"):
        declare(tmp_path / "nothing.dsn")
    with pytest.raises(UnknownKey, match="csv, dsn"):
        declare(SAMPLE, connector="dads")


def test_no_social_security_number_account_or_name_is_in_the_database(cast: Cast) -> None:
    for path in sorted((GOLDEN / "dsn").glob("s0*.dsn")):
        declare(path)
    stored = ""
    with connection.cursor() as cursor:
        for model in apps.get_app_config("agents").get_models():
            cursor.execute(f'SELECT t::text FROM "{model._meta.db_table}" t')
            stored += "".join(row for (row,) in cursor.fetchall())
    assert "99999900600011" in stored
    assert [found for found in (NIR, IBAN, "DURAND", "Alice", "01011961") if found in stored] == []


def run(*args: str) -> tuple[int, str, str]:
    """Exit code, output and errors of ``manage.py payroll``."""
    out, err = StringIO(), StringIO()
    try:
        call_command("payroll", *args, stdout=out, stderr=err)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue(), err.getvalue()
    except CommandError as error:
        return error.returncode, out.getvalue(), str(error)
    return 0, out.getvalue(), err.getvalue()


def test_the_command_says_what_it_did(cast: Cast) -> None:
    code, out, _ = run("dsn", str(SAMPLE), "--json")
    assert code == 0
    assert out.strip() == (
        '{"read": 489, "declarations": 1, "payslips": 6, "matched": 6, "unmatched": 0, '
        '"duplicates": 0, "rejected": 0, "months": ["2026-11"]}'
    )


def test_the_command_ends_with_1_when_a_person_is_needed(cast: Cast, tmp_path: Path) -> None:
    code, _, err = run("dsn", str(write(tmp_path, "1.dsn", [WrittenEmployee("A077", 1_800_00)])))
    assert code == 1
    assert "A077" in err
    code, _, err = run("csv", str(table(tmp_path, "1.csv", [f"2026-11;{RIVAL_SIREN};x;A;1;;"])))
    assert code == 1
    assert "line 2: siret is 'x'" in err


def test_the_command_ends_with_2_and_one_line_when_the_file_is_unusable(cast: Cast) -> None:
    code, out, err = run("dsn", str(GOLDEN / "dsn/bad_amount_comma.dsn"), "--json")
    assert (code, out, err.count("\n")) == (2, "", 0)
    assert "bad_amount_comma.dsn, line 90: S21.G00.51.013 is '2000,00'" in err
