"""What tests of the company's space share: the evening played to its end, and a person signed in at an instant."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from html import unescape
from typing import Any

import time_machine
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from numbers.models import User
from tests.cast import SIREN, Cast, give_second_factor
from tests.scenarios.test_evening import all_stages, evening_rows
from tests.stored_calls import store_calls

EVENING = date(2026, 11, 25)
THAT_NIGHT = datetime(2026, 11, 25, 21, 0, tzinfo=UTC)


def play_evening(cast: Cast) -> list[dict[str, Any]]:
    """The sample evening, judged, priced, posted; answers with its rows as they were recorded."""
    rows = evening_rows()
    store_calls(cast.source, rows)
    all_stages(cast.company.pk)
    return rows


@contextmanager
def signed_in(user: User | None, *, at: datetime = THAT_NIGHT, language: str = "fr") -> Iterator[Client]:
    """A browser of that person at that instant, past their second factor; of nobody for None."""
    with time_machine.travel(at, tick=False):
        client = Client()
        client.cookies["django_language"] = language
        if user is not None:
            if not user.authenticator_set.exists():
                give_second_factor(user)
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        yield client


def look(user: User | None, route: str, *, query: str = "", siren: str = SIREN, **kwargs: Any) -> HttpResponse:
    """One page of the company's space, as that person gets it."""
    options = {name: kwargs.pop(name) for name in ("at", "language") if name in kwargs}
    with signed_in(user, **options) as client:
        address = reverse(f"portal:{route}", kwargs={"siren": siren, **kwargs})
        return client.get(f"{address}?{query}" if query else address)


def text_of(page: HttpResponse) -> str:
    """The page's source with plain spaces, entities resolved."""
    return " ".join(unescape(page.content.decode()).replace("\u202f", " ").split())
