"""The project's own PostgreSQL and Valkey, started when no others are configured.

``ensure_services`` starts what does not run and reuses what does. The servers outlive the command
that started them, until ``stop_services``. ``python -m illico_platform.embedded start|stop|status``
is the same from a terminal.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from illico_platform.embedded import postgres, process, valkey
from illico_platform.embedded.place import WAY_OUT, Place, ServicesUnavailable, find_place, make_place, only_starter

__all__ = ["Services", "ServicesUnavailable", "ensure_services", "status", "stop_services"]

BUSY_WAIT_S = 30.0


@dataclass(frozen=True)
class Services:
    """Where the servers listen; a URL is empty when that server was not asked for or does not run."""

    database_url: str = ""
    redis_url: str = ""


def ensure_services(var: Path, *, need_postgres: bool = True, need_redis: bool = True) -> Services:
    """Make sure the servers run, and say where. A few milliseconds when they do.

    Args:
        var: the project's folder for what it writes; made when missing.

    Returns:
        URLs that django-environ, libpq, redis-py and kombu all read; they hold passwords.

    Raises:
        ServicesUnavailable: one sentence for the person who started the command.
    """
    servers = [server for server, needed in ((postgres, need_postgres), (valkey, need_redis)) if needed]
    with _one_sentence(var):
        found = _found(var, servers)
        if len(found) < len(servers):
            with only_starter(var):
                place = make_place(var)
                found = {server.NAME: _ensure(place, server) for server in servers}
    return _services(found)


def stop_services(var: Path) -> None:
    """Stop whatever runs, cleanly; nothing happens when nothing does.

    Raises:
        ServicesUnavailable: a server could not be ended.
    """
    with _one_sentence(var):
        if find_place(var) is None:
            return
        with only_starter(var):
            place = make_place(var)
            for server in (valkey, postgres):
                _stop(place, server)


def status(var: Path) -> Services:
    """Where the servers that run and answer listen; starts nothing."""
    with _one_sentence(var):
        return _services(_found(var, [postgres, valkey]))


@contextmanager
def _one_sentence(var: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ServicesUnavailable(f"The embedded servers under {var} cannot be used: {error}. {WAY_OUT}") from error


def _services(urls: dict[str, str]) -> Services:
    return Services(database_url=urls.get(postgres.NAME, ""), redis_url=urls.get(valkey.NAME, ""))


def _found(var: Path, servers: list[ModuleType]) -> dict[str, str]:
    place = find_place(var)
    if place is None:
        return {}
    urls = {server.NAME: _running_url(place, server) for server in servers}
    return {name: url for name, url in urls.items() if url}


def _url_file(place: Place, server: ModuleType) -> Path:
    return place.home / f"{server.NAME}.url"


def _running_url(place: Place, server: ModuleType) -> str:
    """The URL of a server that runs and answers, else nothing.

    The lock says that the server is ours: a stranger who listens on its old port holds none.
    """
    try:
        url = _url_file(place, server).read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    return url if process.is_alive(place, server.NAME) and server.answers(url) else ""


def _ensure(place: Place, server: ModuleType) -> str:
    """The URL of the server, started if need be. Call it under the lock."""
    url = _patient_url(place, server)
    if not url:
        _stop(place, server)
        url = str(server.start(place))
        place.write(_url_file(place, server), url, place.keeper)
    return url


def _patient_url(place: Place, server: ModuleType) -> str:
    """The URL of a server that runs, with time to answer when it is only busy.

    The file with its URL is written when a start has succeeded. Where it is missing, the starter was
    killed half-way: what it left gets no time.
    """
    deadline = time.monotonic() + BUSY_WAIT_S
    while True:
        url = _running_url(place, server)
        busy = _url_file(place, server).exists() and process.is_alive(place, server.NAME)
        if url or not busy or not process.leads(place, server.NAME, server.PROGRAMS) or time.monotonic() > deadline:
            return url
        time.sleep(0.1)


def _stop(place: Place, server: ModuleType) -> None:
    _url_file(place, server).unlink(missing_ok=True)
    if not server.stop(place):
        pid = process.recorded_pid(place, server.NAME)
        raise ServicesUnavailable(f"The embedded {server.NAME} (process {pid}) under {place.home} cannot be ended.")
