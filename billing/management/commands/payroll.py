"""manage.py payroll: take a payroll file in, say whose pay it is, and settle the wage fund."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils import timezone

from billing.services.take_pay import declare_pay
from illico_platform.terminal import DONE, NEEDS_A_PERSON, TerminalCommand


class Command(TerminalCommand):
    help = "Importer un fichier de paie ; le même fichier deux fois ne change rien."

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("connector", help="dsn, csv")
        parser.add_argument("file", type=Path)

    def work(self, *, connector: str, file: Path, **options: Any) -> tuple[dict[str, Any], int]:
        report = declare_pay(connector=connector, path=file, now=timezone.now())
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
