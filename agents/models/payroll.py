"""What employers declared: files, declarations, payslips. No NIR, no IBAN, no full name."""

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from numbers.models import Company, User

from .agent import Agent


class PayrollFile(models.Model):
    """One payroll file taken in. The same content twice changes nothing."""

    connector = models.CharField(_("connecteur"), max_length=16)
    file_name = models.CharField(_("fichier"), max_length=255)
    sha256 = models.CharField(_("empreinte"), max_length=64, unique=True)
    received_at = models.DateTimeField(_("reçu le"))
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, verbose_name=_("par"))

    class Meta:
        verbose_name = _("fichier de paie")
        verbose_name_plural = _("fichiers de paie")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.file_name


class PayrollDeclaration(models.Model):
    """One establishment's declaration for one month. Superseded ones are kept, with ``in_force`` false."""

    class Kind(models.TextChoices):
        NORMAL = "01", _("normale")
        NIL = "02", _("néant")
        REPLACE = "03", _("annule et remplace")
        CANCEL = "04", _("annule")
        REPLACE_NIL = "05", _("annule et remplace par néant")

    file = models.ForeignKey(PayrollFile, models.PROTECT, related_name="declarations", verbose_name=_("fichier"))
    company = models.ForeignKey(Company, models.PROTECT, related_name="declarations", verbose_name=_("entreprise"))
    siret = models.CharField(_("établissement"), max_length=14)
    month = models.DateField(_("mois déclaré"))
    kind = models.CharField(_("type"), max_length=2, choices=Kind.choices)
    fraction = models.CharField(_("fraction"), max_length=2, default="11")
    order = models.CharField(_("numéro d’ordre"), max_length=20, blank=True)
    identifier = models.CharField(_("identifiant"), max_length=30, blank=True)
    replaces = models.CharField(_("remplace"), max_length=30, blank=True)
    is_test = models.BooleanField(_("envoi d’essai"), default=False)
    digest = models.CharField(_("empreinte du contenu"), max_length=64, blank=True)
    in_force = models.BooleanField(_("en vigueur"), default=True)

    class Meta:
        verbose_name = _("déclaration de paie")
        verbose_name_plural = _("déclarations de paie")
        ordering = ["-month", "siret", "id"]
        indexes = [models.Index(fields=["company", "month"], name="declaration_month")]

    def __str__(self) -> str:
        return f"{self.siret} {self.month:%Y-%m} {self.get_kind_display()}"


class Payslip(models.Model):
    """One person's pay in one declaration, euros. ``agent`` is empty while nobody has that employee number."""

    declaration = models.ForeignKey(
        PayrollDeclaration, models.PROTECT, related_name="payslips", verbose_name=_("déclaration")
    )
    company = models.ForeignKey(Company, models.PROTECT, related_name="payslips", verbose_name=_("entreprise"))
    month = models.DateField(_("mois"))
    agent = models.ForeignKey(
        Agent, models.SET_NULL, null=True, blank=True, related_name="payslips", verbose_name=_("agent")
    )
    employee_number = models.CharField(_("matricule"), max_length=30, blank=True)
    contract_numbers = models.JSONField(_("numéros de contrat"), default=list)
    initials = models.CharField(_("initiales"), max_length=8, blank=True)
    gross = models.DecimalField(_("brut déclaré"), max_digits=12, decimal_places=2)
    gross_current_month = models.DecimalField(_("dont mois en cours"), max_digits=12, decimal_places=2)
    hours_paid = models.DecimalField(_("heures payées"), max_digits=8, decimal_places=2, null=True)
    hours_absent = models.DecimalField(_("heures d’absence"), max_digits=8, decimal_places=2, null=True)
    overtime_hours = models.DecimalField(_("heures supplémentaires"), max_digits=8, decimal_places=2, null=True)
    bonuses = models.DecimalField(_("primes"), max_digits=12, decimal_places=2, null=True)
    net_paid = models.DecimalField(_("net versé"), max_digits=12, decimal_places=2, null=True)
    contributions = models.JSONField(_("cotisations par code"), default=dict)
    corrections = models.JSONField(_("rappels de mois antérieurs"), default=list)
    workplaces = models.JSONField(_("communes de travail (INSEE)"), default=list)
    contracts = models.JSONField(_("contrats : nature et dispositif"), default=list)
    worked = models.JSONField(_("heures du mois par période"), default=list)

    class Meta:
        verbose_name = _("bulletin de paie")
        verbose_name_plural = _("bulletins de paie")
        ordering = ["-month", "employee_number"]
        indexes = [models.Index(fields=["company", "month"], name="payslip_month")]

    def __str__(self) -> str:
        return f"{self.employee_number or self.initials} {self.month:%Y-%m}"


class PayrollMonth(models.Model):
    """A company's month of pay: a revision that grows whenever what is in force changes."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="payroll_months", verbose_name=_("entreprise"))
    month = models.DateField(_("mois"))
    revision = models.IntegerField(_("révision"), default=1)

    class Meta:
        verbose_name = _("mois de paie")
        verbose_name_plural = _("mois de paie")
        ordering = ["-month"]
        constraints = [models.UniqueConstraint(fields=["company", "month"], name="payroll_month_once")]

    def __str__(self) -> str:
        return f"{self.company} {self.month:%Y-%m}"


@pghistory.track()
class PayrollNumber(models.Model):
    """A number by which payroll names an agent who is known under another one. It holds for every month."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="payroll_numbers", verbose_name=_("entreprise"))
    number = models.CharField(_("matricule de paie"), max_length=30)
    agent = models.ForeignKey(Agent, models.CASCADE, related_name="payroll_numbers", verbose_name=_("agent"))
    created_at = models.DateTimeField(_("rapproché le"), auto_now_add=True)

    class Meta:
        verbose_name = _("matricule de paie")
        verbose_name_plural = _("matricules de paie")
        ordering = ["company", "number"]
        constraints = [models.UniqueConstraint(fields=["company", "number"], name="payroll_number_once")]

    def __str__(self) -> str:
        return f"{self.number} → {self.agent}"


class PayrollUpload(models.Model):
    """A payroll file that a company brought: where its reading stands and what came of it.

    The file itself holds social security numbers: ``stored_as`` is emptied and the copy deleted once it is read.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("en attente")
        READING = "reading", _("en lecture")
        DONE = "done", _("lu")
        REFUSED = "refused", _("refusé")

    company = models.ForeignKey(Company, models.PROTECT, related_name="payroll_uploads", verbose_name=_("entreprise"))
    connector = models.CharField(_("format"), max_length=16)
    file_name = models.CharField(_("fichier"), max_length=255)
    stored_as = models.CharField(_("copie à lire"), max_length=80, blank=True)
    state = models.CharField(_("état"), max_length=8, choices=State.choices, default=State.WAITING)
    uploaded_at = models.DateTimeField(_("déposé le"))
    started_at = models.DateTimeField(_("lecture commencée le"), null=True)
    ended_at = models.DateTimeField(_("lecture finie le"), null=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("par"))
    file = models.ForeignKey(
        PayrollFile, models.PROTECT, null=True, related_name="uploads", verbose_name=_("fichier de paie")
    )
    outcome = models.JSONField(_("résultat"), default=dict)
    fault = models.JSONField(_("refus"), default=dict)

    class Meta:
        verbose_name = _("dépôt de paie")
        verbose_name_plural = _("dépôts de paie")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.file_name
