"""The night: every company's stages in order, then the platform's; progress in the Run record, failures parked."""

import traceback
from collections.abc import Callable
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone

from agents.services.count_work import count_work
from agents.services.judge import judge_company
from agents.services.match_payslips import match_payslips
from agents.services.warn_renewals import warn_renewals
from billing.models import Finding, Run, RunStage
from billing.services.check import check_company, check_platform
from billing.services.count_jobs import count_jobs
from billing.services.post import post_company
from billing.services.rate import rate_company
from billing.services.release_fund import release_company
from billing.services.seal import seal_entries
from billing.services.take_in import first_open_day
from numbers.models import Company
from numbers.services.hold_request import expire_silent
from numbers.services.intake import close_stale_calls
from numbers.services.locks import lock_in_transaction
from numbers.services.refuse_calls import refused_sources, replay_refused
from numbers.services.reserve import forget_expired
from numbers.services.store_requests import store_ended
from numbers.services.take_rechecks import spread_rechecks

log = structlog.get_logger()

COMPANY_STAGES = ("judge", "work", "rate", "post", "match", "release", "jobs", "check")  # each company's, in order


def start_night(*, day: date, now: datetime) -> Run:
    """Begin a run: take up refused calls whose number is known by now, close what can no longer end, share out
    what concerns everyone.

    A run of that day which was stopped in the middle is taken up again, not begun anew.

    Args:
        day: the last day to post.
        now: the instant of the night.
    """
    for source in refused_sources():
        replay_refused(source=source, now=now)
    close_stale_calls(now=now)
    expire_silent(now=now)
    store_ended(now=now)
    forget_expired(now=now)
    with transaction.atomic():
        lock_in_transaction("night", day)
        spread_rechecks(stage="judge")
        spread_rechecks(stage="rate")
        companies = Company.objects.filter(is_active=True).count()
        run = Run.objects.filter(day=day, status=Run.Status.RUNNING).order_by("pk").last()
        return run or Run.objects.create(day=day, started_at=now, companies=companies)


def night_company(*, run: Run, company_id: int, now: datetime) -> bool:
    """All stages of one company; a failure parks the company with its reason. Returns whether all went well."""
    since = first_open_day(now)
    company = Company.objects.get(pk=company_id)
    stages: dict[str, Callable[[], Any]] = {
        "judge": lambda: judge_company(company_id=company_id, since=since, now=now),
        "work": lambda: count_work(company_id=company_id, since=since, now=now),
        "rate": lambda: rate_company(company_id=company_id, since=since, now=now),
        "post": lambda: post_company(company_id=company_id, until=run.day, since=since, now=now),
        "match": lambda: {"months": len(match_payslips(company))},
        "release": lambda: release_company(company_id=company_id, until=run.day, since=since, now=now),
        "jobs": lambda: count_jobs(company_id=company_id, day=run.day, since=since, now=now),
        "check": lambda: check_company(company_id=company_id, day=run.day, since=since, now=now),
    }
    return all(_stage(run, company_id, name, stages[name]) for name in COMPANY_STAGES)


def finish_night(*, run: Run, now: datetime) -> Run:
    """Seal the entries, check the platform, warn of what expires, sum up.

    Each step may be repeated: two finishers change nothing twice.
    """
    _stage(run, None, "seal", lambda: {"entries": seal_entries()})
    _stage(run, None, "check", lambda: check_platform(day=run.day, now=now))
    _stage(run, None, "warn", lambda: warn_renewals(now=now))
    parked = run.stages.filter(status=RunStage.Status.PARKED)
    run.status = Run.Status.PARKED if parked.exists() else Run.Status.DONE
    run.ended_at = timezone.now()
    run.summary = summarise(run)
    run.save()
    return run


def run_night(*, day: date, now: datetime, progress: Callable[[Company, bool], None] | None = None) -> Run:
    """The whole night in this process, company by company; ``progress`` hears of each one that is done."""
    run = start_night(day=day, now=now)
    for company in Company.objects.filter(is_active=True).order_by("pk"):
        went_well = night_company(run=run, company_id=company.pk, now=now)
        if progress:
            progress(company, went_well)
    return finish_night(run=run, now=now)


def remaining_companies(*, run: Run) -> list[int]:
    """Companies of a run that have neither come through their last stage nor been parked."""
    done = run.stages.exclude(company=None).filter(stage="check", status=RunStage.Status.DONE)
    parked = run.stages.exclude(company=None).filter(status=RunStage.Status.PARKED)
    ended = {*done.values_list("company_id", flat=True), *parked.values_list("company_id", flat=True)}
    return [pk for pk in Company.objects.filter(is_active=True).values_list("pk", flat=True) if pk not in ended]


def summarise(run: Run) -> dict[str, Any]:
    """What a run did: the counts of its stages added up, the companies parked, the findings open after it."""
    totals: dict[str, dict[str, int]] = {}
    for stage in run.stages.all():
        sums = totals.setdefault(stage.stage, {})
        for name, value in stage.counts.items():
            sums[name] = sums.get(name, 0) + value
    open_findings = Finding.objects.filter(resolved_at=None)
    return {
        "stages": totals,
        "parked": list(run.stages.filter(status=RunStage.Status.PARKED).values("company__name", "stage", "reason")),
        "findings": {severity: open_findings.filter(severity=severity).count() for severity in Finding.Severity.values},
    }


def _stage(run: Run, company_id: int | None, name: str, work: Callable[[], Any]) -> bool:
    """Run one stage and record it. What the stage committed before a failure stays: stages are resumable."""
    stage, _ = RunStage.objects.update_or_create(
        run=run,
        company_id=company_id,
        stage=name,
        defaults={"status": RunStage.Status.RUNNING, "started_at": timezone.now(), "reason": ""},
    )
    try:
        result = work()
    except Exception as error:  # whatever one company's data does must not stop the others
        stage.status, stage.reason = RunStage.Status.PARKED, f"{type(error).__name__}: {error}"
        log.error("stage parked", run=run.pk, company=company_id, stage=name, trace=traceback.format_exc())
    else:
        stage.status = RunStage.Status.DONE
        stage.counts = asdict(result) if is_dataclass(result) and not isinstance(result, type) else result
    stage.ended_at = timezone.now()
    stage.save()
    return stage.status == RunStage.Status.DONE
