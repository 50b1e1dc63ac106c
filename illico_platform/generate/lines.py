"""The lines that Asterisk's queues write of one day's calls, in time order, and what a reader must find in them."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from illico_platform.generate.callers import CLOSES_S, NIGHT_S, OPENS_S, Kind

PROMISE_S = 60
# Ranges that the French numbering plan reserves for fiction (ARCEP decision 2018-0881).
_FICTION = np.array(["019900", "026191", "035301", "046571", "053649", "063998"])
_LUNCH_S = 45_000
_SHIFTS_S = ((OPENS_S - 300, 54_600), (53_700, NIGHT_S + 600))  # the morning's agents leave after the afternoon's came
_HALF_S = 54_000
_RINGS_S = 8  # how long a member is rung before the next one is
_PICKED_UP_S = 2  # how long the one who answers lets it ring


@dataclass(frozen=True)
class Crew:
    """Whose names stand in the log: numbers (digits), members, names that nobody knows, what queues start with.

    With ``shifts`` every second agent of a number serves the morning, the others the afternoon, and they sign in.
    """

    numbers: tuple[str, ...]
    agents: tuple[str, ...]
    strangers: tuple[str, ...]
    queue_prefix: str
    shifts: bool = False

    def of(self, number: int) -> tuple[str, ...]:
        """The agents who serve a number."""
        return self.agents[number :: len(self.numbers)] or (self.agents[number % len(self.agents)],)

    def at_work(self, number: int, half: int) -> tuple[str, ...]:
        """Those of them who serve the day's first or second half."""
        return self.of(number)[half::2] or self.of(number) if self.shifts else self.of(number)


def lines_of_day(
    rng: np.random.Generator, calls: pl.DataFrame, crew: Crew, midnight: int, channel: int, *, restart: bool
) -> tuple[pl.DataFrame, dict[str, int]]:
    """The day's lines as one text column, and the counts that ``generate_queue_log`` promises.

    Args:
        calls: as ``draw_day`` gives them.
        midnight: epoch second of the day's local midnight.
        channel: the PBX's channel counter so far.
        restart: whether the PBX restarts while the last call of the opening hours is under way.
    """
    timed = _with_texts(rng, _with_times(calls, midnight, channel), crew)
    events = pl.concat(_events(timed))
    if restart:
        timed, events = _cut(timed, events)
    own = _own_lines(crew, midnight)
    ordered = pl.concat([events.drop("call"), own]).sort("at", "rank", maintain_order=True)
    line = pl.concat_str(pl.col("at").floor().cast(pl.Int64), pl.lit("|"), "text")
    return ordered.select(line), _counts(timed)


def _with_times(calls: pl.DataFrame, midnight: int, channel: int) -> pl.DataFrame:
    """When each call first enters, enters last, leaves the queue, ends; waits as the log has them, whole seconds."""

    def second(name: str) -> pl.Expr:
        return pl.col(name).floor().cast(pl.Int64)

    return (
        calls.with_row_index("call")
        .with_columns(entered=midnight + pl.col("offered_s"), channel=channel + 4 * pl.col("call").cast(pl.Int64))
        .with_columns(left=pl.col("entered") + pl.col("first_s"))
        .with_columns(entered_last=pl.col("left") + pl.col("gap_s"))
        .with_columns(waited=pl.col("entered_last") + pl.col("wait_s"))
        .with_columns(ended=pl.col("waited") + pl.col("talk_s"), rung_out=pl.col("waited") - _PICKED_UP_S)
        .with_columns(
            first_hold=second("left") - second("entered"),
            hold=second("waited") - second("entered_last"),
            wait=second("waited") - second("entered"),
            talk=second("ended") - second("waited"),
            callid=pl.concat_str(second("entered"), pl.lit("."), "channel"),
            member=pl.concat_str(second("waited"), pl.lit("."), pl.col("channel") + 1),
        )
    )


