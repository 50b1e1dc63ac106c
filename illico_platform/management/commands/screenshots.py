"""manage.py screenshots: the demo's pages as pictures, wide and narrow, with an index of them."""

import base64
import os
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from playwright.sync_api import Browser, Page

from illico_platform.chromium import MISSING, find_chromium, started
from illico_platform.demo.pages import (
    AGENT,
    MANAGER,
    OPERATOR,
    SIREN,
    DemoPage,
    admin_pages,
    drafted,
    own_pages,
    public_pages,
    space_pages,
)
from illico_platform.terminal import ensure_schema
from numbers.models import Company, User

BACKEND = "django.contrib.auth.backends.ModelBackend"
WIDE = 1280
SIZES = {WIDE: 900, 360: 740}
TALLEST = 3_000  # a list of fifty calls tells no more than its first forty
QUALITY = 82
KNOWN_AS_PNG = {"admin-home", "admin-call"}
READY_S = 40
INDEX = """# The site in pictures

Made by `make screenshots` from the demo's data: each page at 1280 and at 360 pixels.

| Page | Wide | Narrow |
| --- | --- | --- |
"""


class Command(BaseCommand):
    help = "Photographier les pages de la démonstration, à 1280 et 360 pixels, dans docs/screens/."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", type=Path, default=settings.BASE_DIR / "docs" / "screens")
        parser.add_argument("--only", default="", help="names of pages, comma-separated")

    def handle(self, *, to: Path, only: str, **options: Any) -> None:
        if settings.ILLICO_ENV == "production":
            raise CommandError("the pictures show the demo: they are not made in production")
        if (chromium := find_chromium()) is None:
            raise CommandError(MISSING)
        ensure_schema()
        manager, operator, agent = (User.objects.filter(email=email).first() for email in (MANAGER, OPERATOR, AGENT))
        company = Company.objects.filter(siren=SIREN).first()
        if not (manager and operator and agent and company):
            raise CommandError("the demo is not loaded: « manage.py demo »")
        to.mkdir(parents=True, exist_ok=True)
        wanted = set(filter(None, only.split(",")))
        with drafted(company, manager) as draft, signed_in(manager, operator, agent) as sessions, served() as site:
            pages = [*public_pages(company), *space_pages(company, draft), *own_pages(), *admin_pages(company)]
            with started(chromium) as browser:
                for page in pages:
                    if not wanted or page.name in wanted:
                        self._take(browser, site, page, to, sessions.get(page.who, ""))
        self._index(pages, to)

    def _index(self, pages: list[DemoPage], to: Path) -> None:
        (to / "README.md").write_text(INDEX + "".join(map(_line, pages)), encoding="utf-8")
        files = {to / file_of(page, width) for page in pages for width in SIZES}
        for picture_of_none in {*to.glob("*.webp"), *to.glob("*.png")} - files:
            picture_of_none.unlink()
        size = sum(file.stat().st_size for file in files if file.exists())
        self.stdout.write(f"{len(pages)} pages, {size / 1e6:.1f} MB: {to}")

    def _take(self, browser: Browser, site: str, shown: DemoPage, to: Path, session: str) -> None:
        for width, height in SIZES.items():
            context = browser.new_context(
                viewport={"width": width, "height": height},
                color_scheme="light",
                locale="fr-FR",
                timezone_id=settings.TIME_ZONE,
                reduced_motion="reduce",
            )
            if session:
                context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])
            page = context.new_page()
            answer = page.goto(site + shown.path)
            if answer is None or not answer.ok:
                raise CommandError(f"{shown.path} answers {answer.status if answer else 'nothing'}")
            page.wait_for_load_state("networkidle")
            file = to / file_of(shown, width)
            file.write_bytes(picture(page, file.suffix.removeprefix(".")))
            context.close()


def picture(page: Page, form: str) -> bytes:
    """The whole page, as far down as it tells anything; Playwright itself knows no WebP."""
    # The window grows to the page, or the bar at its bottom would stand across the middle of the picture.
    width = page.evaluate("innerWidth")
    height = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
    page.set_viewport_size({"width": width, "height": height})
    question = {"format": form, "clip": {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}}
    if form == "webp":
        question["quality"] = QUALITY
    answer = page.context.new_cdp_session(page).send("Page.captureScreenshot", question)
    return base64.b64decode(answer["data"])


@contextmanager
def signed_in(*people: User) -> Iterator[dict[str, str]]:
    """The key of a session of each person, by e-mail; forgotten afterwards."""
    sessions = {}
    for user in people:
        session = SessionStore()
        session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), BACKEND
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        sessions[user.email] = session
    try:
        yield {email: str(session.session_key) for email, session in sessions.items()}
    finally:
        for session in sessions.values():
            session.delete()


@contextmanager
def served() -> Iterator[str]:
    """The site's address, on a free port, while its own server runs."""
    call_command("collectstatic", interactive=False, verbosity=0)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{probe.getsockname()[1]}"
    command = [sys.executable, "-m", "gunicorn", "illico_platform.wsgi", "--threads", "2", "--log-level", "warning"]
    addresses = {"DATABASE_URL": settings.DATABASE_URL, "REDIS_URL": settings.REDIS_URL}
    environment = {"POLARS_MAX_THREADS": "1", **os.environ, **addresses}
    site = subprocess.Popen([*command, "--bind", place], cwd=settings.BASE_DIR, env=environment)  # noqa: S603
    try:
        _wait(f"http://{place}", site)
        yield f"http://{place}"
    finally:
        site.terminate()
        site.wait(timeout=READY_S)


def _wait(site: str, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + READY_S
    while time.monotonic() < until and process.poll() is None:
        try:
            with urlopen(site + reverse("health"), timeout=READY_S):  # noqa: S310
                return
        except (URLError, OSError):
            time.sleep(0.2)
    raise CommandError("the site did not start")


def file_of(page: DemoPage, width: int) -> str:
    """The name of a page's picture; those of the administration's wide pictures are known from outside."""
    form = "png" if width == WIDE and page.name in KNOWN_AS_PNG else "webp"
    return f"{page.name}-{width}.{form}"


def _line(page: DemoPage) -> str:
    wide, narrow = (file_of(page, width) for width in SIZES)
    return f"| {page.title} | [{wide}]({wide}) | [{narrow}]({narrow}) |\n"
