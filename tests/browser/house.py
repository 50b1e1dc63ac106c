"""A house of its own for whole stories: services, server and worker as people run them, under a clock that is set."""

import base64
import re
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from illico_platform.embedded import stop_services
from illico_platform.terminal import SITE
from tests.machine import ROOT, WORKER, Machine, kill, wait_for

PARIS = ZoneInfo("Europe/Paris")
DAY_OF_MOVING_IN = datetime(2026, 11, 23, 9, tzinfo=PARIS)
OPERATOR, OPERATOR_PASSWORD = "exploitante@illico.example", "bureau des numéros"


class House:
    """The product from its first migration on, with one operator and nothing else in it."""

    def __init__(self, folder: Path) -> None:
        self._clock, self._said = folder / "clock", folder / "site.log"
        self._processes: list[subprocess.Popen[bytes]] = []
        self.machine = Machine(folder / "var")
        self.url = f"http://127.0.0.1:{_free_port()}"

    def move_in(self) -> None:
        """Lay the tables, take on the operator, open the site."""
        self.at(DAY_OF_MOVING_IN)
        for command in (
            ["migrate", "-v", "0"],
            ["collectstatic", "--noinput", "-v", "0"],
            ["createsuperuser", "--noinput"],
        ):
            self._run(["manage.py", *command])
        server = SITE.replace("illico_platform.wsgi", "tests.browser.clock:application").split()
        worker = [part.replace("illico_platform", "tests.browser.clock") for part in WORKER]
        self._processes += [
            self._start(["-m", *server, "--bind", self.url.removeprefix("http://")]),
            self._start(worker),
        ]
        wait_for(self._answers, "the site does not come up")

    def at(self, now: datetime) -> None:
        """Put the clock of everybody in the house at an instant."""
        self._clock.write_text(str(now.timestamp() - time.time()))

    def seconds(self) -> int:
        """Since the epoch, as the house counts them."""
        return int(time.time() + float(self._clock.read_text()))

    def code_of_mail(self, to: str) -> str:
        """The code in the last mail to somebody, as the server wrote it to its console."""
        found: list[str] = []

        def has_come() -> bool:
            mails = re.split(r"^-{79}$", self.said(), flags=re.MULTILINE)
            mine = [mail for mail in mails if f"\nTo: {to}\n" in mail]
            found[:] = re.findall(r"^\s*([A-Z0-9]{4}-[A-Z0-9]{4})\s*$", mine[-1], flags=re.MULTILINE) if mine else []
            return bool(found)

        wait_for(has_come, f"no code came for {to}")
        return found[-1]

    def mails_to(self, to: str) -> str:
        """All that was written to somebody."""
        mails = re.split(r"^-{79}$", self.said(), flags=re.MULTILINE)
        return "\n".join(mail for mail in mails if to in mail)

    def code_of_phone(self, secret: str) -> str:
        """What an authenticator with this key shows now."""
        key = base64.b32decode(secret + "=" * (-len(secret) % 8))
        return TOTP(key, 6, SHA1(), 30, enforce_key_length=False).generate(self.seconds()).decode()

    def said(self) -> str:
        """What the server and the worker wrote to their console: mails, and what went wrong."""
        return self._said.read_text()

    def leave(self) -> None:
        """End what runs."""
        for process in self._processes:
            kill(process)
        stop_services(self.machine.var)

    def _env(self) -> dict[str, str]:
        return self.machine.env("illico") | {
            "STORY_CLOCK": str(self._clock),
            "DJANGO_SUPERUSER_EMAIL": OPERATOR,
            "DJANGO_SUPERUSER_PASSWORD": OPERATOR_PASSWORD,
            "POLARS_MAX_THREADS": "1",
        }

    def _run(self, command: list[str]) -> None:
        ended = subprocess.run(
            [sys.executable, *command], cwd=ROOT, env=self._env(), text=True, capture_output=True, check=False
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr

    def _start(self, command: list[str]) -> subprocess.Popen[bytes]:
        with self._said.open("a") as heard:
            return subprocess.Popen(
                [sys.executable, *command],
                cwd=ROOT,
                env=self._env(),
                start_new_session=True,
                stdout=heard,
                stderr=heard,
            )

    def _answers(self) -> bool:
        with suppress(OSError):
            return urllib.request.urlopen(f"{self.url}/health/", timeout=5).status == 200
        return False


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
