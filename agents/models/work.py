"""How long agents were signed in to the queues: a day's sum from the switch's log, and corrections of it."""

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from numbers.models import Company
from numbers.models.recheck import recheck_trigger

from .agent import AGENT_COMPANY, Agent


class WorkDay(models.Model):
    """One agent on one Paris day: signed in to at least one queue, and of that on pause in all of them. A roll-up.

    A day without a row is unknown, not zero: a switch whose members never sign in or out says nothing of it.
    ``is_complete`` is false when the log leaves a beginning or an end open; what is open counts up to the last sign of
    life.
    """

    company = models.ForeignKey(Company, models.PROTECT, related_name="work_days", verbose_name=_("entreprise"))
    agent = models.ForeignKey(Agent, models.CASCADE, related_name="work_days", verbose_name=_("agent"))
    day = models.DateField(_("jour"))
    logged_ms = models.BigIntegerField(_("connecté (ms)"))
    paused_ms = models.BigIntegerField(_("dont pause (ms)"))
    first_in = models.DateTimeField(_("première entrée"))
    last_out = models.DateTimeField(_("dernière sortie"))
    is_complete = models.BooleanField(_("journal complet"), default=True)
    is_corrected = models.BooleanField(_("corrigé"), default=False)

    class Meta:
        verbose_name = _("journée de connexion")
        verbose_name_plural = _("journées de connexion")
        ordering = ["-day", "agent"]
        constraints = [
            models.UniqueConstraint(fields=["agent", "day"], name="work_day_once"),
            models.CheckConstraint(condition=Q(paused_ms__lte=F("logged_ms")), name="work_day_pause_within"),
        ]
        indexes = [models.Index(fields=["company", "day"], name="work_day_company")]

    def __str__(self) -> str:
        return f"{self.agent} {self.day:%d/%m/%Y}"


@pghistory.track()
class WorkCorrection(models.Model):
    """A supervisor's word on one agent's day, with its reason: it stands in the place of what the log says."""

    agent = models.ForeignKey(Agent, models.CASCADE, related_name="work_corrections", verbose_name=_("agent"))
    day = models.DateField(_("jour"))
    started_at = models.DateTimeField(_("connecté de"))
    ended_at = models.DateTimeField(_("connecté jusqu’à"))
    paused_ms = models.BigIntegerField(_("dont pause (ms)"), default=0)
    by = models.CharField(_("corrigé par"), max_length=254)
    reason = models.CharField(_("motif de la correction"), max_length=200)

    class Meta:
        verbose_name = _("correction de connexion")
        verbose_name_plural = _("corrections de connexion")
        ordering = ["-day", "agent"]
        constraints = [
            models.UniqueConstraint(fields=["agent", "day"], name="work_correction_once"),
            models.CheckConstraint(condition=Q(started_at__lt=F("ended_at")), name="work_correction_span"),
            models.CheckConstraint(condition=~Q(reason=""), name="work_correction_has_a_reason"),
        ]
        triggers = [
            recheck_trigger("work", since="r.day", until="r.day + 1", company=AGENT_COMPANY, agent="r.agent_id")
        ]

    def __str__(self) -> str:
        return f"{self.agent} {self.day:%d/%m/%Y}"
