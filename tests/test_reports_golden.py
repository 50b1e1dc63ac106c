"""Each report of the evening, byte for byte; and no report without a golden folder, no folder without a report.

``GOLDEN_WRITE=1 pytest tests/test_reports_golden.py`` rewrites the files; the difference is then read like code.
"""

import io
import os
from datetime import date
from pathlib import Path

import pytest

from billing.reports.base import REPORTS
from billing.services.export import plan_export, write_export
from tests.cast import Cast
from tests.exported import paid_evening
from tests.scenarios.test_evening import all_stages

GOLDEN = Path(__file__).parent / "golden" / "reports"
NOVEMBER = date(2026, 11, 1)


def evening_with_a_late_change(cast: Cast) -> None:
    """The evening with pay for part of it, then a proof that is withdrawn: corrections are in the books too."""
    paid_evening(cast)
    cast.agents["A005"].proofs.all().delete()
    all_stages(cast.company.pk)


def test_every_report_has_a_golden_folder_and_every_folder_a_report() -> None:
    assert set(REPORTS) == {path.name for path in GOLDEN.iterdir()}


@pytest.mark.django_db(transaction=True, reset_sequences=True)
@pytest.mark.parametrize("key", list(REPORTS))
def test_a_report_of_the_evening_is_its_golden_file(cast: Cast, key: str) -> None:
    evening_with_a_late_change(cast)
    plan = plan_export(report=key, since=NOVEMBER, until=date(2026, 11, 30), today=date(2026, 11, 26))
    out = io.BytesIO()
    write_export(plan, out)
    path = GOLDEN / key / f"expected.{plan.format.extension}"
    if os.environ.get("GOLDEN_WRITE"):
        path.write_bytes(out.getvalue())
    assert out.getvalue() == path.read_bytes()
