"""Lines of Asterisk's queue_log as events: which say something about a call, and which cannot be read.

It knows no file: lines arrive as a frame of texts. It decides nothing about a call, see ``rules.calls``.
"""

from __future__ import annotations

from enum import IntEnum

import polars as pl


class Kind(IntEnum):
    """What an event means for its call."""

    OTHER = 0
    RESTART = 1
    DID = 2
    ENTER = 3
    CONNECT = 4
    DONE = 5
    MOVED = 6
    ABANDON = 7
    FAILED = 8
    KEY = 9
    TIMEOUT = 10
    EMPTY = 11
    FULL = 12
    WITHDRAWN = 13
    DUMP = 14
    RING = 15


# Staffing events are known and left to others; what is in neither table is counted by name.
EVENTS = {
    "QUEUESTART": Kind.RESTART,
    "DID": Kind.DID,
    "ENTERQUEUE": Kind.ENTER,
    "CONNECT": Kind.CONNECT,
    "COMPLETECALLER": Kind.DONE,
    "COMPLETEAGENT": Kind.DONE,
    "BLINDTRANSFER": Kind.MOVED,
    "ATTENDEDTRANSFER": Kind.MOVED,
    "TRANSFER": Kind.MOVED,
    "ABANDON": Kind.ABANDON,
    "SYSCOMPAT": Kind.FAILED,
    "EXITWITHKEY": Kind.KEY,
    "EXITWITHTIMEOUT": Kind.TIMEOUT,
    "EXITEMPTY": Kind.EMPTY,
    "LEAVEEMPTY": Kind.EMPTY,
    "JOINEMPTY": Kind.EMPTY,
    "FULL": Kind.FULL,
    "DIVERT_CA_RATIO": Kind.FULL,
    "DIVERT_HOLDTIME": Kind.FULL,
    "WITHDRAW": Kind.WITHDRAWN,
    "AGENTDUMP": Kind.DUMP,
    "RINGNOANSWER": Kind.RING,
    "RINGCANCELED": Kind.RING,
}
STAFFING = [
    "CONFIGRELOAD",
    "ADDMEMBER",
    "REMOVEMEMBER",
    "PAUSE",
    "UNPAUSE",
    "PAUSEALL",
    "UNPAUSEALL",
    "PENALTY",
    "RINGINUSE",
    "OUTCALL",
    "WRAPUPSTART",
    "AGENTLOGIN",
    "AGENTLOGOFF",
    "AGENTCALLBACKLOGIN",
    "AGENTCALLBACKLOGOFF",
    "QUEUEMEMBERSTATUS",
]
# XiVO and Wazo write these for callers who were turned away at the queue's door: entry and exit in one line.
TURNED_AWAY = ("FULL", "JOINEMPTY", "DIVERT_CA_RATIO", "DIVERT_HOLDTIME")
NO_CALL = ("NONE", "REALTIME", "MANAGER", "CLI")

EARLIEST_S, LATEST_S = 946_684_800, 4_102_444_800  # 2000-01-01 and 2100-01-01
CHANNEL_LIFE_S = 7 * 86_400
LONGEST_ID = 128
FIELDS = ["callid", "queue", "agent", "event", *(f"d{index}" for index in range(1, 6))]

EVENT_FRAME: dict[str, type[pl.DataType]] = {
    "external_id": pl.String,
    "seq": pl.Int64,
    "line": pl.Int64,
    "at_us": pl.Int64,
    "alt_us": pl.Int64,
    "kind": pl.UInt8,
    "queue": pl.String,
    "agent": pl.String,
    "number": pl.String,
    "caller": pl.String,
    "wait_s": pl.Int64,
    "talk_s": pl.Int64,
    "provisional": pl.Boolean,
}

_CODES = {**{name: int(kind) for name, kind in EVENTS.items()}, **dict.fromkeys(STAFFING, int(Kind.OTHER))}
_EVENT = pl.col("event")
_KIND = pl.col("kind")


