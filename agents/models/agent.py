"""Who answers: agents, their contracts, and the dated proof of where they sit."""

from datetime import date, datetime, timedelta

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from illico_platform.lib.periods import paris_day
from numbers.models import Company, Source, User
from numbers.models.number import DateRange
from numbers.models.recheck import recheck_trigger

from .commune import InCommune

INSEE_COMMUNE = RegexValidator(
    r"^(0[1-9]|[1-8]\d|9[0-5]|2[AB]|97[1-8]|98[4-8])\d{2,3}$", _("Code INSEE de commune, 5 signes.")
)
AGENT_COMPANY = "(SELECT a.company_id FROM agents_agent a WHERE a.id = r.agent_id)"


@pghistory.track()
class Site(InCommune, models.Model):
    """A workplace of a company in France, placed by its INSEE commune."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="sites", verbose_name=_("entreprise"))
    name = models.CharField(_("nom"), max_length=80)
    address = models.CharField(_("adresse"), max_length=200, blank=True)
    commune_insee = models.CharField(_("commune (code INSEE)"), max_length=5, validators=[INSEE_COMMUNE])
    commune_name = models.CharField(_("commune"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("site")
        ordering = ["company", "name"]
        constraints = [models.UniqueConstraint(fields=["company", "name"], name="site_once")]

    def __str__(self) -> str:
        return f"{self.name} ({self.commune_name or self.commune_insee})"


@pghistory.track()
class Agent(models.Model):
    """A person who answers calls for a company. The employee number ties them to the payslip, ``user`` to this site."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="agents", verbose_name=_("entreprise"))
    user = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="agents", verbose_name=_("compte de la personne")
    )
    employee_number = models.CharField(_("matricule"), max_length=30)
    display_name = models.CharField(_("nom"), max_length=80, blank=True)
    is_call_centre = models.BooleanField(_("personnel du centre d’appels"), default=True)
    is_active = models.BooleanField(_("actif"), default=True)

    class Meta:
        verbose_name = _("agent")
        ordering = ["company", "employee_number"]
        constraints = [
            models.UniqueConstraint(fields=["company", "employee_number"], name="agent_once"),
            models.UniqueConstraint(fields=["company", "user"], name="agent_one_account"),
        ]

    def __str__(self) -> str:
        return f"{self.employee_number} {self.display_name}".strip()


