"""One server process: launched detached, known to be alive by a lock it holds, ended by signal.

The server inherits an open, locked file. The kernel frees that lock when the last process of the
server is gone, whatever killed it: "is it running?" never rests on a process id that may be stale.
"""

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path

from illico_platform.embedded.place import CLEAN_ENVIRONMENT, Place, give, run_as, try_lock

LOG_KEPT_BYTES = 10_000_000
# The shell writes its id, which exec keeps, so no server runs whose id is not on record.
LAUNCH = 'echo $$; exec "$@" >&2'
_launched: list[subprocess.Popen[bytes]] = []  # ours to reap when they end before we do


def alive_file(place: Place, name: str) -> Path:
    """The file the server keeps locked while it runs; it holds its process id."""
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


def launch(place: Place, name: str, command: list[str], *, cwd: Path, uid: int) -> subprocess.Popen[bytes]:
    """Start a program in a session of its own, with its output in ``<name>.log``. Call it under the lock.

    Raises:
        BlockingIOError: a process of the last one still runs.
    """
    log = place.home / f"{name}.log"
    if log.exists() and log.stat().st_size > LOG_KEPT_BYTES:
        log.replace(log.with_suffix(".log.old"))
    alive = os.open(alive_file(place, name), os.O_RDWR | os.O_CREAT, 0o600)
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        for path in (alive_file(place, name), log):
            give(path, place.keeper)
        if not try_lock(alive):
            raise BlockingIOError(f"{name} still runs")
        os.ftruncate(alive, 0)
        started: subprocess.Popen[bytes] = subprocess.Popen(  # noqa: S603
            ["/bin/sh", "-c", LAUNCH, "sh", *command],
            cwd=cwd,
            env=CLEAN_ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=alive,
            stderr=out,
            pass_fds=(alive,),
            start_new_session=True,
            umask=0o077,
            **run_as(uid),  # type: ignore[call-overload]
        )
    finally:
        os.close(alive)
        os.close(out)
    _launched.append(started)
    return started


def recorded_pid(place: Place, name: str) -> int:
    """The id the server wrote when it was launched, 0 when none. It may be stale unless the server is alive."""
    return first_number(alive_file(place, name))


def leads(place: Place, name: str, programs: tuple[str, ...]) -> bool:
    """Whether the recorded process, which the server's others depend on, is still there and still that program."""
    return program_of(recorded_pid(place, name)) in programs


def first_number(path: Path) -> int:
    """The process id on the first line of a file, 0 when there is none."""
    try:
        return int(path.read_text().split()[0])
    except (FileNotFoundError, ValueError, IndexError):
        return 0


def end(
    place: Place, name: str, programs: tuple[str, ...], signals: dict[signal.Signals, float], *, orphans: str = ""
) -> bool:
    """End the server with one signal after the other, each given its seconds; True when all of it is gone.

    Args:
        programs: names the executable may have; another program that took over the id is left alone.
        signals: in order, each with the seconds it is given.
        orphans: start of the command line of the server's children, to end those that outlived it.
    """
    for number, patience_s in signals.items():
        if not is_alive(place, name):
            break
        deadline = time.monotonic() + patience_s
        told: set[int] = set()
        while is_alive(place, name) and time.monotonic() < deadline:
            # Looked for again each time: a process caught in its first instant is not yet the program it will be.
            for pid in {recorded_pid(place, name)} if leads(place, name, programs) else titled(orphans):
                if pid not in told:
                    told.add(pid)
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, number)
                        os.kill(pid, signal.SIGCONT)  # a suspended process would not hear of it
            time.sleep(0.02)
    for process in list(_launched):
        if process.poll() is not None:
            _launched.remove(process)
    return not is_alive(place, name)


# psutil is imported where it is used: a command that finds its servers up must not pay for it.
def program_of(pid: int) -> str:
    """The name of the program a process runs; empty when there is none, or it is dead and not yet reaped."""
    import psutil

    try:
        process = psutil.Process(pid)
        return "" if process.status() == psutil.STATUS_ZOMBIE else str(process.name())
    except psutil.NoSuchProcess:
        return ""


def titled(title: str) -> list[int]:
    """The ids of processes whose command line starts with the title; none for an empty one."""
    import psutil

    if not title:
        return []
    found = psutil.process_iter(["cmdline"])
    return [process.pid for process in found if " ".join(process.info["cmdline"] or ()).startswith(title)]


def serves(pid: int, folder: Path) -> bool:
    """Whether a process was started on that folder, or works in it as far as we may know."""
    import psutil

    try:
        process = psutil.Process(pid)
        return str(folder) in process.cmdline() or process.cwd() == str(folder)
    except psutil.Error:
        return False


def last_lines(place: Place, name: str, count: int = 5) -> str:
    """The end of a server's log, to quote when it died."""
    try:
        data = (place.home / f"{name}.log").read_bytes()[-4000:]
    except FileNotFoundError:
        return ""
    return " | ".join(data.decode(errors="replace").strip().splitlines()[-count:])
