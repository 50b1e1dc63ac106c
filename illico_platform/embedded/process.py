"""One server process: launched detached, known to be alive by a lock it holds, ended by signal.

The server inherits an open, locked file. The kernel frees that lock when the last process of the
server is gone, whatever killed it: "is it running?" never rests on a process id that may be stale.
"""

import os
import signal
import subprocess
import time
from pathlib import Path

from illico_platform.embedded.place import Place, try_lock

LOG_KEPT_BYTES = 10_000_000
# The shell writes its id, which exec keeps, so no server runs whose id is not on record.
LAUNCH = 'echo $$; exec "$@" >&2'
_launched: list[subprocess.Popen[bytes]] = []  # kept so that Python neither warns of them nor forgets to reap them


def alive_file(place: Place, name: str) -> Path:
    """The file the server keeps locked while it runs, and its process id."""
    return place.home / f"{name}.alive"


def is_alive(place: Place, name: str) -> bool:
    """Whether any process of the server still runs."""
    try:
        fd = os.open(alive_file(place, name), os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        return not try_lock(fd)
    finally:
        os.close(fd)


def launch(place: Place, name: str, command: list[str], cwd: Path) -> None:
    """Start a server in a session of its own, with its output in ``<name>.log``. Call it under the lock.

    Raises:
        BlockingIOError: a process of the last server still runs.
    """
    log = place.home / f"{name}.log"
    if log.exists() and log.stat().st_size > LOG_KEPT_BYTES:
        log.replace(log.with_suffix(".log.old"))
    alive = os.open(alive_file(place, name), os.O_RDWR | os.O_CREAT, 0o600)
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        for fd in (alive, out):
            if os.geteuid() == 0:
                os.fchown(fd, place.keeper, -1)
        if not try_lock(alive):
            raise BlockingIOError(f"{name} still runs")
        os.ftruncate(alive, 0)
        _launched.append(
            subprocess.Popen(  # noqa: S603
                ["/bin/sh", "-c", LAUNCH, "sh", *command],
                cwd=cwd,
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},  # no PG* variable of the caller's
                stdin=subprocess.DEVNULL,
                stdout=alive,
                stderr=out,
                pass_fds=(alive,),
                start_new_session=True,
                umask=0o077,
                **place.as_server(),  # type: ignore[call-overload]
            )
        )
    finally:
        os.close(alive)
        os.close(out)


def recorded_pid(place: Place, name: str) -> int:
    """The id the server wrote when it was launched, 0 when none. Only meaningful while it is alive."""
    return first_number(alive_file(place, name))


def first_number(path: Path) -> int:
    """The process id on the first line of a file, 0 when there is none."""
    try:
        return int(path.read_text().split()[0])
    except (FileNotFoundError, ValueError, IndexError):
        return 0


def end(place: Place, name: str, program: str, signals: list[tuple[signal.Signals, float]]) -> bool:
    """End the server with one signal after the other, each given its seconds; True when all of it is gone.

    Args:
        program: the executable's name; a process of another name that took over the id is left alone.
    """
    for number, patience_s in signals:
        if not is_alive(place, name):
            break
        pid = recorded_pid(place, name)
        if pid and process_name(pid) == program:
            os.kill(pid, number)
        deadline = time.monotonic() + patience_s
        while is_alive(place, name) and time.monotonic() < deadline:
            time.sleep(0.02)
    for process in list(_launched):
        if process.poll() is not None:
            _launched.remove(process)
    return not is_alive(place, name)


def process_name(pid: int) -> str:
    """The name of the program a process runs, empty when there is no such process."""
    import psutil  # only on the slow path: a command that finds its servers up must not pay for it

    try:
        return str(psutil.Process(pid).name())
    except psutil.NoSuchProcess:
        return ""


def works_in(pid: int, folder: Path) -> bool:
    """Whether a process has that folder as its working directory; yes when we may not know."""
    import psutil

    try:
        return Path(psutil.Process(pid).cwd()) == folder
    except psutil.NoSuchProcess:
        return False
    except psutil.AccessDenied:
        return True


def last_lines(place: Place, name: str, count: int = 5) -> str:
    """The end of a server's log, to quote when it died."""
    try:
        data = (place.home / f"{name}.log").read_bytes()[-4000:]
    except FileNotFoundError:
        return ""
    return " | ".join(data.decode(errors="replace").strip().splitlines()[-count:])
