"""Requests by video and text: which channels a number offers and whether they are open, who waits, who talks."""

from datetime import date, datetime, timedelta
from typing import Any

import polars as pl
from django.db.models import QuerySet

from illico_platform.lib.periods import paris_day
from numbers.models import (
    AccessChannel,
    AccessOpening,
    ChannelRequest,
    HolidayRule,
    OpeningException,
    OpeningHours,
    PremiumNumber,
)
from numbers.rules.hours import EXCEPTIONS_SCHEMA, HOURS_SCHEMA, POLICIES_SCHEMA, spans_of_days, with_holidays
from numbers.rules.opening import Opening, opening_at

HORIZON_DAYS = 15  # how far ahead the next opening is looked for


def channels_of(*, number: PremiumNumber, day: date) -> QuerySet[AccessChannel]:
    """The channels that a number offers on a day."""
    rows = AccessChannel.objects.filter(number=number, valid_from__lte=day)
    return rows.exclude(valid_until__lte=day).order_by("channel")


def open_channels(*, number: PremiumNumber, now: datetime) -> dict[str, Opening]:
    """Of each channel that a number offers today, whether it is open and when that changes."""
    day = paris_day(now)
    found = list(channels_of(number=number, day=day))
    if not found:
        return {}
    hours = _Hours(number, day)
    return {each.channel: opening_at(hours.spans_of(each), now) for each in found}


def waiting_requests(*, company_id: int, channels: frozenset[str]) -> QuerySet[ChannelRequest]:
    """Who waits for an answer through these channels, longest first."""
    rows = ChannelRequest.objects.filter(company_id=company_id, ended_at=None, answered_at=None, channel__in=channels)
    return rows.select_related("number").order_by("entered_at", "pk")


def talk_of(*, company_id: int, agent_name: str) -> ChannelRequest | None:
    """The conversation that an agent is in."""
    rows = ChannelRequest.objects.filter(company_id=company_id, ended_at=None, agent_name=agent_name)
    return rows.exclude(agent_name="").select_related("number").first()


class _Hours:
    """When a number's channels are open from a day on. A day's exception is one of all channels."""

    def __init__(self, number: PremiumNumber, day: date) -> None:
        last = day + timedelta(days=HORIZON_DAYS - 1)
        own = OpeningException.objects.filter(number=number, day__gte=day, day__lte=last)
        rules = HolidayRule.objects.filter(number=number)
        self.voice = _frame(OpeningHours.objects.filter(number=number), HOURS_SCHEMA)
        dated = _frame(own, EXCEPTIONS_SCHEMA)
        self.exceptions = with_holidays(dated, self.voice, _frame(rules, POLICIES_SCHEMA), first=day, last=last)
        days = pl.date_range(day, last, eager=True)
        self.days = pl.DataFrame({"day": days}).with_columns(number_id=pl.lit(number.pk, pl.Int64))

    def spans_of(self, access: AccessChannel) -> list[tuple[date, int, int]]:
        hours = self.voice
        if access.opening == AccessChannel.Hours.OWN:
            names = {"number_id": "access__number_id", "valid_from": "access__valid_from"}
            names["valid_until"] = "access__valid_until"
            columns = [names.get(name, name) for name in HOURS_SCHEMA]
            rows = AccessOpening.objects.filter(access=access).order_by().values_list(*columns)
            hours = pl.DataFrame(list(rows), schema=HOURS_SCHEMA, orient="row")
        spans = spans_of_days(self.days, hours, self.exceptions)
        return [(day, opens, closes) for _, day, opens, closes in spans.iter_rows()]


def _frame(rows: QuerySet[Any], schema: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows.order_by().values_list(*schema)), schema=schema, orient="row")
