"""A night of 100,000 calls whose worker, command and database are killed -9: the rerun ends as an undisturbed one."""

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from illico_platform.embedded import stop_services
from tests.machine import WORKER, Machine, kill, wait_for

# The first kill soon after a night began, which has work for about two seconds; later ones wherever they fall.
DELAYS_S = (0.3, 1.2, 1.2, 1.2)
NIGHT = ["manage.py", "night", "--date", "2026-11-24", "--json"]
CALLS = 100_000

# What a night leaves, without ids and instants: two databases that hold the same give the same text.
STATE = {
    "verdicts": """SELECT md5(string_agg(c.external_id || v.verdict || v.reason || coalesce(v.agent_id, 0), '|'
                     ORDER BY c.external_id, c.source_id)), count(*)
                     FROM numbers_call c JOIN agents_verdict v ON v.call_id = c.id AND v.month = c.month""",
    "prices": """SELECT md5(string_agg(call_id::text || '=' || ttc_micros || '/' || ht_micros, '|' ORDER BY call_id)),
                   count(*) FROM billing_ratedcall""",
    "judged days": "SELECT number_id, day, calls, kept, late, wait_histogram FROM agents_judgedday ORDER BY 1, 2",
    "rated days": """SELECT number_id, day, calls, ttc_micros, ht_micros, posted_revision = revision
                       FROM billing_ratedday ORDER BY 1, 2""",
    "lines": """SELECT e.source_key, l.account_id, l.debit, l.credit FROM billing_line l
                  JOIN billing_entry e ON e.id = l.entry_id ORDER BY 1, 2""",
    "numbers": """SELECT journal_id, year, count(*), count(number), min(number), max(number)
                    FROM billing_entry GROUP BY 1, 2 ORDER BY 1, 2""",
    "fund": "SELECT company_id, month, base, due, held, released FROM billing_fundmonth ORDER BY 1, 2",
    "findings": "SELECT key, title FROM billing_finding WHERE resolved_at IS NULL ORDER BY 1",
    "parked": "SELECT count(*) FROM billing_runstage WHERE status = 'parked'",
    "work left": "SELECT count(*) FROM numbers_recheck",
}


LOG = ["-m", "tests.write_log", str(CALLS)]
INTAKE = ["manage.py", "intake", "asterisk-queue-log"]


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    machine = Machine(tmp_path_factory.mktemp("night"))
    try:
        machine.sql("postgres", "CREATE DATABASE filled")
        machine.run("filled", "-m", "tests.fill_night", str(CALLS))
        machine.sql("postgres", "CREATE DATABASE calm TEMPLATE filled")
        machine.run("calm", *NIGHT, check=False)
        yield machine
    finally:
        stop_services(machine.var)


def state_of(machine: Machine, database: str) -> dict[str, list[tuple[object, ...]]]:
    return {name: machine.sql(database, statement) for name, statement in STATE.items()}


def wait_for_run(machine: Machine, database: str) -> None:
    """Until a run that has not ended stands there: only then is there a middle to be killed in."""
    wait_for(lambda: is_half_done(machine, database), "no run began")


def stages_begun(machine: Machine, database: str) -> int:
    [(count,)] = machine.sql(database, "SELECT count(*) FROM billing_runstage")
    return int(str(count))


def is_half_done(machine: Machine, database: str) -> bool:
    """Whether a run stands there that neither ended nor has yet to begin: the kill came in the middle."""
    return bool(machine.sql(database, "SELECT 1 FROM billing_run WHERE ended_at IS NULL"))


def finish(machine: Machine, database: str) -> None:
    ended = machine.run(database, *NIGHT, check=False)
    assert ended.returncode in (0, 1), ended.stderr


def test_an_undisturbed_night_does_its_work(machine: Machine) -> None:
    state = state_of(machine, "calm")
    assert state["verdicts"][0][1] == CALLS
    assert state["prices"][0][1] > CALLS / 3
    assert all(posted for *_, posted in state["rated days"])
    assert all(count == sealed == last for _, _, count, sealed, _, last in state["numbers"])
    assert state["work left"] == state["parked"] == [(0,)]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_command_killed(machine: Machine, seed: int) -> None:
    name, chance = f"command{seed}", random.Random(seed)
    machine.sql("postgres", f"CREATE DATABASE {name} TEMPLATE filled")
    in_the_middle = 0
    for longest in DELAYS_S:
        night = machine.start(name, *NIGHT)
        wait_for_run(machine, name)
        time.sleep(chance.uniform(0.0, longest))
        kill(night)
        if not is_half_done(machine, name):
            break
        in_the_middle += 1
    assert in_the_middle, "every kill came too late"
    finish(machine, name)
    assert state_of(machine, name) == state_of(machine, "calm")


def test_the_worker_killed(machine: Machine) -> None:
    machine.sql("postgres", "CREATE DATABASE worker TEMPLATE filled")
    chance = random.Random(5)
    machine.run("worker", "-m", "tests.send_night", "2026-11-24")
    for stages in (0, 2):
        worker = machine.start("worker", *WORKER)
        wait_for(lambda stages=stages: stages_begun(machine, "worker") > stages, "the worker went on with nothing")
        time.sleep(chance.uniform(0.0, 0.3))
        kill(worker)
    assert is_half_done(machine, "worker")
    worker = machine.start("worker", *WORKER)
    try:
        wait_for(lambda: not is_half_done(machine, "worker"), "the run did not end after its worker came back")
    finally:
        kill(worker)
    assert state_of(machine, "worker") == state_of(machine, "calm")


def test_the_database_killed(machine: Machine) -> None:
    machine.sql("postgres", "CREATE DATABASE killed TEMPLATE filled")
    chance = random.Random(7)
    in_the_middle = 0
    for longest in DELAYS_S[:3]:
        night = machine.start("killed", *NIGHT)
        wait_for_run(machine, "killed")
        time.sleep(chance.uniform(0.0, longest))
        machine.kill_database()
        night.wait(timeout=60)
        if not is_half_done(machine, "killed"):
            break
        in_the_middle += 1
    assert in_the_middle, "every kill came too late"
    finish(machine, "killed")
    assert state_of(machine, "killed") == state_of(machine, "calm")


def test_the_intake_killed(machine: Machine, tmp_path: Path) -> None:
    """All of a file or nothing of it: a killed intake leaves no call, and the next one stores each once."""
    log = tmp_path / "queue_log"
    machine.run("filled", *LOG, str(log))
    for name in ("calm_intake", "killed_intake"):
        machine.sql("postgres", f"CREATE DATABASE {name} TEMPLATE filled")
    intake = [*INTAKE, str(log), "--source", "pbx1", "--json"]
    stored = "SELECT count(*), count(DISTINCT external_id) FROM numbers_call WHERE outcome <> 'incomplete'"
    started = time.monotonic()
    machine.run("calm_intake", *intake, check=False)
    duration = time.monotonic() - started
    before, counts = machine.sql("killed_intake", stored), set()
    for share in (0.3, 0.5, 0.7, 0.9):
        process = machine.start("killed_intake", *intake)
        time.sleep(duration * share)
        kill(process)
        counts |= set(machine.sql("killed_intake", stored))
    machine.run("killed_intake", *intake, check=False)
    after = machine.sql("killed_intake", stored)
    assert after == machine.sql("calm_intake", stored) != before
    assert counts <= {*before, *after}
