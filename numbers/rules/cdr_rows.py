"""Call detail records of Asterisk as calls. ANSWERED proves nothing: a caller who only waited has it too.

Proof of an answer is the agent's own leg. What is not proven is ``incomplete``, never charged.
"""

from __future__ import annotations

import polars as pl

from .calls import CALLS, EXITED
from .queue_events import national

ROW_FRAME: dict[str, type[pl.DataType]] = {
    "external_id": pl.String,
    "seq": pl.Int64,
    "line": pl.Int64,
    "at_us": pl.Int64,
    "start_us": pl.Int64,
    "answer_us": pl.Int64,
    "own": pl.Boolean,
    "answered": pl.Boolean,
    "in_queue": pl.Boolean,
    "number": pl.String,
    "queue": pl.String,
    "caller": pl.String,
    "channel": pl.String,
    "peer": pl.String,
    "talk_s": pl.Int64,
    "provisional": pl.Boolean,
}
_ORDER = ["external_id", "start_us", "seq"]


def assemble_rows(rows: pl.DataFrame, *, queue_number: pl.Expr, queue_answers: bool) -> pl.DataFrame:
    """One row per call of a queue or of a service number, from all records that carry its linked id.

    The wait runs from the first record's start to the later of the agent leg's answer and the answer of the caller's
    record that this leg was bridged with; talk is the shorter of both records' billed seconds. So the record read
    alone never charges more than the queue_log of the same call.

    Args:
        rows: ``ROW_FRAME``, in file order; every record of a call.
        queue_number: the number found in the name of a queue.
        queue_answers: the source's promise that nothing answers the caller before an agent does; then the caller's
            own record proves the answer where an agent has no leg of their own.
    Returns:
        ``rules.calls.CALLS``; ``state`` is EXITED: records of the call may still come.
    Source: res/cdr of Asterisk 22; tests/cdr/app_queue of its test suite (abandoned and timed-out calls: ANSWERED).
    """
    if rows.is_empty():
        return pl.DataFrame(schema=CALLS)
    rows = rows.unique(subset=[name for name in rows.columns if name not in ("seq", "line", "caller", "provisional")],
                       keep="first", maintain_order=True).sort(_ORDER)  # fmt: skip
    calls = rows.group_by("external_id").agg(
        number=pl.col("number").filter("own").drop_nulls().first(),
        queue=pl.col("queue").drop_nulls().first(),
        caller=pl.col("caller").filter("own").drop_nulls().first(),
        offered_us=pl.col("start_us").filter("own").min(),
        first_us=pl.col("start_us").min(),
        line=pl.col("line").min(),
        last_us=pl.col("at_us").max(),
        first_seq=pl.col("seq").min(),
        queued=pl.col("in_queue").any(),
        called=(pl.col("own") & pl.col("number").str.contains(r"^(?:08\d{8}|3\d{3}|10\d{2}|118\d{3})$")).any(),
    )
    proofs = _leg_proofs(rows)
    if queue_answers:
        proofs = pl.concat([proofs, _own_proofs(rows)]).unique(subset="external_id", keep="first", maintain_order=True)
    calls = calls.join(proofs, on="external_id", how="left")
    proven = pl.col("talk_s").is_not_null()
    offered = pl.coalesce("offered_us", "first_us")
    return calls.select(
        "external_id",
        number=pl.coalesce("number", queue_number),
        queue="queue",
        caller="caller",
        offered_us=offered,
        outcome=pl.when(proven).then(pl.lit("answered")).otherwise(pl.lit("incomplete")),
        wait_ms=pl.when(proven).then(((pl.col("connected_us") - offered) // 1000).clip(0)),
        talk_ms=pl.col("talk_s") * 1000,
        agent="agent",
        transferred=pl.lit(False),
        line="line",
        state=pl.lit(EXITED, pl.Int8),
        last_us="last_us",
        first_seq="first_seq",
        expired=pl.lit(False),
        is_call=pl.col("queued").fill_null(False) | pl.col("called").fill_null(False),
    )


def agent_of_channel(channel: pl.Expr) -> pl.Expr:
    """The name in an agent's channel.

    >>> pl.select(agent_of_channel(pl.lit("Local/a005@agents-00000002;2"))).item()
    'a005'
    >>> pl.select(agent_of_channel(pl.lit("PJSIP/agent1-00000002"))).item()
    'agent1'
    """
    return channel.str.extract(r"^[^/]+/([^@;]+)").str.replace(r"-[0-9a-f]{8}$", "")


def dialled_number(text: pl.Expr) -> pl.Expr:
    """What was dialled, if it is a telephone number: ten digits, or a short code."""
    digits = national(text)
    return pl.when(digits.str.contains(r"^(?:0[1-9]\d{8}|3\d{3}|10\d{2}|118\d{3})$")).then(digits)


def _leg_proofs(rows: pl.DataFrame) -> pl.DataFrame:
    """Per call the first agent's leg that was answered and bridged with the caller."""
    legs = rows.filter(~pl.col("own") & ~pl.col("in_queue") & pl.col("answered"))
    own = rows.filter(pl.col("own") & pl.col("in_queue") & pl.col("answered") & pl.col("peer").is_not_null())
    pairs = legs.join(own, left_on=["external_id", "channel"], right_on=["external_id", "peer"], suffix="_own")
    return (
        pairs.with_columns(connected_us=pl.max_horizontal("answer_us", "answer_us_own"))
        .sort("external_id", "connected_us", "seq")
        .unique(subset="external_id", keep="first", maintain_order=True)
        .select(
            "external_id",
            "connected_us",
            talk_s=pl.min_horizontal("talk_s", "talk_s_own"),
            agent=agent_of_channel(pl.col("channel")),
        )
    )


def _own_proofs(rows: pl.DataFrame) -> pl.DataFrame:
    own = rows.filter(pl.col("own") & pl.col("in_queue") & pl.col("answered") & pl.col("peer").is_not_null())
    return own.unique(subset="external_id", keep="first", maintain_order=True).select(
        "external_id", connected_us="answer_us", talk_s="talk_s", agent=agent_of_channel(pl.col("peer"))
    )
