"""The warnings that were sent before something of an agent's expired."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from numbers.models import User

from .agent import Agent
from .training import Course


class ExpiryNotice(models.Model):
    """One person was told once that something of an agent's ends in so many days.

    The row is written before the mail goes out: a night that breaks off in between tells nobody twice.
    """

    class Subject(models.TextChoices):
        PROOF = "proof", _("preuve de lieu")
        AGREEMENT = "agreement", _("accord de télétravail")
        CERTIFICATE = "certificate", _("certificat obligatoire")

    agent = models.ForeignKey(Agent, models.CASCADE, related_name="notices", verbose_name=_("agent"))
    recipient = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("destinataire"))
    subject = models.CharField(_("objet"), max_length=12, choices=Subject.choices)
    course = models.ForeignKey(
        Course, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("formation")
    )
    expires_on = models.DateField(_("expire le"))
    step = models.PositiveSmallIntegerField(_("jours avant"))
    claimed_at = models.DateTimeField(_("préparé le"))
    sent_at = models.DateTimeField(_("envoyé le"), null=True, blank=True)

    class Meta:
        verbose_name = _("avertissement d’expiration")
        verbose_name_plural = _("avertissements d’expiration")
        ordering = ["-claimed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["agent", "recipient", "subject", "course", "expires_on", "step"],
                name="notice_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_subject_display()} {self.expires_on:%d/%m/%Y}, {self.step}"
