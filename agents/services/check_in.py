"""Sign in to work, say that one is still there, sign out: when a check-in begins and when it ends."""

import random
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils.translation import gettext as _

from agents.models import Agent, CheckIn, PresenceCheck
from agents.selectors_evidence import Workplace, policy_on, running_check_in
from agents.services.keep_staff import StaffRefused
from agents.services.locate import Network
from agents.services.sign_check_in import signature_digest
from illico_platform.lib.periods import paris_day
from numbers.services.locks import lock_in_transaction

BREATHING_SPACE = timedelta(minutes=20)  # nobody is asked again, or right after signing in, within this
ROUND_S = 60  # how often the worker looks whom to ask


def check_in(
    *, agent: Agent, workplace: Workplace, network: Network, assertion: dict[str, str] | None = None, now: datetime
) -> CheckIn:
    """Begin a check-in at a workplace that is proven, good for as long as the day's policy says.

    Args:
        network: what is kept of the address that the request came from.
        assertion: of ``signed_by_passkey``; None when the open session alone says who it is.
    Raises:
        StaffRefused: one is running already.
    """
    hours = policy_on(paris_day(now)).check_in_hours
    with transaction.atomic():
        lock_in_transaction("check-in", agent.pk)
        if running_check_in(agent_id=agent.pk, now=now) is not None:
            raise StaffRefused("", _("Vous êtes déjà au travail : signez d’abord votre sortie."))
        return CheckIn.objects.create(
            company_id=agent.company_id,
            agent=agent,
            started_at=now,
            ends_at=now + timedelta(hours=hours),
            place=workplace.place,
            site_id=workplace.site_id,
            commune_insee=workplace.commune_insee,
            country=network.country,
            is_private=network.is_private,
            network_hash=network.digest,
            signature=CheckIn.Signature.PASSKEY if assertion else CheckIn.Signature.SESSION,
            signed_sha256=signature_digest(assertion) if assertion else "",
            assertion=assertion,
        )


def check_out(*, agent: Agent, now: datetime) -> CheckIn:
    """End the running check-in now.

    Raises:
        StaffRefused: none is running.
    """
    with transaction.atomic():
        lock_in_transaction("check-in", agent.pk)
        running = running_check_in(agent_id=agent.pk, now=now)
        if running is None:
            raise StaffRefused("", _("Aucun pointage n’est en cours."))
        _end(running, at=now, how=CheckIn.Ending.OUT)
    return running


def correct_check_in(*, check_in: CheckIn, started_at: datetime, ends_at: datetime, by: str, reason: str) -> CheckIn:
    """A supervisor's correction of when a check-in began and ended; what it was before stays in the history.

    Raises:
        StaffRefused: it would end before it begins, or no reason is given.
    """
    if not reason.strip():
        raise StaffRefused("reason", _("Dites pourquoi : une correction sans motif ne prouve rien."))
    if ends_at <= started_at:
        raise StaffRefused("ends_at", _("La fin précède le début."))
    check_in.started_at, check_in.ends_at, check_in.ending = started_at, ends_at, CheckIn.Ending.CORRECTED
    check_in.corrected_by, check_in.reason = by, reason.strip()
    check_in.save()
    return check_in


def ask_who_is_there(*, now: datetime, chance: random.Random) -> int:
    """Ask some of those who are at work whether they still are, at moments nobody can foresee; returns how many.

    Each check-in is drawn with the policy's share spread over its whole length, so that an hour more asks no more.
    """
    policy = policy_on(paris_day(now))
    if not policy.recheck_bp:
        return 0
    asked_lately = PresenceCheck.objects.filter(check_in=OuterRef("pk"), asked_at__gt=now - BREATHING_SPACE)
    running = CheckIn.objects.filter(started_at__lte=now - BREATHING_SPACE, ends_at__gt=now).exclude(
        Exists(asked_lately)
    )
    rounds = policy.check_in_hours * 3600 // ROUND_S
    drawn = [each for each in running if chance.random() < policy.recheck_bp / 10_000 / rounds]
    due_at = now + timedelta(minutes=policy.recheck_minutes)
    PresenceCheck.objects.bulk_create(PresenceCheck(check_in=each, asked_at=now, due_at=due_at) for each in drawn)
    return len(drawn)


def answer_check(*, check: PresenceCheck, now: datetime) -> None:
    """Say that one is still there.

    Raises:
        StaffRefused: the time to answer is over.
    """
    if check.answered_at is None:
        if now >= check.due_at:
            raise StaffRefused("", _("Le délai pour répondre est passé : signez de nouveau votre arrivée."))
        check.answered_at = now
        check.save(update_fields=["answered_at"])


def end_unanswered(*, now: datetime) -> int:
    """End the check-ins whose question nobody answered in time, at the moment it was due; returns how many."""
    late = PresenceCheck.objects.filter(answered_at=None, due_at__lte=now, check_in__ends_at__gt=F("due_at"))
    with transaction.atomic():
        overdue = list(late.select_related("check_in").order_by("-due_at"))
        for check in overdue:  # the earliest last: it is the one that counts
            _end(check.check_in, at=check.due_at, how=CheckIn.Ending.UNANSWERED)
    return len({check.check_in_id for check in overdue})


def _end(check_in: CheckIn, *, at: datetime, how: str) -> None:
    check_in.ends_at, check_in.ending = at, how
    check_in.save(update_fields=["ends_at", "ending"])
