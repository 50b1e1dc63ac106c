"""The measurements of ``make bench``: each says what it took, what it is compared to, and the ratio of both."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from illico_platform.bench.databases import BenchFailed, Databases, run_child
from illico_platform.bench.floor import FACTS, copy_bare, dump
from illico_platform.bench.ground import FIRST_DAY, Night, name_of
from illico_platform.bench.ledger import copy_fec_out, fill_ledger, load_fec

WORKERS = 2  # a Celery worker per core of the smallest machine we run on
COMPANIES = 8
REPEATS = 3  # of which the best counts: other work on the machine only ever adds
NIGHTS = 5
OPEN_FROM = date(2026, 7, 1)
START_IN_S = 3.0  # long enough for every worker to have started


@dataclass
class Measured:
    """Lines for a person, (what, value) each, and ratios for a machine."""

    title: str
    lines: list[tuple[str, str]] = field(default_factory=list)
    ratios: dict[str, float] = field(default_factory=dict)

    def add(self, what: str, value: str) -> None:
        self.lines.append((what, value))


class Bench:
    """What the measurements share: the server's databases, a folder for files, how many calls.

    ``year`` names a database in which the year of calls is kept from one benchmark to the next; None keeps none.
    """

    def __init__(self, databases: Databases, folder: Path, rows: int, *, year: str | None = None) -> None:
        self.databases, self.folder, self.rows, self.year = databases, folder, rows, year
        self.base = databases.create("base")
        run_child(self.base, "prepare", companies=COMPANIES)

    def fresh(self, label: str) -> str:
        """A database with the companies and without calls."""
        return self.databases.create(label, template=self.base)

    def write(self, nights: list[Night]) -> tuple[list[tuple[str, str]], dict[str, int]]:
        """Write the nights' files: (PBX, path) each, and the sums of what must be found in them."""
        sums: dict[str, int] = {}
        for night in nights:
            for name, count in night.write().items():
                sums[name] = sums.get(name, 0) + count
        return [(name_of(night.company), str(night.path)) for night in nights], sums


def measure_ingest(bench: Bench) -> Measured:
    """Files to committed calls, verdicts, prices and postings, beside a bare COPY of the same final rows."""
    days = 4
    files, promised = bench.write(
        [
            Night(
                company, bench.folder / f"pbx{company}", 1 + company, FIRST_DAY, days, bench.rows // COMPANIES // days
            )
            for company in range(COMPANIES)
        ]
    )
    until = str(FIRST_DAY + timedelta(days=days))
    one, two, bare = [], [], []
    for _ in range(REPEATS):
        two.append(_run_workers(bench, files, until, WORKERS, promised))
        one.append(_run_workers(bench, files, until, 1, promised, dump_to=bench.folder))
        bare.append(_copy_bare(bench))
    calls = promised["calls"]
    best = min(bare, key=lambda seconds: sum(seconds.values()))
    floor, together, alone = sum(best.values()), _best(two), _best(one)
    result = Measured(f"{calls:,} calls, from {promised['lines']:,} lines in {len(files)} files to the ledger")
    for table in FACTS:
        result.add(f"bare COPY of {table}", f"{best[table]:.2f} s")
    result.add("bare COPY of all final rows", f"{floor:.2f} s")
    for label, run in ((f"the night, {WORKERS} workers", together), ("the night, one worker", alone)):
        parts = ", ".join(
            f"{name[:-2]} {run[name]:.2f}" for name in ("intake_s", "judge_s", "rate_s", "post_s", "seal_s")
        )
        result.add(label, f"{run['wall_s']:.2f} s ({parts})")
    result.ratios = {
        "ingest_ratio": together["wall_s"] / floor,
        "ingest_ratio_one_worker": alone["wall_s"] / floor,
        "calls_per_s": calls / together["wall_s"],
    }
    return result


def _run_workers(
    bench: Bench,
    files: list[tuple[str, str]],
    until: str,
    workers: int,
    promised: dict[str, int],
    dump_to: Path | None = None,
) -> dict[str, float]:
    """One night by so many workers in a fresh database; ``wall_s`` from their common start to the last seal."""
    database = bench.fresh("night")
    bench.databases.settle()
    start_at = time.time() + START_IN_S
    with ThreadPoolExecutor(workers) as pool:
        shares = [files[rank::workers] for rank in range(workers)]
        runs = [pool.submit(run_child, database, "work", files=s, until=until, start_at=start_at) for s in shares]
        done = [run.result() for run in runs]
    sealed = run_child(database, "seal")
    if (found := sum(run["calls"] for run in done)) != promised["calls"]:
        raise BenchFailed(f"{found} calls were stored, {promised['calls']} are in the files")
    if dump_to:
        dump(database, dump_to)
    bench.databases.drop(database)
    names = ("intake_s", "judge_s", "rate_s", "post_s")
    wall = max(run["ended_at"] for run in done) - start_at + sealed["seconds"]
    return {**{name: sum(run[name] for run in done) for name in names}, "seal_s": sealed["seconds"], "wall_s": wall}


