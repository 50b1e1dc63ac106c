"""Embedded services of a scenario's own, and processes in them that are killed -9."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg2

from illico_platform.embedded import Services, ensure_services

ROOT = Path(__file__).resolve().parents[1]
WORKER = ["-m", "celery", "-A", "illico_platform", "worker", "--concurrency", "2", "--pool", "prefork", "-l", "ERROR"]


class Machine:
    """One set of embedded services of the test's own, with databases made from one filled template."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.services: Services = ensure_services(var)

    def env(self, database: str) -> dict[str, str]:
        url = self.services.database_url.replace("/illico?", f"/{database}?")
        return {
            **os.environ,
            "ILLICO_VAR": str(self.var),
            "DATABASE_URL": url,
            "REDIS_URL": self.services.redis_url,
            "VISIBILITY_TIMEOUT_S": "1",
        }

    def run(self, database: str, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *command], cwd=ROOT, env=self.env(database), check=check, text=True, capture_output=True
        )

    def start(self, database: str, *command: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, env=self.env(database), start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def sql(self, database: str, statement: str) -> list[tuple[object, ...]]:
        connection = psycopg2.connect(self.env(database)["DATABASE_URL"])
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def kill_database(self) -> None:
        [(pid,)] = self.sql("postgres", "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'")
        postmaster = int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
        os.kill(postmaster, signal.SIGKILL)
        self.services = ensure_services(self.var)


def kill(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait_for(holds: Callable[[], bool], otherwise: str) -> None:
    deadline = time.monotonic() + 120
    while not holds():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.02)
