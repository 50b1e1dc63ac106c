"""manage.py intake: take a file of calls in, then judge and rate what it brought."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils import timezone

from billing.services.take_in import take_in
from illico_platform.lib.errors import UnusableInput
from illico_platform.terminal import DONE, NEEDS_A_PERSON, TerminalCommand
from numbers.models import Source


class Command(TerminalCommand):
    help = "Importer un fichier d’appels ; le même fichier deux fois ne change rien."

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("connector", help="asterisk-queue-log, asterisk-cdr, generic-csv…")
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", required=True, help="name of the PBX or carrier")

    def work(self, *, connector: str, file: Path, source: str, **options: Any) -> tuple[dict[str, Any], int]:
        found = Source.objects.filter(name=source).first()
        if found is None:
            known = ", ".join(Source.objects.values_list("name", flat=True)) or "none yet"
            raise UnusableInput(f"--source is {source!r}, expected one of: {known}")
        report = take_in(connector=connector, path=file, source=found, now=timezone.now())
        for reject in report.rejects:
            self.stderr.write(str(reject))
        counts = {
            "read": report.read,
            "calls": report.calls,
            "duplicates": report.duplicates,
            "rejected": report.rejected,
            "revised": report.revised,
            "open": report.open,
            "ignored": report.ignored,
        }
        return counts, NEEDS_A_PERSON if report.rejected else DONE
