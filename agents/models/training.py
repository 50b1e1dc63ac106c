"""What agents learnt and can do: the catalogue of courses, sessions, who followed them, skills."""

from datetime import date, timedelta

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from numbers.models import Company
from numbers.models.recheck import recheck_trigger

from .agent import AGENT_COMPANY, Agent


@pghistory.track()
class Course(models.Model):
    """A course of the catalogue: the operator's, or a company's own.

    Once ``required_from`` is set, agents must hold a certificate of it that has not expired, from that day on and as
    far as the policy of evidence asks for training.
    """

    class Kind(models.TextChoices):
        INITIAL = "initial", _("formation initiale")
        PRODUCT = "product", _("service et produits")
        DEAF_AWARENESS = "deaf", _("accueil des personnes sourdes")
        LSF = "lsf", _("langue des signes française")
        SAFETY = "safety", _("santé, sécurité, télétravail")
        OTHER = "other", _("autre")

    company = models.ForeignKey(
        Company, models.PROTECT, null=True, blank=True, related_name="courses", verbose_name=_("entreprise")
    )
    title = models.CharField(_("intitulé"), max_length=120)
    kind = models.CharField(_("type"), max_length=8, choices=Kind.choices)
    hours = models.DecimalField(_("heures"), max_digits=5, decimal_places=2)
    valid_months = models.PositiveSmallIntegerField(_("valable, mois"), null=True, blank=True)
    required_from = models.DateField(_("obligatoire à partir du"), null=True, blank=True)

    class Meta:
        verbose_name = _("formation")
        ordering = ["title"]
        constraints = [
            models.UniqueConstraint(fields=["company", "title"], name="course_once", nulls_distinct=False),
            models.CheckConstraint(condition=Q(hours__gt=0), name="course_hours"),
        ]
        triggers = [
            recheck_trigger(
                "judge", since="coalesce(r.required_from, '9999-12-31'::date)", until="NULL", company="r.company_id"
            )
        ]

    def __str__(self) -> str:
        return self.title


@pghistory.track()
class TrainingSession(models.Model):
    """A course held for a company on some days."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="sessions", verbose_name=_("entreprise"))
    course = models.ForeignKey(Course, models.PROTECT, related_name="sessions", verbose_name=_("formation"))
    starts_on = models.DateField(_("premier jour"))
    last_day = models.DateField(_("dernier jour"))
    trainer = models.CharField(_("formateur ou organisme"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("session de formation")
        verbose_name_plural = _("sessions de formation")
        ordering = ["-starts_on"]
        constraints = [models.CheckConstraint(condition=Q(starts_on__lte=F("last_day")), name="session_days")]

    def __str__(self) -> str:
        return f"{self.course} {self.starts_on:%d/%m/%Y}"


@pghistory.track()
class Attendance(models.Model):
    """One agent in one session: hours really followed, and the certificate, good over [certified_on, expires_on)."""

    session = models.ForeignKey(TrainingSession, models.PROTECT, related_name="attendances", verbose_name=_("session"))
    agent = models.ForeignKey(Agent, models.CASCADE, related_name="attendances", verbose_name=_("agent"))
    hours = models.DecimalField(_("heures suivies"), max_digits=5, decimal_places=2)
    certified_on = models.DateField(_("certificat du"), null=True, blank=True)
    expires_on = models.DateField(_("valable jusqu’au (exclu)"), null=True, blank=True)
    evidence_sha256 = models.CharField(_("empreinte du certificat"), max_length=64, blank=True)
    evidence_file = models.CharField(_("pièce gardée"), max_length=80, blank=True, editable=False)
    evidence_name = models.CharField(_("nom de la pièce"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("participation")
        ordering = ["-session__starts_on", "agent"]
        constraints = [
            models.UniqueConstraint(fields=["session", "agent"], name="attendance_once"),
            models.CheckConstraint(condition=Q(hours__gte=0), name="attendance_hours"),
            models.CheckConstraint(
                condition=Q(expires_on=None) | Q(certified_on__lt=F("expires_on")), name="certificate_span"
            ),
        ]
        triggers = [
            recheck_trigger(
                "judge",
                since="coalesce(r.certified_on, '9999-12-31'::date)",
                until="r.expires_on",
                company=AGENT_COMPANY,
                agent="r.agent_id",
            )
        ]

    def __str__(self) -> str:
        return f"{self.agent} · {self.session}"

    @property
    def last_day(self) -> date | None:
        """The last day on which the certificate holds; None while it never ends."""
        return self.expires_on and self.expires_on - timedelta(days=1)


@pghistory.track()
class Skill(models.Model):
    """What an agent can do on a call: a language, sign language with its level, cued speech, typing for a caller."""

    class Kind(models.TextChoices):
        LANGUAGE = "language", _("langue")
        LSF = "lsf", _("langue des signes française")
        LPC = "lpc", _("langue parlée complétée")
        TEXT = "text", _("transcription écrite")

    agent = models.ForeignKey(Agent, models.CASCADE, related_name="skills", verbose_name=_("agent"))
    kind = models.CharField(_("compétence"), max_length=8, choices=Kind.choices)
    language = models.CharField(_("langue"), max_length=2, blank=True)
    level = models.CharField(_("niveau"), max_length=2, blank=True)
    since = models.DateField(_("depuis le"))

    class Meta:
        verbose_name = _("compétence")
        ordering = ["agent", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["agent", "kind", "language"], name="skill_once"),
            models.CheckConstraint(condition=~Q(kind="language") | ~Q(language=""), name="skill_language_named"),
            models.CheckConstraint(
                condition=Q(level__in=["", "A1", "A2", "B1", "B2", "C1", "C2"]), name="skill_level_of_the_cefr"
            ),
        ]

    def __str__(self) -> str:
        return " ".join(filter(None, [self.get_kind_display(), self.language, self.level]))
