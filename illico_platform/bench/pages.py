"""How fast the site answers with a year of calls stored: the real server, twenty people at once."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.management import call_command
from django.urls import NoReverseMatch, reverse

from illico_platform.bench.databases import ROOT, BenchFailed, run_child, url_of
from illico_platform.bench.measure import Bench, Measured
from illico_platform.bench.visits import Reader, Visit, fetch, percentile, read_pages
from illico_platform.terminal import SITE

COMPANIES, READERS = 40, 20
TIMES_ROWS = 10  # the year holds ten times the calls of the other measurements
THINK_S, WARM_S, COUNTED_S = 1.0, 30.0, 180.0
READY_S = 30
# Name, route and question of each page of a company's space; what a page does not know, it passes over.
PAGES: list[tuple[str, str, dict[str, Any]]] = [
    ("dashboard", "dashboard", {}),
    ("dashboard, 30 days", "dashboard", {"periode": 30}),
    ("calls", "calls", {}),
    ("calls, kept", "calls", {"promesse": "kept"}),
    ("calls, not proven", "calls", {"promesse": "unproven"}),
    ("calls, one agent", "calls", {"agent": "AGENT"}),
    ("calls, longest wait first", "calls", {"tri": "-attente"}),
    ("calls, one month", "calls", {"du": "MONTH", "au": "LAST"}),
    ("calls, one month, not proven", "calls", {"du": "MONTH", "au": "LAST", "promesse": "unproven"}),
    ("numbers", "numbers", {}),
    ("agents", "agents", {}),
    ("findings", "findings", {}),
    ("wages", "wages", {}),
    ("imports", "imports", {}),
    ("team", "team", {}),
]


def measure_pages(bench: Bench) -> Measured:
    """Milliseconds per page at 20 people with a second between an answer and the next question."""
    database = bench.databases.create("pages")
    run_child(database, "prepare", companies=COMPANIES)
    year = run_child(database, "year", calls=bench.rows * TIMES_ROWS, readers=READERS)
    call_command("collectstatic", interactive=False, verbosity=0)
    result = Measured(
        f"pages with {year['calls']:,} calls of 365 days stored, {COMPANIES} companies of which one has half;"
        f" {READERS} people, {THINK_S:g} s between an answer and the next question"
    )
    with served(database) as port:
        readers, skipped = readers_of(port, year["people"])
        visits = read_pages(port, readers, think_s=THINK_S, warm_s=WARM_S, seconds=COUNTED_S)
    bench.databases.drop(database)
    slowest = report(result, visits)
    for name in skipped:
        result.add(name, "skipped: not there")
    result.ratios = {"pages_p95_ms": slowest}
    return result


def report(result: Measured, visits: list[Visit]) -> float:
    """A line a page, slowest first; the greatest 95th percentile."""
    pages: dict[str, list[Visit]] = {}
    for visit in visits:
        pages.setdefault(visit.page, []).append(visit)
    lines = []
    for page, seen in pages.items():
        if broken := [visit.status for visit in seen if visit.status != 200]:
            raise BenchFailed(f"{page} was answered with {broken[0]}, {len(broken)} times of {len(seen)}")
        times = [visit.ms for visit in seen]
        half, most = percentile(times, 0.5), percentile(times, 0.95)
        wire, size = seen[-1].wire, seen[-1].size
        lines.append(
            (most, page, f"p50 {half:.0f} ms, p95 {most:.0f} ms, {wire:,} bytes ({size:,}), {len(seen)} times")
        )
    for _, page, line in sorted(lines, reverse=True):
        result.add(page, line)
    return max(most for most, _, _ in lines)


def readers_of(port: int, people: list[dict[str, Any]]) -> tuple[list[Reader], list[str]]:
    """The people with the pages that are there, and the names of those that are not."""
    first = Reader(_cookie(people[0]), _addresses(people[0]))
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=READY_S)
    there = [page for page in first.addresses if fetch(connection, first, page).status != 404]
    connection.close()
    names = [name for name, _, _ in PAGES]
    skipped = [name for name in names if name not in there]
    readers = [
        Reader(_cookie(person), {page: address for page, address in _addresses(person).items() if page in there})
        for person in people
    ]
    return readers, skipped


@contextmanager
def served(database: str) -> Iterator[int]:
    """The site as ``serve`` starts it, on a free port, over one database."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "POLARS_MAX_THREADS": "1",
        "DATABASE_URL": url_of(database),
        "REDIS_URL": settings.REDIS_URL,
        "DEBUG": "false",
    }
    command = [sys.executable, "-m", *SITE.split(), "--bind", f"127.0.0.1:{port}"]
    site = subprocess.Popen(command, cwd=ROOT, env=environment)  # noqa: S603
    try:
        _wait_until_ready(port, site)
        yield port
    finally:
        site.terminate()
        site.wait(timeout=READY_S)


def _wait_until_ready(port: int, site: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + READY_S
    while time.monotonic() < until and site.poll() is None:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=READY_S)
            connection.request("GET", reverse("health"))
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.2)
        finally:
            connection.close()
    raise BenchFailed("the site did not start")


def _cookie(person: dict[str, Any]) -> str:
    return f"{settings.SESSION_COOKIE_NAME}={person['session']}"


def _addresses(person: dict[str, Any]) -> dict[str, str]:
    """Each page's address for one person; a page whose route does not exist has none."""
    known = {"AGENT": person["agent"], "MONTH": person["month"], "LAST": person["last"]}
    found = {"public home": reverse("home"), "public number": reverse("public_number", args=[person["number"]])}
    for name, route, question in PAGES:
        try:
            address = reverse(f"portal:{route}", kwargs={"siren": person["siren"]})
        except NoReverseMatch:
            continue
        asked = {key: known.get(value, value) for key, value in question.items()}
        found[name] = address + (f"?{urlencode(asked)}" if asked else "")
    return found
