"""Write a queue_log of the cast's company: ``python -m tests.write_log CALLS PATH``."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import illico_platform  # noqa: F401  before anything that needs numbers
from illico_platform.generate import generate_queue_log

if __name__ == "__main__":
    generate_queue_log(
        Path(sys.argv[2]),
        seed=1,
        start=datetime(2026, 11, 20, 12, tzinfo=UTC),
        days=1,
        calls_per_day=int(sys.argv[1]),
        numbers=["0892690001", "0892690002"],
        agents=["A001", "A002", "A003", "A004", "A005"],
    )
