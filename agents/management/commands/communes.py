"""manage.py communes: load INSEE's list of communes, which workplaces are then checked against."""

from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from agents.services.load_communes import load_communes
from illico_platform.terminal import DONE, TerminalCommand


class Command(TerminalCommand):
    help = "Charger la liste des communes de l’INSEE ; les mêmes fichiers deux fois ne changent rien."

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="communes, anciennes communes")

    def work(self, *, files: list[Path], **options: Any) -> tuple[dict[str, Any], int]:
        return asdict(load_communes(files)), DONE
