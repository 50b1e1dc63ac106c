"""The wage fund of a company and month: due, held, proven, released. A roll-up; the ledger is the authority."""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from numbers.models import Company

from .tariff import WagePolicy


class FundMonth(models.Model):
    """Euros of one company's month under one policy, as last computed by the release stage."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="fund_months", verbose_name=_("entreprise"))
    month = models.DateField(_("mois"))
    policy = models.ForeignKey(WagePolicy, models.PROTECT, verbose_name=_("politique"))
    base = models.DecimalField(_("base"), max_digits=14, decimal_places=2)
    due = models.DecimalField(_("dû aux salaires"), max_digits=14, decimal_places=2)
    held = models.DecimalField(_("retenu"), max_digits=14, decimal_places=2)
    credited = models.DecimalField(_("prouvé par la paie"), max_digits=14, decimal_places=2)
    balance = models.DecimalField(_("solde du mois"), max_digits=14, decimal_places=2)
    carried_in = models.DecimalField(_("report d’avant"), max_digits=14, decimal_places=2)
    carried_out = models.DecimalField(_("report à nouveau"), max_digits=14, decimal_places=2)
    released = models.DecimalField(_("libéré"), max_digits=14, decimal_places=2)
    year_due = models.DecimalField(_("dû depuis janvier"), max_digits=14, decimal_places=2)
    year_credited = models.DecimalField(_("prouvé depuis janvier"), max_digits=14, decimal_places=2)
    is_declared = models.BooleanField(_("paie déclarée"), default=False)
    unclear = models.DecimalField(_("cotisations sans part connue"), max_digits=14, decimal_places=2, default=0)
    gross_only = models.PositiveIntegerField(_("bulletins sans cotisations"), default=0)
    unknown_time = models.PositiveIntegerField(_("bulletins sans heures ou temps connecté"), default=0)

    class Meta:
        verbose_name = _("mois du fonds des salaires")
        verbose_name_plural = _("mois du fonds des salaires")
        ordering = ["-month", "company"]
        constraints = [models.UniqueConstraint(fields=["company", "month"], name="fund_month_once")]

    def __str__(self) -> str:
        return f"{self.company} {self.month:%Y-%m}"

    @property
    def is_at_least(self) -> bool:
        """Whether the pay that counts may be more than it says: a part of it could not be read."""
        return bool(self.unclear or self.gross_only or self.unknown_time)

    @property
    def proven(self) -> Decimal:
        """What of the month's own due its pay proves, after what earlier months still missed of it."""
        return max(Decimal(0), min(self.credited + self.carried_in, self.due))

    @property
    def missing(self) -> Decimal:
        """What of the month's own due its pay does not prove."""
        return self.due - self.proven

    @property
    def still_missing(self) -> Decimal:
        """What of the year's due so far no pay proves yet, this month included."""
        return max(-self.carried_out, Decimal(0))

    @property
    def proven_bp(self) -> int | None:
        """Proven of due in basis points, rounded down; None while nothing is due."""
        return int(self.proven * 10_000 / self.due) if self.due else None
