"""Events into calls: each trap of the queue_log in a table, and any cut of a log gives the same calls."""

import io
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from numbers.connectors.base import CONNECTORS, ReadOptions
from numbers.rules.call_stream import CallStream
from numbers.rules.queue_events import national

ROOT = Path(__file__).parents[2]
EVENING = (ROOT / "sample" / "evening" / "queue_log").read_bytes()
SYNTHETIC = (ROOT / "tests" / "golden" / "connectors" / "asterisk-queue-log" / "synthetic" / "sample.txt").read_bytes()
PLUGIN = CONNECTORS["asterisk-queue-log"]
FACTS = ["external_id", "number", "caller", "offered_us", "outcome", "wait_ms", "talk_ms", "agent", "transferred"]
T = 1795600000
Q = "illico-0892690001"


def read_pieces(pieces: Sequence[bytes]) -> dict[str, tuple[object, ...]]:
    """Calls by id, as the pieces one after the other leave them: as the intake does, without a database."""
    calls: dict[str, tuple[object, ...]] = {}
    kept, stored, tail = pl.DataFrame(schema=PLUGIN.frame), frozenset[str](), b""
    for piece in pieces:
        if not piece:
            continue
        options = ReadOptions(file="log", tail=tail)
        done = set(calls) - stored
        stream = CallStream(lambda events, o=options: PLUGIN.assemble(events, o), kept=kept, stored=stored)
        told = []
        for batch in PLUGIN.read(io.BytesIO(piece), options):
            tail = batch.tail
            told.append(stream.feed(batch.events, restart_seq=batch.restart_seq))
        rest = stream.finish()
        for frame in (*told, rest.calls):
            for row in frame.select(FACTS).iter_rows():
                if row[0] not in done:
                    calls[row[0]] = row[1:]
        waiting = set(rest.events["external_id"]) - done
        stored = frozenset((set(rest.calls["external_id"]) | stored) & waiting)
        events = rest.events.filter(pl.col("external_id").is_in(list(waiting)) & ~pl.col("provisional"))
        kept = events.with_columns(seq=pl.int_range(-events.height, 0, dtype=pl.Int64))
    return calls


def one(*lines: str) -> tuple[object, ...]:
    """Outcome, wait, talk, agent, transferred of the only call of these lines."""
    calls = read_pieces(["".join(line + "\n" for line in lines).encode()])
    assert len(calls) == 1
    return next(iter(calls.values()))[3:]


def line(after_s: int, event: str, *, queue: str = Q, agent: str = "NONE") -> str:
    return f"{T + after_s}|{T}.1|{queue}|{agent}|{event}"


ENTER = line(0, "ENTERQUEUE||0639980001|1")
CONNECT = line(5, f"CONNECT|5|{T}.2|2", agent="A")
RESTART = f"{T + 900}|NONE|NONE|NONE|QUEUESTART|"


@pytest.mark.parametrize(
    ("lines", "call"),
    [
        (
            [ENTER, line(45, "RINGNOANSWER|15000", agent="A"), line(46, "ABANDON|1|2|45")],
            ("abandoned", 45_000, None, None, False),
        ),
        ([ENTER, line(59, "ABANDON|1|1|59", agent="A")], ("abandoned", 59_000, None, None, False)),
        (
            [ENTER, line(10, "AGENTDUMP|", agent="A"), line(40, "ABANDON|1|1|40")],
            ("abandoned", 40_000, None, None, False),
        ),
        (
            [
                ENTER,
                CONNECT,
                line(6, "AGENTDUMP|", agent="A"),
                line(9, "CONNECT|9|1|1", agent="B"),
                line(19, "COMPLETEAGENT|9|10|1", agent="B"),
            ],
            ("answered", 9_000, 10_000, "B", False),
        ),
        ([ENTER, line(3, "SYSCOMPAT|", agent="A")], ("failed", 3_000, None, None, False)),
        ([ENTER, line(20, "EXITWITHKEY|2|2|3|20")], ("key", 20_000, None, None, False)),
        ([ENTER, line(1, "EXITEMPTY|1|1|1"), line(1, "LEAVEEMPTY|")], ("empty", 1_000, None, None, False)),
        ([ENTER, line(30, "EXITWITHTIMEOUT|1")], ("timeout", 30_000, None, None, False)),
        ([ENTER, line(30, "WITHDRAW|1|1|30|operator")], ("withdrawn", 30_000, None, None, False)),
        ([line(0, "FULL|")], ("full", 0, None, None, False)),
        (
            [
                ENTER,
                CONNECT,
                line(35, "BLINDTRANSFER|7002|ctx|5|30|1", agent="A"),
                line(36, "ENTERQUEUE||0639980001|1", queue="expert"),
                line(96, "CONNECT|60|1|1", queue="expert", agent="C"),
                line(99, "COMPLETEAGENT|60|3|1", queue="expert", agent="C"),
            ],
            ("answered", 5_000, 30_000, "A", True),
        ),
        (
            [
                ENTER,
                CONNECT,
                line(35, "ENTERQUEUE||0639980001|1", queue="expert"),
                line(35, "BLINDTRANSFER|7002|ctx|5|30|1", agent="A"),
            ],
            ("answered", 5_000, 30_000, "A", True),
        ),
        (
            [ENTER, CONNECT, line(105, "ATTENDEDTRANSFER|LINK|Local/a;1|Local/a;2|5|100|1", agent="A")],
            ("answered", 5_000, 100_000, "A", True),
        ),
        (
            [ENTER, CONNECT, line(105, "ATTENDEDTRANSFER|BRIDGE|6f9b|5|100|1", agent="A")],
            ("answered", 5_000, 100_000, "A", True),
        ),
        ([ENTER, CONNECT, line(25, "TRANSFER|7002|ctx", agent="A")], ("answered", 5_000, 20_000, "A", True)),
        (
            [
                ENTER,
                CONNECT,
                line(35, "ENTERQUEUE||0639980001|1", queue="expert"),
                line(40, "CONNECT|5|1|1", queue="expert", agent="C"),
                line(60, "COMPLETEAGENT|5|20|1", queue="expert", agent="C"),
                RESTART,
            ],
            ("incomplete", 5_000, None, "A", False),
        ),
        ([ENTER, CONNECT, RESTART], ("incomplete", 5_000, None, "A", False)),
        ([CONNECT, line(65, "COMPLETEAGENT|5|60|1", agent="A"), RESTART], ("incomplete", None, None, None, False)),
        (
            [ENTER, ENTER, CONNECT, CONNECT, line(15, "COMPLETEAGENT|5|10|1", agent="A")],
            ("answered", 5_000, 10_000, "A", False),
        ),
        (
            [
                ENTER,
                line(60, "EXITWITHTIMEOUT|1|1|60"),
                line(3660, "ENTERQUEUE||0639980001|1"),
                line(3670, "CONNECT|10|1|1", agent="A"),
                line(3671, "COMPLETEAGENT|10|1|1", agent="A"),
            ],
            ("answered", 3_670_000, 1_000, "A", False),
        ),
        (
            [
                ENTER,
                line(60, "EXITWITHTIMEOUT|1|1|60"),
                line(3661, "ENTERQUEUE||0639980001|1"),
                line(3670, "CONNECT|9|1|1", agent="A"),
                line(3671, "COMPLETEAGENT|9|1|1", agent="A"),
            ],
            ("timeout", 60_000, None, None, False),
        ),
        ([ENTER, line(90_000, f"CONNECT|9|{T}.2|1", agent="A")], ("incomplete", None, None, None, False)),
    ],
)
def test_what_became_of_a_call(lines: list[str], call: tuple[object, ...]) -> None:
    assert one(*lines) == call


