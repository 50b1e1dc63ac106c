"""Channels beside voice: what numbers offer, from when to when, with which hours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from illico_platform.frames import copy_out
from numbers.models import AccessChannel, AccessDuty, AccessOpening, PremiumNumber
from numbers.rules.access_duty import DutyRow
from numbers.rules.channel_hours import ACCESS_SCHEMA, OWN_SCHEMA, spans_of_channels
from numbers.selectors_numbers import NO_WEEK, Week, weeks_on


@dataclass(frozen=True)
class Offer:
    """A channel that a number offers over the days [since, until), with its week on the day that was asked for."""

    number_id: int
    channel: str
    label: str
    is_same: bool
    week: Week
    since: date
    until: date | None


def offers_of(number_ids: Sequence[int], *, day: date) -> dict[int, list[Offer]]:
    """The channels that each of these numbers offers on a day; numbers without any are absent."""
    rows = AccessChannel.objects.filter(number_id__in=number_ids, valid_from__lte=day).exclude(valid_until__lte=day)
    return _offers(list(rows.order_by("number_id", "channel").prefetch_related("hours")), day)


def planned_offers(number: PremiumNumber, *, after: date) -> list[Offer]:
    """The channels, or their other hours, that begin after a day, the first to come on top."""
    rows = AccessChannel.objects.filter(number=number, valid_from__gt=after).order_by("valid_from", "channel")
    return _offers(list(rows.prefetch_related("hours")), after).get(number.pk, [])


def channel_spans(days: pl.DataFrame, hours: pl.DataFrame, exceptions: pl.DataFrame) -> pl.DataFrame:
    """When the channels of numbers are open on given days, in order.

    Args:
        days: number_id, day, each pair once.
        hours, exceptions: of these numbers, as ``rules.hours`` takes them.
    Returns:
        number_id, channel, day, opens_s, closes_s.
    """
    numbers = days["number_id"].unique().to_list()
    offered = AccessChannel.objects.filter(number_id__in=numbers)
    rows = offered.values_list("pk", "number_id", "channel", "opening", "valid_from", "valid_until")
    access = pl.DataFrame(
        [
            (pk, number_id, channel, opening == AccessChannel.Hours.SAME, *span)
            for pk, number_id, channel, opening, *span in rows
        ],
        schema=ACCESS_SCHEMA,
        orient="row",
    )
    spans = AccessOpening.objects.filter(access__in=offered, access__opening=AccessChannel.Hours.OWN)
    own = pl.DataFrame(list(spans.order_by().values_list(*OWN_SCHEMA)), schema=OWN_SCHEMA, orient="row")
    found = spans_of_channels(days, access, own, hours, exceptions)
    return found.sort("number_id", "channel", "day", "opens_s")


def _offers(rows: list[AccessChannel], day: date) -> dict[int, list[Offer]]:
    borrowed = {row.number_id for row in rows if row.opening == AccessChannel.Hours.SAME}
    voice = weeks_on(sorted(borrowed), day)
    found: dict[int, list[Offer]] = {}
    for row in rows:
        is_same = row.opening == AccessChannel.Hours.SAME
        week = voice.get(row.number_id, NO_WEEK) if is_same else _own_week(row)
        offer = Offer(
            row.number_id, row.channel, row.get_channel_display(), is_same, week, row.valid_from, row.valid_until
        )
        found.setdefault(row.number_id, []).append(offer)
    return found


def _own_week(row: AccessChannel) -> Week:
    week: Week = [[] for _ in range(7)]
    for span in row.hours.all():
        week[span.weekday].append((span.opens_s, span.closes_s))
    return [sorted(spans) for spans in week]


def duties() -> list[DutyRow]:
    """What the law asks of channels' hours, all dated rows."""
    rows = AccessDuty.objects.order_by("valid_from")
    return [DutyRow(row.least_share_bp, row.valid_from, row.valid_until) for row in rows]


def access_channels(*, company_id: int) -> pl.DataFrame:
    """Every channel that a company's numbers offer or offered: ``ACCESS_SCHEMA``."""
    frame = copy_out(
        """SELECT a.id, a.number_id, a.channel, (a.opening = 'same')::int, a.valid_from, a.valid_until
             FROM numbers_accesschannel a JOIN numbers_premiumnumber n ON n.id = a.number_id WHERE n.company_id = %s""",
        [company_id],
        ACCESS_SCHEMA | {"is_same": pl.Int8},
    )
    return frame.with_columns(pl.col("is_same").cast(pl.Boolean))


def own_openings(*, company_id: int) -> pl.DataFrame:
    """The weeks of the channels that have hours of their own: ``OWN_SCHEMA``."""
    return copy_out(
        """SELECT o.access_id, o.weekday, o.opens_s, o.closes_s
             FROM numbers_accessopening o JOIN numbers_accesschannel a ON a.id = o.access_id
             JOIN numbers_premiumnumber n ON n.id = a.number_id
            WHERE n.company_id = %s AND a.opening = 'own'""",
        [company_id],
        OWN_SCHEMA,
    )
