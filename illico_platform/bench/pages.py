"""How fast the site answers with a year of calls stored: the real server, twenty people at once."""

import http.client
import math
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.management import call_command
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from illico_platform.bench.databases import ROOT, BenchFailed, run_child, url_of
from illico_platform.bench.measure import Bench, Measured
from illico_platform.bench.visits import Reader, Visit, fetch, percentile, read_pages
from illico_platform.lib.periods import paris_day
from illico_platform.terminal import SITE

COMPANIES, READERS = 40, 20
TIMES_ROWS = 10  # the year holds ten times the calls of the other measurements
THINK_S, WARM_S, COUNTED_S = 1.0, 30.0, 180.0
READY_S = 30
ALONE_S = 30.0
# Name, route and question of each list of a company's space, {words} as the reader knows them; what a page does not
# know, it passes over.
PAGES: list[tuple[str, str, dict[str, Any]]] = [
    ("dashboard", "dashboard", {}),
    ("dashboard, 30 days", "dashboard", {"periode": 30}),
    ("calls", "calls", {}),
    ("calls, page 40", "calls", {"page": 40}),
    ("calls, kept", "calls", {"promesse": "kept"}),
    ("calls, not proven", "calls", {"promesse": "unproven"}),
    ("calls, one agent", "calls", {"agent": "{agent}"}),
    ("calls, one number", "calls", {"numero": "{number_id}"}),
    ("calls, charged", "calls", {"facture": "oui"}),
    ("calls, longest wait first", "calls", {"tri": "-attente"}),
    ("calls, highest price first", "calls", {"tri": "-prix"}),
    ("calls, one month", "calls", {"du": "{since}", "au": "{last}"}),
    ("calls, one month, not proven", "calls", {"du": "{since}", "au": "{last}", "promesse": "unproven"}),
    ("numbers", "numbers", {}),
    ("files of numbers", "enrol", {}),
    ("agents", "agents", {}),
    ("agents, proven", "agents", {"etat": "proven"}),
    ("workplaces", "sites", {}),
    ("findings", "findings", {}),
    ("findings, all", "findings", {"etat": "tous"}),
    ("wages", "wages", {}),
    ("wages, one month", "wages_month", {"month": "{month}"}),
    ("payroll", "payroll", {}),
    ("payroll without agent", "payroll_unmatched", {}),
    ("imports", "imports", {}),
    ("team", "team", {}),
]


def measure_pages(bench: Bench) -> Measured:
    """Milliseconds per page at 20 people with a second between an answer and the next question."""
    database = bench.year or bench.databases.create("pages")
    found = _year(bench, database)
    call_command("collectstatic", interactive=False, verbosity=0)
    result = Measured(
        f"pages with {found['calls']:,} calls of 365 days stored, {COMPANIES} companies of which one has half;"
        f" {READERS} people, {THINK_S:g} s between an answer and the next question"
    )
    with served(database) as port:
        readers, skipped = readers_of(port, found["people"])
        alone = read_pages(port, readers[:1], think_s=0, warm_s=ALONE_S / 10, seconds=ALONE_S)
        visits = read_pages(port, readers, think_s=THINK_S, warm_s=WARM_S, seconds=COUNTED_S)
    if not bench.year:
        bench.databases.drop(database)
    slowest = report(result, visits, alone)
    for name in skipped:
        result.add(name, "skipped: not there")
    result.ratios = {"pages_p95_ms": slowest}
    return result


def _year(bench: Bench, database: str) -> dict[str, Any]:
    """The people of a year of calls up to yesterday: one that was kept, or filled now."""
    if bench.year and bench.databases.keep(database):
        run_child(database, "migrate")
        found = run_child(database, "people", count=READERS)
        if found["last"] == str(paris_day(timezone.now()) - timedelta(days=1)):
            return found
        bench.databases.drop(database)
        bench.databases.keep(database)
    run_child(database, "prepare", companies=COMPANIES)
    run_child(database, "year", calls=bench.rows * TIMES_ROWS, companies=1 + READERS // 2)
    return run_child(database, "people", count=READERS)


def report(result: Measured, visits: list[Visit], alone: list[Visit]) -> float:
    """A line a page, slowest first; the greatest 95th percentile."""
    lines = []
    by_one = _by_page(alone)
    for page, seen in _by_page(visits).items():
        if broken := [visit.status for visit in seen if visit.status != 200]:
            raise BenchFailed(f"{page} was answered with {broken[0]}, {len(broken)} times of {len(seen)}")
        times = [visit.ms for visit in seen]
        half, most = percentile(times, 0.5), percentile(times, 0.95)
        single = percentile([visit.ms for visit in by_one[page]], 0.5) if page in by_one else math.nan
        line = f"p50 {half:.0f} ms, p95 {most:.0f} ms; one reader {single:.0f} ms; {seen[-1].size:,} bytes"
        lines.append((most, page, f"{line}, {len(seen)} times"))
    for _, page, line in sorted(lines, reverse=True):
        result.add(page, line)
    return max(most for most, _, _ in lines)


def _by_page(visits: list[Visit]) -> dict[str, list[Visit]]:
    pages: dict[str, list[Visit]] = {}
    for visit in visits:
        pages.setdefault(visit.page, []).append(visit)
    return pages


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
    found = {"public home": reverse("home"), "public number": reverse("public_number", args=[person["number"]])}
    for name, route, question in PAGES:
        asked = {key: str(value).format(**person) for key, value in question.items()}
        path = {key: asked.pop(key) for key in ("month",) if key in asked}
        try:
            address = reverse(f"portal:{route}", kwargs={"siren": person["siren"], **path})
        except NoReverseMatch:
            continue
        found[name] = address + (f"?{urlencode(asked)}" if asked else "")
    return found
