"""Say what a number does on public holidays from a day on; nothing before that day changes."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from numbers.access import require_role
from numbers.models import HolidayRule, PremiumNumber, User
from numbers.rules.hours import HolidayPolicy
from numbers.rules.lifecycle import Actor

from .set_hours import WouldReplace, refuse_past


@transaction.atomic
def set_holidays(
    *,
    number: PremiumNumber,
    policy: HolidayPolicy,
    alsace_moselle: bool,
    start: date,
    by: User,
    now: datetime,
    agreed: frozenset[date] = frozenset(),
) -> None:
    """Put a choice for public holidays in force from ``start``; the same choice again changes nothing.

    Args:
        alsace_moselle: Good Friday and 26 December count too.
        start: after today in Paris.
        agreed: the first days of planned choices that may be replaced.
    Raises:
        RoleMissing: the person neither owns nor manages the company.
        HoursRefused: the day has come.
        WouldReplace: another choice is planned from that day on or later.
    """
    require_role(by, number.company, Actor.OWNER, Actor.MANAGER)
    refuse_past(start, now=now)
    PremiumNumber.objects.select_for_update(of=("self",)).get(pk=number.pk)
    rows = list(HolidayRule.objects.filter(number=number).exclude(valid_until__lte=start).order_by("valid_from"))
    held = rows[-1] if rows and rows[-1].valid_from <= start and rows[-1].valid_until is None else None
    if held and (held.policy, held.alsace_moselle) == (policy.value, alsace_moselle):
        return
    if planned := {row.valid_from for row in rows if row.valid_from >= start} - agreed:
        raise WouldReplace(planned)
    for row in rows:
        if row.valid_from >= start:
            row.delete()
        else:
            row.valid_until = start
            row.save(update_fields=["valid_until"])
    HolidayRule.objects.create(number=number, policy=policy, alsace_moselle=alsace_moselle, valid_from=start)
