"""Generated nights: the same arguments give the same bytes, in order, and hold what the counts promise."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from illico_platform.generate import generate_queue_log

START = datetime(2026, 10, 23, 22, tzinfo=UTC)  # midnight of Saturday 24 October in Paris; the clocks change on Sunday
NUMBERS = ["0892690011", "0892690012", "0892690013"]
AGENTS = [f"B{rank:03}" for rank in range(1, 9)]
ENDS = {
    "COMPLETECALLER": "answered",
    "COMPLETEAGENT": "answered",
    "BLINDTRANSFER": "answered",
    "ATTENDEDTRANSFER": "answered",
    "ABANDON": "abandoned",
    "EXITWITHKEY": "key",
    "EXITWITHTIMEOUT": "timeout",
    "EXITEMPTY": "empty",
    "FULL": "full",
    "SYSCOMPAT": "failed",
    "WITHDRAW": "withdrawn",
}


def write(path: Path, *, seed: int = 7, days: int = 3, calls_per_day: int = 400) -> dict[str, int]:
    return generate_queue_log(
        path, seed=seed, start=START, days=days, calls_per_day=calls_per_day, numbers=NUMBERS, agents=AGENTS
    )


def read(path: Path) -> tuple[list[list[str]], dict[str, list[list[str]]]]:
    """The lines, and each call's lines, split into fields."""
    lines = [line.split("|") for line in path.read_text().splitlines()]
    calls: dict[str, list[list[str]]] = {}
    for line in lines:
        if line[1] != "NONE":
            calls.setdefault(line[1], []).append(line)
    return lines, calls


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    first, again, other = (tmp_path / name for name in ("first", "again", "other"))
    assert write(first) == write(again)
    write(other, seed=8)
    assert first.read_bytes() == again.read_bytes() != other.read_bytes()


def test_the_counts_are_what_a_plain_reader_finds(tmp_path: Path) -> None:
    promised = write(tmp_path / "queue_log")
    lines, calls = read(tmp_path / "queue_log")
    found: Counter[str] = Counter(lines=len(lines), calls=len(calls))
    for events in calls.values():
        outcome = ENDS.get(events[-1][4], "incomplete")
        found[outcome] += 1
        found["reentered"] += len({line[0] for line in events if line[4] == "ENTERQUEUE"}) > 1 or _entries(events) > 1
        if outcome == "answered":
            connect = next(line for line in events if line[4] == "CONNECT")
            found["late"] += int(connect[0]) - int(events[0][0]) >= 60
            found["strange"] += connect[3] == "X999"
            found["transferred"] += "TRANSFER" in events[-1][4]
    assert found == Counter({name: promised[name] for name in found})
    assert promised["calls"] == 3 * 400


def _entries(events: list[list[str]]) -> int:
    return sum(line[4] == "ENTERQUEUE" for line in events)


def test_lines_stand_in_time_order_and_talk_is_the_difference_of_their_times(tmp_path: Path) -> None:
    write(tmp_path / "queue_log")
    lines, calls = read(tmp_path / "queue_log")
    times = [int(line[0]) for line in lines]
    assert times == sorted(times)
    for events in calls.values():
        assert events[0][4] == "DID"
        if events[-1][4] in ("COMPLETECALLER", "COMPLETEAGENT"):
            connect, end = events[-2], events[-1]
            assert int(end[6]) == int(end[0]) - int(connect[0])
            assert connect[5] == end[5]


@pytest.mark.parametrize("calls_per_day", [40, 2_000])
def test_every_outcome_occurs(tmp_path: Path, calls_per_day: int) -> None:
    counts = write(tmp_path / "queue_log", days=1, calls_per_day=calls_per_day)
    assert min(counts[name] for name in {*ENDS.values(), "incomplete", "late", "strange", "transferred"}) >= 1
    assert counts["outside"] >= 1
    assert counts["reentered"] >= 2


def test_a_restart_ends_nothing_that_was_open(tmp_path: Path) -> None:
    counts = write(tmp_path / "queue_log")
    lines, calls = read(tmp_path / "queue_log")
    [restart] = [int(line[0]) for line in lines if line[4] == "QUEUESTART"]
    cut = [events for events in calls.values() if events[-1][4] not in ENDS]
    assert len(cut) == counts["incomplete"] >= 1
    assert all(int(events[-1][0]) <= restart for events in cut)


def test_the_hours_are_those_of_the_wall_in_paris_on_the_day_of_25_hours(tmp_path: Path) -> None:
    write(tmp_path / "queue_log", days=3)
    sunday = datetime(2026, 10, 25, 23, tzinfo=UTC)  # the midnight after it
    _, calls = read(tmp_path / "queue_log")
    offered = [int(events[0][0]) for events in calls.values()]
    on_sunday = [at for at in offered if sunday.timestamp() - 25 * 3600 <= at < sunday.timestamp()]
    assert min(on_sunday) >= sunday.timestamp() - 16 * 3600  # 08:00
    assert max(on_sunday) < sunday.timestamp() - 3600  # 23:00


def test_nothing_to_generate_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="needs numbers"):
        generate_queue_log(
            tmp_path / "queue_log", seed=1, start=START, days=1, calls_per_day=1, numbers=[], agents=AGENTS
        )