def _with_texts(rng: np.random.Generator, calls: pl.DataFrame, crew: Crew) -> pl.DataFrame:
    """Callers, queues and agents: the agents of a number take turns, some calls go to somebody unknown."""
    size, numbers = calls.height, len(crew.numbers)
    prefix = pl.Series(_FICTION[rng.integers(0, len(_FICTION), size)])
    last = pl.Series(rng.integers(0, 10_000, size)).cast(pl.String).str.zfill(4)
    crews = pl.DataFrame({"crew": [crew.at_work(number, half) for number in range(numbers) for half in (0, 1)]})
    digits = pl.Series(crew.numbers)
    stranger = pl.Series(np.array(crew.strangers)[rng.integers(0, len(crew.strangers), size)])
    served = pl.when(pl.col("kind") == Kind.OVERFLOW).then((pl.col("number") + 1) % numbers).otherwise("number")
    rows = calls.with_columns(
        digits=digits.gather(calls["number"]),
        caller=pl.when(pl.Series(rng.random(size) < 0.97)).then(prefix + last).otherwise(pl.lit("")),
        position=pl.Series(1 + rng.poisson(1.5, size)).cast(pl.String),
        ringing=pl.Series(rng.random(size) < 0.3) & (pl.col("hold") > _RINGS_S),
        rung_ms=pl.Series(rng.integers(7_000, 8_001, size)).cast(pl.String),
        by_caller=pl.Series(rng.random(size) < 0.6),
        served=served,
    ).with_columns(turn=pl.int_range(pl.len()).over("served"))
    crew_of = crews["crew"].gather(2 * rows["served"] + (rows["offered_s"] >= _HALF_S).cast(pl.Int64))
    names = pl.DataFrame({"crew": crew_of, "turn": rows["turn"]}).select(
        agent=pl.col("crew").list.get(pl.col("turn") % pl.col("crew").list.len()),
        other=pl.col("crew").list.get((pl.col("turn") + 1) % pl.col("crew").list.len()),
    )
    return rows.with_columns(
        agent=pl.when(pl.col("kind") == Kind.STRANGE).then(stranger).otherwise(names["agent"]),
        other=names["other"],
        queue=crew.queue_prefix + pl.col("digits"),
        queue_last=crew.queue_prefix + digits.gather(rows["served"]),
    )


def _events(calls: pl.DataFrame) -> list[pl.DataFrame]:
    """One frame per kind of line: call, at (exact epoch), rank (order within one instant), text after the epoch."""
    return [*_entries(calls), *_conversations(calls), *_exits(calls)]


def _entries(calls: pl.DataFrame) -> list[pl.DataFrame]:
    """The lines up to the answer: dialled number, full queue, entries and re-entries, members who let it ring."""
    again, is_full = pl.col("first_s") > 0, pl.col("outcome") == "full"
    entry = ("ENTERQUEUE", "'", "caller", "position")
    other = pl.col("other")
    return [
        _lines(calls, pl.lit(True), "entered", 0, "digits", "NONE", "DID", "caller"),
        _lines(calls, is_full, "entered", 1, "queue", "NONE", "FULL", "'"),
        _lines(calls, ~is_full, "entered", 1, "queue", "NONE", *entry),
        _lines(calls, again, "left", 2, "queue", "NONE", "EXITWITHTIMEOUT", "position", "position", "first_hold"),
        _lines(calls, again, "entered_last", 3, "queue_last", "NONE", *entry),
        _lines(calls, pl.col("ringing"), "rung_out", 3, "queue_last", other, "RINGNOANSWER", "rung_ms"),
    ]


def _conversations(calls: pl.DataFrame) -> list[pl.DataFrame]:
    """The lines of calls that were answered: the answer, and one of four ends."""
    talked = pl.col("outcome") == "answered"
    blind, attended = pl.col("kind") == Kind.BLIND, pl.col("kind") == Kind.ATTENDED
    hang_up, by_caller = talked & ~blind & ~attended, pl.col("by_caller")
    figures = ("hold", "talk", "position")

    def end(when: pl.Expr, event: str, *data: str) -> pl.DataFrame:
        return _lines(calls, when, "ended", 5, "queue_last", pl.col("agent"), event, *data, *figures)

    answer = ("CONNECT", "hold", "member", f"'{_PICKED_UP_S}")
    return [
        _lines(calls, talked, "waited", 4, "queue_last", pl.col("agent"), *answer),
        end(hang_up & by_caller, "COMPLETECALLER"),
        end(hang_up & ~by_caller, "COMPLETEAGENT"),
        end(talked & blind, "BLINDTRANSFER", "'200", "'inside"),
        end(talked & attended, "ATTENDEDTRANSFER", "'BRIDGE", "member"),
    ]


def _exits(calls: pl.DataFrame) -> list[pl.DataFrame]:
    """The lines of callers whom nobody answered."""

    def end(outcome: str, event: str, *data: str) -> pl.DataFrame:
        return _lines(calls, pl.col("outcome") == outcome, "waited", 4, "queue_last", "NONE", event, *data)

    failed = pl.col("outcome") == "failed"
    return [
        end("abandoned", "ABANDON", "position", "position", "hold"),
        end("timeout", "EXITWITHTIMEOUT", "position", "position", "hold"),
        end("key", "EXITWITHKEY", "'1", "position", "position", "hold"),
        end("empty", "EXITEMPTY", "position", "position", "hold"),
        end("withdrawn", "WITHDRAW", "position", "position", "hold", "'retiré"),
        _lines(calls, failed, "waited", 4, "queue_last", pl.col("agent"), "SYSCOMPAT", "'"),
    ]


