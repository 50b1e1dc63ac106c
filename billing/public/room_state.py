"""A request by video or text as its two pages show it: the clock, what is said of it, what it costs so far."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from agents.rules.guarantee import PROMISE_MS
from billing.selectors_requests import Standing, standing_of
from illico_platform.web import show
from illico_platform.web.draw import draw_clock
from numbers.models import Channel, ChannelRequest
from numbers.rules.channel_clock import Ending, Phase, Side, is_quiet, read
from numbers.services.hold_request import give_sign
from numbers.services.room_signals import signals_for


@dataclass(frozen=True)
class Told:
    """A request at one instant, in words."""

    standing: Standing
    phase: str
    clock_ms: int
    clock: str
    clock_name: str
    status: str
    other: str
    cost: str
    bar: int


def told_to(side: Side, request: ChannelRequest, *, now: datetime) -> Told:
    """What a page of this side shows."""
    standing = standing_of(request, now=now)
    clock = standing.clock
    is_waiting = clock.talk_ms is None
    shown = clock.wait_ms if is_waiting else clock.talk_ms or 0
    return Told(
        standing=standing,
        phase=clock.phase.value,
        clock_ms=shown,
        clock=show.duration(shown),
        clock_name=_("Attente") if is_waiting else _("Conversation"),
        status=_status(side, standing),
        other=_other(side, request, now),
        cost=cost_words(standing),
        bar=min(100, 100 * clock.wait_ms // PROMISE_MS),
    )


@dataclass(frozen=True)
class Waiting:
    """Somebody in the queue, as the console lists them."""

    request: ChannelRequest
    clock: str
    bar: int
    is_broken: bool


def waiting(request: ChannelRequest, *, now: datetime) -> Waiting:
    """How long somebody waits, against the minute."""
    wait_ms = read(request.moments, now).wait_ms
    return Waiting(request, show.duration(wait_ms), min(100, 100 * wait_ms // PROMISE_MS), wait_ms >= PROMISE_MS)


def answer_sign(request: HttpRequest, found: ChannelRequest, side: Side, *, now: datetime) -> dict[str, Any]:
    """What a page's sign of life is answered with: where the request stands, and what the other side left."""
    seat = request.POST.get("seat", "")[:32]
    given = give_sign(
        request_id=found.pk,
        side=side,
        seat=seat,
        now=now,
        takes_seat=request.POST.get("take") == "1",
        leaves=request.POST.get("leave") == "1",
    )
    told = told_to(side, given, now=now)
    after = request.POST.get("after", "")
    signals = signals_for(request=given, side=side, seat=seat, after=int(after) if after.isdecimal() else 0)
    return {
        "phase": told.phase,
        "clock": told.clock_ms,
        "clockName": told.clock_name,
        "bar": told.bar,
        "status": told.status,
        "other": told.other,
        "cost": told.cost,
        "round": given.round,
        "seated": getattr(given, f"{side}_seat") == seat,
        "signals": [{"id": each.pk, "kind": each.kind, "payload": each.payload} for each in signals],
    }


def summary_of(request: ChannelRequest, *, now: datetime) -> dict[str, Any]:
    """What an ended request comes to: its clock drawn against the minute, its figures, who ended it."""
    standing = standing_of(request, now=now)
    clock = standing.clock
    drawn = draw_clock(wait_ms=clock.wait_ms, talk_ms=clock.talk_ms or 0)
    turn = _("attente %(wait)s") % {"wait": show.duration(clock.wait_ms)}
    drawn |= {
        "kind": "late" if standing.is_broken else "kept",
        "start": _("entrée"),
        "turn": turn,
        "end": "" if clock.talk_ms is None else _("conversation %(talk)s") % {"talk": show.duration(clock.talk_ms)},
        "sentence": turn,
    }
    return {
        "standing": standing,
        "clock": drawn,
        "ending": _ending_words(request.ended_by),
        "cost": cost_words(standing),
        "was_answered": clock.talk_ms is not None,
        "has_setup": request.channel != Channel.TEXT,
    }


def cost_words(standing: Standing) -> str:
    """What the talk costs the caller so far."""
    if standing.is_broken:
        return _("Offert")
    if not standing.price_micros:
        return _("Gratuit")
    if not standing.charge_micros:
        return _("Rien")
    return show.micros(standing.charge_micros, 2)


def _status(side: Side, standing: Standing) -> str:
    phase = standing.clock.phase
    if phase == Phase.ENDED:
        return _("C’est fini.")
    if side is Side.AGENT:
        if phase == Phase.SETTING_UP:
            return _("Vous avez répondu. Préparez la mise en relation : rien n’est facturé d’ici là.")
        return _("La conversation a commencé.")
    if phase == Phase.WAITING:
        if standing.is_broken:
            return _("Les 60 secondes sont passées : le service sera offert. Vous pouvez attendre ou partir.")
        return _("Vous êtes dans la file. Une personne répond en moins de 60 secondes, sinon le service est offert.")
    if phase == Phase.SETTING_UP:
        return _("Un agent vous a répondu et prépare la mise en relation. Ce temps n’est pas facturé.")
    if standing.is_broken:
        return _("La conversation a commencé. La réponse a tardé : le service est offert.")
    if not standing.price_micros:
        return _("La conversation a commencé. Elle est gratuite pour vous.")
    return _("La conversation a commencé. Elle est facturée à la seconde.")


def _other(side: Side, request: ChannelRequest, now: datetime) -> str:
    """Whether the other side is there."""
    if request.answered_at is None:
        return _("Personne n’a encore répondu.")
    seen, left = request.caller_seen_at, request.caller_left
    if side is Side.CALLER:
        seen, left = request.agent_seen_at, request.agent_left
    if left or is_quiet(seen, now):
        return _("L’autre personne ne donne plus signe de vie. Sans nouvelles, la conversation s’arrête d’elle-même.")
    return _("Un agent est avec vous.") if side is Side.CALLER else _("L’appelant est avec vous.")


def _ending_words(ended_by: str) -> str:
    return {
        Ending.CALLER: _("L’appelant a mis fin."),
        Ending.AGENT: _("L’agent a mis fin."),
        Ending.CALLER_LOST: _("L’appelant ne donnait plus signe de vie."),
        Ending.AGENT_LOST: _("L’agent ne donnait plus signe de vie."),
        Ending.LIMIT: _("Personne n’a répondu dans les dix minutes."),
        Ending.WITHDRAWN: _("Le numéro a été suspendu pendant l’attente."),
    }[Ending(ended_by)]
