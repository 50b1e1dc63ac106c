"""Calls put straight into the table, for tests of the stages above the intake."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import polars as pl

from illico_platform.frames import copy_in
from illico_platform.lib.periods import paris_day
from numbers.models import CallDay, Intake, PremiumNumber, Source
from numbers.services.partitions import ensure_partitions


def store_calls(source: Source, rows: Sequence[dict[str, Any]]) -> None:
    """Store calls of one source: external_id, number (digits), offered_at, outcome, wait_ms, talk_ms, agent.

    A row may name its channel and setup_ms.
    """
    intake = Intake.objects.create(
        source=source, connector="asterisk-queue-log", file_name="t", size=0, started_at=rows[0]["offered_at"]
    )
    numbers = {number.digits: number for number in PremiumNumber.objects.all()}
    frame = pl.DataFrame([_row(source, intake, numbers[row["number"]], row) for row in rows], infer_schema_length=None)
    ensure_partitions(table="numbers_call", months=frame["day"].unique().to_list())
    copy_in("numbers_call", frame)
    for number_id, day, calls in frame.group_by("number_id", "day").len().iter_rows():
        number = PremiumNumber.objects.get(pk=number_id)
        state, created = CallDay.objects.get_or_create(number=number, day=day, defaults={"company": number.company})
        state.calls += calls
        state.revision += not created
        state.save()


def _row(source: Source, intake: Intake, number: PremiumNumber, row: dict[str, Any]) -> dict[str, Any]:
    offered: datetime = row["offered_at"]
    day = paris_day(offered)
    return {
        "month": day.replace(day=1),
        "day": day,
        "company_id": number.company_id,
        "number_id": number.pk,
        "source_id": source.pk,
        "intake_id": intake.pk,
        "external_id": row["external_id"],
        "connector": "asterisk-queue-log",
        "offered_at": offered,
        "outcome": row["outcome"],
        "wait_ms": row["wait_ms"],
        "talk_ms": row["talk_ms"],
        "agent_name": row["agent"] or None,
        "channel": row.get("channel", "voice"),
        "setup_ms": row.get("setup_ms"),
    }
