"""The embedded servers start, are shared, are reused and stop."""

import os
import subprocess
import sys
import time
from pathlib import Path

import environ
import kombu
import redis

from illico_platform.embedded import Services, ensure_services, status, stop_services
from tests.embedded.servers import PROJECT, door, pid_of, query


def test_both_servers_start_and_every_client_reads_their_urls(running: Path) -> None:
    services = ensure_services(running)
    settings = environ.Env.db_url_config(services.database_url)
    assert settings["OPTIONS"]["host"].startswith(str(running))
    shown = "SELECT current_setting(s) FROM unnest('{timezone,server_encoding,fsync,jit,listen_addresses}'::text[]) s"
    assert query(services, shown) == [("UTC",), ("UTF8",), ("on",), ("off",), ("",)]
    assert query(services, "SELECT upper('éœ'), current_database()::text") == [("ÉŒ", "illico")]
    assert query(services, "SELECT count(*) FROM pg_file_settings WHERE error IS NOT NULL") == [(0,)]
    assert redis.from_url(services.redis_url).config_get("appendonly") == {"appendonly": "yes"}
    with kombu.Connection(services.redis_url) as broker:
        broker.connect()
        assert broker.connected


def test_running_servers_are_reused_in_less_than_30_ms(running: Path) -> None:
    services = ensure_services(running)
    pids = pid_of(running, "postgres"), pid_of(running, "valkey")
    times = []
    for _ in range(20):
        started = time.perf_counter()
        assert ensure_services(running) == services
        times.append(time.perf_counter() - started)
    assert sorted(times)[10] < 0.030
    assert (pid_of(running, "postgres"), pid_of(running, "valkey")) == pids


def test_only_what_is_asked_for_starts(var: Path) -> None:
    services = ensure_services(var, need_postgres=False)
    assert services.redis_url
    assert not services.database_url
    assert not (var / "services" / "postgres").exists()
    assert status(var) == services


def test_nothing_embedded_starts_when_both_urls_are_given(folder: Path) -> None:
    given = {"DATABASE_URL": "postgres://u:p@127.0.0.1:1/none", "REDIS_URL": "redis://127.0.0.1:1/0"}
    code = "import illico_platform.settings as s; print(s.DATABASES['default']['NAME'], s.REDIS_URL)"
    environment = {
        **os.environ,
        **given,
        "ILLICO_VAR": str(folder / "var"),
        "PYTHONPATH": os.pathsep.join([str(PROJECT), *sys.path]),
    }
    done = subprocess.run([sys.executable, "-c", code], env=environment, cwd=folder, capture_output=True, text=True)
    assert done.stdout.split() == ["none", "redis://127.0.0.1:1/0"], done.stderr
    assert not list((folder / "var").glob("services*"))


def test_stop_is_clean_can_be_repeated_and_keeps_the_data(var: Path) -> None:
    stop_services(var)
    assert not var.exists()
    services = ensure_services(var)
    query(services, "CREATE TABLE t AS SELECT 42 AS x")
    redis.from_url(services.redis_url).lpush("queue", "message")
    stop_services(var)
    stop_services(var)
    assert status(var) == Services()
    assert "database system is shut down" in (var / "services" / "postgres.log").read_text()
    again = ensure_services(var)
    assert again == services
    assert query(again, "SELECT x FROM t") == [(42,)]
    assert redis.from_url(again.redis_url).lrange("queue", 0, -1) == [b"message"]


def test_servers_outlive_the_command_and_the_terminal_that_started_them(var: Path) -> None:
    starter = door(var, "start", start_new_session=True)
    out, err = starter.communicate(timeout=60)
    assert starter.returncode == 0, err
    for name in ("postgres", "valkey"):
        pid = pid_of(var, name)
        assert os.getsid(pid) == pid != starter.pid
    assert status(var).database_url in out
    assert door(var, "status").wait() == 0
    assert door(var, "stop").wait() == 0
    assert door(var, "status").wait() == 1


def test_a_path_too_long_for_a_socket_gets_a_short_private_folder(folder: Path) -> None:
    var = folder / ("très long " * 9) / "deep" / "var"
    services = ensure_services(var, need_redis=False)
    link = var / "services" / "sockets"
    sockets = link.readlink()
    assert sockets.stat().st_mode & 0o777 == 0o700
    assert query(services, "SELECT 1") == [(1,)]
    stop_services(var)
    assert not sockets.exists()
    assert ensure_services(var, need_redis=False).database_url != services.database_url
