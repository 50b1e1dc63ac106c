"""Give a number other weekly hours from a day on: the old ones end there, nothing before that day changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from illico_platform.lib.errors import IllicoError
from illico_platform.lib.periods import paris_day
from numbers.access import require_role
from numbers.models import OpeningHours, PremiumNumber, User
from numbers.rules.hours import weekly_rows
from numbers.rules.lifecycle import Actor


class HoursRefused(IllicoError):
    """The hours cannot hold as they are; the sentence says why, ``about`` which answer it is about."""

    def __init__(self, sentence: str, *, about: str) -> None:
        self.about = about
        super().__init__(sentence)


class WouldReplace(IllicoError):
    """Something planned would be replaced that the person has not agreed to; ``days`` are those it begins on."""

    def __init__(self, days: set[date]) -> None:
        self.days = sorted(days)
        super().__init__(_("Ce qui était déjà prévu serait remplacé."))


@transaction.atomic
def set_hours(
    *,
    number: PremiumNumber,
    week: Sequence[Sequence[tuple[int, int]]],
    start: date,
    by: User,
    now: datetime,
    agreed: frozenset[date] = frozenset(),
) -> None:
    """Put a week of hours in force from ``start``; the same hours again change nothing.

    Args:
        week: seven days from Monday, each the (opens, closes) seconds of the day, half-open and apart.
        start: first day of the new hours, after today in Paris: calls that were received keep the hours they had.
        agreed: the first days of planned hours that may be replaced.
    Raises:
        RoleMissing: the person neither owns nor manages the company.
        HoursRefused: the week is closed throughout, or the day has come.
        WouldReplace: hours planned from that day on or later.
    """
    require_role(by, number.company, Actor.OWNER, Actor.MANAGER)
    refuse_past(start, now=now)
    wanted = {row for day, spans in enumerate(week) for span in spans for row in weekly_rows(day, *span)}
    if not wanted:
        raise HoursRefused(
            _("Donnez au moins un jour d’ouverture : sans horaires, aucun appel n’est servi."), about="d0"
        )
    PremiumNumber.objects.select_for_update(of=("self",)).get(pk=number.pk)
    rows = OpeningHours.objects.filter(number=number).exclude(valid_until__lte=start)
    if {(row.weekday, row.opens_s, row.closes_s) for row in rows} == wanted and all(
        row.valid_from <= start and row.valid_until is None for row in rows
    ):
        return
    if planned := {row.valid_from for row in rows if row.valid_from >= start} - agreed:
        raise WouldReplace(planned)
    for row in rows:
        if row.valid_from >= start:
            row.delete()
        else:
            row.valid_until = start
            row.save(update_fields=["valid_until"])
    for weekday, opens_s, closes_s in sorted(wanted):
        OpeningHours.objects.create(
            number=number, weekday=weekday, opens_s=opens_s, closes_s=closes_s, valid_from=start
        )


def refuse_past(start: date, *, now: datetime) -> None:
    """Refuse a day that has come: what rests on it was told to callers, and judged.

    Raises:
        HoursRefused: with the sentence.
    """
    if start <= paris_day(now):
        raise HoursRefused(
            _("Choisissez demain ou un jour plus tard : les appels déjà reçus gardent leurs horaires."), about="start"
        )
