"""Each connector has a golden folder: bytes in, calls and refusals out.

``python -m tests.test_connectors_golden`` rewrites what is expected, to be reviewed as a diff.
"""

import csv
import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from illico_platform.lib.errors import UnusableInput
from numbers.connectors.base import CONNECTORS, ReadOptions

GOLDEN = Path(__file__).parent / "golden" / "connectors"
SHARED = Path(__file__).parents[2] / "shared" / "data"
CASES = sorted(path for path in GOLDEN.glob("*/*") if path.is_dir())
SHOWN = [
    "external_id",
    "number",
    "queue",
    "caller",
    "offered_us",
    "outcome",
    "wait_ms",
    "talk_ms",
    "agent",
    "transferred",
]


def read_case(folder: Path) -> str:
    sample = next(folder.glob("sample.*"))
    given = folder / "options.json"
    options = ReadOptions(file=sample.name, **(json.loads(given.read_text()) if given.exists() else {}))
    return json.dumps(read_file(folder.parent.name, sample, options), ensure_ascii=False, indent=1) + "\n"


def read_file(key: str, path: Path, options: ReadOptions) -> dict[str, Any]:
    """Calls in the order of their lines, and what was counted."""
    plugin = CONNECTORS[key]
    with path.open("rb") as file:
        batches = list(plugin.read(file, options))
    calls = plugin.assemble(pl.concat([batch.events for batch in batches]), options).filter("is_call").sort("line")
    return {
        "read": sum(batch.read for batch in batches),
        "rejected": sum(batch.rejected for batch in batches),
        "ignored": dict(sum((batch.ignored for batch in batches), Counter())),
        "rejects": [str(reject) for batch in batches for reject in batch.rejects],
        "calls": [dict(zip(SHOWN, row, strict=True)) for row in calls.select(SHOWN).iter_rows()],
    }


@pytest.mark.parametrize("folder", CASES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_sample_reads_as_it_did(folder: Path) -> None:
    assert read_case(folder) == (folder / "expected.json").read_text()


def test_every_connector_has_a_golden_folder_and_every_folder_a_connector() -> None:
    assert sorted({folder.parent.name for folder in CASES}) == list(CONNECTORS)


def test_true_waits_over_both_clock_changes() -> None:
    told = json.loads(read_case(GOLDEN / "asterisk-queue-log" / "clock_changes"))
    assert [call["wait_ms"] for call in told["calls"]] == [40_000, 30_000]


def test_what_is_no_time_or_no_duration_is_refused_by_name() -> None:
    told = json.loads(read_case(GOLDEN / "generic-csv" / "units"))
    fields = [reject.split(": ")[1].split(" is ")[0] for reject in told["rejects"]]
    assert sorted(fields) == sorted(["line", "talk", "outcome", "offered_at", "offered_at", "wait", "number", "wait"])
    assert told["ignored"] == {"drop": 1, "heure ambiguë prise comme la première": 1}


BANK = {
    "external_id": ["vru_line", "call_id", "date"],
    "number": {"value": "0892690001"},
    "offered_at": {"columns": ["date", "vru_entry"], "format": "%y%m%d %H:%M:%S", "zone": "Asia/Jerusalem"},
    "outcome": {"column": "outcome", "values": {"AGENT": "answered", "HANG": "abandoned", "PHANTOM": "drop"}},
    "wait": {"column": "q_time", "unit": "s"},
    "talk": {"column": "ser_time", "unit": "s"},
    "agent": "server",
}


def test_a_real_month_of_a_call_centre_counts_as_worked_out() -> None:
    folder = SHARED / "callcenter-history"
    if not folder.exists():
        pytest.skip("the data of the call centre is not beside the project")
    with (folder / "expected_60s.csv").open() as file:
        wanted = {row["measure"]: int(row["value"]) for row in csv.DictReader(file)}
    told = read_file("generic-csv", folder / "anonymous_bank_1999_02.csv", ReadOptions(file="bank", mapping=BANK))
    waited = [call["outcome"] for call in told["calls"] if call["wait_ms"] >= 60_000]
    assert (told["read"], told["rejected"]) == (wanted["records"], 0)
    assert told["ignored"] == {"drop": wanted["outcome PHANTOM (drop: not real calls)"]}
    assert waited.count("answered") == wanted["served with q_time >= 60"]
    assert (
        waited.count("abandoned") == wanted["abandoned with q_time > 60"] + wanted["abandoned with q_time exactly 60"]
    )


def test_a_real_realtime_table_reads_with_its_re_entries() -> None:
    path = SHARED / "asterisk" / "wazo_queue_log_realtime.csv"
    if not path.exists():
        pytest.skip("the realtime table is not beside the project")
    told = read_file("asterisk-queue-log", path, ReadOptions(file="wazo"))
    waits = {call["external_id"]: (call["wait_ms"], call["talk_ms"]) for call in told["calls"]}
    assert waits["1681282818.209622"] == (52_376, 319_474)
    assert waits["1681302917.231273"] == (109_252, 96_798)


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ({}, "offered_at is None"),
        ({**BANK, "number": None}, "number is missing"),
        ({**BANK, "outcome": {"column": "outcome", "values": {"AGENT": "served"}}}, "outcome.values has 'served'"),
        ({**BANK, "wait": {"column": "q_time", "unit": "min"}}, "expected"),
        ({**BANK, "agent": "nobody"}, "has no column nobody"),
        ({**BANK, "delimiter": "||"}, "expected one character"),
        ({**BANK, "encoding": "klingon"}, "expected a known one"),
    ],
)
def test_a_mapping_that_misses_says_what_it_misses(mapping: dict[str, Any], said: str) -> None:
    header = b"vru_line,call_id,date,vru_entry,outcome,q_time,ser_time,server\n"
    with pytest.raises(UnusableInput, match=said):
        list(CONNECTORS["generic-csv"].read(io.BytesIO(header), ReadOptions(file="f", mapping=mapping)))


if __name__ == "__main__":
    for case in CASES:
        (case / "expected.json").write_text(read_case(case))
