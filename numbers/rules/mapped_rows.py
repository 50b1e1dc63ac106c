"""Rows of any table as calls, by a mapping that a person wrote: nothing is guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from .calls import CALLS, FINAL, MOST_MS
from .cdr_rows import dialled_number
from .local_times import instants

OUTCOMES = ("answered", "abandoned", "key", "timeout", "full", "empty", "failed", "withdrawn", "incomplete")
DROP = "drop"
UNITS = ("s", "ms", "h:mm:ss")


class MappingFault(ValueError):
    """The mapping itself cannot be used; the sentence says which part and what was expected."""


@dataclass(frozen=True)
class Duration:
    """Where a duration stands and what it counts: seconds (with decimals or not), milliseconds, or H:MM:SS."""

    column: str
    unit: str


@dataclass(frozen=True)
class CallMapping:
    """How the columns of a table say what a call is. ``None`` is a column the table does not have."""

    external_id: tuple[str, ...]
    number_column: str | None
    number_value: str | None
    offered_columns: tuple[str, ...]
    offered_format: str
    zone: str | None
    outcome_column: str
    outcomes: Mapping[str, str]
    wait: Duration | None
    talk: Duration | None
    caller: str | None
    agent: str | None
    queue: str | None

    @property
    def columns(self) -> set[str]:
        """Every column the table must have."""
        single = [self.number_column, self.outcome_column, self.caller, self.agent, self.queue]
        durations = [duration.column for duration in (self.wait, self.talk) if duration]
        return {name for name in (*self.external_id, *self.offered_columns, *single, *durations) if name}


def parse_mapping(given: Mapping[str, Any]) -> CallMapping:
    """The mapping stored with a source, checked.

    Args:
        given: ``external_id`` (a column or several, joined by "-"), ``number`` (a column or {"value": digits}),
            ``offered_at`` {"columns": [...] joined by a space, "format": strptime, "zone": IANA, optional},
            ``outcome`` {"column": ..., "values": {as written: one of OUTCOMES or "drop"}}, and where the table has
            them ``wait`` and ``talk`` {"column", "unit": one of UNITS}, ``caller``, ``agent``, ``queue``.
    Raises:
        MappingFault: a part is missing or is none of what was expected.
    """
    offered, outcome = _part(given, "offered_at", dict), _part(given, "outcome", dict)
    number = given.get("number")
    if not isinstance(number, str | Mapping):
        raise MappingFault('number is missing, expected a column or {"value": digits}')
    outcomes = _part(outcome, "values", dict)
    wrong = [value for value in outcomes.values() if value not in (*OUTCOMES, DROP)]
    if wrong:
        raise MappingFault(f"outcome.values has {wrong[0]!r}, expected one of {', '.join((*OUTCOMES, DROP))}")
    return CallMapping(
        external_id=_names(given, "external_id"),
        number_column=number if isinstance(number, str) else None,
        number_value=str(number["value"]) if isinstance(number, Mapping) and "value" in number else None,
        offered_columns=_names(offered, "columns"),
        offered_format=_part(offered, "format", str),
        zone=offered.get("zone"),
        outcome_column=_part(outcome, "column", str),
        outcomes={str(key): str(value) for key, value in outcomes.items()},
        wait=_duration(given, "wait"),
        talk=_duration(given, "talk"),
        caller=given.get("caller"),
        agent=given.get("agent"),
        queue=given.get("queue"),
    )


def calls_of_rows(rows: pl.DataFrame, mapping: CallMapping, *, zone: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The calls that the rows tell of, and the rows that tell none.

    Args:
        rows: ``line`` and the mapping's columns, texts that are null when empty.
        zone: of local times when the mapping names none. A time that occurred twice is taken as the first
            occurrence (``ambiguous`` marks it); one that never occurred is refused.
    Returns:
        ``rules.calls.CALLS`` plus ``drop`` and ``ambiguous``; and faults: line, field, value, expected.
        The wait and the talk of an answered call must be given; what else is missing is unknown, never zero.
    """
    outcome = pl.col(mapping.outcome_column)
    typed = rows.with_columns(
        external_id=pl.concat_str([pl.col(name) for name in mapping.external_id], separator="-"),
        written=pl.concat_str([pl.col(name) for name in mapping.offered_columns], separator=" "),
        outcome=outcome.replace_strict(dict(mapping.outcomes), default=None, return_dtype=pl.String),
        number=dialled_number(
            pl.col(mapping.number_column) if mapping.number_column else pl.lit(mapping.number_value, pl.String)
        ),
        wait_ms=_duration_ms(mapping.wait),
        talk_ms=_duration_ms(mapping.talk),
    )
    typed = typed.with_columns(drop=(pl.col("outcome") == DROP).fill_null(False))
    local = typed["written"].str.to_datetime(mapping.offered_format, time_unit="us", strict=False)
    times = instants(local, zone=mapping.zone or zone)
    typed = typed.with_columns(times["at_us"], ambiguous=times["alt_us"].is_not_null()).with_columns(_fault(mapping))
    faults = typed.filter(pl.col("fault").is_not_null())
    good = typed.filter(pl.col("fault").is_null())
    answered = pl.col("outcome") == "answered"
    calls = good.select(
        "external_id",
        number="number",
        queue=pl.col(mapping.queue) if mapping.queue else pl.lit(None, pl.String),
        caller=pl.col(mapping.caller) if mapping.caller else pl.lit(None, pl.String),
        offered_us="at_us",
        outcome="outcome",
        wait_ms="wait_ms",
        talk_ms=pl.when(answered).then("talk_ms"),
        agent=pl.when(answered).then(pl.col(mapping.agent)) if mapping.agent else pl.lit(None, pl.String),
        transferred=pl.lit(False),
        line="line",
        state=pl.lit(FINAL, pl.Int8),
        last_us="at_us",
        first_seq="line",
        expired=pl.lit(False),
        is_call=pl.lit(True),
        drop="drop",
        ambiguous="ambiguous",
    )
    assert set(CALLS) <= set(calls.columns)
    return calls, _told(faults, mapping)


