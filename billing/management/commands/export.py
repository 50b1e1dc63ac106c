"""manage.py export: a report to a file or to the terminal."""

import os
import sys
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.utils import timezone

from billing.reports.base import REPORTS
from billing.services.export import plan_export, save_export, write_export
from illico_platform.lib.errors import UnusableInput
from illico_platform.lib.periods import paris_day
from illico_platform.terminal import DONE, TerminalCommand
from numbers.models import Company
from numbers.rules.siren import siren_digits


class Command(TerminalCommand):
    help = "Exporter un état : appels, grand livre, part salariale, FEC, dossier de preuve."

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("report", help=", ".join(REPORTS))
        parser.add_argument("--company", metavar="SIREN", help="one company; default: all")
        parser.add_argument("--from", dest="since", metavar="D", help="first Paris day, YYYY-MM-DD")
        parser.add_argument("--to", dest="until", metavar="D", help="last Paris day, included")
        parser.add_argument("--format", dest="fmt", metavar="F", help="default: the report's own")
        parser.add_argument(
            "--home-papers", action="store_true", help="proofs: also the papers of homes, which mostly bear an address"
        )
        parser.add_argument("-o", dest="output", metavar="FILE", type=Path, help="file or folder; default: stdout")

    def work(
        self,
        *,
        report: str,
        company: str | None,
        since: str | None,
        until: str | None,
        fmt: str | None,
        home_papers: bool,
        output: Path | None,
        json: bool,
        **options: Any,
    ) -> tuple[dict[str, Any], int]:
        if json and output is None:
            raise UnusableInput("--json prints counts where the report itself would go: name a file with -o")
        plan = plan_export(
            report=report,
            company=_company(company) if company is not None else None,
            since=_day("--from", since),
            until=_day("--to", until),
            fmt=fmt,
            home_papers=home_papers,
            today=paris_day(timezone.now()),
        )
        if plan.unsealed:
            self.stderr.write(f"{plan.unsealed} entries wait to be sealed and are not in this file")
        if output is None:
            self._print(plan)
            return {}, DONE
        path, rows = save_export(plan, output, operator_siren=settings.OPERATOR_SIREN)
        return {"report": report, "file": str(path), "rows": rows, "unsealed": plan.unsealed}, DONE

    def _print(self, plan: Any) -> None:
        binary = getattr(self.stdout, "buffer", None)
        out = binary if binary is not None else _TextOut(self.stdout, plan.format.charset)
        try:
            write_export(plan, cast(BinaryIO, out))
        except BrokenPipeError:
            # The reader has seen enough (export | head); Python would complain again when it closes stdout.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _TextOut:
    """Bytes into a text stream, for callers that gave ``call_command`` one."""

    def __init__(self, stream: Any, charset: str) -> None:
        self._stream, self._charset = stream, charset

    def write(self, data: bytes) -> None:
        self._stream.write(data.decode(self._charset), ending="")

    def flush(self) -> None:
        self._stream.flush()


def _company(written: str) -> Company:
    found = Company.objects.filter(siren=siren_digits(written)).first()
    if found is None:
        raise UnusableInput(f"--company is {written!r}, expected the SIREN of a company we know, nine digits")
    return found


def _day(option: str, written: str | None) -> date | None:
    if written is None:
        return None
    try:
        day = date.fromisoformat(written)
    except ValueError:
        day = None
    if day is None or day.isoformat() != written:
        raise UnusableInput(f"{option} is {written!r}, expected a day as YYYY-MM-DD")
    return day
