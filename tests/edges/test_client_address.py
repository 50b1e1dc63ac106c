"""Whose address counts: what a visitor writes into X-Forwarded-For moves nothing, what our own proxies add does."""

from typing import Any

import pytest
from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.test import Client, RequestFactory

from numbers.models import User
from tests.cast import Cast
from tests.edges.test_portal_accounts import sign_in, verified

PROXY, HERE, THERE = "10.0.0.1", "203.0.113.9", "203.0.113.77"


@pytest.fixture(autouse=True)
def _no_attempts_counted() -> None:
    cache.clear()


def wrong(address: str, forwarded: str, email: str) -> str:
    """One wrong password from there; each time for another account, so that only the address is counted."""
    client = Client(REMOTE_ADDR=address, headers={"x-forwarded-for": forwarded} if forwarded else {})
    return sign_in(client, email, "faux").content.decode()


def is_closed(address: str, forwarded: str, *, tries: int = 12) -> bool:
    """Whether guessing from there, at a dozen accounts, ends in a refusal for everything."""
    return "Trop" in [wrong(address, forwarded, f"personne{each}@example.org") for each in range(tries)][-1]


def test_without_a_proxy_the_header_is_a_visitors_word(db: None, settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    pages = [wrong(HERE, f"198.51.100.{each}", f"p{each}@example.org") for each in range(12)]
    assert "Trop" in pages[-1]
    assert "Trop" not in wrong(THERE, "", "autre@example.org")


def test_behind_one_proxy_a_made_up_address_escapes_nothing(db: None, settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    pages = [wrong(PROXY, f"198.51.100.{each}, {HERE}", f"p{each}@example.org") for each in range(12)]
    assert "Trop" in pages[-1]


def test_behind_one_proxy_each_visitor_is_counted_alone(db: None, settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert is_closed(PROXY, HERE)
    assert "Trop" not in wrong(PROXY, THERE, "autre@example.org")


def test_a_session_tells_the_visitors_address_not_the_proxys(cast: Cast, settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    outsider: User = verified(cast.outsider)
    client = Client(REMOTE_ADDR=PROXY, headers={"x-forwarded-for": f"198.51.100.1, {HERE}"})
    assert sign_in(client, outsider.email).status_code == 302
    assert UserSession.objects.get(user=outsider).ip == HERE


@pytest.mark.parametrize(
    ("proxies", "forwarded", "counted"),
    [
        (0, "", PROXY),
        (0, HERE, PROXY),
        (1, HERE, HERE),
        (1, f"127.0.0.1, {HERE}", HERE),
        (2, f"127.0.0.1, {HERE}, {PROXY}", HERE),
        (1, "2001:db8::1", "2001:db8::1"),
    ],
)
def test_as_many_entries_are_believed_as_there_are_proxies(
    proxies: int, forwarded: str, counted: str, settings: Any
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    request = RequestFactory(REMOTE_ADDR=PROXY).get("/", headers=headers)
    assert get_adapter().get_client_ip(request) == counted
