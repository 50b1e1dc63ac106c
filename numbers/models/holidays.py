"""What a number does on public holidays, from a date on."""

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .number import NUMBER_COMPANY, DateRange, PremiumNumber
from .recheck import recheck_trigger


@pghistory.track()
class HolidayRule(models.Model):
    """A number's choice for public holidays over a span of days; without a row it opens as usual."""

    class Policy(models.TextChoices):
        USUAL = "usual", _("ouvert comme d’habitude")
        CLOSED = "closed", _("fermé")
        SUNDAY = "sunday", _("horaires du dimanche")

    number = models.ForeignKey(PremiumNumber, models.CASCADE, related_name="holiday_rules", verbose_name=_("numéro"))
    policy = models.CharField(_("jours fériés"), max_length=8, choices=Policy.choices, default=Policy.USUAL)
    alsace_moselle = models.BooleanField(_("avec ceux d’Alsace-Moselle"), default=False)
    valid_from = models.DateField(_("à partir du"))
    valid_until = models.DateField(_("jusqu’au (exclu)"), null=True, blank=True)

    class Meta:
        verbose_name = _("choix pour les jours fériés")
        verbose_name_plural = _("choix pour les jours fériés")
        ordering = ["number", "valid_from"]
        constraints = [
            ExclusionConstraint(
                name="holiday_rule_no_overlap",
                expressions=[
                    ("number", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_until"), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_from__lt=F("valid_until")), name="holiday_rule_lasts"
            ),
        ]
        triggers = [
            recheck_trigger(
                "judge", since="r.valid_from", until="r.valid_until", company=NUMBER_COMPANY, number="r.number_id"
            )
        ]

    def __str__(self) -> str:
        return gettext("%(kind)s dès le %(day)s") % {"kind": self.get_policy_display(), "day": self.valid_from}
