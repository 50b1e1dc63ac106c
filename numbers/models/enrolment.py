"""The file of a number: what a company answered, its papers, what the operator decided, what the directory says."""

import pghistory
import pgtrigger
from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from numbers.rules.plan import display

from .company import Company, User
from .number import PremiumNumber


class Enrolment(models.Model):
    """The answers to the questions of an enrolment, kept step by step; several may be open at once.

    What the answers make of a number stands in ``number`` once the file was submitted: its state is the number's.
    """

    class Answer(models.TextChoices):
        NONE = "", _("pas encore décidé")
        CHANGES = "changes", _("à compléter")
        REFUSED = "refused", _("refusé")
        APPROVED = "approved", _("accepté")

    company = models.ForeignKey(Company, models.CASCADE, related_name="enrolments", verbose_name=_("entreprise"))
    number = models.OneToOneField(
        PremiumNumber, models.PROTECT, null=True, blank=True, related_name="enrolment", verbose_name=_("numéro inscrit")
    )
    digits = models.CharField(_("numéro choisi"), max_length=10, blank=True)
    answers = models.JSONField(_("réponses"), default=dict, blank=True)
    created_at = models.DateTimeField(_("commencé le"))
    saved_at = models.DateTimeField(_("enregistré le"))
    saved_by = models.CharField(_("par"), max_length=254, blank=True)
    submitted_at = models.DateTimeField(_("déposé le"), null=True, blank=True)
    answer = models.CharField(_("réponse de l’exploitant"), max_length=8, choices=Answer.choices, blank=True)

    class Meta:
        verbose_name = _("dossier d’inscription")
        verbose_name_plural = _("dossiers d’inscription")
        ordering = ["-saved_at"]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """What a person calls it: the service's name, else the number, else the day it was begun."""
        name = self.answers.get("annuaire", {}).get("label")
        begun = gettext("Dossier du %(day)s") % {"day": date_format(self.created_at, "SHORT_DATE_FORMAT")}
        return name or (display(self.digits) if self.digits else begun)

    @property
    def is_open(self) -> bool:
        """Whether the company may still write it: never submitted, or sent back."""
        return self.number is None or self.number.status == PremiumNumber.Status.DRAFT


class EnrolmentDocument(models.Model):
    """A paper of a file, kept on disk under a name that says nothing; only the company and the operator read it."""

    class Kind(models.TextChoices):
        COMPANY = "company", _("extrait Kbis ou avis SIRENE, moins de trois mois")
        IDENTITY = "identity", _("pièce d’identité du représentant légal")
        NAME_RIGHT = "name_right", _("droit d’utiliser le nom du service (marque, mandat)")
        PORT_MANDATE = "port_mandate", _("mandat de portabilité")

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="documents", verbose_name=_("dossier"))
    kind = models.CharField(_("pièce"), max_length=12, choices=Kind.choices)
    name = models.CharField(_("nom du fichier"), max_length=120)
    media_type = models.CharField(_("format"), max_length=40)
    size = models.PositiveIntegerField(_("taille (octets)"))
    sha256 = models.CharField(_("empreinte"), max_length=64)
    path = models.CharField(_("place"), max_length=100, unique=True, editable=False)
    added_at = models.DateTimeField(_("déposée le"))
    added_by = models.CharField(_("par"), max_length=254, blank=True)

    class Meta:
        verbose_name = _("pièce d’un dossier")
        verbose_name_plural = _("pièces des dossiers")
        ordering = ["kind", "added_at"]
        constraints = [models.UniqueConstraint(fields=["enrolment", "sha256"], name="document_once")]

    def __str__(self) -> str:
        return self.name


class EnrolmentDecision(models.Model):
    """What the operator decided on a file, with the checklist behind it; its reason is the message to the company."""

    class Kind(models.TextChoices):
        CHANGES = "changes", _("à compléter")
        REFUSED = "refused", _("refusé")
        APPROVED = "approved", _("accepté")
        LIVE = "live", _("mis en service")

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="decisions", verbose_name=_("dossier"))
    kind = models.CharField(_("décision"), max_length=8, choices=Kind.choices)
    reason = models.TextField(_("message à l’entreprise"))
    checklist = models.JSONField(_("points vérifiés"), default=dict)
    by = models.ForeignKey(User, models.PROTECT, null=True, verbose_name=_("par"))
    at = models.DateTimeField(_("le"))

    class Meta:
        verbose_name = _("décision sur un dossier")
        verbose_name_plural = _("décisions sur les dossiers")
        ordering = ["-at", "-id"]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.at:%d/%m/%Y}"


class PortRequest(models.Model):
    """A number that the company brings from another operator, and how far the request has come."""

    class State(models.TextChoices):
        WANTED = "wanted", _("à demander")
        SENT = "sent", _("envoyée à l’opérateur actuel")
        ACCEPTED = "accepted", _("acceptée, date fixée")
        REFUSED = "refused", _("refusée par l’opérateur actuel")
        DONE = "done", _("numéro arrivé")

    enrolment = models.OneToOneField(Enrolment, models.CASCADE, related_name="port", verbose_name=_("dossier"))
    digits = models.CharField(_("numéro"), max_length=10)
    rio = models.CharField(_("code RIO"), max_length=12, blank=True)
    state = models.CharField(_("état"), max_length=8, choices=State.choices, default=State.WANTED)
    ports_on = models.DateField(_("arrive le"), null=True, blank=True)
    note = models.CharField(_("remarque"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("demande de portabilité")
        verbose_name_plural = _("demandes de portabilité")
        ordering = ["digits"]

    def __str__(self) -> str:
        return display(self.digits)


@pghistory.track()
class DirectoryRecord(models.Model):
    """What the public directory says of a number: who offers what, where to complain, how deaf callers reach it."""

    number = models.OneToOneField(PremiumNumber, models.CASCADE, related_name="directory", verbose_name=_("numéro"))
    purpose = models.CharField(_("à quoi sert le service"), max_length=300)
    provider_name = models.CharField(_("fournisseur du service"), max_length=120)
    provider_address = models.CharField(_("adresse"), max_length=200)
    complaint_contact = models.CharField(_("contact pour réclamations"), max_length=200)
    website = models.CharField(_("site"), max_length=200, blank=True)
    deaf_access = models.CharField(_("accès des personnes sourdes"), max_length=200, blank=True)
    confirmed_on = models.DateField(_("confirmé le"))

    class Meta:
        verbose_name = _("fiche de l’annuaire")
        verbose_name_plural = _("fiches de l’annuaire")
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number} · {self.provider_name}"
