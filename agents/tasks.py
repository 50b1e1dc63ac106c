"""Work of the agents app that the clock starts."""

import random

from celery import shared_task
from django.utils import timezone

from agents.services.check_in import ask_who_is_there, end_unanswered


@shared_task(ignore_result=True)
def watch_presence() -> None:
    """Ask some of those at work whether they are there, and end the check-ins that nobody answered for."""
    now = timezone.now()
    end_unanswered(now=now)
    ask_who_is_there(now=now, chance=random.SystemRandom())
