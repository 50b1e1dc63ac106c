"""The price of each charged call with its breakdown, how it changed, and each number-day's exact totals."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from numbers.models import Company, PremiumNumber
from numbers.models.call import FACT_KEY

from .tariff import SharePolicy, Tariff, WagePolicy


class RatedCall(models.Model):
    """One charged call's price, micro-euros. Calls that are not charged have no row. Partitioned by month.

    The table's CHECK refuses any price above 0.60 EUR a minute, whatever wrote it.
    """

    call_id = models.BigIntegerField(_("appel"), primary_key=True)
    month = models.DateField(_("mois"))
    day = models.DateField(_("jour"))
    company = models.ForeignKey(Company, related_name="rated_calls", verbose_name=_("entreprise"), **FACT_KEY)
    number = models.ForeignKey(PremiumNumber, related_name="rated_calls", verbose_name=_("numéro"), **FACT_KEY)
    tariff = models.ForeignKey(Tariff, related_name="+", verbose_name=_("tarif"), **FACT_KEY)
    price_micros = models.IntegerField(_("prix TTC par minute"))
    billed_ms = models.IntegerField(_("durée facturée (ms)"))
    ttc_micros = models.BigIntegerField(_("prix TTC"))
    vat_micros = models.BigIntegerField(_("TVA"))
    ht_micros = models.BigIntegerField(_("prix HT"))
    rule_version = models.SmallIntegerField(_("version de la règle"))

    class Meta:
        managed = False
        db_table = "billing_ratedcall"
        verbose_name = _("appel tarifé")
        verbose_name_plural = _("appels tarifés")

    def __str__(self) -> str:
        return f"{self.ttc_micros} µ€"


class RatedChange(models.Model):
    """What a call's price was before it changed; 0 stands for « not charged ». Append-only."""

    call_id = models.BigIntegerField(_("appel"), db_index=True)
    month = models.DateField(_("mois"))
    company = models.ForeignKey(Company, models.PROTECT, related_name="+", verbose_name=_("entreprise"))
    old_ttc_micros = models.BigIntegerField(_("prix TTC d’avant"))
    new_ttc_micros = models.BigIntegerField(_("prix TTC d’après"))
    changed_at = models.DateTimeField(_("le"))

    class Meta:
        verbose_name = _("prix révisé")
        verbose_name_plural = _("prix révisés")
        ordering = ["-changed_at", "-id"]

    def __str__(self) -> str:
        return f"{self.old_ttc_micros} → {self.new_ttc_micros}"


class RatedDay(models.Model):
    """One number-day as rated: exact totals, the rates they are shared by, and what was posted of them.

    One tariff, one VAT rate and one policy hold for a whole day, so a day's columns are its totals times rates.
    """

    company = models.ForeignKey(Company, models.PROTECT, related_name="rated_days", verbose_name=_("entreprise"))
    number = models.ForeignKey(PremiumNumber, models.PROTECT, related_name="rated_days", verbose_name=_("numéro"))
    day = models.DateField(_("jour"))
    seen_revision = models.IntegerField(_("révision des verdicts tarifée"))
    revision = models.IntegerField(_("révision"), default=1)
    posted_revision = models.IntegerField(_("révision comptabilisée"), default=0)
    is_stale = models.BooleanField(_("à réexaminer"), default=False)
    calls = models.IntegerField(_("appels facturés"), default=0)
    unpriced = models.IntegerField(_("appels tenus sans tarif"), default=0)
    billed_ms = models.BigIntegerField(_("durée facturée (ms)"), default=0)
    ttc_micros = models.BigIntegerField(_("prix TTC"), default=0)
    ht_micros = models.BigIntegerField(_("prix HT"), default=0)
    tariff = models.ForeignKey(Tariff, models.PROTECT, null=True, related_name="+", verbose_name=_("tarif"))
    share_policy = models.ForeignKey(
        SharePolicy, models.PROTECT, null=True, related_name="+", verbose_name=_("partage")
    )
    wage_policy = models.ForeignKey(
        WagePolicy, models.PROTECT, null=True, related_name="+", verbose_name=_("part salariale")
    )
    vat_bp = models.IntegerField(_("TVA (points de base)"), null=True)
    carriers_bp = models.IntegerField(_("opérateurs (points de base)"), null=True)
    fee_bp = models.IntegerField(_("frais (points de base)"), null=True)
    wage_bp = models.IntegerField(_("salaires (points de base)"), null=True)
    wage_base = models.CharField(_("base salariale"), max_length=10, blank=True)

    class Meta:
        verbose_name = _("journée tarifée")
        verbose_name_plural = _("journées tarifées")
        ordering = ["-day", "number"]
        constraints = [models.UniqueConstraint(fields=["number", "day"], name="rated_day_once")]
        indexes = [
            models.Index(fields=["company", "day"], name="rated_day_company"),
            models.Index(
                fields=["company"], condition=~models.Q(posted_revision=models.F("revision")), name="rated_day_unposted"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} · {self.day}"
