"""Requests by video and text that are over: made calls, judged and priced at once, as a file's calls are."""

from datetime import datetime

from billing.services.take_in import show_at_once
from numbers.services.hold_request import expire_silent
from numbers.services.store_requests import forget_stored, store_ended


def take_requests(*, now: datetime) -> int:
    """End who gives no sign of life, make calls of all that have ended; returns how many sources brought some."""
    expire_silent(now=now)
    sources = store_ended(now=now)
    for source in sources:
        show_at_once(source=source, now=now)
    forget_stored(now=now)
    return len(sources)
