"""manage.py export: one clear line, or one whole file, and a memory that does not grow."""

import io
import os
import stat
import subprocess
import sys
import tracemalloc
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command, get_commands
from django.db import connection

from billing.reports.base import REPORTS
from billing.services.export import plan_export, save_export
from illico_platform.lib.errors import IllicoError
from tests.cast import SIREN, Cast
from tests.exported import OPERATOR, TODAY, exported, paid_evening

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def evening(cast: Cast) -> Cast:
    return paid_evening(cast)


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


def test_a_reader_that_stops_early_is_no_error(cast: Cast) -> None:
    test_database = urlsplit(settings.DATABASE_URL)._replace(path=f"/{connection.settings_dict['NAME']}")
    environment = os.environ | {"DATABASE_URL": test_database.geturl()}
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "manage.py", "export", "calls"]
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(command, cwd=root, stdout=writer, stderr=subprocess.PIPE, env=environment, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")
