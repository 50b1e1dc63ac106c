"""One job of a benchmark in a process of its own: ``python -m illico_platform.bench.child JOB ARGUMENTS``.

A job's clock and peak start when Django is ready: what is measured is the work, not the interpreter.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

JOBS: dict[str, Callable[..., dict[str, Any]]] = {}


def job(work: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """Register a job under its function's name."""
    JOBS[work.__name__] = work
    return work


@job
def prepare(*, companies: int) -> dict[str, Any]:
    """Make the tables and the companies."""
    from django.core.management import call_command

    from illico_platform.bench.ground import lay_ground

    call_command("migrate", verbosity=0, interactive=False)
    lay_ground(companies=companies)
    return {}


@job
def partition(*, months: list[str]) -> dict[str, Any]:
    """Make the fact tables' partitions, as the stages do."""
    from illico_platform.bench.floor import FACTS
    from numbers.services.partitions import ensure_partitions

    for table in FACTS:
        ensure_partitions(table=table, months=[date.fromisoformat(month) for month in months])
    return {}


@job
def intake(*, files: list[tuple[str, str]]) -> dict[str, Any]:
    """Take queue_logs in, (name of the PBX, path) each."""
    from illico_platform.bench.ground import NOW
    from numbers.models import Source
    from numbers.services.intake import run_intake

    calls = 0
    for name, path in files:
        source = Source.objects.get(name=name)
        calls += run_intake(connector="asterisk-queue-log", path=Path(path), source=source, now=NOW).calls
    return {"calls": calls}


@job
def stages(*, files: list[tuple[str, str]], until: str) -> dict[str, Any]:
    """Judge, rate and post the companies whose PBX are named; seconds of each stage."""
    from agents.services.judge import judge_company
    from billing.services.post import post_company
    from billing.services.rate import rate_company
    from illico_platform.bench.ground import NOW, SINCE
    from numbers.models import Source

    clock = _Clock()
    counts = dict.fromkeys(("judged", "rated", "entries"), 0)
    names = [name for name, _ in files]
    for company_id in Source.objects.filter(name__in=names).order_by("name").values_list("company_id", flat=True):
        with clock.stage("judge_s"):
            counts["judged"] += judge_company(company_id=company_id, since=SINCE, now=NOW).calls
        with clock.stage("rate_s"):
            counts["rated"] += rate_company(company_id=company_id, since=SINCE, now=NOW).calls
        with clock.stage("post_s"):
            until_day = date.fromisoformat(until)
            counts["entries"] += post_company(company_id=company_id, until=until_day, since=SINCE, now=NOW).entries
    return {**clock.seconds, **counts}


@job
def work(*, files: list[tuple[str, str]], until: str, start_at: float) -> dict[str, Any]:
    """What one worker does of a night: take its files in, then every stage of their companies.

    Args:
        start_at: epoch; several workers begin together.
    """
    from django.db import connection

    connection.ensure_connection()
    time.sleep(max(0.0, start_at - time.time()))
    clock = _Clock()
    with clock.stage("intake_s"):
        taken = intake(files=files)
    return {**taken, **stages(files=files, until=until), **clock.seconds, "ended_at": time.time()}


@job
def seal() -> dict[str, Any]:
    """Number and chain the entries."""
    from billing.services.seal import seal_entries

    return {"sealed": seal_entries()}


@job
def night(*, files: list[tuple[str, str]], until: str) -> dict[str, Any]:
    """The files of one day and the whole night after it, checks included."""
    from billing.services.night import run_night
    from illico_platform.bench.ground import NOW

    clock = _Clock()
    with clock.stage("intake_s"):
        taken = intake(files=files)
    with clock.stage("night_s"):
        run = run_night(day=date.fromisoformat(until), now=NOW)
    return {**taken, **clock.seconds, "status": run.status, "parked": str(run.summary.get("parked", ""))}


@job
def close(*, before: str) -> dict[str, Any]:
    """Close every month of the books up to a day."""
    from billing.models import Period
    from illico_platform.bench.ground import NOW, SINCE
    from illico_platform.lib.periods import Month

    month = Month.of(SINCE)
    while str(month.first) < before:
        Period.objects.update_or_create(month=month.first, defaults={"closed_at": NOW})
        month = month.next
    return {}


@job
def export(*, report: str, path: str) -> dict[str, Any]:
    """Write a report to a file."""
    from billing.services.export import plan_export, write_export
    from illico_platform.bench.ground import NOW

    with Path(path).open("wb") as out:
        return {"rows": write_export(plan_export(report=report, today=NOW.date()), out)}


@job
def migrate() -> dict[str, Any]:
    """Bring the tables of a database that was kept up to the code."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    return {}


@job
def year(*, calls: int, companies: int) -> dict[str, Any]:
    """A year of calls up to yesterday, and the books of the first companies."""
    from django.utils import timezone

    from illico_platform.bench.year import fill_year, lay_fund
    from illico_platform.lib.periods import paris_day

    now = timezone.now()
    last = paris_day(now) - timedelta(days=1)
    fill_year(calls=calls, last=last)
    lay_fund(companies=companies, until=last, now=now)
    return {}


@job
def people(*, count: int) -> dict[str, Any]:
    """Members with open sessions; how many calls they may read, the last on which day."""
    from django.db.models import Max, Sum

    from illico_platform.bench.readers import make_readers
    from numbers.models import CallDay

    stored = CallDay.objects.aggregate(calls=Sum("calls"), last=Max("day"))
    found = make_readers(count=count, last=stored["last"]) if stored["calls"] else []
    return {"people": found, "calls": stored["calls"] or 0, "last": str(stored["last"])}


class _Clock:
    """Adds up the seconds of named stages."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - started


def peak_mb() -> float:
    """The most memory this process ever held; Linux counts it anew from ``exec``, elsewhere since ``fork``."""
    try:
        status = Path("/proc/self/status").read_text()
    except FileNotFoundError:
        unit = 1 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024 / 1e6


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "illico_platform.settings")
    import django

    import illico_platform  # noqa: F401  before Django, so that the app called numbers can be imported

    django.setup()
    name, arguments = sys.argv[1], json.loads(sys.argv[2])
    started, cpu = time.perf_counter(), time.process_time()
    result = JOBS[name](**arguments)
    spent = {"seconds": time.perf_counter() - started, "cpu_s": time.process_time() - cpu, "peak_mb": peak_mb()}
    sys.stdout.write(json.dumps({**spent, **result}) + "\n")


if __name__ == "__main__":
    main()
