"""Fill an empty database with a night of calls: ``python -m tests.fill_night CALLS``, services from the environment."""

import os
import sys
from datetime import UTC, date, datetime

import django
import polars as pl

DAYS = [date(2026, 11, day) for day in range(18, 25)]


def calls_frame(count: int, numbers: list[int], company_id: int, source_id: int, intake_id: int) -> pl.DataFrame:
    """``count`` calls spread over numbers and days: most kept, some late, abandoned, unproven, incomplete."""
    start = int(datetime(2026, 11, 18, 8, tzinfo=UTC).timestamp())
    row = pl.int_range(count, dtype=pl.Int64)
    seconds = start + row % len(DAYS) * 86_400 + row * 7919 % 36_000
    outcome = pl.when(row % 11 == 0).then(pl.lit("abandoned")).when(row % 13 == 0).then(pl.lit("timeout"))
    frame = pl.select(
        month=pl.lit(date(2026, 11, 1)),
        company_id=pl.lit(company_id),
        number_id=pl.Series(numbers).gather(pl.select(row // len(DAYS) % len(numbers)).to_series()),
        source_id=pl.lit(source_id),
        intake_id=pl.lit(intake_id),
        external_id=pl.format("{}.{}", seconds, row),
        connector=pl.lit("asterisk-queue-log"),
        offered_at=(seconds * 1_000_000).cast(pl.Datetime("us")).dt.replace_time_zone("UTC"),
        outcome=outcome.when(row % 997 == 0).then(pl.lit("incomplete")).otherwise(pl.lit("answered")),
        wait_ms=row * 31 % 64 * 1000,
        talk_ms=row * 101 % 400 * 1000,
        agent_name=pl.format("A00{}", row % 7 + 1),
    )
    return frame.with_columns(day=pl.col("offered_at").dt.date())


def fill(count: int) -> None:
    """Make the cast, and share the calls between the company and its rival."""
    from django.core.management import call_command

    from illico_platform.frames import copy_in
    from numbers.models import CallDay, Intake
    from numbers.services.partitions import ensure_partitions
    from tests.cast import make_agent, make_cast

    call_command("migrate", verbosity=0)
    cast = make_cast()
    make_agent(cast.rival_source, "A001")
    ensure_partitions(table="numbers_call", months=DAYS)
    for company, source in ((cast.company, cast.source), (cast.rival, cast.rival_source)):
        intake = Intake.objects.create(
            source=source, connector="asterisk-queue-log", file_name="t", size=0, started_at=datetime.now(UTC)
        )
        numbers = list(company.numbers.values_list("pk", flat=True))
        frame = calls_frame(count // 2, numbers, company.pk, source.pk, intake.pk)
        copy_in("numbers_call", frame)
        CallDay.objects.bulk_create(
            CallDay(company=company, number_id=number, day=day, calls=calls)
            for number, day, calls in frame.group_by("number_id", "day").len().iter_rows()
        )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "illico_platform.settings")
    django.setup()
    fill(int(sys.argv[1]))
