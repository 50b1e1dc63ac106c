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
from dataclasses import dataclass
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
from django.utils import timezone
from playwright.sync_api import Browser, Page

from agents.models import Agent, PayrollMonth, Verdict
from billing.models import Finding
from illico_platform.chromium import MISSING, find_chromium, started
from illico_platform.terminal import ensure_schema
from numbers.models import Company, Enrolment, Intake, PremiumNumber, User
from numbers.services import keep_enrolment

MANAGER, OPERATOR, SIREN = "responsable@renfort-ecoute.example", "admin@illico.example", "999999105"
BACKEND = "django.contrib.auth.backends.ModelBackend"
WIDE = 1280
SIZES = {WIDE: 900, 360: 740}
TALLEST = 3_000  # a list of fifty calls tells no more than its first forty
QUALITY = 82
READY_S = 40
INDEX = """# The site in pictures

Made by `make screenshots` from the demo's data: each page at 1280 and at 360 pixels.

| Page | Wide | Narrow |
| --- | --- | --- |
"""


@dataclass(frozen=True)
class Shot:
    """One page: the name of its files, what it shows, where it is, who looks (nobody: anonymous)."""

    name: str
    title: str
    path: str
    who: str = MANAGER

    def file(self, width: int) -> str:
        """The file's name; those of the administration's wide pictures are known from outside."""
        form = "png" if width == WIDE and self.who == OPERATOR else "webp"
        return f"{self.name}-{width}.{form}"


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
        manager, operator = (User.objects.filter(email=email).first() for email in (MANAGER, OPERATOR))
        company = Company.objects.filter(siren=SIREN).first()
        if not (manager and operator and company):
            raise CommandError("the demo is not loaded: « manage.py demo »")
        to.mkdir(parents=True, exist_ok=True)
        wanted = set(filter(None, only.split(",")))
        with drafted(company, manager) as draft, signed_in(manager, operator) as sessions, served() as site:
            shots = [*public_shots(company), *space_shots(company, draft), *admin_shots(company)]
            with started(chromium) as browser:
                for shot in shots:
                    if not wanted or shot.name in wanted:
                        self._take(browser, site, shot, to, sessions.get(shot.who, ""))
        (to / "README.md").write_text(INDEX + "".join(map(_line, shots)), encoding="utf-8")
        size = sum((to / shot.file(width)).stat().st_size for shot in shots for width in SIZES)
        self.stdout.write(f"{len(shots)} pages, {size / 1e6:.1f} MB: {to}")

    def _take(self, browser: Browser, site: str, shot: Shot, to: Path, session: str) -> None:
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
            answer = page.goto(site + shot.path)
            if answer is None or not answer.ok:
                raise CommandError(f"{shot.path} answers {answer.status if answer else 'nothing'}")
            page.wait_for_load_state("networkidle")
            file = to / shot.file(width)
            file.write_bytes(picture(page, file.suffix.removeprefix(".")))
            context.close()


def public_shots(company: Company) -> list[Shot]:
    """What anybody sees."""
    number = _latest(PremiumNumber.objects.filter(company=company, status="live"))
    return [
        Shot("home", "Home: look a number up", reverse("home"), ""),
        Shot("number", "A number, as its callers see it", reverse("public_number", args=[number.digits]), ""),
        Shot("sign-in", "Sign-in", reverse("account_login"), ""),
        Shot("sign-up", "Sign-up", reverse("account_signup"), ""),
    ]


def space_shots(company: Company, draft: Enrolment) -> list[Shot]:
    """What a company's manager sees."""

    def at(name: str, question: str = "", **parts: Any) -> str:
        return reverse(f"portal:{name}", kwargs={"siren": company.siren, **parts}) + question

    calls = Verdict.objects.filter(company=company)
    kept, late = (_latest(calls.filter(verdict=verdict), "-day", "-call_id").call_id for verdict in ("kept", "late"))
    number = _latest(PremiumNumber.objects.filter(company=company, status="live"))
    month = f"{_latest(PayrollMonth.objects.filter(company=company), 'month').month:%Y-%m}"
    intake = _latest(Intake.objects.filter(source__company=company))
    finding = _latest(Finding.objects.filter(company=company, resolved_at=None))
    return [
        Shot("dashboard", "Dashboard, one day", at("dashboard")),
        Shot("dashboard-30", "Dashboard, thirty days", at("dashboard", "?periode=30")),
        Shot("calls", "Calls", at("calls")),
        Shot("passport", "A call that kept the promise", at("call", pk=kept)),
        Shot("passport-late", "A call that came late", at("call", pk=late)),
        Shot("agents", "Agents", at("agents")),
        Shot("agent", "An agent", at("agent", pk=_latest(Agent.objects.filter(company=company)).pk)),
        Shot("wages", "The wage share", at("wages")),
        Shot("wages-month", "The wage share of a month", at("wages_month", month=month)),
        Shot("payroll", "Payroll", at("payroll")),
        Shot("imports", "Imports", at("imports")),
        Shot("import", "An import", at("import", pk=intake.pk)),
        Shot("findings", "Findings to work on", at("findings")),
        Shot("finding", "A finding", at("finding", pk=finding.pk)),
        Shot("numbers", "Numbers", at("numbers")),
        Shot("number-space", "A number, as its company sees it", at("number", pk=number.pk)),
        Shot("prices", "A number's prices", at("prices", pk=number.pk)),
        Shot("team", "Team", at("team")),
        Shot("settings", "Settings", at("settings")),
        Shot("enrol", "Enrolment of a number", at("enrol")),
        Shot("enrol-step", "Enrolment, the first step", at("enrol_step", pk=draft.pk, step="usage")),
        Shot("enrol-check", "Enrolment, the check before it is handed in", at("enrol_check", pk=draft.pk)),
    ]


def admin_shots(company: Company) -> list[Shot]:
    """What the operator sees."""
    calls = Verdict.objects.filter(company=company, verdict="kept")
    call = reverse("admin:numbers_call_change", args=[_latest(calls, "-day", "-call_id").call_id])
    return [
        Shot("admin-home", "Administration, home", reverse("admin:index"), OPERATOR),
        Shot("admin-call", "Administration, a call", call, OPERATOR),
    ]


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
def drafted(company: Company, by: User) -> Iterator[Enrolment]:
    """A file begun for the pictures and thrown away after them."""
    draft = keep_enrolment.start(company=company, by=by, now=timezone.now())
    try:
        yield draft
    finally:
        keep_enrolment.discard(enrolment=draft, by=by, now=timezone.now())


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


def _latest(rows: Any, *order: str) -> Any:
    """The first of the rows in this order, newest first unless said; the demo has one."""
    found = rows.order_by(*(order or ("-pk",))).first()
    if found is None:
        raise CommandError(f"the demo has no {rows.model._meta.verbose_name}: « manage.py demo »")
    return found


def _line(shot: Shot) -> str:
    wide, narrow = (shot.file(width) for width in SIZES)
    return f"| {shot.title} | [{wide}]({wide}) | [{narrow}]({narrow}) |\n"
