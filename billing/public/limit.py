"""How often one address may search the directory or knock at a door: reading is free, combing it through is not."""

import hashlib
import time

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest

SEARCHES = 30
ENTRIES = 6  # requests by video and text, each of which an agent may be called away by
WINDOW_S = 60


def asks_too_often(request: HttpRequest, *, what: str = "search", most: int = SEARCHES) -> bool:
    """Whether this is one too many for its address; counts it. The address itself is not stored."""
    address = hashlib.sha256(get_adapter().get_client_ip(request).encode()).hexdigest()
    key = f"public-{what}:{address}:{int(time.time()) // WINDOW_S}"
    cache.add(key, 0, WINDOW_S)
    try:
        return cache.incr(key) > most
    except ValueError:  # it expired between the two
        return False
