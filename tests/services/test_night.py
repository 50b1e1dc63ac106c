"""The night as a whole: one failing company is parked, refused calls come back, a stopped run is taken up again."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db import connection

from agents.models import JudgedDay
from billing.models import Entry, Run, RunStage
from billing.services.night import run_night, start_night
from numbers.models import Call, RejectedRow
from numbers.services.intake import run_intake
from tests.cast import Cast, make_number
from tests.scenarios.test_evening import evening_rows
from tests.stored_calls import store_calls

pytestmark = pytest.mark.django_db(transaction=True)
DAY = date(2026, 11, 25)
NOW = datetime(2026, 11, 26, 1, 15, tzinfo=UTC)
LOG = Path(__file__).resolve().parents[2] / "sample" / "evening" / "queue_log"


def test_a_failing_company_is_parked_and_the_rest_goes_on(cast: Cast) -> None:
    store_calls(cast.source, evening_rows())
    call = {**evening_rows()[0], "number": "0892690009", "external_id": "r1", "agent": "A001"}
    store_calls(cast.rival_source, [call])
    broken = cast.numbers["0892690001"].pk
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE agents_judgedday ADD CONSTRAINT broken CHECK (number_id <> {broken})")
    try:
        run = run_night(day=DAY, now=NOW)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE agents_judgedday DROP CONSTRAINT broken")
    assert run.status == Run.Status.PARKED
    [parked] = run.stages.filter(status=RunStage.Status.PARKED)
    assert (parked.company, parked.stage) == (cast.company, "judge")
    assert "broken" in parked.reason
    assert JudgedDay.objects.filter(company=cast.rival).exists()
    assert not JudgedDay.objects.filter(company=cast.company).exists()

    again = run_night(day=DAY, now=NOW)
    assert again.status == Run.Status.DONE
    assert Entry.objects.filter(company=cast.company, kind="day").count() == 2


def test_refused_calls_come_back_once_their_number_is_known(cast: Cast) -> None:
    number = cast.numbers["0892690002"]
    number.tariffs.all().delete()
    number.hours.all().delete()
    number.delete()
    report = run_intake(connector="asterisk-queue-log", path=LOG, source=cast.source, now=NOW)
    assert (report.calls, report.rejected) == (74, 20)
    run_night(day=DAY, now=NOW)
    assert Call.objects.count() == 74

    make_number(cast.company, "0892690002")
    run_night(day=DAY, now=NOW)
    assert Call.objects.count() == 94
    assert not RejectedRow.objects.filter(replayed_at=None).exists()
    assert Entry.objects.filter(company=cast.company, kind="day").count() == 2


def test_a_run_that_was_stopped_is_taken_up_again(cast: Cast) -> None:
    stopped = start_night(day=DAY, now=NOW)
    assert run_night(day=DAY, now=NOW).pk == stopped.pk
    assert run_night(day=DAY, now=NOW).pk != stopped.pk


def test_progress_hears_of_each_company(cast: Cast) -> None:
    heard = []
    run = run_night(day=DAY, now=NOW, progress=lambda company, well: heard.append((company.siren, well)))
    assert heard == [(cast.company.siren, True), (cast.rival.siren, True)]
    assert run.summary["stages"]["judge"]["calls"] == 0
