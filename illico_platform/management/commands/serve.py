"""manage.py serve: the site, a worker and the beat in one terminal; Ctrl-C ends all three."""

import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from honcho.manager import Manager

from illico_platform.terminal import SITE, ensure_schema

PYTHON = f'"{sys.executable}" -m'


class Command(BaseCommand):
    help = "Servir le site, avec un worker et le planificateur."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=settings.PORT)
        parser.add_argument("--host", default="127.0.0.1", help="0.0.0.0 to be seen from other machines")

    def handle(self, *args: Any, port: int, host: str, **options: Any) -> None:
        ensure_schema()
        call_command("check", databases=["default"])  # the web server and the workers themselves run no system checks
        call_command("collectstatic", interactive=False, verbosity=0)
        # The children inherit the addresses, so that nobody looks for the services a second time.
        env = {"DATABASE_URL": settings.DATABASE_URL, "REDIS_URL": settings.REDIS_URL}
        # There are as many workers as cores: more threads of Polars in each only take turns.
        env = {"POLARS_MAX_THREADS": "1", **os.environ, **env}
        manager = Manager()
        processes = {
            "site": f"{SITE} --bind {host}:{port}",
            "worker": "celery --quiet -A illico_platform worker --concurrency 2 --loglevel WARNING",
            "beat": "celery --quiet -A illico_platform beat --loglevel WARNING",
        }
        for name, command in processes.items():
            manager.add_process(name, f"{PYTHON} {command}", env=env, cwd=str(settings.BASE_DIR))
        self.stdout.write(
            f"Illico : http://{host}:{port}/  (Ctrl-C pour arrêter ; make stop arrête aussi les services)"
        )
        manager.loop()
        sys.exit(manager.returncode)
