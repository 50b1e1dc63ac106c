"""From a switch's log to the days that agents were signed in: in pieces, again, late names, corrections, the night."""

import io
from datetime import UTC, date, datetime

import pytest

from agents.models import PbxName, WorkCorrection, WorkDay
from agents.selectors_work import logged_months
from agents.services.count_work import count_work
from agents.services.judge import judge_company
from billing.services.night import run_night
from numbers.models import Recheck, StaffEvent
from numbers.services.intake import run_intake
from tests.cast import START, Cast

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 26, 2, 15, tzinfo=UTC)
T = 1795500000  # 2026-11-24 07:20 in Paris, 06:20 UTC
Q = "illico-0892690001"


def line(minutes: int, event: str, *data: str, agent: str = "A001", queue: str = Q, call: str = "NONE") -> str:
    return "|".join([str(T + 60 * minutes), call, queue, agent, event, *data]) + "\n"


MORNING = [
    line(0, "ADDMEMBER", call="REALTIME"),
    line(10, "PAUSEALL", "repas", queue="NONE"),
    line(10, "PAUSE", "repas"),
    line(40, "UNPAUSE"),
    line(0, "ADDMEMBER", "PAUSED", agent="A002", call="MANAGER"),
    line(60, "UNPAUSEALL", agent="A002", queue="NONE"),
    line(120, "REMOVEMEMBER", agent="A002", call="MANAGER"),
    line(180, "REMOVEMEMBER", call="REALTIME"),
    # Signs in once more and never out: only a call shows how long.
    line(200, "ADDMEMBER", agent="A002", call="MANAGER"),
    line(205, "ENTERQUEUE", "", "0639980001", "1", agent="NONE", call=f"{T + 12300}.1"),
    line(205, "CONNECT", "0", "x", "0", agent="A002", call=f"{T + 12300}.1"),
    line(211, "COMPLETECALLER", "0", "360", "1", agent="A002", call=f"{T + 12300}.1"),
    line(300, "ADDMEMBER", agent="Inconnue", call="MANAGER"),
]
EXPECTED = {("A001", 180, 30, True), ("A002", 131, 60, False)}


def take(cast: Cast, *lines: str) -> None:
    data = "".join(lines).encode()
    run_intake(connector="asterisk-queue-log", path=io.BytesIO(data), source=cast.source, now=NOW, name="log")


def count(cast: Cast) -> int:
    judge_company(company_id=cast.company.pk, since=START, now=NOW)
    return count_work(company_id=cast.company.pk, since=START, now=NOW).days


def days() -> set[tuple[str, int, int, bool]]:
    rows = WorkDay.objects.values_list("agent__employee_number", "logged_ms", "paused_ms", "is_complete")
    return {(agent, logged // 60_000, paused // 60_000, complete) for agent, logged, paused, complete in rows}


def test_a_day_from_its_log_whole_in_pieces_and_again(cast: Cast) -> None:
    take(cast, *MORNING[:5])
    take(cast, *MORNING[3:])
    assert (count(cast), days()) == (2, EXPECTED)
    take(cast, *MORNING)
    assert StaffEvent.objects.count() == 10
    assert not Recheck.objects.filter(stage="work").exists(), "a file that says nothing new asks for nothing"
    assert (count(cast), days()) == (0, EXPECTED)


def test_a_name_told_late_is_counted_and_one_withdrawn_no_longer(cast: Cast) -> None:
    take(cast, *MORNING)
    count(cast)
    name = PbxName.objects.create(source=cast.source, name="Inconnue", agent=cast.agents["A003"], valid_from=START)
    count(cast)
    assert days() == EXPECTED | {("A003", 0, 0, False)}
    name.delete()
    count(cast)
    assert days() == EXPECTED


def test_a_correction_stands_until_it_is_withdrawn(cast: Cast) -> None:
    take(cast, *MORNING)
    correction = WorkCorrection.objects.create(
        agent=cast.agents["A002"], day=date(2026, 11, 24), by="superviseur@example.org", reason="sortie oubliée",
        started_at=datetime(2026, 11, 24, 6, 20, tzinfo=UTC), ended_at=datetime(2026, 11, 24, 10, 20, tzinfo=UTC),
        paused_ms=1_800_000,
    )  # fmt: skip
    count(cast)
    assert ("A002", 240, 30, True) in days()
    month = logged_months(company_id=cast.company.pk, first=date(2026, 11, 1), last=date(2026, 11, 30))
    assert month[cast.agents["A002"].pk, date(2026, 11, 1)].ready_ms == 210 * 60_000
    correction.delete()
    count(cast)
    assert days() == EXPECTED


def test_the_night_counts_it_and_the_rival_has_none_of_it(cast: Cast) -> None:
    take(cast, *MORNING)
    run = run_night(day=date(2026, 11, 25), now=NOW)
    assert days() == EXPECTED
    assert run.summary["stages"]["work"] == {"days": 2}
    assert not WorkDay.objects.filter(company=cast.rival).exists()
