"""Celery's doors: the night, one task per company, the last one finishes; files that companies give. No logic here."""

from datetime import date, datetime, timedelta

from celery import shared_task
from django.utils import timezone

from agents.services.payroll_uploads import forget_unread
from billing.models import Run
from billing.services.night import finish_night, night_company, remaining_companies, start_night
from billing.services.take_pay import release_now, take_pay
from billing.services.take_requests import take_requests
from billing.services.take_upload import replay_source, take_upload
from illico_platform.lib.periods import paris_day
from numbers.services.keep_enrolment import forget_drafts
from numbers.services.keep_upload import forget_old_uploads


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


@shared_task
def read_payroll(upload_id: int) -> None:
    """Read a payroll file that a company brought. Delivered twice it reads it once."""
    take_pay(upload_id=upload_id, now=timezone.now())


@shared_task
def release_pay(company_id: int) -> None:
    """Settle a company's wage fund after its payslips found other agents."""
    release_now(company_id=company_id, now=timezone.now())


@shared_task
def take_in_upload(upload_id: int) -> None:
    """A file that a company gave. Delivered twice it does nothing twice."""
    take_upload(upload_id=upload_id)


@shared_task
def replay(source_id: int) -> None:
    """The refused calls of a source, once their number is known."""
    replay_source(source_id=source_id, now=timezone.now())


@shared_task
def forget_uploads() -> int:
    """Delete the files that were kept long enough: given on a page, or joined to an enrolment nobody went on with."""
    now = timezone.now()
    return forget_old_uploads(now=now) + forget_unread(now=now) + forget_drafts(now=now)


@shared_task(ignore_result=True)
def follow_requests() -> None:
    """End requests by video and text that nobody speaks for, and make calls of those that are over."""
    take_requests(now=timezone.now())
