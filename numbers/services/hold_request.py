"""A request from the door to its end: ask, answer, set up, signs of life, end; one writer at a time per request."""

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from illico_platform.lib.errors import IllicoError
from numbers.models import Channel, ChannelRequest, PremiumNumber
from numbers.rules.channel_clock import Ending, Phase, Side, due_ending, ended_by, read
from numbers.selectors_requests import open_channels

TOKEN_BYTES = 16


class RequestRefused(IllicoError):
    """What was asked cannot be had; the sentence says why. ``why`` is for programs."""

    def __init__(self, why: str, text: str) -> None:
        super().__init__(text)
        self.why = why


def ask(*, number: PremiumNumber, channel: str, now: datetime) -> tuple[ChannelRequest, str]:
    """Put a caller into the queue; the clock runs from here.

    Returns:
        The request, and the token that alone opens it: 128 random bits, of which only a hash is stored.
    Raises:
        RequestRefused: the number has no such channel today, or the channel is closed now.
    """
    opening = open_channels(number=number, now=now).get(channel)
    if opening is None:
        raise RequestRefused("no_channel", _("Ce numéro n’a pas cet accès."))
    if not opening.is_open:
        raise RequestRefused("closed", _("Le service est fermé en ce moment."))
    token = secrets.token_urlsafe(TOKEN_BYTES)
    request = ChannelRequest.objects.create(
        company_id=number.company_id,
        number=number,
        channel=channel,
        key=key_of(token),
        entered_at=now,
        caller_seen_at=now,
        caller_left=True,  # until their page speaks
    )
    return request, token


def key_of(token: str) -> str:
    """What is stored of a caller's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def answer(*, request_id: int, company_id: int, agent_name: str, now: datetime) -> ChannelRequest:
    """Take a waiting request: the first who presses has it. A written one needs no setting up.

    Raises:
        RequestRefused: it is answered or over, or the agent is in another conversation.
    """
    try:
        with _held(request_id, now, company_id=company_id) as request:
            phase = read(request.moments, now).phase
            if phase == Phase.WAITING:
                request.answered_at = request.agent_seen_at = max(now, request.entered_at)
                request.agent_name = agent_name
                if request.channel == Channel.TEXT:
                    request.ready_at = request.answered_at
    except IntegrityError:
        raise RequestRefused("busy", _("Vous êtes déjà en conversation : finissez-la d’abord.")) from None
    if phase == Phase.ENDED:
        raise RequestRefused("over", _("Cette personne est partie avant votre réponse."))
    if phase != Phase.WAITING and request.agent_name != agent_name:
        raise RequestRefused("taken", _("Un collègue a répondu avant vous."))
    return request


def say_ready(*, request_id: int, company_id: int, agent_name: str, now: datetime) -> ChannelRequest:
    """The interpreter or the relay is set up: from now on the talk is charged. Said again, it changes nothing."""
    with _held(request_id, now, company_id=company_id) as request:
        mine = request.agent_name == agent_name and request.answered_at is not None
        if mine and request.ended_at is None and request.ready_at is None:
            request.ready_at = max(now, request.answered_at)
    if not mine:
        raise RequestRefused("not_yours", _("Cette conversation n’est pas la vôtre."))
    return request


def give_sign(
    *, request_id: int, side: Side, seat: str, now: datetime, takes_seat: bool = False, leaves: bool = False
) -> ChannelRequest:
    """One side's page says that it is there, or that it is being closed.

    Args:
        seat: which page speaks. The first one has the side's seat, another must take it, and the link between the two
            sides is then made anew; a page without the seat gives no sign for anybody.
    """
    with _held(request_id, now) as request:
        held = getattr(request, f"{side}_seat")
        if request.ended_at is None and (takes_seat or not held) and seat != held:
            setattr(request, f"{side}_seat", seat)
            request.round += 1
            request.signals.all().delete()
        if request.ended_at is None and getattr(request, f"{side}_seat") == seat:
            setattr(request, f"{side}_seen_at", max(now, getattr(request, f"{side}_seen_at") or now))
            setattr(request, f"{side}_left", leaves)
    return request


def end(*, request_id: int, side: Side, now: datetime) -> ChannelRequest:
    """One side ends it; what is over stays as it ended."""
    with _held(request_id, now) as request:
        if request.ended_at is None:
            _end(request, *ended_by(request.moments, side, now))
    return request


def expire_silent(*, now: datetime) -> int:
    """End the requests that nobody speaks for any more; returns how many."""
    ended = 0
    for pk in ChannelRequest.objects.filter(ended_at=None).order_by("pk").values_list("pk", flat=True):
        with _held(pk, now) as request:
            pass
        ended += request.ended_at is not None
    return ended


@contextmanager
def _held(request_id: int, now: datetime, *, company_id: int | None = None) -> Iterator[ChannelRequest]:
    """The request under its lock, ended first when that was due, saved at the end of the block."""
    mine = {} if company_id is None else {"company_id": company_id}
    with transaction.atomic():
        rows = ChannelRequest.objects.select_for_update(of=("self",)).select_related("number__company")
        request = rows.get(pk=request_id, **mine)
        due = due_ending(request.moments, now)
        if due is not None:
            _end(request, *due)
        elif request.answered_at is None and request.ended_at is None and not _is_served(request.number):
            _end(request, Ending.WITHDRAWN, max(now, request.entered_at))
        yield request
        request.save()


def _is_served(number: PremiumNumber) -> bool:
    return number.status == PremiumNumber.Status.LIVE and number.company.is_active


def _end(request: ChannelRequest, ending: Ending, at: datetime) -> None:
    """Nothing that was said outlives it."""
    request.ended_at, request.ended_by = at, ending.value
    request.signals.all().delete()
