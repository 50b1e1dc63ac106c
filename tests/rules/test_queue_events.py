"""Lines into events: what is plain is read without being questioned, and reads as if it had been."""

from unittest.mock import patch

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from numbers.rules import queue_events
from numbers.rules.queue_events import CHANNEL_LIFE_S, EVENTS, FIELDS, LATEST_S, read_events

T = 1_795_600_000
AWAY = CHANNEL_LIFE_S
SECONDS = st.sampled_from([T, T + AWAY, T + AWAY + 1, T - AWAY - 1, 946_684_799, LATEST_S])
CALLIDS = st.sampled_from([f"{T}.1", f"pbx-{T}.1", "NONE", "4102444801.1", f"{T}.{'1' * 117}", f"{T}.{'1' * 118}", "é"])
EVENT = st.sampled_from([*EVENTS, "PAUSE", "SOMETHINGNEW", "not an event"])
FIELD = st.none() | st.sampled_from(["0", "12", "999999", "1000000", "-1", "1.5", "LINK", "x"])
LINE = st.fixed_dictionaries(
    {"at_s": st.none() | SECONDS, "callid": st.none() | CALLIDS, "event": st.none() | EVENT}
    | {"queue": st.just("q"), "agent": st.just("A001"), **{f"d{n}": FIELD for n in range(1, 6)}}
)


@given(st.lists(LINE, max_size=6))
def test_plain_lines_read_as_if_each_had_been_questioned(lines: list[dict[str, object]]) -> None:
    frame = pl.DataFrame(lines, schema={"at_s": pl.Int64, **dict.fromkeys(FIELDS, pl.String)}).select(
        pl.int_range(pl.len()).alias("line"),
        pl.int_range(pl.len()).alias("seq"),
        (pl.col("at_s") * 1_000_000).alias("at_us"),
        pl.lit(None, pl.Int64).alias("alt_us"),
        pl.col("at_s").cast(pl.String).alias("when"),
        *FIELDS,
    )
    events, faults = read_events(frame)
    with patch.object(queue_events, "_is_plain", lambda: pl.lit(value=False)):
        asked_events, asked_faults = read_events(frame)
    assert events.equals(asked_events)
    assert faults.equals(asked_faults)
