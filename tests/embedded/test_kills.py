"""Commands at once, kill -9 of commands and servers, and what they leave."""

import os
import shutil
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import psycopg2
import pytest
import redis

from illico_platform.embedded import ServicesUnavailable, ensure_services, status, stop_services
from tests.embedded.servers import door, kill, pid_of, query


def test_commands_that_start_at_once_share_one_pair_of_servers(var: Path) -> None:
    starters = [door(var, "start") for _ in range(5)]
    with ThreadPoolExecutor(5) as pool:
        outputs = list(pool.map(lambda starter: starter.communicate(timeout=60), starters))
    assert {out for out, _ in outputs} == {outputs[0][0]}, outputs
    assert [starter.returncode for starter in starters] == [0] * 5
    postmasters = [
        p for p in psutil.process_iter(["cmdline"]) if f"{var}/services/postgres" in (p.info["cmdline"] or ())
    ]
    assert len(postmasters) == 1


def test_a_starter_killed_at_any_moment_blocks_nobody(var: Path) -> None:
    for moment_s in (0.1, 0.2, 0.4, 0.8, 1.2, 1.6):
        starter = door(var, "start")
        time.sleep(moment_s)
        starter.kill()
        starter.communicate()
        services = ensure_services(var)
        assert query(services, "SELECT 1") == [(1,)]
        assert redis.from_url(services.redis_url).ping()
        stop_services(var)
        shutil.rmtree(var)


def test_postgres_killed_in_the_middle_of_a_query_recovers_what_was_committed(var: Path) -> None:
    services = ensure_services(var)
    query(services, "CREATE TABLE t AS SELECT generate_series(1, 100000) AS x")
    busy = psycopg2.connect(services.database_url)
    backend = busy.info.backend_pid
    with ThreadPoolExecutor(1) as pool:
        # Pure computation: a backend that neither waits nor talks does not notice that its postmaster is gone.
        lost = pool.submit(busy.cursor().execute, "SELECT sum(a::numeric * b) FROM t a(a), t b(b)")
        time.sleep(0.3)
        kill(var, "postgres")
        assert psutil.pid_exists(backend)
        assert status(var).database_url == ""
        assert ensure_services(var) == services
        assert isinstance(lost.exception(timeout=30), psycopg2.Error)
    assert query(services, "SELECT count(*) FROM t") == [(100_000,)]
    assert not psutil.pid_exists(backend) or psutil.Process(backend).status() == psutil.STATUS_ZOMBIE


def test_valkey_killed_keeps_accepted_messages_and_its_address(var: Path) -> None:
    services = ensure_services(var, need_postgres=False)
    client = redis.from_url(services.redis_url)
    for number in range(1000):
        client.rpush("queue", number)
    kill(var, "valkey")
    assert ensure_services(var, need_postgres=False) == services
    assert client.llen("queue") == 1000


def test_a_cut_append_only_file_loses_its_last_entry_only(var: Path) -> None:
    services = ensure_services(var, need_postgres=False)
    client = redis.from_url(services.redis_url)
    client.rpush("queue", "first")
    client.rpush("queue", "second")
    (log,) = (var / "services" / "valkey" / "appendonlydir").glob("*.incr.aof")
    assert b"second" in log.read_bytes()  # the server answers when what it was told is on the disk
    kill(var, "valkey")
    os.truncate(log, log.stat().st_size - 3)
    ensure_services(var, need_postgres=False)
    assert client.lrange("queue", 0, -1) == [b"first"]


def test_a_process_that_took_over_the_old_id_is_no_obstacle_and_no_target(var: Path) -> None:
    services = ensure_services(var, need_redis=False)
    kill(var, "postgres")
    owner = (var / "services" / "postgres").stat().st_uid
    other = {"user": owner, "group": owner, "extra_groups": []} if owner != os.geteuid() else {}
    with subprocess.Popen(["sleep", "60"], **other) as stranger:
        for name in ("postgres/postmaster.pid", "run/.s.PGSQL.5432.lock", "postgres.alive"):
            file = var / "services" / name
            file.write_text("\n".join([str(stranger.pid), *file.read_text().splitlines()[1:], ""]))
        assert ensure_services(var, need_redis=False) == services
        assert stranger.poll() is None
        stranger.kill()


def test_a_data_directory_left_half_made_is_made_again(var: Path) -> None:
    for name in ("postgres.draft/base", "postgres/base"):
        (var / "services" / name).mkdir(parents=True)
        (var / "services" / name / "rest").touch()
    assert query(ensure_services(var, need_redis=False), "SELECT 1") == [(1,)]


def test_a_server_started_by_other_means_is_named_and_left_alone(var: Path) -> None:
    ensure_services(var, need_redis=False)
    pid = pid_of(var, "postgres")
    alive = var / "services" / "postgres.alive"
    alive.rename(alive.with_suffix(".kept"))
    with pytest.raises(ServicesUnavailable, match=f"PostgreSQL process {pid}, started by other means"):
        ensure_services(var, need_redis=False)
    alive.unlink(missing_ok=True)
    alive.with_suffix(".kept").rename(alive)
    assert psutil.pid_exists(pid)
