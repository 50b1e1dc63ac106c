"""Invitations into a company's team: by e-mail, for one role, good for seven days."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .company import Company, Membership, User


class Invitation(models.Model):
    """One invitation. The token stands in the mail alone; here only its hash, which opens nothing."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="invitations", verbose_name=_("entreprise"))
    email = models.EmailField(_("adresse électronique"))
    role = models.CharField(_("rôle"), max_length=12, choices=Membership.Role.choices)
    token_hash = models.CharField(_("empreinte du lien"), max_length=64, unique=True)
    # Kept without the person, and with the address they had: the pages of the space do not read people of others.
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("invité par"))
    invited_by_email = models.EmailField(_("invité par"))
    created_at = models.DateTimeField(_("créée le"))
    expires_at = models.DateTimeField(_("valable jusqu’au"))
    accepted_at = models.DateTimeField(_("acceptée le"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("révoquée le"), null=True, blank=True)

    class Meta:
        verbose_name = _("invitation")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                "company",
                "email",
                condition=models.Q(accepted_at=None, revoked_at=None),
                name="invitation_open_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.email} · {self.company} · {self.get_role_display()}"
