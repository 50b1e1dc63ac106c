"""How many jobs the promise pays for: hours of pay that count, by month, number and place of work."""

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from illico_platform.web import show
from numbers.models import Company, PremiumNumber
from numbers.models.number import DateRange

from .tariff import Dated


@pghistory.track()
class FullTime(Dated):
    """The legal monthly duration of one full-time job, in hours, with its source."""

    hours = models.DecimalField(_("heures par mois"), max_digits=6, decimal_places=2)
    source = models.CharField(_("source"), max_length=200)

    class Meta:
        verbose_name = _("durée légale mensuelle")
        verbose_name_plural = _("durées légales mensuelles")
        ordering = ["-valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_from__lt=F("valid_until")), name="full_time_span"
            ),
            models.CheckConstraint(condition=Q(hours__gt=0), name="full_time_hours"),
            ExclusionConstraint(
                name="full_time_no_overlap",
                expressions=[(DateRange("valid_from", "valid_until"), RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return show.decimal(self.hours, 2)


class JobMonth(models.Model):
    """Hours of pay that count in one month, for one number and place. A roll-up; the payslips are the authority.

    ``place`` is a department (59, 2A, 971), or why there is none, see ``agents.rules.department``. Without ``number``:
    pay of people who answered no call, and ``unknown``, the payslips that count and whose hours nobody knows.
    """

    company = models.ForeignKey(Company, models.PROTECT, related_name="job_months", verbose_name=_("entreprise"))
    month = models.DateField(_("mois"))
    number = models.ForeignKey(
        PremiumNumber, models.PROTECT, null=True, related_name="job_months", verbose_name=_("numéro")
    )
    place = models.CharField(_("lieu"), max_length=3)
    hours = models.DecimalField(_("heures payées qui comptent"), max_digits=12, decimal_places=2)
    unknown = models.IntegerField(_("bulletins sans heures"), default=0)

    class Meta:
        verbose_name = _("emplois du mois")
        verbose_name_plural = _("emplois par mois")
        ordering = ["-month", "company", "number", "place"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "month", "number", "place"], nulls_distinct=False, name="job_month_once"
            )
        ]
        indexes = [models.Index(fields=["number", "month"], name="job_month_number")]

    def __str__(self) -> str:
        return f"{self.company} {self.month:%Y-%m} {self.place}"
