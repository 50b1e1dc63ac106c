"""Celery's door to the night: one task per company over all workers, the last one finishes. No logic here."""

from datetime import date, datetime, timedelta

from celery import shared_task
from django.utils import timezone

from billing.models import Run
from billing.services.night import finish_night, night_company, remaining_companies, start_night
from illico_platform.lib.periods import paris_day


@shared_task
def night(day: str | None = None) -> int:
    """Start the night that closes ``day`` (ISO; default yesterday in Paris) and hand its companies out."""
    now = timezone.now()
    run = start_night(day=date.fromisoformat(day) if day else paris_day(now) - timedelta(days=1), now=now)
    resume.delay(run.pk)
    return run.pk


@shared_task
def resume(run_id: int) -> None:
    """Hand out the companies that a run still has to do; with none left, finish it."""
    run = Run.objects.get(pk=run_id)
    companies = remaining_companies(run=run)
    for company_id in companies:
        one_company.delay(run_id, company_id, timezone.now().isoformat())
    if not companies:
        finish_night(run=run, now=timezone.now())


@shared_task
def one_company(run_id: int, company_id: int, now: str) -> None:
    """All stages of one company. Delivered twice it does nothing twice; the last company finishes the run."""
    run = Run.objects.get(pk=run_id)
    night_company(run=run, company_id=company_id, now=datetime.fromisoformat(now))
    if not remaining_companies(run=run):
        finish_night(run=run, now=timezone.now())
