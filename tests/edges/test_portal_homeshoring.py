"""Home against site: the page's and the file's figures against the verdicts counted otherwise, and their calls."""

import csv
import io
from datetime import UTC, datetime
from statistics import mean
from typing import Any

import pytest
from django.test import Client

from agents.models import Verdict, WorkDay
from numbers.models import Call
from tests.cast import Cast
from tests.edges.portal import EVENING, look, play_evening, signed_in, text_of

HOME = ("A001", "A002")


@pytest.fixture
def evening(cast: Cast) -> Cast:
    """The evening with A001 and A002 at home, A005 unproven, the log of A001's and A003's time known."""
    for name in HOME:
        cast.agents[name].proofs.update(place="home", site=None)
    cast.agents["A005"].proofs.all().delete()
    play_evening(cast)
    start, end = datetime(2026, 11, 25, 17, tzinfo=UTC), datetime(2026, 11, 25, 19, tzinfo=UTC)
    for name in ("A001", "A003"):
        WorkDay.objects.create(
            company=cast.company, agent=cast.agents[name], day=EVENING, logged_ms=7_200_000, paused_ms=1_200_000,
            first_in=start, last_out=end,
        )  # fmt: skip
    return cast


def answered(*, home: bool) -> list[tuple[Verdict, Call]]:
    """Answered calls whose agent sat at home or not, by the agents' names and not by any proof."""
    calls = {call.pk: call for call in Call.objects.all()}
    rows = Verdict.objects.filter(verdict__in=["kept", "late", "unproven"], proof__isnull=False)
    chosen = [row for row in rows.select_related("agent") if (row.agent.employee_number in HOME) is home]
    return [(row, calls[row.call_id]) for row in chosen]


def rows_of(client: Client, siren: str) -> dict[str, dict[str, str]]:
    answer = client.get(f"/espace/{siren}/teletravail/domicile-et-site/fichier.csv")
    return {row["place"]: row for row in csv.DictReader(io.StringIO(answer.content.decode()))}


def test_the_file_counts_as_the_verdicts_say_and_knows_no_time_as_zero(evening: Cast) -> None:
    with signed_in(evening.people["manager"]) as client:
        rows = rows_of(client, evening.company.siren)
    for place, home in (("home", True), ("site", False)):
        mine, row = answered(home=home), rows[place]
        waits = sorted(call.wait_ms for _verdict, call in mine)
        assert int(row["answered"]) == len(mine)
        assert int(row["kept"]) == sum(verdict.verdict == "kept" for verdict, _call in mine)
        assert float(row["wait_mean_s"]) == round(mean(waits)) / 1000
        assert float(row["wait_p90_s"]) == waits[-(-len(waits) * 9 // 10) - 1] / 1000
        assert float(row["talk_s"]) == sum(call.talk_ms for _verdict, call in mine) / 1000
        known = [call.talk_ms for verdict, call in mine if verdict.agent.employee_number in ("A001", "A003")]
        days = len({verdict.day for verdict, _call in mine if verdict.agent.employee_number in ("A001", "A003")})
        assert (int(row["known_days"]), float(row["logged_s"])) == (1, 6000)
        of_the_day = sum(
            call.talk_ms
            for verdict, call in mine
            if verdict.agent.employee_number in ("A001", "A003") and verdict.day == EVENING
        )
        assert days
        assert known
        assert int(row["occupancy_bp"]) == round(of_the_day * 10_000 / 6_000_000)
    unknown = rows["unknown"]
    assert int(unknown["unproven_no_proof"]) == Verdict.objects.filter(reason="no_proof").count() > 0
    assert (unknown["logged_s"], unknown["occupancy_bp"]) == ("", "")


def test_every_count_opens_its_calls(evening: Cast) -> None:
    page = look(evening.people["manager"], "homeshoring")
    assert "inconnu" in text_of(page)
    opened = 0
    with signed_in(evening.people["manager"]) as client:
        for figure in page.context["figures"]:
            for cell in figure["cells"]:
                if cell.get("url") and "appels" in cell["url"]:
                    found = client.get(cell["url"]).context["page_obj"].paginator.count
                    # Rates, waits and talk open the answered calls that they are made of.
                    wanted = str(cell["shown"]) if "is_part" in figure else str(found)
                    assert (str(found), found > 0) == (wanted, True), (figure["label"], cell)
                    opened += 1
    assert opened >= 16
    assert page.context["figures"][-1]["cells"][0]["url"].endswith("/presence/mois/?mois=2026-11")


def test_who_may_open_it(evening: Cast) -> None:
    roles: dict[str, Any] = {"manager": 200, "supervisor": 200, "accountant": 200, "agent": 403}
    assert {role: look(evening.people[role], "homeshoring").status_code for role in roles} == roles
    assert look(evening.rival_owner, "homeshoring").status_code == 404
    assert look(evening.rival_owner, "homeshoring", siren=evening.rival.siren).context["month"] is None