def _copy_bare(bench: Bench) -> dict[str, float]:
    database = bench.fresh("floor")
    run_child(database, "partition", months=[str(FIRST_DAY)])
    bench.databases.settle()
    seconds = copy_bare(database, bench.folder)
    bench.databases.drop(database)
    return seconds


def measure_memory(bench: Bench) -> Measured:
    """The peak of each stage for ten times the days, beside that for one; the interpreter counts in both."""
    peaks: dict[str, list[float]] = {}
    small = bench.rows // 10
    for days in (1, 10):
        files, _ = bench.write([Night(0, bench.folder / "pbx0", 5, FIRST_DAY, days, small)])
        database = bench.fresh("memory")
        until = str(FIRST_DAY + timedelta(days=days))
        runs = {
            "intake": run_child(database, "intake", files=files),
            "judge, rate, post": run_child(database, "stages", files=files, until=until),
            "export of calls": run_child(database, "export", report="calls", path=bench.folder / "export"),
        }
        for name, run in runs.items():
            peaks.setdefault(name, []).append(run["peak_mb"])
        bench.databases.drop(database)
    result = Measured(f"peak memory, {small:,} and {10 * small:,} calls of one PBX")
    for name, (one, ten) in peaks.items():
        result.add(name, f"{one:.0f} MB and {ten:.0f} MB: x {ten / one:.2f}")
    result.ratios = {"memory_ratio": max(ten / one for one, ten in peaks.values())}
    return result


def measure_history(bench: Bench) -> Measured:
    """A night after 300 days of calls, beside the same night after 30; days in turn, the best of each.

    Months before the last two are closed, as an operator's accountants leave them.
    """
    per_day = max(40, bench.rows // 300 // 2)
    databases = {days: _with_history(bench, days, per_day) for days in (30, 300)}
    seconds: dict[int, list[dict[str, Any]]] = {days: [] for days in databases}
    for rank in range(NIGHTS + 1):
        day = FIRST_DAY + timedelta(days=rank)
        files, _ = bench.write(_nights(bench, day, 1, 10 * per_day))
        for days, database in databases.items():
            bench.databases.settle()
            seconds[days].append(run_child(database, "night", files=files, until=str(day)))
    result = Measured(f"a night of {20 * per_day:,} calls after 30 and after 300 days of {2 * per_day:,}")
    # The first night also pays for what the history left to settle: it is run, not counted.
    best = {days: min(runs[1:], key=lambda run: run["seconds"]) for days, runs in seconds.items()}
    for days, run in best.items():
        if run["status"] != "done":
            raise BenchFailed(f"the night after {days} days ended as {run['status']}: {run['parked']}")
        result.add(
            f"after {days} days", f"{run['seconds']:.2f} s (intake {run['intake_s']:.2f}, night {run['night_s']:.2f})"
        )
        bench.databases.drop(databases[days])
    result.ratios = {"history_ratio": best[300]["seconds"] / best[30]["seconds"]}
    return result


def _nights(bench: Bench, first: date, days: int, per_day: int) -> list[Night]:
    seed = first.toordinal()
    return [Night(company, bench.folder / f"pbx{company}", seed + company, first, days, per_day) for company in (0, 1)]


def _with_history(bench: Bench, days: int, per_day: int) -> str:
    database = bench.fresh(f"history{days}")
    files, _ = bench.write(_nights(bench, FIRST_DAY - timedelta(days=days), days, per_day))
    run_child(database, "night", files=files, until=str(FIRST_DAY - timedelta(days=1)))
    run_child(database, "close", before=str(OPEN_FROM))
    return database


def measure_fec(bench: Bench) -> Measured:
    """The FEC of a year, beside a bare COPY TO of a table that holds the same lines ready made."""
    database = bench.fresh("fec")
    lines = fill_ledger(database, bench.rows)
    exports, bare = [], []
    for _ in range(REPEATS):
        exports.append(run_child(database, "export", report="fec", path=bench.folder / "export")["seconds"])
        if not bare:
            load_fec(database, bench.folder / "export")
        bare.append(copy_fec_out(database, bench.folder / "bare"))
    bench.databases.drop(database)
    result = Measured(f"the FEC of {lines:,} lines")
    result.add("bare COPY TO of the same lines", f"{min(bare):.2f} s")
    result.add("export fec", f"{min(exports):.2f} s")
    result.ratios = {"fec_ratio": min(exports) / min(bare)}
    return result


def _best(runs: list[dict[str, float]]) -> dict[str, float]:
    return min(runs, key=lambda run: run["wall_s"])


MEASUREMENTS = {
    "ingest": measure_ingest,
    "memory": measure_memory,
    "history": measure_history,
    "fec": measure_fec,
}
