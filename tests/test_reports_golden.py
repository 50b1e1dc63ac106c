"""Each report of the evening, byte for byte; and no report without a golden folder, no folder without a report.

``GOLDEN_WRITE=1 pytest tests/test_reports_golden.py`` rewrites the files; the difference is then read like code.
"""

import io
import os
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import time_machine
from django.db import connection

from billing.reports.base import REPORTS
from billing.services.count_jobs import count_jobs
from billing.services.export import plan_export, write_export
from numbers.models import Recheck
from tests.cast import Cast, make_cast
from tests.exported import TODAY, paid_evening, train_and_send_home
from tests.scenarios.test_evening import NOW, all_stages

GOLDEN = Path(__file__).parent / "golden" / "reports"
NOVEMBER = date(2026, 11, 1)
OF_PEOPLE = ("agents", "homeshoring", "training")  # these show a home agreement and certificates beside the evening


def evening_with_a_late_change(cast: Cast) -> None:
    """The evening with pay for part of it, then a proof that is withdrawn: corrections are in the books too."""
    paid_evening(cast)
    cast.agents["A005"].proofs.all().delete()
    all_stages(cast.company.pk)
    count_jobs(company_id=cast.company.pk, day=TODAY, since=date(2026, 1, 1), now=NOW)


def test_every_report_has_a_golden_folder_and_every_folder_a_report() -> None:
    assert set(REPORTS) == {path.name for path in GOLDEN.iterdir()}


@pytest.mark.django_db(transaction=True, reset_sequences=True)
@pytest.mark.parametrize("key", list(REPORTS))
def test_a_report_of_the_evening_is_its_golden_file(key: str) -> None:
    with connection.cursor() as cursor:  # calls are no table of Django's, whose sequences were just reset
        cursor.execute("SELECT setval(pg_get_serial_sequence('numbers_call', 'id'), 1, false)")
    Recheck.objects.all().delete()  # on a new database, those of the rows that migrations lay bear the first numbers
    with time_machine.travel(datetime(2026, 11, 26, 1, tzinfo=UTC), tick=False):
        cast = make_cast()
        if key in OF_PEOPLE:
            train_and_send_home(cast)
        evening_with_a_late_change(cast)
    plan = plan_export(
        report=key,
        company=cast.company if REPORTS[key].needs_company else None,
        since=NOVEMBER,
        until=date(2026, 11, 30),
        today=date(2026, 11, 26),
    )
    out = io.BytesIO()
    write_export(plan, out)
    written = files_of(out, plan.format.extension)
    for name, content in written.items() if os.environ.get("GOLDEN_WRITE") else ():
        (GOLDEN / key / name).write_bytes(content)
    assert written == {path.name: path.read_bytes() for path in (GOLDEN / key).iterdir()}


def files_of(out: io.BytesIO, extension: str) -> dict[str, bytes]:
    """A report as its golden files: a pack is read file by file, so that people can read it too."""
    if extension != "zip":
        return {f"expected.{extension}": out.getvalue()}
    with zipfile.ZipFile(out) as pack:
        return {name: pack.read(name) for name in pack.namelist()}
