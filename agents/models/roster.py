"""When agents are planned to work: one row a shift, as the company says or plans it."""

from datetime import date, timedelta

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from illico_platform.lib.periods import paris_day
from numbers.models import Company

from .agent import Agent


class InstantRange(Func):
    """SQL ``tstzrange(from, until)``, half-open."""

    function = "tstzrange"
    output_field = models.Field()


@pghistory.track()
class Shift(models.Model):
    """One agent's planned presence, half-open [starts_at, ends_at); ``break_minutes`` of it are no work."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="shifts", verbose_name=_("entreprise"))
    agent = models.ForeignKey(Agent, models.CASCADE, related_name="shifts", verbose_name=_("agent"))
    starts_at = models.DateTimeField(_("début"))
    ends_at = models.DateTimeField(_("fin"))
    break_minutes = models.PositiveSmallIntegerField(_("dont pause, minutes"), default=0)

    class Meta:
        verbose_name = _("poste prévu")
        verbose_name_plural = _("postes prévus")
        ordering = ["starts_at", "agent"]
        constraints = [
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="shift_span"),
            models.CheckConstraint(
                condition=Q(ends_at__gte=F("starts_at") + F("break_minutes") * timedelta(minutes=1)),
                name="shift_break_within",
            ),
            ExclusionConstraint(
                name="shift_no_overlap",
                expressions=[
                    ("agent", RangeOperators.EQUAL),
                    (InstantRange("starts_at", "ends_at"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("Cette personne a déjà un poste à ces heures."),
            ),
        ]
        indexes = [models.Index(fields=["company", "starts_at"], name="shift_company")]

    def __str__(self) -> str:
        return f"{self.agent} {self.starts_at:%d/%m/%Y %H:%M}"

    @property
    def day(self) -> date:
        """The Paris day on which it begins."""
        return paris_day(self.starts_at)

    @property
    def work_ms(self) -> int:
        """Planned work, breaks left out."""
        worked = self.ends_at - self.starts_at - timedelta(minutes=self.break_minutes)
        return worked // timedelta(milliseconds=1)