def read_events(lines: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Tell what can be read from what cannot, and give each event its meaning.

    Args:
        lines: ``line`` and ``seq`` (Int64), ``at_us`` (Int64, null when the time cannot be read), ``alt_us`` (the
            other instant of an ambiguous local time, else null), ``when`` (the time as written) and ``FIELDS``, texts
            that are null when empty.
    Returns:
        Events in the order given, columns ``EVENT_FRAME`` without ``provisional``, plus ``event`` for what is no
        call event (``kind`` null: unknown, ``OTHER``, ``RESTART``); and faults: line, field, value, expected.
    Source: app_queue.c and logger.c of Asterisk; an event more than seven days from its channel's start is damage.

    >>> fields = dict.fromkeys(FIELDS) | {"callid": "7.1", "queue": "q", "agent": "A", "event": "CONNECT", "d1": "12"}
    >>> row = {"line": 1, "seq": 1, "at_us": 1767603600000000, "alt_us": None, "when": "1767603600", **fields}
    >>> events, faults = read_events(pl.DataFrame([row], schema_overrides={name: pl.String for name in FIELDS}))
    >>> events["wait_s"].to_list(), faults.height
    ([12], 0)
    """
    known = lines.with_columns(kind=_EVENT.replace_strict(_CODES, default=None, return_dtype=pl.UInt8))
    known = known.with_columns(_wait_text().alias("wait"), _talk_text().alias("talk"))
    known = known.with_columns(
        wait_s=pl.col("wait").cast(pl.Int64, strict=False), talk_s=pl.col("talk").cast(pl.Int64, strict=False)
    )
    # Nearly every line is plain, and few of the others are at fault: the costly question is put to those few.
    faults = known.filter(~_is_plain()).with_columns(fault=_fault()).filter(pl.col("fault").is_not_null())
    if faults.height:
        known = known.join(faults, on="seq", how="anti", maintain_order="left")
    return _shape(known), _told(faults)


def national(text: pl.Expr) -> pl.Expr:
    """Telephone numbers as dialled inside France: separators dropped, +33, 0033 or 33 replaced by 0.

    >>> pl.select(national(pl.lit("+33 6 39 98 00 44"))).item()
    '0639980044'
    """
    bare = text.str.replace_all(r"[\s.\-/()]", "")
    return bare.str.replace(r"^(?:(?:\+|00)?330?)?([1-9]\d{8})$", "0${1}")


_FAULTS = {"line": pl.Int64, "field": pl.String, "value": pl.String, "expected": pl.String}
_EXPECTED = {
    "time": "ten digits of seconds since 1970, between 2000 and 2100, within seven days of the channel's start",
    "callid": "the channel's unique id",
    "event": "the name of an event in capitals as fifth field",
    "wait": "whole seconds, at most six digits",
    "talk": "whole seconds, at most six digits",
}


def _is_plain() -> pl.Expr:
    """A known event of a channel whose id begins with its start: nothing of it can be at fault. Never null."""
    at_s = pl.col("at_us") // 1_000_000
    channel_s = pl.col("callid").str.slice(0, 10).cast(pl.Int64, strict=False)
    plain = (
        at_s.is_between(EARLIEST_S, LATEST_S)
        & channel_s.is_between(EARLIEST_S, LATEST_S)
        & (at_s - channel_s).is_between(-CHANNEL_LIFE_S, CHANNEL_LIFE_S)
        & (pl.col("callid").str.len_bytes() <= LONGEST_ID)
        & _KIND.is_not_null()
        & ~_bad_seconds("wait")
        & ~_bad_seconds("talk")
    )
    return plain.fill_null(False)


def _fault() -> pl.Expr:
    """Name of the first field at fault, null for a line that can be read."""
    at_s = pl.col("at_us") // 1_000_000
    channel_s = pl.col("callid").str.slice(0, 10).cast(pl.Int64, strict=False)
    far = channel_s.is_between(EARLIEST_S, LATEST_S) & ((at_s - channel_s).abs() > CHANNEL_LIFE_S)
    bad_time = pl.col("at_us").is_null() | ~at_s.is_between(EARLIEST_S, LATEST_S) | far.fill_null(False)
    about_call = _KIND >= Kind.DID
    bad_call = pl.col("callid").is_null() | (about_call & pl.col("callid").is_in(NO_CALL)).fill_null(False)
    bad_event = _EVENT.is_null() | (_KIND.is_null() & ~_EVENT.str.contains(r"^[A-Z][A-Z0-9_]+$"))
    long_id = pl.col("callid").str.len_chars() > LONGEST_ID
    return (
        pl.when(bad_time)
        .then(pl.lit("time"))
        .when(bad_call | long_id)
        .then(pl.lit("callid"))
        .when(bad_event)
        .then(pl.lit("event"))
        .when(_bad_seconds("wait"))
        .then(pl.lit("wait"))
        .when(_bad_seconds("talk"))
        .then(pl.lit("talk"))
    )


def _bad_seconds(name: str) -> pl.Expr:
    number = pl.col(f"{name}_s")
    return pl.col(name).is_not_null() & (number.is_null() | ~number.is_between(0, 999_999))


def _told(faults: pl.DataFrame) -> pl.DataFrame:
    found = pl.coalesce(
        pl.when(pl.col("fault") == field).then(pl.col(column).fill_null(""))
        for field, column in (
            ("time", "when"),
            ("callid", "callid"),
            ("event", "event"),
            ("wait", "wait"),
            ("talk", "talk"),
        )
    )
    return faults.select(
        "line",
        field="fault",
        value=found,
        expected=pl.col("fault").replace_strict(_EXPECTED, return_dtype=pl.String),
    )


def _wait_text() -> pl.Expr:
    late = _EVENT.is_in(["ABANDON", "EXITWITHTIMEOUT", "EXITEMPTY", "WITHDRAW"])
    return (
        pl.when(_KIND == Kind.CONNECT)
        .then(pl.col("d1"))
        .when(late)
        .then(pl.col("d3"))
        .when(_KIND == Kind.KEY)
        .then(pl.col("d4"))
    )


def _talk_text() -> pl.Expr:
    """The LINK form of an attended transfer has one field more than the others."""
    return (
        pl.when(_KIND == Kind.DONE)
        .then(pl.col("d2"))
        .when((_KIND == Kind.MOVED) & (_EVENT == "ATTENDEDTRANSFER") & (pl.col("d1") == "LINK"))
        .then(pl.col("d5"))
        .when(_KIND == Kind.MOVED)
        .then(pl.col("d4"))
    )


def _shape(known: pl.DataFrame) -> pl.DataFrame:
    events = known.select(
        pl.col("callid").alias("external_id"),
        "seq",
        "line",
        "at_us",
        "alt_us",
        "kind",
        "queue",
        "agent",
        number=pl.lit(None, pl.String),
        caller=pl.when(_KIND == Kind.ENTER).then(pl.col("d2")),
        wait_s="wait_s",
        talk_s="talk_s",
        event="event",
        d1="d1",
    )
    events = _with_dialled(events).drop("d1")
    doors = (
        events.filter(pl.col("event").is_in(TURNED_AWAY)) if (events["kind"] >= Kind.EMPTY).any() else events.clear()
    )
    if doors.is_empty():
        return events
    entries = doors.with_columns(kind=pl.lit(int(Kind.ENTER), pl.UInt8))
    return pl.concat([entries, events]).sort("seq", maintain_order=True)


def _with_dialled(events: pl.DataFrame) -> pl.DataFrame:
    """The number of DID lines: our dialplan writes it in the queue's column, FreePBX in the first field."""
    is_did = (_KIND == Kind.DID).fill_null(False)
    dids = events.filter(is_did)
    if dids.is_empty():
        return events
    if dids["queue"].str.contains(r"^08\d{8}$").fill_null(False).all():
        dialled = pl.when(is_did).then(pl.col("queue"))
        return events.with_columns(number=dialled, queue=pl.when(~is_did).then(pl.col("queue")))
    columns = national(pl.col("queue")), national(pl.col("d1"))
    forms = (r"^08\d{8}$", r"^(?:3\d{3}|10\d{2}|118\d{3})$", r"^0[1-9]\d{8}$")
    number = pl.coalesce(pl.when(column.str.contains(form)).then(column) for form in forms for column in columns)
    dids = dids.with_columns(number=number, queue=pl.lit(None, pl.String))
    return pl.concat([events.filter(~is_did), dids]).sort("seq")
