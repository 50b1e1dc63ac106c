"""Requests by video and text: which channels a number offers and whether they are open, who waits, who talks."""

from datetime import date, datetime, timedelta
from typing import Any

import polars as pl
from django.db.models import QuerySet

from illico_platform.lib.periods import paris_day
from numbers.models import (
    AccessChannel,
    Channel,
    ChannelRequest,
    HolidayRule,
    OpeningException,
    OpeningHours,
    PremiumNumber,
)
from numbers.rules.hours import EXCEPTIONS_SCHEMA, HOURS_SCHEMA, POLICIES_SCHEMA, with_holidays
from numbers.rules.opening import Opening, Span, opening_at
from numbers.selectors_channels import channel_spans

HORIZON_DAYS = 15  # how far ahead the next opening is looked for


def open_channels(*, number: PremiumNumber, now: datetime) -> dict[str, Opening]:
    """Of each channel that a number offers today, whether it is open and when that changes."""
    day = paris_day(now)
    rows = AccessChannel.objects.filter(number=number, valid_from__lte=day).exclude(valid_until__lte=day)
    offered = sorted(rows.values_list("channel", flat=True), key=Channel.values.index)
    spans = _spans(number, day) if offered else {}
    return {channel: opening_at(spans.get(channel, []), now) for channel in offered}


def waiting_requests(*, company_id: int, channels: frozenset[str]) -> QuerySet[ChannelRequest]:
    """Who waits for an answer through these channels, longest first."""
    rows = ChannelRequest.objects.filter(company_id=company_id, ended_at=None, answered_at=None, channel__in=channels)
    return rows.select_related("number").order_by("entered_at", "pk")


def talk_of(*, company_id: int, agent_name: str) -> ChannelRequest | None:
    """The conversation that an agent is in."""
    rows = ChannelRequest.objects.filter(company_id=company_id, ended_at=None, agent_name=agent_name)
    return rows.exclude(agent_name="").select_related("number").first()


def _spans(number: PremiumNumber, day: date) -> dict[str, list[Span]]:
    """When a number's channels are open from a day on."""
    last = day + timedelta(days=HORIZON_DAYS - 1)
    own = OpeningException.objects.filter(number=number, day__gte=day, day__lte=last)
    hours, dated = _frame(OpeningHours.objects.filter(number=number), HOURS_SCHEMA), _frame(own, EXCEPTIONS_SCHEMA)
    policies = _frame(HolidayRule.objects.filter(number=number), POLICIES_SCHEMA)
    exceptions = with_holidays(dated, hours, policies, first=day, last=last)
    days = pl.DataFrame({"day": pl.date_range(day, last, eager=True)}).with_columns(
        number_id=pl.lit(number.pk, pl.Int64)
    )
    found: dict[str, list[Span]] = {}
    for _number, channel, *span in channel_spans(days, hours, exceptions).iter_rows():
        found.setdefault(channel, []).append(tuple(span))
    return found


def _frame(rows: QuerySet[Any], schema: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows.order_by().values_list(*schema)), schema=schema, orient="row")
