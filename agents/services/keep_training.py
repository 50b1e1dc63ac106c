"""Training: a company's own courses, sessions, who followed them for how long, certificates, skills."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from agents.models import Agent, Attendance, Course, Skill, TrainingSession
from agents.rules.training import months_after
from agents.services.keep_paper import kept_paper
from agents.services.keep_staff import StaffRefused
from numbers.models import Company
from numbers.services.locks import lock_in_transaction

LEVELS_OF = {Skill.Kind.LANGUAGE: ("A1", "A2", "B1", "B2", "C1", "C2"), Skill.Kind.LSF: ("A1", "A2", "B1", "B2", "C1")}
ONE_DAY = timedelta(days=1)


def save_course(
    *,
    company: Company,
    course: Course | None = None,
    title: str,
    kind: str,
    hours: Decimal,
    valid_months: int | None,
    required_from: date | None,
) -> Course:
    """Add a course of the company's own, or change one. Certificates given keep the end they were given.

    Raises:
        StaffRefused: another of its courses has that title, or the course is the operator's.
    """
    with transaction.atomic():
        lock_in_transaction("staff", company.pk)
        if course is not None and course.company_id != company.pk:
            raise StaffRefused("", _("Cette formation est au catalogue de l’exploitant : lui seul la change."))
        if Course.objects.filter(company=company, title=title).exclude(pk=course and course.pk).exists():
            raise StaffRefused("title", _("Une autre formation de l’entreprise porte déjà cet intitulé."))
        course = course or Course(company=company)
        course.title, course.kind, course.hours = title, kind, hours
        course.valid_months, course.required_from = valid_months, required_from
        course.save()
    return course


def save_session(
    *,
    company: Company,
    session: TrainingSession | None = None,
    course: Course,
    starts_on: date,
    last_day: date,
    trainer: str,
) -> TrainingSession:
    """Say that a course is held on some days, or change it.

    Raises:
        StaffRefused: its last day comes before its first, or the course of a session with certificates would change.
    """
    if last_day < starts_on:
        raise StaffRefused("last_day", _("Le dernier jour précède le premier."))
    if session is not None and session.course_id != course.pk and _has_certificates(session):
        raise StaffRefused("course", _("Des certificats sont donnés pour cette session : sa formation ne change plus."))
    session = session or TrainingSession(company=company)
    session.course, session.starts_on, session.last_day, session.trainer = course, starts_on, last_day, trainer
    session.save()
    return session


def add_attendances(*, session: TrainingSession, agents: Sequence[Agent], hours: Decimal) -> int:
    """Say that agents followed so many hours of a session; those already in it stay as they are. Returns how many."""
    with transaction.atomic():
        lock_in_transaction("staff", session.company_id)
        there = set(session.attendances.values_list("agent_id", flat=True))
        added = [Attendance(session=session, agent=agent, hours=hours) for agent in agents if agent.pk not in there]
        for each in added:  # one by one: triggers keep the history of each
            each.save()
    return len(added)


def change_hours(*, attendance: Attendance, hours: Decimal) -> None:
    """Correct the hours that somebody really followed."""
    attendance.hours = hours
    attendance.save()


def remove_attendance(*, attendance: Attendance) -> None:
    """Take somebody out of a session who was not there.

    Raises:
        StaffRefused: a certificate was given, and verdicts may rest on it.
    """
    if attendance.certified_on is not None:
        raise StaffRefused("", _("Un certificat est donné : il reste au dossier de la personne."))
    attendance.delete()


def certify(*, attendance: Attendance, certified_on: date, last_day: date | None, evidence: File) -> None:
    """Give a certificate with its document; without a last day it holds as long as the course says, or for good.

    Raises:
        StaffRefused: it comes before the session's first day or ends before it begins, or the document is none that
            is taken.
    """
    if certified_on < attendance.session.starts_on:
        raise StaffRefused("certified_on", _("Le certificat précède le premier jour de la session."))
    if last_day is not None and last_day < certified_on:
        raise StaffRefused("last_day", _("Le dernier jour précède le premier."))
    months = attendance.session.course.valid_months
    expires_on = last_day + ONE_DAY if last_day else months and months_after(certified_on, months)
    attendance.certified_on, attendance.expires_on = certified_on, expires_on or None
    with kept_paper(evidence) as paper:
        for column, value in paper.items():
            setattr(attendance, column, value)
        attendance.save()  # the document of an earlier certificate stays: its history names it


def save_skill(*, agent: Agent, kind: str, language: str, level: str, since: date) -> Skill:
    """Say what an agent can do on a call, or to which level by now.

    Raises:
        StaffRefused: a language without its name, or a level that this skill does not have.
    """
    language = language.lower() if kind == Skill.Kind.LANGUAGE else ""
    if kind == Skill.Kind.LANGUAGE and not language:
        raise StaffRefused("language", _("Dites quelle langue, par son code de deux lettres : en, de, es."))
    if level and level not in LEVELS_OF.get(Skill.Kind(kind), ()):
        raise StaffRefused("level", _("Ce niveau ne se donne pas pour cette compétence."))
    if kind == Skill.Kind.LSF and not level:
        raise StaffRefused("level", _("Dites le niveau en langue des signes, de A1 à C1."))
    with transaction.atomic():
        lock_in_transaction("staff", agent.company_id)
        skill = Skill.objects.filter(agent=agent, kind=kind, language=language).first()
        skill = skill or Skill(agent=agent, kind=kind, language=language)
        skill.level, skill.since = level, since
        skill.save()
    return skill


def remove_skill(*, skill: Skill) -> None:
    """Take a skill away; what it was stays in its history."""
    skill.delete()


def _has_certificates(session: TrainingSession) -> bool:
    return session.attendances.exclude(certified_on=None).exists()
