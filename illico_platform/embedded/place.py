"""Where the embedded servers live, and as whom they run. It starts nothing.

``var/services`` holds data, sockets, logs and passwords. PostgreSQL refuses to run as root, so a
root starter hands the servers to a user id that owns nothing else on the machine, or to the owner of
``var/`` when that is not root. That id must reach the data: when ``var/`` lies behind a closed door
(a project under ``/root``), ``var/services`` becomes a link to a directory outside.
"""

import fcntl
import os
import pwd
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
CLEAN_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}  # no PG* variable of the caller's


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

    def server_folder(self, name: str) -> Path:
        """A directory under home that only the servers' user (and root) can enter."""
        path = self.home / name
        path.mkdir(mode=0o700, exist_ok=True)
        give(path, self.server)
        return path

    def write(self, path: Path, text: str, uid: int) -> None:
        """Write a file readable by one user only; readers see the old text or the new, never a half."""
        draft = path.with_name(f".{path.name}.draft")
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
        give(draft, uid)
        draft.replace(path)


def give(path: Path, uid: int) -> None:
    """Hand a file or directory to a user; only root can and needs to."""
    if os.geteuid() == 0:
        os.chown(path, uid, _group(uid), follow_symlinks=False)


def run_as(uid: int) -> dict[str, object]:
    """Arguments for ``subprocess`` to run a program as another user, with no group but its own."""
    return {} if os.geteuid() == uid else {"user": uid, "group": _group(uid), "extra_groups": []}


def has_name(uid: int) -> bool:
    """Whether the machine has an account of that id."""
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _group(uid: int) -> int:
    return pwd.getpwuid(uid).pw_gid if has_name(uid) else uid


def trouble(uid: int, script: str, path: Path) -> str:
    """What a shell line with the path as ``$1`` complains of when that user runs it; nothing when it succeeds."""
    try:
        done = subprocess.run(  # noqa: S603
            ["/bin/sh", "-c", script, "sh", str(path)],
            cwd="/",
            env=CLEAN_ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            **run_as(uid),  # type: ignore[call-overload]
        )
    except OSError as error:
        return f"running as user {uid}: {error.strerror}"
    if done.returncode == 0:
        return ""
    return done.stderr.decode(errors="replace").strip() or f"exit code {done.returncode}"


@contextmanager
def only_starter(var: Path) -> Iterator[None]:
    """Hold the one lock under which servers are started and stopped. The kernel frees it when its holder dies.

    Raises:
        ServicesUnavailable: somebody else holds it for ten minutes.
    """
    if not var.exists():
        var.mkdir(parents=True, exist_ok=True)
        give(var, var.parent.stat().st_uid)  # so that root does not lock the folder's owner out
    lock = var / "services.lock"
    fd = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        give(lock, var.stat().st_uid)
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
    if os.geteuid() not in (0, keeper):
        owner = f"user {keeper}" if keeper else "root"
        raise ServicesUnavailable(
            f"{link} was made by {owner}: run this as {owner}, or name another folder in ILLICO_VAR. {WAY_OUT}"
        )
    return Place(home=home, keeper=keeper, server=keeper or SERVER_UID)


def make_place(var: Path) -> Place:
    """The place under ``var/``, made if missing, where its servers' user can reach it. Call it under the lock.

    Raises:
        ServicesUnavailable: root can find no user and folder for the servers.
    """
    link = var.resolve() / "services"
    if not link.is_dir():
        link.unlink(missing_ok=True)  # a link to a directory that is gone
        owner = var.stat().st_uid
        if os.geteuid() != 0 or not trouble(owner or SERVER_UID, 'cd "$1"', link.parent):
            link.mkdir(mode=0o700)
            give(link, owner)
        else:
            link.symlink_to(_make_outside())
    place = find_place(var)
    if place is None:
        raise ServicesUnavailable(f"{link} vanished while it was made. {WAY_OUT}")
    if place.server != place.keeper:
        # Root keeps the folder and its logs; the servers may walk through it to their own folders, no more.
        place.home.chmod(0o711)
    return place


def _make_outside() -> Path:
    tried = []
    for base in OUTSIDE:
        complaint = trouble(SERVER_UID, 'cd "$1"', Path(base))
        if not complaint:
            try:
                return Path(tempfile.mkdtemp(prefix="illico-", dir=base))
            except OSError as error:
                complaint = str(error.strerror)
        tried.append(f"{base}: {complaint}")
    raise ServicesUnavailable(f"Root cannot run the servers as a user without rights ({'; '.join(tried)}). {WAY_OUT}")
