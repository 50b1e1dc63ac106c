"""The operator's numbers: blocks attributed to it, and who holds a free number for a while."""

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from numbers.rules.number_search import MOST_LOOKED_AT
from numbers.rules.plan import display

from .company import Company


class InstantRange(Func):
    """SQL ``tstzrange(from, until)``, half-open."""

    function = "tstzrange"
    output_field = models.Field()


@pghistory.track()
class NumberBlock(models.Model):
    """Numbers attributed to the operator: all those that begin with ``prefix``, of one family and ceiling."""

    class Family(models.TextChoices):
        FREE = "free", _("appel et service gratuits")
        STANDARD = "standard", _("service gratuit, prix d’un appel")
        PREMIUM = "premium", _("service payé par l’appelant")
        FREE_SHORT = "free_short", _("numéro court gratuit")
        GENERALIST_SHORT = "generalist_short", _("numéro court")

    prefix = models.CharField(_("préfixe"), max_length=10, unique=True, help_text=_("Premiers chiffres : 089269."))
    family = models.CharField(_("famille"), max_length=20, choices=Family.choices)
    ceiling_micros = models.BigIntegerField(
        _("plafond TTC par minute (micro-euros)"), help_text=_("De la tranche, d’après le plan de numérotation.")
    )
    source = models.CharField(_("attribution"), max_length=200)
    is_offered = models.BooleanField(_("proposée aux entreprises"), default=True)

    class Meta:
        verbose_name = _("tranche de numéros")
        verbose_name_plural = _("tranches de numéros")
        ordering = ["prefix"]
        constraints = [
            models.CheckConstraint(condition=Q(prefix__regex=r"^(0[0-9]{3,9}|3[0-9]{1,3})$"), name="block_prefix"),
            models.CheckConstraint(condition=Q(ceiling_micros__gte=0), name="block_ceiling"),
        ]

    def __str__(self) -> str:
        return display(self.first) if self.first == self.last else f"{display(self.first)} – {display(self.last)}"

    def clean(self) -> None:
        """A longer block could not be searched: ARCEP attributes at most ten thousand numbers at once."""
        if self.prefix.isdecimal() and int(self.last) - int(self.first) >= MOST_LOOKED_AT:
            raise ValidationError({"prefix": _("Une tranche tient au plus 10 000 numéros : donnez plus de chiffres.")})

    @property
    def length(self) -> int:
        """How many digits its numbers have."""
        return 10 if self.prefix.startswith("0") else 4

    @property
    def first(self) -> str:
        return self.prefix.ljust(self.length, "0")

    @property
    def last(self) -> str:
        return self.prefix.ljust(self.length, "9")


class NumberReservation(models.Model):
    """A free number kept for one company over [reserved_at, expires_at); past its end it holds nobody back.

    Two that overlap are refused by the database, whoever asks: an expired one needs no clean-up to be free.
    """

    company = models.ForeignKey(Company, models.CASCADE, related_name="reservations", verbose_name=_("entreprise"))
    digits = models.CharField(_("numéro"), max_length=10)
    reserved_at = models.DateTimeField(_("réservé le"))
    expires_at = models.DateTimeField(_("jusqu’au"))

    class Meta:
        verbose_name = _("réservation de numéro")
        verbose_name_plural = _("réservations de numéros")
        ordering = ["-reserved_at"]
        constraints = [
            models.CheckConstraint(condition=Q(reserved_at__lte=F("expires_at")), name="reservation_span"),
            ExclusionConstraint(
                name="reserved_by_one",
                expressions=[
                    ("digits", RangeOperators.EQUAL),
                    (InstantRange("reserved_at", "expires_at"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return display(self.digits)
