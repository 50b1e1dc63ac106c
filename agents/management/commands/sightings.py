"""manage.py sightings: take in from where agents' phones were registered, as a switch's log says."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from agents.connectors.sightings import SIGHTING_CONNECTORS
from agents.services.take_sightings import take_sightings
from illico_platform.lib.errors import UnusableInput
from illico_platform.terminal import DONE, NEEDS_A_PERSON, TerminalCommand
from numbers.models import Source

_NAMES_SHOWN = 20


class Command(TerminalCommand):
    help = "Importer les réseaux d’où les postes des agents se sont enregistrés ; l’adresse n’est jamais gardée."

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("connector", help=", ".join(SIGHTING_CONNECTORS))
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", required=True, help="name of the PBX")

    def work(self, *, connector: str, file: Path, source: str, **options: Any) -> tuple[dict[str, Any], int]:
        found = Source.objects.filter(name=source).first()
        if found is None:
            known = ", ".join(Source.objects.values_list("name", flat=True)) or "none yet"
            raise UnusableInput(f"--source is {source!r}, expected one of: {known}")
        report = take_sightings(connector=connector, path=file, source=found)
        for reject in report.rejects:
            self.stderr.write(str(reject))
        counts = {
            "read": report.read,
            "ignored": report.ignored,
            "seen": report.seen,
            "stored": report.stored,
            "known": report.known,
            "rejected": report.rejected,
            "unknown": dict(report.unknown.most_common(_NAMES_SHOWN)),
        }
        return counts, NEEDS_A_PERSON if report.rejected else DONE
