"""Offer a channel on a number from a day on, with which hours, or offer it no more; no day before that changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from illico_platform.lib.periods import paris_day
from numbers.access import require_role
from numbers.models import AccessChannel, AccessOpening, PremiumNumber, User
from numbers.rules.hours import weekly_rows
from numbers.rules.lifecycle import Actor

from .set_hours import HoursRefused, WouldReplace, refuse_past

Rows = set[tuple[int, int, int]]


@transaction.atomic
def set_channel(
    *,
    number: PremiumNumber,
    channel: str,
    opening: str | None,
    week: Sequence[Sequence[tuple[int, int]]] = (),
    start: date,
    by: User,
    now: datetime,
    agreed: frozenset[date] = frozenset(),
) -> None:
    """Put a channel in force from ``start``; the same again changes nothing.

    Args:
        channel: a ``Channel`` beside voice.
        opening: an ``AccessChannel.Hours``; None offers the channel no more.
        week: for hours of its own: seven days from Monday, each the (opens, closes) seconds of the day, half-open.
        start: after today in Paris, or today for a channel that the number does not offer today: no call came by it.
        agreed: the first days of planned changes that may be replaced.
    Raises:
        RoleMissing: the person neither owns nor manages the company.
        HoursRefused: the hours are closed throughout, the day has come, or there is nothing to end.
        WouldReplace: something is planned for the channel from that day on or later.
    """
    require_role(by, number.company, Actor.OWNER, Actor.MANAGER)
    wanted = _wanted(opening, week)
    PremiumNumber.objects.select_for_update(of=("self",)).get(pk=number.pk)
    rows = list(AccessChannel.objects.filter(number=number, channel=channel).exclude(valid_until__lte=start))
    today = paris_day(now)
    offered = AccessChannel.objects.filter(number=number, channel=channel, valid_from__lte=today)
    if start != today or offered.exclude(valid_until__lte=today).exists():
        refuse_past(start, now=now)
    if opening is None and not rows:
        raise HoursRefused(_("Ce numéro ne propose pas ce canal à partir de ce jour."), about="channel")
    if _is_so(rows, opening, wanted, start):
        return
    if planned := _planned(rows, start) - agreed:
        raise WouldReplace(planned)
    _end(rows, start)
    if opening is not None:
        _begin(AccessChannel(number=number, channel=channel, opening=opening, valid_from=start), wanted)


def _wanted(opening: str | None, week: Sequence[Sequence[tuple[int, int]]]) -> Rows:
    if opening != AccessChannel.Hours.OWN:
        return set()
    wanted = {row for day, spans in enumerate(week) for span in spans for row in weekly_rows(day, *span)}
    if not wanted:
        raise HoursRefused(
            _("Donnez au moins un jour d’ouverture, ou choisissez les mêmes horaires que la voix."), about="d0"
        )
    return wanted


def _is_so(rows: list[AccessChannel], opening: str | None, wanted: Rows, start: date) -> bool:
    if len(rows) != 1 or opening is None:
        return False
    held = rows[0]
    same = held.valid_from <= start and held.valid_until is None and held.opening == opening
    return same and set(held.hours.values_list("weekday", "opens_s", "closes_s")) == wanted


def _planned(rows: list[AccessChannel], start: date) -> set[date]:
    """The days on which something changes that is planned already: the channel begins again, or ends."""
    begins = {row.valid_from for row in rows if row.valid_from >= start}
    return begins | {row.valid_until for row in rows if row.valid_from < start and row.valid_until is not None}


def _end(rows: list[AccessChannel], start: date) -> None:
    for row in rows:
        if row.valid_from >= start:
            row.delete()
        else:
            row.valid_until = start
            row.save(update_fields=["valid_until"])


def _begin(access: AccessChannel, wanted: Rows) -> None:
    access.save()
    for weekday, opens_s, closes_s in sorted(wanted):
        AccessOpening.objects.create(access=access, weekday=weekday, opens_s=opens_s, closes_s=closes_s)
