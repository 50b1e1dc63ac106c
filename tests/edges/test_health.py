"""What a monitor reads, with connections that are really broken."""

import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client

from billing.models import Run

ROOT = Path(__file__).resolve().parents[2]
NOBODY = "127.0.0.1:1"  # a port on which nothing listens
ASK = """
import django, sys; django.setup()
from django.test import Client
answer = Client(SERVER_NAME="localhost").get("/health/")
print(answer.status_code, answer.content.decode())
"""


def ask(**environment: str) -> tuple[int, dict[str, object]]:
    """What a site of its own, with other addresses of its services, answers."""
    own = {"DATABASE_URL": settings.DATABASE_URL, "REDIS_URL": settings.REDIS_URL}
    done = subprocess.run(
        [sys.executable, "-c", "import illico_platform" + ASK],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "illico_platform.settings", **own, **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    status, _, body = done.stdout.strip().partition(" ")
    return int(status), json.loads(body)


@pytest.mark.django_db
def test_all_is_well_before_the_first_night(client: Client) -> None:
    answer = client.get("/health/")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "database": "ok", "broker": "ok", "night": {"state": "none yet"}}
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("now", "day", "state"),
    [
        (datetime(2026, 11, 25, 8, tzinfo=UTC), date(2026, 11, 24), "done"),
        (datetime(2026, 11, 25, 8, tzinfo=UTC), date(2026, 11, 23), "late"),
        (datetime(2026, 11, 25, 3, tzinfo=UTC), date(2026, 11, 23), "done"),  # four o'clock in Paris: it may still run
    ],
)
def test_a_late_night_is_told_and_takes_nothing_out_of_service(
    client: Client, now: datetime, day: date, state: str
) -> None:
    Run.objects.create(day=day, status="done", started_at=now)
    with time_machine.travel(now, tick=False):
        answer = client.get("/health/")
    assert answer.status_code == 200
    assert answer.json()["night"] == {"state": state, "day": day.isoformat()}


def test_a_database_that_does_not_answer_is_503() -> None:
    status, found = ask(DATABASE_URL=f"postgres://nobody:hidden@{NOBODY}/nothing")
    assert status == 503
    assert (found["status"], found["database"], found["broker"]) == ("down", "down", "ok")
    assert found["night"] == {"state": "unknown"}
    assert "hidden" not in json.dumps(found)


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_does_not_answer_is_503() -> None:
    head, _, query = settings.DATABASE_URL.partition("?")
    test_database = f"{head.rpartition('/')[0]}/{connection.settings_dict['NAME']}" + (f"?{query}" if query else "")
    status, found = ask(REDIS_URL=f"redis://:hidden@{NOBODY}/0", DATABASE_URL=test_database)
    assert status == 503
    assert (found["database"], found["broker"]) == ("ok", "down")
    assert "hidden" not in json.dumps(found)
