"""The base of Illico's own commands: exit codes, one clear line on errors, ``--json``. It knows no app."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.checks import Tags, run_checks
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from illico_platform.lib.errors import IllicoError

DONE, NEEDS_A_PERSON, UNUSABLE = 0, 1, 2
SITE = "gunicorn illico_platform.wsgi --workers 2 --threads 4 --log-level warning"  # what serves the pages


class TerminalCommand(BaseCommand):
    """A command whose ``work`` returns counts and an exit code.

    Exit codes: 0 done, 1 findings that need a person, 2 unusable input or arguments (one line on stderr).
    """

    requires_system_checks: list[str] = []
    needs_database = True

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
        self.add_own_arguments(parser)

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        """Arguments of this command."""

    def work(self, **options: Any) -> tuple[dict[str, Any], int]:
        """Do it: (what is printed as JSON, exit code)."""
        raise NotImplementedError

    def show(self, result: dict[str, Any]) -> None:
        """Print the result for a person."""
        for name, value in result.items():
            self.stdout.write(f"{name}: {value}")

    def handle(self, *args: Any, **options: Any) -> None:
        if self.needs_database:
            ensure_schema()
        try:
            result, code = self.work(**options)
        except IllicoError as error:
            raise CommandError(str(error).replace("\n", " "), returncode=UNUSABLE) from error
        if options["json"]:
            self.stdout.write(json.dumps(result, ensure_ascii=False, default=str))
        else:
            self.show(result)
        if code:
            sys.exit(code)


def ensure_schema() -> None:
    """Bring the database's tables, and the wall between companies, up to date, so that any command may be the first."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()) or _migrating_helps():
        call_command("migrate", verbosity=0, interactive=False)


def _migrating_helps() -> bool:
    """Whether a check of the database says so; nothing here knows what it looked at."""
    found = run_checks(tags=[Tags.database], databases=[connection.alias])
    return any("manage.py migrate" in (message.hint or "") for message in found)
