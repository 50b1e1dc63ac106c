"""Every page of the site in a browser, light and dark, wide and narrow, in both languages: nothing to trip over."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser

from tests.addresses import addresses, portal_addresses
from tests.admin_rows import fill
from tests.browser.reader import NARROWEST, WIDTHS, Reader, sit_down
from tests.cast import Cast, give_second_factor, make_cast

pytestmark = pytest.mark.django_db(transaction=True)
# Pages of accounts that want something in hand (a key of a mail, a sign-in half done): stories come by those.
NOT_BY_ADDRESS = {"account_reset_password_from_key", "mfa_remove_webauthn", "mfa_edit_webauthn", "invitation"}


class Site:
    """The live server with the filled cast behind it."""

    def __init__(self, browser: Browser, url: str, cast: Cast) -> None:
        self.browser, self.url, self.cast = browser, url, cast

    def reader(self, user: Any = None, **screen: Any) -> Reader:
        """Somebody at a screen, signed in already when they are somebody."""
        reader = sit_down(self.browser, self.url, **screen)
        if user is not None:
            client = Client()
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
            session = client.cookies["sessionid"].value
            reader.page.context.add_cookies([{"name": "sessionid", "value": session, "url": self.url}])
        return reader

    def pages(self, user: Any) -> dict[str, str]:
        """Those addresses that answer this person with a page, and their names."""
        client = Client(raise_request_exception=False)
        if user is not None:
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        found = {}
        for address in addresses():
            if address.name.startswith("admin:") or address.name in NOT_BY_ADDRESS:
                continue
            url = address.of(self.cast.company)
            response = client.get(url)
            is_page = response.get("Content-Type", "").startswith("text/html")
            if is_page and response.status_code in (200, 500):
                found[url] = address.name
        return found


@pytest.fixture
def site(browser: Browser, live_server: Any) -> Iterator[Site]:
    cast = make_cast()
    fill(cast)
    give_second_factor(cast.owner)
    yield Site(browser, live_server.url, cast)
    for context in browser.contexts:
        context.close()


def examine(reader: Reader, name: str, url: str, *, language: str) -> list[str]:
    """All that is wrong with one page, at both widths and in both themes: each fault once, with where it shows."""
    response = reader.open(url)
    page, found = reader.page, defaultdict(list)
    if not response.ok:
        return [f"{name} ({url}): {response.status}"]
    if (count := page.locator("h1").count()) != 1:
        found[f"{count} h1"] = []
    if (spoken := page.locator("html").get_attribute("lang")) != language:
        found[f"lang is {spoken}"] = []
    for width in WIDTHS:
        reader.at_width(width)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            for violation in reader.look():
                found[violation].append(f"{width} {scheme}")
    reader.at_width(NARROWEST)
    if reader.overflows():
        found["scrolls sideways"].append(f"{NARROWEST}")
    return [f"{name} ({url}): {fault} {', '.join(screens)}" for fault, screens in found.items()]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("who", ["anonymous", "owner", "agent"])
def test_nothing_to_trip_over(site: Site, language: str, who: str) -> None:
    user = site.cast.people.get(who)
    pages, titles = site.pages(user), defaultdict(list)
    if who == "agent":  # everybody's own account was looked at as the owner
        pages = {url: name for url, name in pages.items() if name.startswith("portal:")}
    least = {"anonymous": 6, "owner": len(portal_addresses()) / 2, "agent": 2}
    assert len(pages) > least[who]
    reader, faults = site.reader(user, language=language), []
    for url, name in pages.items():
        faults += examine(reader, name, url, language=language)
        titles[reader.page.title()].append(url)
    faults += [f"the title « {title} » is borne by {urls}" for title, urls in titles.items() if len(urls) > 1]
    assert faults + reader.faults == [], "\n".join(faults + reader.faults)