def _lines(
    calls: pl.DataFrame, when: pl.Expr, at: str, rank: int, queue: str, agent: pl.Expr | str, event: str, *data: str
) -> pl.DataFrame:
    """Lines of one event; ``data`` are columns, or texts where they start with a quote."""
    who = pl.lit(agent) if isinstance(agent, str) else agent
    fields = [pl.lit(part[1:]) if part.startswith("'") else pl.col(part).cast(pl.String) for part in data]
    text = pl.concat_str(pl.col("callid"), pl.col(queue), who, pl.lit(event), *fields, separator="|")
    return calls.filter(when).select("call", at=pl.col(at), rank=pl.lit(rank, pl.Int8), text=text)


def _cut(calls: pl.DataFrame, events: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Restart the PBX in the middle of the last call of the opening hours that lasts: open calls lose their end."""
    end = pl.when(pl.col("outcome") == "answered").then("ended").otherwise("waited")
    lasting = calls.with_columns(end=end).filter(
        (pl.col("offered_s") < CLOSES_S) & (pl.col("wait_s") > 1) & (pl.col("kind") == Kind.PLAIN)
    )
    if lasting.is_empty():
        return calls, events
    entered, ended = lasting.select("entered", "end").row(-1)
    restart = (entered + ended) / 2
    is_open = (pl.col("entered") <= restart) & (end > restart)
    calls = calls.with_columns(outcome=pl.when(is_open).then(pl.lit("incomplete")).otherwise("outcome"))
    lost = calls.filter(pl.col("outcome") == "incomplete").select("call")
    kept = pl.concat(
        [
            events.join(lost, on="call", how="anti"),
            events.filter(pl.col("at") <= restart).join(lost, on="call", how="semi"),
        ]
    )
    start = {"call": [None], "at": [restart], "rank": [9], "text": ["NONE|NONE|NONE|QUEUESTART|"]}
    return calls, pl.concat([kept, pl.DataFrame(start, schema=events.schema)])


def _own_lines(crew: Crew, midnight: int) -> pl.DataFrame:
    """What the PBX writes of itself and its members: the log's rotation at midnight, sign-ins, pauses."""
    rows = [(float(midnight), "NONE|NONE|NONE|CONFIGRELOAD|")]
    for number, digits in enumerate(crew.numbers):
        queue = crew.queue_prefix + digits
        if crew.shifts:
            rows += _shift_lines(crew, number, queue, midnight)
            continue
        for rank, name in enumerate(crew.of(number)):
            away = midnight + _LUNCH_S + 600.0 * (rank % 12)
            rows += [(away, f"NONE|{queue}|{name}|PAUSE|repas"), (away + 1_800, f"NONE|{queue}|{name}|UNPAUSE|")]
    frame = pl.DataFrame(rows, schema={"at": pl.Float64, "text": pl.String}, orient="row")
    return frame.select("at", pl.lit(9, pl.Int8).alias("rank"), "text")


def _shift_lines(crew: Crew, number: int, queue: str, midnight: int) -> list[tuple[float, str]]:
    """Each agent of a number comes for half the day, with one pause in the middle."""
    rows = []
    for half, (start, end) in enumerate(_SHIFTS_S):
        for rank, name in enumerate(crew.at_work(number, half)):
            come, go = midnight + start + 40.0 * rank, midnight + end + 25.0 * rank
            away = (come + go) // 2
            rows += [
                (come, f"REALTIME|{queue}|{name}|ADDMEMBER|"),
                (away, f"NONE|{queue}|{name}|PAUSE|repas"),
                (away + 1_800, f"NONE|{queue}|{name}|UNPAUSE|"),
                (go, f"REALTIME|{queue}|{name}|REMOVEMEMBER|"),
            ]
    return rows


def _counts(calls: pl.DataFrame) -> dict[str, int]:
    answered = pl.col("outcome") == "answered"
    late, strange = pl.col("wait") >= PROMISE_S, pl.col("kind") == Kind.STRANGE
    outside = pl.col("offered_s").is_between(CLOSES_S, NIGHT_S)
    kept = answered & ~late & ~strange & ~outside
    names = ["answered", "abandoned", "key", "timeout", "full", "empty", "failed", "withdrawn", "incomplete"]
    sums = calls.select(
        *((pl.col("outcome") == name).sum().alias(name) for name in names),
        late=(answered & late).sum(),
        strange=(answered & strange).sum(),
        transferred=(answered & pl.col("kind").is_in([Kind.BLIND, Kind.ATTENDED])).sum(),
        reentered=(pl.col("first_s") > 0).sum(),
        outside=outside.sum(),
        kept=kept.sum(),
        kept_s=pl.col("talk").filter(kept).sum(),
        calls=pl.len(),
    )
    return {name: int(value) for name, value in sums.row(0, named=True).items()}
