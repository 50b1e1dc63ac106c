"""Where a company is paid: its IBAN, sealed, and the few signs of it that a page may show."""

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from .company import Company, User


@pghistory.track(exclude=["iban_sealed"])
class PayoutAccount(models.Model):
    """A company's account for payouts. The IBAN is encrypted; its history tells when it changed, not what it was."""

    company = models.OneToOneField(Company, models.CASCADE, related_name="payout_account", verbose_name=_("entreprise"))
    iban_sealed = models.BinaryField(_("IBAN chiffré"))
    iban_mask = models.CharField("IBAN", max_length=24)
    changed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("changé par"))
    changed_at = models.DateTimeField(_("changé le"))

    class Meta:
        verbose_name = _("compte de versement")
        verbose_name_plural = _("comptes de versement")

    def __str__(self) -> str:
        return f"{self.company} · {self.iban_mask}"
