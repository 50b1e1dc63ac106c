"""Work of the agents app that the clock or a page starts."""

import random
from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from agents.services.check_in import ask_who_is_there, end_unanswered
from agents.services.count_work import count_work
from illico_platform.lib.periods import paris_day

RECOUNTED = timedelta(days=366)  # a correction of an older day waits for nobody's pay


@shared_task(ignore_result=True)
def watch_presence() -> None:
    """Ask some of those at work whether they are there, and end the check-ins that nobody answered for."""
    now = timezone.now()
    end_unanswered(now=now)
    ask_who_is_there(now=now, chance=random.SystemRandom())


@shared_task(ignore_result=True)
def recount_work(company_id: int) -> None:
    """Count a company's signed-in time again after a correction. The night does the same."""
    now = timezone.now()
    count_work(company_id=company_id, since=paris_day(now) - RECOUNTED, now=now)
