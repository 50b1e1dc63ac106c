"""The night's record: runs and their stages per company."""

from django.db import models

from numbers.models import Company


class Run(models.Model):
    """One night: which day it closed, how far it is, what it did."""

    class Status(models.TextChoices):
        RUNNING = "running", "en cours"
        DONE = "done", "terminée"
        PARKED = "parked", "terminée, avec des entreprises mises de côté"
        FAILED = "failed", "échouée"

    day = models.DateField("journée close")
    status = models.CharField("état", max_length=8, choices=Status.choices, default=Status.RUNNING)
    started_at = models.DateTimeField("début")
    ended_at = models.DateTimeField("fin", null=True)
    companies = models.IntegerField("entreprises", default=0)
    summary = models.JSONField("résumé", default=dict)

    class Meta:
        verbose_name = "nuit"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"nuit du {self.day}"


class RunStage(models.Model):
    """One stage of one company (or of the platform, company empty) in one run."""

    class Status(models.TextChoices):
        RUNNING = "running", "en cours"
        DONE = "done", "faite"
        PARKED = "parked", "mise de côté"

    run = models.ForeignKey(Run, models.CASCADE, related_name="stages", verbose_name="nuit")
    company = models.ForeignKey(Company, models.CASCADE, null=True, related_name="+", verbose_name="entreprise")
    stage = models.CharField("étape", max_length=16)
    status = models.CharField("état", max_length=8, choices=Status.choices, default=Status.RUNNING)
    counts = models.JSONField("décompte", default=dict)
    reason = models.TextField("motif", blank=True)
    started_at = models.DateTimeField("début")
    ended_at = models.DateTimeField("fin", null=True)

    class Meta:
        verbose_name = "étape d’une nuit"
        verbose_name_plural = "étapes des nuits"
        ordering = ["run", "company", "id"]
        constraints = [
            models.UniqueConstraint(fields=["run", "company", "stage"], name="run_stage_once", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return f"{self.run} · {self.company or 'plateforme'} · {self.stage}"