def _part(given: Mapping[str, Any], name: str, kind: type) -> Any:
    value = given.get(name)
    if not isinstance(value, kind) or not value:
        raise MappingFault(f"{name} is {value!r}, expected {'an object' if kind is dict else 'a text'}")
    return value


def _names(given: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = given.get(name)
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not names or not all(isinstance(one, str) for one in names):
        raise MappingFault(f"{name} is {value!r}, expected a column or a list of columns")
    return tuple(names)


def _duration(given: Mapping[str, Any], name: str) -> Duration | None:
    value = given.get(name)
    if value is None:
        return None
    if not isinstance(value, Mapping) or not value.get("column") or value.get("unit") not in UNITS:
        raise MappingFault(f'{name} is {value!r}, expected {{"column": …, "unit": one of {", ".join(UNITS)}}}')
    return Duration(str(value["column"]), str(value["unit"]))


def _duration_ms(duration: Duration | None) -> pl.Expr:
    """Whole milliseconds, fractions cut off; null where the text is no duration of that unit, -1 never arises."""
    if duration is None:
        return pl.lit(None, pl.Int64)
    text = pl.col(duration.column)
    if duration.unit == "ms":
        return pl.when(text.str.contains(r"^\d{1,10}(?:[.,]\d+)?$")).then(text.str.extract(r"^(\d+)").cast(pl.Int64))
    if duration.unit == "h:mm:ss":
        parts = [text.str.extract(r"^(\d{1,3}):([0-5]?\d):([0-5]?\d)$", group).cast(pl.Int64) for group in (1, 2, 3)]
        return (parts[0] * 3600 + parts[1] * 60 + parts[2]) * 1000
    whole = text.str.extract(r"^(\d{1,7})(?:[.,]\d+)?$").cast(pl.Int64)
    fraction = text.str.extract(r"^\d{1,7}[.,](\d{1,3})\d*$").str.pad_end(3, "0").cast(pl.Int64).fill_null(0)
    return whole * 1000 + fraction


_EXPECTED = {
    "external_id": "an identifier of at most 128 characters",
    "outcome": "a value that the mapping knows",
    "offered_at": "a time of the mapping's format that exists in the zone",
    "number": "ten digits, or a short code",
    "wait": "a duration of the mapping's unit, not negative",
    "talk": "a duration of the mapping's unit, not negative",
}


def _fault(mapping: CallMapping) -> pl.Expr:
    checks: list[tuple[pl.Expr, str]] = [
        (pl.col("outcome").is_null(), "outcome"),
        (pl.col("external_id").is_null() | (pl.col("external_id").str.len_chars() > 128), "external_id"),
        (pl.col("at_us").is_null(), "offered_at"),
        (pl.col("number").is_null(), "number"),
    ]
    for name, duration in (("wait", mapping.wait), ("talk", mapping.talk)):
        value = pl.col(f"{name}_ms")
        needed = pl.col("outcome") == "answered"
        written = pl.col(duration.column).is_not_null() if duration else pl.lit(False)
        checks.append((((written | needed) & value.is_null()) | (value > MOST_MS).fill_null(False), name))
    first = pl.coalesce(pl.when(check).then(pl.lit(name)) for check, name in checks)
    return pl.when(~pl.col("drop")).then(first).alias("fault")


def _told(faults: pl.DataFrame, mapping: CallMapping) -> pl.DataFrame:
    values = {
        "external_id": pl.col("external_id"),
        "outcome": pl.col(mapping.outcome_column),
        "offered_at": pl.col("written"),
        "number": pl.col(mapping.number_column) if mapping.number_column else pl.lit(mapping.number_value, pl.String),
        "wait": pl.col(mapping.wait.column) if mapping.wait else pl.lit(""),
        "talk": pl.col(mapping.talk.column) if mapping.talk else pl.lit(""),
    }
    value = pl.coalesce(pl.when(pl.col("fault") == name).then(text.fill_null("")) for name, text in values.items())
    return faults.select(
        "line", field="fault", value=value, expected=pl.col("fault").replace_strict(_EXPECTED, return_dtype=pl.String)
    )
