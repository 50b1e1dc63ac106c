"""A supervisor's word on how long an agent was signed in on a day, where the switch's log is wrong or silent."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from agents.models import Agent, WorkCorrection
from agents.services.keep_staff import StaffRefused
from illico_platform.lib.periods import day_start


def correct_work(
    *,
    agent: Agent,
    day: date,
    started_at: datetime,
    ended_at: datetime,
    paused_ms: int,
    by: str,
    reason: str,
    now: datetime,
) -> WorkCorrection:
    """Put a correction in the place of what the log says of that day; an earlier one of it stays in the history.

    Args:
        started_at, ended_at: aware, within the Paris day; paused_ms: of that time, on pause.
        by: who says so, as an e-mail address.
    Raises:
        StaffRefused: the times are not of that day, are not over, or run backwards; no reason is given.
    """
    if not reason.strip():
        raise StaffRefused("reason", _("Dites pourquoi : une correction sans motif ne prouve rien."))
    if started_at >= ended_at:
        raise StaffRefused("until", _("La fin précède le début."))
    if not day_start(day) <= started_at or ended_at > day_start(day + timedelta(days=1)):
        raise StaffRefused("until", _("Ces heures ne sont pas de ce jour : corrigez chaque jour à part."))
    if ended_at > now:
        raise StaffRefused("until", _("Cette heure n’est pas encore passée."))
    if timedelta(milliseconds=paused_ms) > ended_at - started_at:
        raise StaffRefused("pause", _("La pause est plus longue que le temps de connexion."))
    with transaction.atomic():
        correction, _is_new = WorkCorrection.objects.update_or_create(
            agent=agent,
            day=day,
            defaults={
                "started_at": started_at,
                "ended_at": ended_at,
                "paused_ms": paused_ms,
                "by": by,
                "reason": reason.strip(),
            },
        )
    return correction


def withdraw_correction(*, agent: Agent, day: date) -> bool:
    """Let the log speak again of that day; returns whether a correction stood. The history keeps it."""
    deleted, _by_model = WorkCorrection.objects.filter(agent=agent, day=day).delete()
    return bool(deleted)
