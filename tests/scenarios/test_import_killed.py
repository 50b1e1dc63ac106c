"""A log given on its page while its worker is killed -9: every call stands once, and the page never waits for ever."""

import random
import time
from collections.abc import Iterator

import pytest
import redis

from illico_platform.embedded import stop_services
from tests.machine import WORKER, Machine, kill, wait_for

CALLS = 100_000
STORED = "SELECT count(*), count(DISTINCT external_id) FROM numbers_call"
JUDGED = "SELECT verdict, reason, count(*) FROM agents_verdict GROUP BY 1, 2 ORDER BY 1, 2"
PRICED = "SELECT count(*), sum(ttc_micros), sum(ht_micros) FROM billing_ratedcall"
DAYS = "SELECT number_id, day, calls FROM numbers_callday ORDER BY 1, 2"
LONG_AGO = """UPDATE numbers_callupload
                 SET created_at = created_at - interval '1 hour', started_at = started_at - interval '1 hour'"""


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    machine = Machine(tmp_path_factory.mktemp("import"))
    try:
        machine.sql("postgres", "CREATE DATABASE filled")
        machine.run("filled", "-m", "tests.fill_night", "0")
        machine.run("filled", "-m", "tests.write_log", str(CALLS), str(machine.var / "queue_log"))
        machine.sql("postgres", "CREATE DATABASE calm TEMPLATE filled")
        log = str(machine.var / "queue_log")
        machine.run("calm", "manage.py", "intake", "asterisk-queue-log", log, "--source", "pbx1", check=False)
        yield machine
    finally:
        stop_services(machine.var)


@pytest.fixture
def database(machine: Machine, request: pytest.FixtureRequest) -> str:
    name = request.node.name.removeprefix("test_")[:40]
    machine.sql("postgres", f"CREATE DATABASE {name} TEMPLATE filled")
    redis.from_url(machine.services.redis_url).flushall()
    return name


def on_the_page(machine: Machine, database: str, step: str, what: str) -> str:
    return machine.run(database, "-m", "tests.through_the_page", step, what).stdout.strip()


def state_of(machine: Machine, database: str) -> str:
    [(state,)] = machine.sql(database, "SELECT state FROM numbers_callupload")
    return str(state)


def kill_in(machine: Machine, database: str, state: str, *, after_s: float) -> None:
    """Start a worker, and kill it some time after the upload reached this state."""
    worker = machine.start(database, *WORKER)
    wait_for(lambda: state_of(machine, database) == state, f"no worker came to {state}")
    time.sleep(after_s)
    kill(worker)


def is_whole(machine: Machine, database: str) -> bool:
    """Whether the calls, their verdicts and prices, and the counts of their days are an undisturbed import's."""
    return all(machine.sql(database, each) == machine.sql("calm", each) for each in (STORED, JUDGED, PRICED, DAYS))


def test_another_worker_ends_the_work(machine: Machine, database: str) -> None:
    address = on_the_page(machine, database, "give", str(machine.var / "queue_log"))
    assert "Le fichier attend son tour." in on_the_page(machine, database, "look", address)
    chance, counts = random.Random(3), set()
    for state in ("reading", "reading", "judging"):
        kill_in(machine, database, state, after_s=chance.uniform(0.0, 0.2))
        assert state_of(machine, database) in ("reading", "judging"), "the kill came too late"
        counts |= set(machine.sql(database, STORED))
    assert counts == {(0, 0), *machine.sql("calm", STORED)}
    worker = machine.start(database, *WORKER)
    try:
        wait_for(lambda: state_of(machine, database) == "done", "the work did not end")
    finally:
        kill(worker)
    assert is_whole(machine, database)
    [(imports, ended)] = machine.sql(database, "SELECT count(*), count(ended_at) FROM numbers_intake WHERE size > 0")
    assert (imports, ended) == (1, 1)
    assert not list((machine.var / "files" / "uploads").iterdir())
    assert "Voir ses appels" in on_the_page(machine, database, "look", address)


def test_a_person_starts_lost_work_again(machine: Machine, database: str) -> None:
    address = on_the_page(machine, database, "give", str(machine.var / "queue_log"))
    kill_in(machine, database, "reading", after_s=0.2)
    redis.from_url(machine.services.redis_url).flushall()  # whoever hands tasks out again has forgotten this one
    assert "Relancer" not in on_the_page(machine, database, "look", address)
    machine.sql(database, LONG_AGO)
    assert "Plus rien ne bouge" in on_the_page(machine, database, "look", address)
    worker = machine.start(database, *WORKER)
    try:
        assert on_the_page(machine, database, "again", address) == "302"
        wait_for(lambda: state_of(machine, database) == "done", "the work did not end")
    finally:
        kill(worker)
    assert is_whole(machine, database)
