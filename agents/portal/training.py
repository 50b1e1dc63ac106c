"""Training in the space, to read: the catalogue, one course, one session, the hours of a year, a certificate."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from agents.models import Agent, Attendance, Course, TrainingSession
from agents.portal.pages import OfStaff
from agents.portal.papers import paper_of
from agents.selectors_training import (
    STATES,
    catalogue,
    hours_by_kind,
    sessions_of,
    standings,
    total_hours,
)
from illico_platform.lib.periods import paris_day
from numbers.access.pages import CompanyList, CompanyPage, CompanyTemplatePage

STATE_WORDS = {"valid": _("à jour"), "expiring": _("expirant sous 30 jours"), "missing": _("sans certificat valable")}
KINDS = dict(Course.Kind.choices)


class TrainingPage(OfStaff, CompanyList):
    """Where the company stands: what is compulsory, the catalogue, the year's hours, the sessions."""

    template_name = "portal/training.html"
    paginate_by = 20

    def get_queryset(self) -> QuerySet[TrainingSession]:
        return sessions_of(company_id=self.company.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        courses = list(catalogue(company_id=self.company.pk))
        compulsory = standings(
            company_id=self.company.pk, courses=[each for each in courses if each.required_from], now=now
        )
        year = paris_day(now).year
        return super().get_context_data(**kwargs) | {
            "tab": "training",
            "courses": courses,
            "compulsory": [
                (each.course, [(state, STATE_WORDS[state], count) for state, count in each.counts])
                for each in compulsory
            ],
            "year": year,
            "totals": [
                (KINDS[kind], hours, people)
                for kind, hours, people in total_hours(company_id=self.company.pk, year=year)
            ],
        }


class CoursePage(OfStaff, CompanyTemplatePage):
    """One course: where each agent stands, and when it was held."""

    template_name = "portal/training_course.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        course = get_object_or_404(catalogue(company_id=self.company.pk), pk=self.kwargs["pk"])
        context = super().get_context_data(**kwargs)
        (standing,) = standings(company_id=self.company.pk, courses=[course], now=now)
        state = self.request.GET.get("etat")
        return context | {
            "tab": "training",
            "course": course,
            "may_edit": context["may_write"] and course.company_id == self.company.pk,
            "states": [(each, STATE_WORDS[each], count) for each, count in standing.counts],
            "rows": [
                (each, STATE_WORDS[each.state], each.expires_on and each.expires_on - timedelta(days=1))
                for each in standing.agents
                if state not in STATES or each.state == state
            ],
            "sessions": sessions_of(company_id=self.company.pk).filter(course=course)[:50],
        }


class SessionPage(OfStaff, CompanyTemplatePage):
    """One session: who followed it, for how long, with which certificate."""

    template_name = "portal/training_session.html"

    @cached_property
    def session(self) -> TrainingSession:
        found = TrainingSession.objects.select_related("course")
        return get_object_or_404(found, pk=self.kwargs["pk"], company=self.company)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        attendances = self.session.attendances.select_related("agent").order_by("agent__employee_number")
        return super().get_context_data(**kwargs) | {
            "tab": "training",
            "session": self.session,
            "attendances": attendances,
            "today": paris_day(timezone.now()),
        }


class TrainingHoursPage(OfStaff, CompanyList):
    """The hours of a year by kind: the company's in all, and each agent's."""

    template_name = "portal/training_hours.html"
    paginate_by = 50

    @cached_property
    def year(self) -> int:
        asked = self.request.GET.get("annee", "")
        this = paris_day(timezone.now()).year
        return int(asked) if asked.isdecimal() and 2012 <= int(asked) <= this + 1 else this

    def get_queryset(self) -> QuerySet[Agent]:
        followed = Attendance.objects.filter(session__company=self.company, session__starts_on__year=self.year).values(
            "agent_id"
        )
        return Agent.objects.filter(company=self.company, pk__in=followed).order_by("employee_number")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        totals = total_hours(company_id=self.company.pk, year=self.year)
        kinds = [kind for kind, _hours, _people in totals]
        shown = list(context["object_list"])
        hours = hours_by_kind(company_id=self.company.pk, year=self.year, agents=[agent.pk for agent in shown])
        return context | {
            "tab": "training",
            "year": self.year,
            "kinds": [KINDS[kind] for kind in kinds],
            "totals": [each for _kind, each, _people in totals],
            "all_hours": sum((each for _kind, each, _people in totals), Decimal(0)),
            "rows": [
                (
                    agent,
                    [hours.get(agent.pk, {}).get(kind) for kind in kinds],
                    sum(hours.get(agent.pk, {}).values(), Decimal(0)),
                )
                for agent in shown
            ],
        }


class CertificatePaperPage(OfStaff, CompanyPage):
    """The document of a certificate, as a download."""

    def get(self, request: HttpRequest, pk: int) -> FileResponse:
        found = get_object_or_404(Attendance, pk=pk, agent__company=self.company)
        if not found.evidence_file:
            raise Http404
        return paper_of(found.evidence_file, name=f"certificat-{found.agent_id}-{found.pk}")
