"""Real servers for the tests: folders to put them in, commands that start them, ways to kill and ask them."""

import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psutil
import psycopg2
import pytest

from illico_platform.embedded import Services, stop_services

PROJECT = Path(__file__).resolve().parent.parent.parent
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
