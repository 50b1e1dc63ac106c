"""Who pays what a contribution code of the DSN stands for: the employer, the employee, or both in one amount."""

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from numbers.models.number import DateRange


@pghistory.track()
class ContributionCode(models.Model):
    """One code (S21.G00.81.001) over [valid_from, valid_until), whole months of pay, with its source."""

    class Kind(models.TextChoices):
        EMPLOYER = "employer", _("employeur seul")
        EMPLOYEE = "employee", _("salarié seul")
        MIXED = "mixed", _("employeur et salarié ensemble")

    code = models.CharField(_("code"), max_length=3)
    label = models.CharField(_("libellé"), max_length=120)
    kind = models.CharField(_("qui paie"), max_length=8, choices=Kind.choices)
    part_of = models.CharField(
        _("compris dans le code"), max_length=3, blank=True, help_text=_("Le code mixte dont ce montant est une part.")
    )
    source = models.CharField(_("source"), max_length=200)
    valid_from = models.DateField(_("à partir du"))
    valid_until = models.DateField(_("jusqu’au (exclu)"), null=True, blank=True)

    class Meta:
        verbose_name = _("code de cotisation")
        verbose_name_plural = _("codes de cotisation")
        ordering = ["code", "-valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_from__lt=F("valid_until")), name="contribution_code_span"
            ),
            ExclusionConstraint(
                name="contribution_code_no_overlap",
                expressions=[
                    ("code", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_until"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.label}"
