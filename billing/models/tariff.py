"""What may be charged and how it is shared: dated rows, whole Paris days, never constants in code."""

from decimal import Decimal

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from numbers.models import PremiumNumber
from numbers.models.number import NUMBER_COMPANY, DateRange
from numbers.models.recheck import recheck_trigger

# The operator's promise: at most 0.60 EUR a minute, VAT included. Also held by the rule and the night's audit.
CAP_MICROS = 600_000


class Dated(models.Model):
    """A row in force over [valid_from, valid_until), whole days."""

    valid_from = models.DateField("à partir du")
    valid_until = models.DateField("jusqu’au (exclu)", null=True, blank=True)

    class Meta:
        abstract = True


def _span_check(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(valid_until=None) | Q(valid_from__lt=F("valid_until")), name=name)


def _recheck_rate(company: str = "NULL", number: str = "NULL"):
    return recheck_trigger("rate", since="r.valid_from", until="r.valid_until", company=company, number=number)


@pghistory.track()
class Tariff(Dated):
    """The service price S of one number, per minute, VAT included; periods of one number never overlap."""

    number = models.ForeignKey(PremiumNumber, models.PROTECT, related_name="tariffs", verbose_name="numéro")
    price_micros = models.BigIntegerField(
        "prix TTC par minute (micro-euros)", help_text="600000 pour 0,60 €/min ; multiple de 10000."
    )

    class Meta:
        verbose_name = "tarif"
        ordering = ["number", "-valid_from"]
        constraints = [
            _span_check("tariff_span"),
            models.CheckConstraint(condition=Q(price_micros__gte=0, price_micros__lte=CAP_MICROS), name="tariff_cap"),
            models.CheckConstraint(condition=Q(price_micros=F("price_micros") / 10_000 * 10_000), name="tariff_cents"),
            ExclusionConstraint(
                name="tariff_no_overlap",
                expressions=[
                    ("number", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_until"), RangeOperators.OVERLAPS),
                ],
            ),
        ]
        triggers = [_recheck_rate(NUMBER_COMPANY, "r.number_id")]

    def __str__(self) -> str:
        euros, cents = divmod(self.price_micros // 10_000, 100)
        return f"{euros},{cents:02d} €/min dès le {self.valid_from:%d/%m/%Y}"


@pghistory.track()
class VatRate(Dated):
    """A standard VAT rate, in basis points, with its source."""

    rate_bp = models.PositiveIntegerField("taux (points de base)", help_text="2000 pour 20 %.")
    source = models.CharField("source", max_length=200)

    class Meta:
        verbose_name = "taux de TVA"
        verbose_name_plural = "taux de TVA"
        ordering = ["-valid_from"]
        constraints = [
            _span_check("vat_span"),
            ExclusionConstraint(
                name="vat_no_overlap",
                expressions=[(DateRange("valid_from", "valid_until"), RangeOperators.OVERLAPS)],
            ),
        ]
        triggers = [_recheck_rate()]

    def __str__(self) -> str:
        percent = f"{Decimal(self.rate_bp) / 100:f}".replace(".", ",")
        return f"{percent} % dès le {self.valid_from:%d/%m/%Y}"


@pghistory.track()
class SharePolicy(Dated):
    """What carriers keep of S (VAT included) and our fee (of S excluding VAT), per payer, in basis points."""

    name = models.CharField("nom", max_length=60)
    payer = models.CharField("qui paie", max_length=8, choices=PremiumNumber.Payer.choices)
    carriers_bp = models.PositiveIntegerField("gardé par les opérateurs (points de base de S TTC)")
    fee_bp = models.PositiveIntegerField("frais de plateforme (points de base de S HT)")

    class Meta:
        verbose_name = "politique de partage"
        verbose_name_plural = "politiques de partage"
        ordering = ["payer", "-valid_from"]
        constraints = [
            _span_check("share_span"),
            models.CheckConstraint(condition=Q(carriers_bp__lte=10_000, fee_bp__lte=10_000), name="share_at_most_all"),
            ExclusionConstraint(
                name="share_no_overlap",
                expressions=[
                    ("payer", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_until"), RangeOperators.OVERLAPS),
                ],
            ),
        ]
        triggers = [_recheck_rate()]

    def __str__(self) -> str:
        return f"{self.name} ({self.get_payer_display()})"


@pghistory.track()
class WagePolicy(Dated):
    """The named, versioned meaning of « 60 % of the revenue goes to the agents' pay »."""

    class Base(models.TextChoices):
        RETAIL_HT = "RETAIL_HT", _("prix du service hors taxes")
        RETAIL_TTC = "RETAIL_TTC", _("prix du service toutes taxes comprises")
        PAYOUT_HT = "PAYOUT_HT", _("reversement des opérateurs hors taxes")

    class Numerator(models.TextChoices):
        GROSS = "GROSS", _("brut déclaré")

    class Counting(models.TextChoices):
        ALL = "ALL", _("toute la paie du centre d’appels")

    name = models.CharField("nom", max_length=60)
    version = models.PositiveSmallIntegerField("version", default=1)
    share_bp = models.PositiveIntegerField("part (points de base)", default=6000)
    base = models.CharField("base", max_length=10, choices=Base.choices, default=Base.RETAIL_HT)
    numerator = models.CharField("paie comptée", max_length=8, choices=Numerator.choices, default=Numerator.GROSS)
    counting = models.CharField("employés comptés", max_length=8, choices=Counting.choices, default=Counting.ALL)
    carry_excess = models.BooleanField("reporter l’excédent de paie sur les mois suivants", default=False)

    class Meta:
        verbose_name = "politique salariale"
        verbose_name_plural = "politiques salariales"
        ordering = ["-valid_from"]
        constraints = [
            _span_check("wage_span"),
            models.CheckConstraint(condition=Q(share_bp__lte=10_000), name="wage_share_at_most_all"),
            models.UniqueConstraint(fields=["name", "version"], name="wage_policy_version"),
            ExclusionConstraint(
                name="wage_no_overlap",
                expressions=[(DateRange("valid_from", "valid_until"), RangeOperators.OVERLAPS)],
            ),
        ]
        triggers = [_recheck_rate()]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"


@pghistory.track()
class MinimumWage(Dated):
    """The gross hourly minimum wage (SMIC), with its source; ``verified``: compared with the official journal."""

    hourly_micros = models.BigIntegerField("brut horaire (micro-euros)", help_text="12310000 pour 12,31 €.")
    source = models.CharField("source", max_length=200)
    verified = models.BooleanField("vérifié au Journal officiel", default=False)

    class Meta:
        verbose_name = "salaire minimum"
        verbose_name_plural = "salaires minimums"
        ordering = ["-valid_from"]
        constraints = [
            _span_check("minimum_wage_span"),
            ExclusionConstraint(
                name="minimum_wage_no_overlap",
                expressions=[(DateRange("valid_from", "valid_until"), RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        euros, rest = divmod(self.hourly_micros // 10_000, 100)
        return f"{euros},{rest:02d} €/h dès le {self.valid_from:%d/%m/%Y}"
