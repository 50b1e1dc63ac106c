"""What the work of home agents is held against beside their own agreement, since when."""

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


@pghistory.track()
class WorkingTimeRule(models.Model):
    """How long a day of home work may last, from a day until the next rule's. Before the first nothing is checked.

    Source: Code du travail, art. L.1222-9 (working time is controlled) and L.3121-18 (ten hours of work a day).
    """

    valid_from = models.DateField(_("à partir du"), unique=True)
    day_span_minutes = models.PositiveSmallIntegerField(_("amplitude d’une journée, minutes"), default=600)
    source = models.CharField(_("source"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("règle de temps de travail")
        verbose_name_plural = _("règles de temps de travail")
        ordering = ["-valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(day_span_minutes__gte=60, day_span_minutes__lte=1440), name="working_day_span"
            )
        ]

    def __str__(self) -> str:
        return f"{self.valid_from:%d/%m/%Y}"
