"""Pages that change what a company says of training: owners and managers; skills also those who run the floor."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from agents.models import Attendance, Course, Skill, TrainingSession
from agents.portal.training_forms import (
    AttendancesForm,
    CertificateForm,
    CourseForm,
    HoursForm,
    SessionForm,
    SkillForm,
)
from agents.portal.writing import StaffFormPage, rejudged
from agents.services.keep_training import (
    add_attendances,
    certify,
    change_hours,
    remove_attendance,
    remove_skill,
    save_course,
    save_session,
    save_skill,
)
from illico_platform.lib.periods import paris_day
from numbers.access.places import RUNS_THE_FLOOR


class TrainingFormPage(StaffFormPage):
    """A form about training; back to the training page unless said."""

    @property
    def back(self) -> HttpResponse:
        return redirect("portal:training", siren=self.company.siren)

    @property
    def whose(self) -> str:
        return gettext("Formation")


class CourseEditPage(TrainingFormPage):
    """Add a course of the company's own, or change one."""

    form_class = CourseForm

    @cached_property
    def course(self) -> Course | None:
        pk = self.kwargs.get("pk")
        return get_object_or_404(Course, pk=pk, company=self.company) if pk else None

    @property
    def title(self) -> str:  # type: ignore[override]
        return gettext("Modifier la formation") if self.course else gettext("Ajouter une formation")

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.course, name) for name in CourseForm.base_fields} if self.course else {}

    def work(self, answers: dict[str, Any]) -> str:
        course = save_course(company=self.company, course=self.course, **answers)
        late = rejudged(course.required_from) if course.required_from else ""
        return gettext("Formation enregistrée. %(late)s") % {"late": late}


class SessionEditPage(TrainingFormPage):
    """Add a session, or change one."""

    form_class = SessionForm

    @cached_property
    def session(self) -> TrainingSession | None:
        pk = self.kwargs.get("pk")
        return get_object_or_404(TrainingSession, pk=pk, company=self.company) if pk else None

    @property
    def title(self) -> str:  # type: ignore[override]
        return gettext("Modifier la session") if self.session else gettext("Ajouter une session")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"company": self.company}

    def get_initial(self) -> dict[str, Any]:
        if self.session:
            return {name: getattr(self.session, name) for name in ("course", "starts_on", "last_day", "trainer")}
        asked = self.request.GET.get("formation", "")
        return {"course": asked} if asked.isdecimal() else {}

    def work(self, answers: dict[str, Any]) -> str:
        self.session = save_session(company=self.company, session=self.session, **answers)
        return gettext("Session enregistrée.")

    @property
    def back(self) -> HttpResponse:
        """To the session, once there is one."""
        if self.session:
            return redirect("portal:training_session", siren=self.company.siren, pk=self.session.pk)
        return super().back


class OfSession(TrainingFormPage):
    """A form about one session; back to it."""

    @cached_property
    def session(self) -> TrainingSession:
        found = TrainingSession.objects.select_related("course")
        return get_object_or_404(found, pk=self.kwargs["pk"], company=self.company)

    @property
    def whose(self) -> str:
        return str(self.session)

    @property
    def back(self) -> HttpResponse:
        return redirect("portal:training_session", siren=self.company.siren, pk=self.session.pk)


class AttendancesPage(OfSession):
    """Say who followed a session."""

    form_class = AttendancesForm
    title = _("Inscrire des agents")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"company": self.company, "session": self.session}

    def get_initial(self) -> dict[str, Any]:
        return {"hours": self.session.course.hours}

    def work(self, answers: dict[str, Any]) -> str:
        added = add_attendances(session=self.session, **answers)
        return ngettext("%(n)s agent inscrit.", "%(n)s agents inscrits.", added) % {"n": added}


class OfAttendance(OfSession):
    """A form about one person in one session."""

    @cached_property
    def attendance(self) -> Attendance:
        found = Attendance.objects.select_related("session__course", "agent")
        return get_object_or_404(found, pk=self.kwargs["pk"], session__company=self.company)

    @property
    def session(self) -> TrainingSession:  # type: ignore[override]
        return self.attendance.session

    @property
    def whose(self) -> str:
        return str(self.attendance)


class AttendanceHoursPage(OfAttendance):
    """Correct the hours that somebody followed."""

    form_class = HoursForm
    title = _("Heures suivies")

    def get_initial(self) -> dict[str, Any]:
        return {"hours": self.attendance.hours}

    def work(self, answers: dict[str, Any]) -> str:
        change_hours(attendance=self.attendance, **answers)
        return gettext("Heures enregistrées.")


class AttendanceRemovePage(OfAttendance):
    """Take somebody out of a session."""

    form_class = forms.Form
    title = _("Retirer de la session")
    intro = _("Cette personne n’y était pas : ses heures ne comptent plus.")
    submit = _("Retirer")
    is_danger = True

    def work(self, answers: dict[str, Any]) -> str:
        remove_attendance(attendance=self.attendance)
        return gettext("Personne retirée de la session.")


class CertificatePage(OfAttendance):
    """Give a certificate with its document."""

    form_class = CertificateForm
    title = _("Donner un certificat")

    def get_initial(self) -> dict[str, Any]:
        day = self.attendance.certified_on or self.attendance.session.last_day
        return {"certified_on": day, "last_day": self.attendance.last_day}

    def work(self, answers: dict[str, Any]) -> str:
        certify(attendance=self.attendance, **answers)
        late = rejudged(answers["certified_on"], self.attendance.last_day)
        return gettext("Certificat enregistré. %(late)s") % {"late": late if self._counts else ""}

    @property
    def _counts(self) -> bool:
        return self.attendance.session.course.required_from is not None


class SkillNewPage(StaffFormPage):
    """Say what an agent can do on a call."""

    roles = RUNS_THE_FLOOR
    form_class = SkillForm
    title = _("Ajouter une compétence")
    intro = _("Une compétence déjà notée prend le nouveau niveau.")

    def get_initial(self) -> dict[str, Any]:
        return {"since": paris_day(timezone.now())}

    def work(self, answers: dict[str, Any]) -> str:
        save_skill(agent=self.agent, **answers)
        return gettext("Compétence enregistrée.")


class SkillRemovePage(StaffFormPage):
    """Take a skill away that was noted by mistake; what it was stays in the history."""

    roles = RUNS_THE_FLOOR
    form_class = forms.Form
    title = _("Retirer la compétence")
    submit = _("Retirer")
    is_danger = True

    @cached_property
    def skill(self) -> Skill:
        return get_object_or_404(Skill, pk=self.kwargs["skill"], agent=self.agent)

    @property
    def intro(self) -> str:  # type: ignore[override]
        return str(self.skill)

    def work(self, answers: dict[str, Any]) -> str:
        remove_skill(skill=self.skill)
        return gettext("Compétence retirée.")
