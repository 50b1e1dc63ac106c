"""manage.py payroll: take a payroll file in and say whose pay it is."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils import timezone

from agents.services.declare_payroll import declare_payroll
from illico_platform.terminal import DONE, NEEDS_A_PERSON, TerminalCommand


class Command(TerminalCommand):
    help = "Importer un fichier de paie ; le même fichier deux fois ne change rien."

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("connector", help="dsn, csv")
        parser.add_argument("file", type=Path)

    def work(self, *, connector: str, file: Path, **options: Any) -> tuple[dict[str, Any], int]:
        report = declare_payroll(connector=connector, path=file, now=timezone.now())
        for sentence in [*map(str, report.rejects), *report.unknown, *report.notes]:
            self.stderr.write(sentence)
        counts = {
            "read": report.read,
            "declarations": report.declarations,
            "payslips": report.payslips,
            "matched": report.matched,
            "unmatched": report.unmatched,
            "duplicates": report.duplicates,
            "rejected": report.rejected,
            "months": report.months,
        }
        return counts, NEEDS_A_PERSON if report.unmatched or report.rejected else DONE
