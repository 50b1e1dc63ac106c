"""manage.py night: judge, rate, post, release and check, up to and including one day."""

from argparse import ArgumentParser
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from billing.models import Finding, Run
from billing.services.night import run_night
from illico_platform.lib.errors import UnusableInput
from illico_platform.lib.periods import paris_day
from illico_platform.terminal import DONE, NEEDS_A_PERSON, TerminalCommand
from numbers.models import Company


class Command(TerminalCommand):
    help = "La nuit : juger, tarifer, comptabiliser, libérer le fonds, contrôler."

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--date", help="last day to post, YYYY-MM-DD; default: yesterday in Paris")

    def work(self, *, date: str | None, json: bool, **options: Any) -> tuple[dict[str, Any], int]:
        now = timezone.now()
        day = _day(date) if date else paris_day(now) - timedelta(days=1)
        companies = Company.objects.filter(is_active=True).count()
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=Console(stderr=True), disable=json) as bar:
            task = bar.add_task(f"Nuit du {day:%d/%m/%Y}", total=companies)
            run = run_night(day=day, now=now, progress=lambda company, _: bar.advance(task))
        findings = list(
            Finding.objects.filter(resolved_at=None).values("kind", "severity", "title", "action", "company__siren")
        )
        result = {"day": str(day), "status": run.status, **run.summary, "findings": findings}
        serious = run.status != Run.Status.DONE or any(finding["severity"] != "info" for finding in findings)
        return result, NEEDS_A_PERSON if serious else DONE

    def show(self, result: dict[str, Any]) -> None:
        for stage, counts in result["stages"].items():
            self.stdout.write(f"  {stage:<8} " + ", ".join(f"{name} {value}" for name, value in counts.items()))
        for parked in result["parked"]:
            self.stdout.write(f"  mise de côté : {parked['company__name']} ({parked['stage']}) : {parked['reason']}")
        for finding in result["findings"]:
            self.stdout.write(f"  [{finding['severity']}] {finding['title']} → {finding['action']}")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UnusableInput(f"--date is {text!r}, expected a day as YYYY-MM-DD") from None
