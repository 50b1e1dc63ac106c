"""What the numbers app can be asked: calls and hours as frames, what is open for work."""

from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl
from django.db.models import Max, Min

from illico_platform.frames import copy_out, epoch_us, instant
from illico_platform.lib.periods import day_start
from numbers.models import CallDay, PlanCeiling
from numbers.rules.hours import POLICIES_SCHEMA, with_holidays
from numbers.rules.plan import CeilingRow, Unit

CALL_FACTS = {
    "call_id": pl.Int64,
    "day": pl.Date,
    "number_id": pl.Int64,
    "source_id": pl.Int64,
    "agent_name": pl.String,
    "offered_at": pl.Int64,
    "outcome": pl.String,
    "wait_ms": pl.Int64,
    "talk_ms": pl.Int64,
    "setup_ms": pl.Int64,
    "channel": pl.String,
}


def calls_of_days(*, company_id: int, number_ids: Sequence[int], days: Sequence[date]) -> pl.DataFrame:
    """The calls of a company's numbers on these days, as facts, by call_id.

    Returns:
        ``CALL_FACTS``, offered_at as Datetime(us, UTC), and month; channel is null where it is voice.
    """
    # The span of instants is what the index (number_id, offered_at) is read by.
    frame = copy_out(
        f"""SELECT id, day, number_id, source_id, agent_name, {epoch_us("offered_at")}, outcome, wait_ms, talk_ms,
                   setup_ms, NULLIF(channel, 'voice')
              FROM numbers_call
             WHERE company_id = %s AND month = ANY(%s) AND number_id = ANY(%s) AND day = ANY(%s)
               AND offered_at >= %s AND offered_at < %s""",
        [
            company_id,
            sorted({day.replace(day=1) for day in days}),
            list(number_ids),
            list(days),
            day_start(min(days)),
            day_start(max(days) + timedelta(days=1)),
        ],
        CALL_FACTS,
        by_page=True,
    )
    return frame.sort("call_id").with_columns(instant("offered_at"), month=pl.col("day").dt.month_start())


def opening_hours(*, company_id: int) -> pl.DataFrame:
    """Weekly opening intervals: number_id, weekday (Monday 0), opens_s, closes_s, valid_from, valid_until."""
    return copy_out(
        """SELECT h.number_id, h.weekday, h.opens_s, h.closes_s, h.valid_from, h.valid_until
             FROM numbers_openinghours h JOIN numbers_premiumnumber n ON n.id = h.number_id WHERE n.company_id = %s""",
        [company_id],
        {
            "number_id": pl.Int64,
            "weekday": pl.Int64,
            "opens_s": pl.Int64,
            "closes_s": pl.Int64,
            "valid_from": pl.Date,
            "valid_until": pl.Date,
        },
    )


def opening_exceptions(*, company_id: int) -> pl.DataFrame:
    """Dated exceptions, those that numbers' holiday policies make of public holidays included.

    Returns:
        number_id, day, opens_s, closes_s (both null: closed); holidays of the days that have calls.
    """
    dated = copy_out(
        """SELECT e.number_id, e.day, e.opens_s, e.closes_s
             FROM numbers_openingexception e JOIN numbers_premiumnumber n ON n.id = e.number_id
            WHERE n.company_id = %s""",
        [company_id],
        {"number_id": pl.Int64, "day": pl.Date, "opens_s": pl.Int64, "closes_s": pl.Int64},
    )
    policies = copy_out(
        """SELECT r.number_id, r.policy, r.alsace_moselle::text, r.valid_from, r.valid_until
             FROM numbers_holidayrule r JOIN numbers_premiumnumber n ON n.id = r.number_id
            WHERE n.company_id = %s AND r.policy <> 'usual'""",
        [company_id],
        POLICIES_SCHEMA,
    )
    if policies.is_empty():
        return dated
    days = CallDay.objects.filter(company_id=company_id).aggregate(first=Min("day"), last=Max("day"))
    if days["first"] is None:
        return dated
    hours = opening_hours(company_id=company_id)
    return with_holidays(dated, hours, policies, first=days["first"], last=days["last"])


def plan_ceilings() -> list[CeilingRow]:
    """All dated ceilings of the plan, for ``rules.plan.ceiling_on``."""
    return [
        CeilingRow(
            row.prefix, Unit(row.unit), row.ceiling_micros, row.valid_from, row.valid_until, row.source, row.verified
        )
        for row in PlanCeiling.objects.order_by("prefix", "unit", "valid_from")
    ]
