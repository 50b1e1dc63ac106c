"""The night's record: runs and their stages per company."""

from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from numbers.models import Company


class Run(models.Model):
    """One night: which day it closed, how far it is, what it did."""

    class Status(models.TextChoices):
        RUNNING = "running", _("en cours")
        DONE = "done", _("terminée")
        PARKED = "parked", _("terminée, avec des entreprises mises de côté")
        FAILED = "failed", _("échouée")

    day = models.DateField(_("journée close"))
    status = models.CharField(_("état"), max_length=8, choices=Status.choices, default=Status.RUNNING)
    started_at = models.DateTimeField(_("début"))
    ended_at = models.DateTimeField(_("fin"), null=True)
    companies = models.IntegerField(_("entreprises"), default=0)
    summary = models.JSONField(_("résumé"), default=dict)

    class Meta:
        verbose_name = _("nuit")
        ordering = ["-id"]

    def __str__(self) -> str:
        return gettext("nuit du %(day)s") % {"day": date_format(self.day, "DATE_FORMAT")}


class RunStage(models.Model):
    """One stage of one company (or of the platform, company empty) in one run."""

    class Status(models.TextChoices):
        RUNNING = "running", _("en cours")
        DONE = "done", _("faite")
        PARKED = "parked", _("mise de côté")

    run = models.ForeignKey(Run, models.CASCADE, related_name="stages", verbose_name=_("nuit"))
    company = models.ForeignKey(Company, models.CASCADE, null=True, related_name="+", verbose_name=_("entreprise"))
    stage = models.CharField(_("étape"), max_length=16)
    status = models.CharField(_("état"), max_length=8, choices=Status.choices, default=Status.RUNNING)
    counts = models.JSONField(_("décompte"), default=dict)
    reason = models.TextField(_("motif"), blank=True)
    started_at = models.DateTimeField(_("début"))
    ended_at = models.DateTimeField(_("fin"), null=True)

    class Meta:
        verbose_name = _("étape d’une nuit")
        verbose_name_plural = _("étapes des nuits")
        ordering = ["run", "company", "id"]
        constraints = [
            models.UniqueConstraint(fields=["run", "company", "stage"], name="run_stage_once", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return f"{self.run} · {self.company or gettext('plateforme')} · {self.stage}"
