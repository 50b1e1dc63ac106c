"""Cameras and microphones: no page may use them but those that say so; and where their pictures may travel through."""

import base64
import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

HEADER = "Permissions-Policy"
NOBODY = "camera=(), microphone=(), geolocation=(), display-capture=()"
THIS_SITE = "camera=(self), microphone=(self), geolocation=(), display-capture=()"
GOOD_FOR_S = 6 * 3600  # longer than any conversation


class DevicesMiddleware:
    """Tells browsers, on every page that does not say otherwise, that it uses no camera and no microphone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault(HEADER, NOBODY)
        return response


def uses_camera(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view whose page may ask for camera and microphone."""

    @wraps(view)
    def answered(*args: Any, **kwargs: Any) -> HttpResponse:
        response = view(*args, **kwargs)
        response.headers[HEADER] = THIS_SITE
        return response

    return answered


def media_servers(now: datetime) -> list[dict[str, str]]:
    """What two browsers may find each other through, as ``RTCPeerConnection`` takes it; nothing unless settings say so.

    With ``RTC_SECRET``, which the TURN server shares, each page gets a name and a password of its own that lapse.
    """
    found = []
    for address in settings.RTC_SERVERS:
        server = {"urls": address}
        if address.startswith("turn") and settings.RTC_SECRET:
            name = f"{int(now.timestamp()) + GOOD_FOR_S}:illico"
            digest = hmac.digest(settings.RTC_SECRET.encode(), name.encode(), hashlib.sha1)
            server |= {"username": name, "credential": base64.b64encode(digest).decode()}
        found.append(server)
    return found
