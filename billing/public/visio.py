"""The public door for who signs, reads lips or writes: choose how, know the price, wait under the same minute, talk."""

import json
import secrets
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing.public.limit import ENTRIES, WINDOW_S, asks_too_often
from billing.public.pages import one_number
from billing.public.room_state import answer_sign, summary_of, told_to
from billing.public.shown import opening_words, shown
from illico_platform.lib.periods import paris_day
from illico_platform.web.devices import media_servers, uses_camera
from numbers.models import Channel, ChannelRequest, PremiumNumber
from numbers.rules.channel_clock import Side
from numbers.selectors_requests import open_channels
from numbers.services.hold_request import RequestRefused, ask, end, key_of
from numbers.services.room_signals import send_signal

COOKIE = "visio"  # the token of the request that this browser has open with a number, sent to its door only
COOKIE_S = 3 * 3600


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def door(request: HttpRequest, written: str) -> HttpResponse:
    """Choose a channel and ask; or why that cannot be now, and what can."""
    now = timezone.now()
    number = _number(written)
    fact = number and one_number(written, paris_day(now))
    if number is None or fact is None:
        return redirect("public_number", written)
    going_on = _going_on(request, number)
    if going_on:
        return redirect("visio_room", written, going_on)
    openings = open_channels(number=number, now=now)
    context = {
        "number": shown(fact, now=now),
        "channels": [_choice(channel, opening, now) for channel, opening in openings.items()],
        "is_open": any(opening.is_open for opening in openings.values()),
        "fault": "",
    }
    if request.method != "POST":
        return render(request, "public/visio.html", context)
    context["chosen"] = request.POST.get("channel", "")
    if request.POST.get("consent") != "1" or context["chosen"] not in openings:
        context["fault"] = "consent" if context["chosen"] in openings else "channel"
        return render(request, "public/visio.html", context, status=422)
    if asks_too_often(request, what="visio", most=ENTRIES):
        response = render(request, "public/nothing.html", {"what": "too_many_requests"}, status=429)
        response["Retry-After"] = str(WINDOW_S)
        return response
    try:
        _made, token = ask(number=number, channel=context["chosen"], now=now)
    except RequestRefused as refused:
        return render(request, "public/visio.html", context | {"fault": refused.why}, status=409)
    response = redirect("visio_room", written, token)
    own = {"path": reverse("visio", args=[written]), "httponly": True, "samesite": "Lax", "secure": request.is_secure()}
    response.set_cookie(COOKIE, token, max_age=COOKIE_S, **own)
    return response


@never_cache
@uses_camera
@require_safe
def room(request: HttpRequest, written: str, token: str) -> HttpResponse:
    """Wait, talk, and read what it came to: one page from the question to its end."""
    found, now = _request(written, token), timezone.now()
    context: dict[str, Any] = {"found": found, "written": written, "token": token, "side": Side.CALLER.value}
    if found.ended_at is not None:
        return render(request, "public/visio_ended.html", context | summary_of(found, now=now))
    context |= {
        "told": told_to(Side.CALLER, found, now=now),
        "servers": json.dumps(media_servers(now)),
        "seat": secrets.token_hex(8),
        "has_video": found.channel != Channel.TEXT,
    }
    return render(request, "public/visio_room.html", context)


@never_cache
@require_POST
def sign(request: HttpRequest, written: str, token: str) -> HttpResponse:
    """The caller's page is there, and asks what there is to know."""
    found = _request(written, token)
    return JsonResponse(answer_sign(request, found, Side.CALLER, now=timezone.now()))


@never_cache
@require_POST
def say(request: HttpRequest, written: str, token: str) -> HttpResponse:
    """A word of the caller's page to the agent's."""
    return passed_on(request, _request(written, token), Side.CALLER)


@never_cache
@require_POST
def leave(request: HttpRequest, written: str, token: str) -> HttpResponse:
    """The caller ends it; the page that follows says what it came to."""
    found = _request(written, token)
    end(request_id=found.pk, side=Side.CALLER, now=timezone.now())
    return redirect("visio_room", written, token)


def passed_on(request: HttpRequest, found: ChannelRequest, side: Side) -> HttpResponse:
    """Hand one side's word to the other."""
    link = request.POST.get("round", "")
    try:
        send_signal(
            request_id=found.pk,
            side=side,
            seat=request.POST.get("seat", ""),
            link=int(link) if link.isdecimal() else -1,
            kind=request.POST.get("kind", ""),
            payload=request.POST.get("payload", ""),
            now=timezone.now(),
        )
    except RequestRefused as refused:
        return JsonResponse({"why": refused.why}, status=429 if refused.why == "too_many" else 400)
    return HttpResponse(status=204)


def _number(written: str) -> PremiumNumber | None:
    rows = PremiumNumber.objects.filter(digits=written, status=PremiumNumber.Status.LIVE, company__is_active=True)
    return rows.select_related("company").first()


def _request(written: str, token: str) -> ChannelRequest:
    rows = ChannelRequest.objects.select_related("number__company")
    found = rows.filter(key=key_of(token), number__digits=written).first()
    if found is None:
        raise Http404
    return found


def _going_on(request: HttpRequest, number: PremiumNumber) -> str:
    """The token of the request that this browser has open with the number, if any."""
    token = request.COOKIES.get(COOKIE, "")
    rows = ChannelRequest.objects.filter(key=key_of(token), number=number, ended_at=None)
    return token if token and rows.exists() else ""


def _choice(channel: str, opening: Any, now: datetime) -> dict[str, Any]:
    return {
        "channel": channel,
        "label": Channel(channel).label,
        "is_open": opening.is_open,
        "opening": opening_words(opening, today=paris_day(now)),
    }
