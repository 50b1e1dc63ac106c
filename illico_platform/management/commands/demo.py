"""manage.py demo: load the demo and print what the night made of it. Again, it changes nothing."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rich.console import Console

from illico_platform.demo.story import tell
from illico_platform.demo.summary import print_summary
from illico_platform.terminal import UNUSABLE, ensure_schema


class Command(BaseCommand):
    help = "Charger la démonstration et afficher les accès."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.ILLICO_ENV == "production":
            raise CommandError("the demo prints its passwords: it does not run in production", returncode=UNUSABLE)
        ensure_schema()
        console = Console()
        run = tell(now=timezone.now(), say=lambda text: console.print(f"[dim]{text}[/]"))
        print_summary(run, console, address=f"http://127.0.0.1:{settings.PORT}")
