"""Who was at work: the team's day, one agent's day with its corrections, and a month against the hours paid."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from agents.models import Agent, CheckIn
from agents.portal.presence_forms import CheckInForm, WorkForm
from agents.selectors_presence import (
    check_ins_on,
    correction_of,
    presence_month,
    presence_on,
    stretches_of,
)
from agents.selectors_work import work_days_of
from agents.services.check_in import correct_check_in
from agents.services.correct_work import correct_work, withdraw_correction
from agents.services.keep_staff import StaffRefused
from agents.tasks import recount_work
from illico_platform.lib.periods import PARIS, Month, paris_day
from numbers.access.pages import CompanyFormPage, CompanyPage, CompanyTemplatePage
from numbers.access.places import RUNS_THE_FLOOR, sees_pay

ONE_DAY = timedelta(days=1)


class OfPresence:
    """What these pages share: their place in the menu, and who may correct."""

    place = "presence"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        return context | {"may_correct": self.role in RUNS_THE_FLOOR}  # type: ignore[attr-defined]

    def require_floor(self) -> None:
        """Refuse who only reads."""
        if self.role not in RUNS_THE_FLOOR:  # type: ignore[attr-defined]
            raise PermissionDenied


class PresencePage(OfPresence, CompanyTemplatePage):
    """The team on one day: check-ins and time signed in to the queues."""

    template_name = "portal/presence.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        today = paris_day(now)
        day = min(parse_day(self.request.GET.get("jour", "")) or today, today)
        rows = presence_on(company_id=self.company.pk, day=day, now=now)
        return super().get_context_data(**kwargs) | {
            "day": day,
            "today": today,
            "before": day - ONE_DAY,
            "after": day + ONE_DAY if day < today else None,
            "month": day.replace(day=1),
            "rows": rows,
            "now": now,
            "there": sum(any(each.ends_at > now >= each.started_at for each in row.check_ins) for row in rows),
        }


class PresenceMonthPage(OfPresence, CompanyTemplatePage):
    """A month: signed-in time, pauses, conversation, occupancy, and hours paid for those who may see pay."""

    template_name = "portal/presence_month.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = paris_day(timezone.now())
        asked = parse_day(f"{self.request.GET.get('mois', '')}-01") or today
        month = Month.of(min(asked, today))
        with_pay = sees_pay(self.role)
        return super().get_context_data(**kwargs) | {
            "month": month.first,
            "last": min(month.last, today),
            "before": month.previous.first,
            "after": month.next.first if month.next.first <= today else None,
            "rows": presence_month(company_id=self.company.pk, month=month.first, with_pay=with_pay),
            "with_pay": with_pay,
        }


class AgentDay:
    """The agent and the day that an address names."""

    @cached_property
    def agent(self) -> Agent:
        return get_object_or_404(Agent, pk=self.kwargs["pk"], company=self.company)  # type: ignore[attr-defined]

    @cached_property
    def day(self) -> date:
        day = parse_day(self.kwargs["day"])  # type: ignore[attr-defined]
        if day is None:
            raise Http404
        return day

    @property
    def back(self) -> HttpResponse:
        return redirect("portal:presence_day", siren=self.company.siren, pk=self.agent.pk, day=self.day.isoformat())  # type: ignore[attr-defined]


class PresenceDayPage(AgentDay, OfPresence, CompanyFormPage):
    """One agent's day: what the log says, the check-ins, and the form that corrects the time signed in."""

    template_name = "portal/presence_day.html"
    form_class = WorkForm

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        self.require_floor()
        return super().post(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        correction = correction_of(agent=self.agent, day=self.day)
        work = work_days_of(agent_id=self.agent.pk, first=self.day, last=self.day).first()
        if correction is not None:
            first, last, paused, reason = (
                correction.started_at, correction.ended_at, correction.paused_ms, correction.reason,
            )  # fmt: skip
        elif work is not None:
            first, last, paused, reason = work.first_in, work.last_out, work.paused_ms, ""
        else:
            return {}
        return {
            "since": first.astimezone(PARIS).time(),
            "until": last.astimezone(PARIS).time(),
            "pause": paused // 60_000,
            "reason": reason,
        }

    def form_valid(self, form: WorkForm) -> HttpResponse:
        answers = form.cleaned_data
        try:
            correct_work(
                agent=self.agent,
                day=self.day,
                started_at=at_time(self.day, answers["since"]),
                ended_at=at_end(self.day, answers["until"], after=answers["since"]),
                paused_ms=answers["pause"] * 60_000,
                by=self.request.user.email,
                reason=answers["reason"],
                now=timezone.now(),
            )
        except StaffRefused as refused:
            form.add_error(refused.field or None, str(refused))
            return self.form_invalid(form)
        self._count_again()
        messages.success(self.request, _("Correction enregistrée avec son motif ; le temps est recompté."))
        return self.back

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        day = self.day
        return super().get_context_data(**kwargs) | {
            "agent": self.agent,
            "day": day,
            "work": work_days_of(agent_id=self.agent.pk, first=day, last=day).first(),
            "correction": correction_of(agent=self.agent, day=day),
            "stretches": stretches_of(agent=self.agent, day=day),
            "check_ins": check_ins_on(company_id=self.company.pk, day=day, agent_id=self.agent.pk),
            "hours": range(0, 25, 3),
        }

    def _count_again(self) -> None:
        company_id = self.company.pk
        transaction.on_commit(lambda: recount_work.delay(company_id))


class CorrectionWithdrawPage(AgentDay, OfPresence, CompanyPage):
    """Let the switch's log speak of the day again."""

    roles = RUNS_THE_FLOOR
    http_method_names = ["post"]

    def post(self, request: Any, **kwargs: Any) -> HttpResponse:
        if withdraw_correction(agent=self.agent, day=self.day):
            company_id = self.company.pk
            transaction.on_commit(lambda: recount_work.delay(company_id))
            messages.success(request, _("Correction retirée ; le journal du standard vaut de nouveau."))
        return self.back


class CheckInCorrectPage(AgentDay, OfPresence, CompanyFormPage):
    """Correct when a check-in began and ended, with the reason."""

    roles = RUNS_THE_FLOOR
    template_name = "portal/agent_form.html"
    form_class = CheckInForm

    @cached_property
    def check_in(self) -> CheckIn:
        found = check_ins_on(company_id=self.company.pk, day=self.day, agent_id=self.agent.pk)
        return get_object_or_404(found, pk=self.kwargs["check_in"])

    def get_initial(self) -> dict[str, Any]:
        return {
            "since": self.check_in.started_at.astimezone(PARIS).time(),
            "until": self.check_in.ends_at.astimezone(PARIS).time(),
            "reason": self.check_in.reason,
        }

    def form_valid(self, form: CheckInForm) -> HttpResponse:
        answers = form.cleaned_data
        begun = paris_day(self.check_in.started_at)
        try:
            correct_check_in(
                check_in=self.check_in,
                started_at=at_time(begun, answers["since"]),
                ends_at=at_end(begun, answers["until"], after=answers["since"], overnight=True),
                by=self.request.user.email,
                reason=answers["reason"],
            )
        except StaffRefused as refused:
            form.add_error("until" if refused.field == "ends_at" else refused.field or None, str(refused))
            return self.form_invalid(form)
        messages.success(self.request, _("Pointage corrigé ; la nuit réexamine les appels de ce jour."))
        return self.back

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "title": _("Corriger un pointage"),
            "intro": _("Ce que le pointage disait avant reste dans l’historique, avec votre nom et votre motif."),
            "submit": _("Enregistrer la correction"),
            "whose": str(self.agent),
            "back": self.back.url,
        }


def parse_day(text: str) -> date | None:
    """The day written as 2026-11-24; None for anything else."""
    try:
        return parse_date(text)
    except ValueError:
        return None


def at_time(day: date, clock: time) -> datetime:
    """The instant of a wall clock's time on a Paris day."""
    return datetime.combine(day, clock, PARIS)


def at_end(day: date, clock: time, *, after: time, overnight: bool = False) -> datetime:
    """The instant at which something that began at ``after`` ended: midnight is the day's end, as is the next day's
    clock where it may last over the night."""
    next_day = clock == time(0) or (overnight and clock <= after)
    return datetime.combine(day + ONE_DAY if next_day else day, clock, PARIS)
