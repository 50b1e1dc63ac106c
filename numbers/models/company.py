"""People and companies: who signs in, for which company, in which role."""

import pghistory
from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from numbers.rules.siren import siren_fault, siret_fault


class UserManager(BaseUserManager["User"]):
    """Creates users by e-mail; there are no user names."""

    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractUser):
    """A person who signs in with an e-mail address; mail to them is in the language they last chose."""

    class Language(models.TextChoices):
        FRENCH = "fr", "français"
        ENGLISH = "en", "English"

    username = None
    email = models.EmailField(_("adresse électronique"), unique=True)
    language = models.CharField(_("langue des messages"), max_length=2, choices=Language.choices, default="fr")

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []
    objects = UserManager()

    class Meta:
        verbose_name = _("utilisateur")
        ordering = ["email"]

    def __str__(self) -> str:
        return self.email


@pghistory.track(exclude=["created_at"])
class Company(models.Model):
    """A company that enrols numbers and employs agents. SIREN checked by Luhn in ``rules.siren``."""

    name = models.CharField(_("raison sociale"), max_length=120)
    siren = models.CharField("SIREN", max_length=9, unique=True, validators=[RegexValidator(r"^\d{9}$")])
    siret = models.CharField(_("SIRET du siège"), max_length=14, blank=True)
    vat_number = models.CharField(_("numéro de TVA"), max_length=13, blank=True)
    address = models.TextField(_("adresse"), blank=True)
    complaint_contact = models.CharField(_("contact pour réclamations"), max_length=200, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    must_give_access = models.BooleanField(
        _("tenue d’ouvrir ses lignes aux personnes sourdes"),
        default=False,
        help_text=_("Entreprise dont le chiffre d’affaires en France dépasse le seuil de la loi (250 millions)."),
    )
    created_at = models.DateTimeField(_("créée le"), auto_now_add=True)

    class Meta:
        verbose_name = _("entreprise")
        ordering = ["name"]
        constraints = [models.CheckConstraint(condition=models.Q(siren__regex=r"^\d{9}$"), name="company_siren_digits")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        faults = {"siren": siren_fault(self.siren), "siret": self.siret and siret_fault(self.siret)}
        if found := {field: fault for field, fault in faults.items() if fault}:
            raise ValidationError(found)


@pghistory.track()
class Membership(models.Model):
    """One user's role in one company."""

    class Role(models.TextChoices):
        OWNER = "owner", _("propriétaire")
        MANAGER = "manager", _("responsable")
        SUPERVISOR = "supervisor", _("superviseur")
        ACCOUNTANT = "accountant", _("comptable")
        AGENT = "agent", _("agent")

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name=_("utilisateur"))
    company = models.ForeignKey(Company, models.CASCADE, related_name="memberships", verbose_name=_("entreprise"))
    role = models.CharField(_("rôle"), max_length=12, choices=Role.choices)

    class Meta:
        verbose_name = _("membre")
        constraints = [models.UniqueConstraint(fields=["user", "company"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.user} · {self.company} · {self.get_role_display()}"
