"""Databases that live as long as a benchmark, beside the user's own on the same server, and children that use them."""

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2
from django.conf import settings
from django.db import connection
from psycopg2 import extensions

ROOT = Path(settings.BASE_DIR)


class BenchFailed(Exception):
    """A child process of a benchmark ended with an error; its last words are the text."""


class Databases:
    """Makes and drops databases; their names start with ``illico_bench_`` and are drawn anew for each run."""

    def __init__(self) -> None:
        self._prefix = f"illico_bench_{secrets.token_hex(3)}"
        self._made: list[str] = []
        self._admin = connect(connection.settings_dict["NAME"])
        self._admin.autocommit = True

    def create(self, label: str, *, template: str = "template0") -> str:
        """A new database, a copy of ``template``; returns its name."""
        name = f"{self._prefix}_{label}"
        with self._admin.cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        self._made.append(name)
        return name

    def keep(self, name: str) -> bool:
        """Make a database that stays when the benchmark ends; whether it was there already."""
        with self._admin.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if cursor.fetchone():
                return True
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "template0" STRATEGY FILE_COPY')
        return False

    def drop(self, name: str) -> None:
        with self._admin.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        if name in self._made:
            self._made.remove(name)

    def settle(self) -> None:
        """Write out what earlier work left in the server's buffers, so that nobody pays for another's pages."""
        with self._admin.cursor() as cursor:
            cursor.execute("CHECKPOINT")

    def server(self) -> str:
        """The server's version, for the report."""
        return f"PostgreSQL {self._admin.info.server_version // 10_000}"

    def close(self) -> None:
        for name in list(self._made):
            self.drop(name)
        self._admin.close()


@contextmanager
def temporary_databases() -> Iterator[Databases]:
    """Databases that are dropped at the end, also after a failure or Ctrl-C."""
    databases = Databases()
    try:
        yield databases
    finally:
        databases.close()


def connect(name: str) -> extensions.connection:
    """A plain connection to a database of the same server."""
    return psycopg2.connect(**{**connection.get_connection_params(), "dbname": name, "cursor_factory": None})


def run_child(database: str, job: str, **arguments: Any) -> dict[str, Any]:
    """Run one job of ``illico_platform.bench.child`` in a process of its own against a database.

    Returns:
        What the job returned, and ``seconds``, ``cpu_s`` and ``peak_mb`` of its work.
    Raises:
        BenchFailed: it ended with an error.
    """
    # One thread of Polars each, as ``serve`` starts its workers.
    threads = {"POLARS_MAX_THREADS": "1"}
    environment = {**threads, **os.environ, "DATABASE_URL": url_of(database), "REDIS_URL": settings.REDIS_URL}
    command = [sys.executable, "-m", "illico_platform.bench.child", job, json.dumps(arguments, default=str)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise BenchFailed(f"{job} on {database}: {done.stderr.strip()[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def url_of(database: str) -> str:
    """The configured URL with another database in its path; the socket's folder in its query stays."""
    head, _, query = settings.DATABASE_URL.partition("?")
    return f"{head.rpartition('/')[0]}/{database}" + (f"?{query}" if query else "")
