"""Give a number hours of its own on some days, or close it; take days to come back. Days that have passed stay."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from illico_platform.lib.periods import paris_day
from numbers.access import require_role
from numbers.models import OpeningException, PremiumNumber, User
from numbers.rules.lifecycle import Actor
from numbers.rules.opening import Clock, keep_past, passed_of_day
from numbers.selectors_numbers import spans_on

from .set_hours import HoursRefused, WouldReplace

LONGEST_DAYS = 366


@transaction.atomic
def set_days(
    *,
    number: PremiumNumber,
    first: date,
    last: date,
    spans: Sequence[Clock],
    reason: str,
    by: User,
    now: datetime,
    agreed: frozenset[date] = frozenset(),
) -> None:
    """Replace the usual hours of every day from ``first`` to ``last``; today keeps those up to this minute.

    Args:
        first, last: both included, the first not before today in Paris.
        spans: (opens, closes) seconds of the day, within the day; none is closed.
        reason: what callers read.
        agreed: days with hours of their own that may be replaced.
    Raises:
        RoleMissing: the person neither owns nor manages the company.
        HoursRefused: the days have passed, are in the wrong order or too many, or the hours pass midnight.
        WouldReplace: some of the days have hours of their own.
    """
    require_role(by, number.company, Actor.OWNER, Actor.MANAGER)
    today = paris_day(now)
    _refuse_days(first, last, today=today)
    if any(opens >= closes for opens, closes in spans):
        raise HoursRefused(
            _("Ces horaires valent de minuit à minuit : donnez la suite de la nuit au jour suivant."), about="spans"
        )
    if not reason.strip():
        raise HoursRefused(_("Donnez le motif : les appelants le liront."), about="reason")
    PremiumNumber.objects.select_for_update(of=("self",)).get(pk=number.pk)
    there = OpeningException.objects.filter(number=number, day__gte=first, day__lte=last)
    if taken := set(there.order_by().values_list("day", flat=True)) - agreed:
        raise WouldReplace(taken)
    held = spans_on(number, today) if first == today else []
    there.delete()
    for rank in range((last - first).days + 1):
        day = first + timedelta(days=rank)
        hours = keep_past(held, spans, passed_of_day(now)) if day == today else spans
        for opens_s, closes_s in hours or [(None, None)]:
            OpeningException.objects.create(
                number=number, day=day, opens_s=opens_s, closes_s=closes_s, reason=reason.strip()
            )


@transaction.atomic
def take_days_back(*, number: PremiumNumber, first: date, last: date, by: User, now: datetime) -> None:
    """Give the days to come from ``first`` to ``last`` their usual hours again; a day that has begun keeps its own.

    Raises:
        RoleMissing: the person neither owns nor manages the company.
        HoursRefused: none of these days is to come and has hours of its own.
    """
    require_role(by, number.company, Actor.OWNER, Actor.MANAGER)
    rows = OpeningException.objects.filter(number=number, day__gte=first, day__lte=last, day__gt=paris_day(now))
    if not rows.delete()[0]:
        raise HoursRefused(
            _("Aucun de ces jours n’est à venir : un jour commencé garde les horaires de ses appels."),
            about="first",
        )


def _refuse_days(first: date, last: date, *, today: date) -> None:
    if first < today:
        raise HoursRefused(
            _("Choisissez aujourd’hui ou un jour à venir : les jours passés gardent leurs horaires."), about="first"
        )
    if last < first:
        raise HoursRefused(_("Le dernier jour est avant le premier."), about="last")
    if (last - first).days >= LONGEST_DAYS:
        raise HoursRefused(
            _("Un an au plus à la fois : pour plus longtemps, changez les horaires de la semaine."), about="last"
        )