@pghistory.track()
class PbxName(models.Model):
    """The name under which an agent appears in one source's records."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="agent_names", verbose_name=_("source"))
    name = models.CharField(_("nom dans la source"), max_length=128)
    agent = models.ForeignKey(Agent, models.CASCADE, related_name="pbx_names", verbose_name=_("agent"))
    valid_from = models.DateField(_("à partir du"))
    valid_until = models.DateField(_("jusqu’au (exclu)"), null=True, blank=True)

    class Meta:
        verbose_name = _("nom d’agent")
        verbose_name_plural = _("noms d’agents")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_from__lt=F("valid_until")), name="pbx_name_span"
            ),
            # A name that two agents bear on one day could not tell who answered.
            ExclusionConstraint(
                name="pbx_name_one_agent",
                expressions=[
                    ("source", RangeOperators.EQUAL),
                    ("name", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_until"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("Ce nom désigne déjà un agent à ces dates."),
            ),
        ]
        triggers = [
            recheck_trigger(
                stage, since="r.valid_from", until="r.valid_until", company=AGENT_COMPANY, agent="r.agent_id"
            )
            for stage in ("judge", "work")
        ]

    def __str__(self) -> str:
        return f"{self.source}:{self.name}"

    @property
    def last_day(self) -> date | None:
        """The last day on which it holds; None while no end is known."""
        return self.valid_until and self.valid_until - timedelta(days=1)


@pghistory.track()
class Contract(models.Model):
    """What a person works under, half-open [starts_on, ends_on). Only a salary counts for the wage share."""

    class Kind(models.TextChoices):
        CDI = "cdi", _("CDI")
        CDD = "cdd", _("CDD")
        INTERIM = "interim", _("intérim")
        APPRENTICE = "apprentice", _("apprentissage")
        SELF_EMPLOYED = "self", _("indépendant, sans salaire")

    agent = models.ForeignKey(Agent, models.CASCADE, related_name="contracts", verbose_name=_("agent"))
    kind = models.CharField(_("nature"), max_length=10, choices=Kind.choices, default=Kind.CDI)
    starts_on = models.DateField(_("début"))
    ends_on = models.DateField(_("fin (exclue)"), null=True, blank=True)
    weekly_hours = models.DecimalField(_("heures par semaine"), max_digits=4, decimal_places=2, default=35)

    class Meta:
        verbose_name = _("contrat")
        ordering = ["agent", "starts_on"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on=None) | Q(starts_on__lt=F("ends_on")), name="contract_span")
        ]
        triggers = [
            recheck_trigger("judge", since="r.starts_on", until="r.ends_on", company=AGENT_COMPANY, agent="r.agent_id")
        ]

    def __str__(self) -> str:
        return gettext("%(kind)s dès le %(day)s") % {
            "kind": self.get_kind_display(),
            "day": date_format(self.starts_on, "SHORT_DATE_FORMAT"),
        }

    @property
    def last_day(self) -> date | None:
        """The last day on which it runs; None while no end is known."""
        return self.ends_on and self.ends_on - timedelta(days=1)


@pghistory.track()
class LocationProof(InCommune, models.Model):
    """Evidence that an agent's workplace was in France over [valid_from, valid_until).

    ``evidence_sha256`` lets the paper be checked later; ``evidence_file`` names the private copy, when one was brought.
    """

    class Place(models.TextChoices):
        SITE = "site", _("sur site")
        HOME = "home", _("à domicile")

    class Method(models.TextChoices):
        LEASE = "lease", _("bail et attestation")
        ANNEX = "annex", _("avenant de télétravail")
        VISIT = "visit", _("visite sur place")
        NETWORK = "network", _("adresse du réseau")

    agent = models.ForeignKey(Agent, models.CASCADE, related_name="proofs", verbose_name=_("agent"))
    place = models.CharField(_("lieu"), max_length=4, choices=Place.choices)
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, verbose_name=_("site"))
    commune_insee = models.CharField(_("commune (code INSEE)"), max_length=5, validators=[INSEE_COMMUNE])
    method = models.CharField(_("moyen de preuve"), max_length=8, choices=Method.choices)
    valid_from = models.DateTimeField(_("valable du"))
    valid_until = models.DateTimeField(_("jusqu’au (exclu)"))
    evidence_sha256 = models.CharField(_("empreinte de la pièce"), max_length=64, blank=True)
    evidence_file = models.CharField(_("pièce gardée"), max_length=80, blank=True, editable=False)
    evidence_name = models.CharField(_("nom de la pièce"), max_length=120, blank=True)
    revoked_at = models.DateTimeField(_("révoquée le"), null=True, blank=True)
    revoked_reason = models.CharField(_("motif de la révocation"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("déposée le"), auto_now_add=True)

    class Meta:
        verbose_name = _("preuve de lieu")
        verbose_name_plural = _("preuves de lieu")
        ordering = ["agent", "-valid_from"]
        constraints = [
            models.CheckConstraint(condition=Q(valid_from__lt=F("valid_until")), name="proof_span"),
            models.CheckConstraint(
                condition=Q(commune_insee__regex=INSEE_COMMUNE.regex.pattern), name="proof_commune_in_france"
            ),
            models.CheckConstraint(condition=Q(place="home") | Q(site__isnull=False), name="proof_site_named"),
        ]
        triggers = [
            recheck_trigger(
                "judge",
                since="(r.valid_from AT TIME ZONE 'Europe/Paris')::date",
                until="(r.valid_until AT TIME ZONE 'Europe/Paris')::date + 1",
                company=AGENT_COMPANY,
                agent="r.agent_id",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_place_display()}, {self.commune_insee}, {self.get_method_display()}"

    @property
    def ends_at(self) -> datetime:
        """The instant from which it proves nothing any more: its end, or its revocation when that came before."""
        return min(self.valid_until, self.revoked_at or self.valid_until)

    @property
    def last_day(self) -> date:
        """The last Paris day of which it proves something."""
        return paris_day(self.ends_at - timedelta(microseconds=1))
