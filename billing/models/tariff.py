"""What may be charged and how it is shared: dated rows, whole Paris days, never constants in code."""

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from illico_platform.web import show
from numbers.models import PremiumNumber
from numbers.models.number import NUMBER_COMPANY, DateRange
from numbers.models.recheck import recheck_trigger

# The operator's promise: at most 0.60 EUR a minute, VAT included. Also held by the rule and the night's audit.
CAP_MICROS = 600_000


class Dated(models.Model):
    """A row in force over [valid_from, valid_until), whole days."""

    valid_from = models.DateField(_("à partir du"))
    valid_until = models.DateField(_("jusqu’au (exclu)"), null=True, blank=True)

    class Meta:
        abstract = True


def _span_check(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(valid_until=None) | Q(valid_from__lt=F("valid_until")), name=name)


def _recheck_rate(company: str = "NULL", number: str = "NULL"):
    return recheck_trigger("rate", since="r.valid_from", until="r.valid_until", company=company, number=number)


@pghistory.track()
class Tariff(Dated):
    """The service price S of one number, per minute, VAT included; periods of one number never overlap."""

    number = models.ForeignKey(PremiumNumber, models.PROTECT, related_name="tariffs", verbose_name=_("numéro"))
    price_micros = models.BigIntegerField(
        _("prix TTC par minute (micro-euros)"), help_text=_("600000 pour 0,60 €/min ; multiple de 10000.")
    )

    class Meta:
        verbose_name = _("tarif")
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
        return gettext("%(price)s/min dès le %(day)s") % {
            "price": show.price(self.price_micros),
            "day": date_format(self.valid_from, "SHORT_DATE_FORMAT"),
        }


@pghistory.track()
class VatRate(Dated):
    """A standard VAT rate, in basis points, with its source."""

    rate_bp = models.PositiveIntegerField(_("taux (points de base)"), help_text=_("2000 pour 20 %."))
    source = models.CharField(_("source"), max_length=200)

    class Meta:
        verbose_name = _("taux de TVA")
        verbose_name_plural = _("taux de TVA")
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
        return gettext("%(rate)s dès le %(day)s") % {
            "rate": show.percent_bp(self.rate_bp, 2),
            "day": date_format(self.valid_from, "SHORT_DATE_FORMAT"),
        }


@pghistory.track()
class SharePolicy(Dated):
    """What carriers keep of S (VAT included) and our fee (of S excluding VAT), per payer, in basis points."""

    name = models.CharField(_("nom"), max_length=60)
    payer = models.CharField(_("qui paie"), max_length=8, choices=PremiumNumber.Payer.choices)
    carriers_bp = models.PositiveIntegerField(_("gardé par les opérateurs (points de base de S TTC)"))
    fee_bp = models.PositiveIntegerField(_("frais de plateforme (points de base de S HT)"))

    class Meta:
        verbose_name = _("politique de partage")
        verbose_name_plural = _("politiques de partage")
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
        LOADED = "LOADED", _("brut et cotisations de l’employeur")

    class Counting(models.TextChoices):
        ALL = "ALL", _("toute la paie du centre d’appels")
        PRORATA = "PRORATA", _("au prorata du temps connecté")

    name = models.CharField(_("nom"), max_length=60)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    share_bp = models.PositiveIntegerField(_("part (points de base)"), default=6000)
    base = models.CharField(_("base"), max_length=10, choices=Base.choices, default=Base.RETAIL_HT)
    numerator = models.CharField(_("paie comptée"), max_length=8, choices=Numerator.choices, default=Numerator.GROSS)
    counting = models.CharField(_("employés comptés"), max_length=8, choices=Counting.choices, default=Counting.ALL)
    carry_excess = models.BooleanField(_("reporter l’excédent de paie sur les mois suivants"), default=False)

    class Meta:
        verbose_name = _("politique salariale")
        verbose_name_plural = _("politiques salariales")
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

    hourly_micros = models.BigIntegerField(_("brut horaire (micro-euros)"), help_text=_("12310000 pour 12,31 €."))
    source = models.CharField(_("source"), max_length=200)
    verified = models.BooleanField(_("vérifié au Journal officiel"), default=False)

    class Meta:
        verbose_name = _("salaire minimum")
        verbose_name_plural = _("salaires minimums")
        ordering = ["-valid_from"]
        constraints = [
            _span_check("minimum_wage_span"),
            ExclusionConstraint(
                name="minimum_wage_no_overlap",
                expressions=[(DateRange("valid_from", "valid_until"), RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(price)s/h dès le %(day)s") % {
            "price": show.price(self.hourly_micros),
            "day": date_format(self.valid_from, "SHORT_DATE_FORMAT"),
        }