@pytest.mark.parametrize(
    ("did", "number"),
    [
        ("0892690002|NONE|DID|0639980001", "0892690002"),
        ("8001|NONE|DID|0892690002", "0892690002"),
        ("8001|NONE|DID|+33892690002", "0892690002"),
        ("NONE|NONE|DID|3939", "3939"),
    ],
)
def test_the_number_is_the_one_dialled_wherever_the_did_line_has_it(did: str, number: str) -> None:
    lines = [f"{T}|{T}.1|{did}", ENTER, line(5, "ABANDON|1|1|5")]
    assert next(iter(read_pieces([("\n".join(lines) + "\n").encode()]).values()))[0] == number


@pytest.mark.parametrize("log", [EVENING, SYNTHETIC], ids=["evening", "synthetic"])
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_log_cut_anywhere_gives_the_same_calls(log: bytes, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(log)), max_size=6)))
    pieces = [log[a:b] for a, b in zip([0, *cuts], [*cuts, len(log)], strict=True)]
    assert read_pieces(pieces) == read_pieces([log])


@pytest.mark.parametrize("cut", range(200, 330))
def test_each_byte_of_a_call_may_be_the_last_of_a_file(cut: int) -> None:
    call = [ENTER, CONNECT, line(185, "COMPLETEAGENT|5|180|1", agent="A"), ENTER.replace(f"{T}.1", f"{T}.7"), RESTART]
    log = ("\r\n".join(call) + "\r\n").encode()
    cut = cut % len(log)
    assert read_pieces([log[:cut], log[cut:]]) == read_pieces([log])


def test_a_line_cut_short_gives_way_to_the_whole_one_of_an_overlapping_file() -> None:
    log = "".join(f"{text}\n" for text in [ENTER, CONNECT, line(185, "COMPLETEAGENT|5|180|1", agent="A")]).encode()
    assert read_pieces([log[:-4], log]) == read_pieces([log])


def test_a_caller_may_withhold_the_number() -> None:
    calls = read_pieces([f"{line(0, 'ENTERQUEUE|||1')}\n{line(5, 'ABANDON|1|1|5')}\n".encode()])
    assert next(iter(calls.values()))[1] is None


def in_two_steps(text: pl.Expr) -> pl.Expr:
    """How the national form is defined: first without the country's code, then without the missing zero."""
    bare = text.str.replace_all(r"[\s.\-/()]", "")
    return bare.str.replace(r"^(?:\+|00)?33(?:0)?([1-9]\d{8})$", "0${1}").str.replace(r"^([1-9]\d{8})$", "0${1}")


@given(st.lists(st.text("+0123 .-/()é", max_size=16) | st.from_regex(r"\A(\+|00)?(33)?0?[0-9]{8,10}\Z")))
def test_a_number_has_one_national_form(texts: list[str]) -> None:
    frame = pl.DataFrame({"text": texts}, schema={"text": pl.String})
    assert frame.select(national(pl.col("text"))).equals(frame.select(in_two_steps(pl.col("text"))))
