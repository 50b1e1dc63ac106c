"""manage.py bench: measurements beside what they compare to; the last line is one JSON object of ratios."""

import json
import os
import platform
import shutil
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import django
import polars as pl
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.table import Table

from illico_platform.bench.databases import BenchFailed, Databases, temporary_databases
from illico_platform.bench.measure import MEASUREMENTS, Bench, Measured
from illico_platform.bench.pages import measure_pages

# Measured only when asked for: ten times the rows take their time.
LONG = {"pages": measure_pages}
# What each ratio may be at most on two cores.
BARS = {"ingest_ratio": 1.5, "memory_ratio": 1.2, "history_ratio": 1.2, "fec_ratio": 2.0, "pages_p95_ms": 150.0}


class Command(BaseCommand):
    help = "Mesurer : de fichier à écriture, mémoire, historique, FEC ; la dernière ligne est un objet JSON."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--rows", type=int, default=1_000_000, help="calls, or lines of the ledger")
        parser.add_argument(
            "--only", default=",".join(MEASUREMENTS), help=f"comma-separated: %(default)s; and {', '.join(LONG)}"
        )

        parser.add_argument("--year", metavar="DATABASE", help="keep the year of « pages » there and take it again")

    def handle(self, *, rows: int, only: str, year: str | None, **options: Any) -> None:
        wanted = only.split(",")
        known = {**MEASUREMENTS, **LONG}
        if unknown := set(wanted) - known.keys():
            raise CommandError(f"--only is {', '.join(sorted(unknown))!r}, expected {', '.join(known)}", returncode=2)
        console = Console(file=self.stdout, width=110)  # type: ignore[arg-type]
        ratios: dict[str, Any] = {}
        with temporary_databases() as databases, tempfile.TemporaryDirectory(prefix="illico-bench-") as folder:
            self.stdout.write(_machine(databases, folder))
            try:
                bench = Bench(databases, Path(folder), rows, year=year)
                for name in wanted:
                    measured = known[name](bench)
                    console.print(_table(measured))
                    ratios.update(measured.ratios)
            except BenchFailed as error:
                raise CommandError(str(error)) from error
        self.stdout.write(json.dumps({name: round(value, 3) for name, value in ratios.items()}))


def _machine(databases: Databases, folder: str) -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    free = shutil.disk_usage(folder).free / 1e9
    versions = f"Python {platform.python_version()}, Django {django.__version__}, Polars {pl.__version__}"
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GB of memory, {free:.0f} GB of disk free, {platform.system()}"
        f" {platform.machine()}, {versions}, {databases.server()}"
    )


def _table(measured: Measured) -> Table:
    table = Table(title=measured.title, title_justify="left", show_header=False)
    for what, value in measured.lines:
        table.add_row(what, value)
    for name, value in measured.ratios.items():
        bar = f"  (at most {BARS[name]})" if name in BARS else ""
        table.add_row(name, f"{value:,.2f}{bar}", style="bold")
    return table
