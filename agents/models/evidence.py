"""The chain of evidence behind an agent's day: what is asked since when, home agreements, check-ins, networks seen."""

from datetime import date, timedelta

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from numbers.models import Company, Source
from numbers.models.recheck import recheck_trigger

from .agent import AGENT_COMPANY, INSEE_COMMUNE, Agent, LocationProof, Site
from .commune import InCommune


@pghistory.track()
class EvidencePolicy(models.Model):
    """Which links a kept call must rest on, from a day until the next policy's. Before the first, none of these.

    A known name, a running contract and a proof of workplace are always asked: they are no policy but the promise.
    """

    valid_from = models.DateField(_("à partir du"), unique=True)
    needs_agreement = models.BooleanField(_("accord de télétravail exigé à domicile"), default=False)
    needs_check_in = models.BooleanField(_("pointage signé exigé"), default=False)
    needs_passkey = models.BooleanField(_("pointage signé par une clé d’accès exigé"), default=False)
    needs_network = models.BooleanField(_("réseau vu en France exigé"), default=False)
    needs_training = models.BooleanField(_("formations obligatoires exigées"), default=False)
    counts_overseas = models.BooleanField(_("l’outre-mer compte"), default=True)
    check_in_hours = models.PositiveSmallIntegerField(_("durée d’un pointage, heures"), default=12)
    recheck_bp = models.PositiveSmallIntegerField(_("pointages revérifiés, dix-millièmes"), default=0)
    recheck_minutes = models.PositiveSmallIntegerField(_("délai pour répondre, minutes"), default=15)
    note = models.CharField(_("motif"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("politique de preuve")
        verbose_name_plural = _("politiques de preuve")
        ordering = ["-valid_from"]
        constraints = [
            models.CheckConstraint(condition=Q(check_in_hours__gte=1, check_in_hours__lte=16), name="check_in_hours"),
            models.CheckConstraint(condition=Q(recheck_bp__lte=10_000), name="recheck_share"),
            models.CheckConstraint(condition=Q(recheck_minutes__gte=5), name="recheck_minutes"),
            models.CheckConstraint(
                condition=Q(needs_passkey=False) | Q(needs_check_in=True), name="passkey_signs_a_check_in"
            ),
        ]
        # A policy that begins on a past day speaks of every day since, and one moved or withdrawn of its old days.
        triggers = [recheck_trigger("judge", since="r.valid_from", until="NULL")]

    def __str__(self) -> str:
        return f"{self.valid_from:%d/%m/%Y}"


@pghistory.track()
class TeleworkAgreement(InCommune, models.Model):
    """What makes work from home lawful and provable, half-open [starts_on, ends_on).

    Source: Code du travail, art. L.1222-9 to -11: its basis, consent, contact hours and working-time control.
    """

    class Basis(models.TextChoices):
        INDIVIDUAL = "individual", _("accord avec la personne")
        CHARTER = "charter", _("charte de l’entreprise")
        COLLECTIVE = "collective", _("accord collectif")

    agent = models.ForeignKey(Agent, models.CASCADE, related_name="agreements", verbose_name=_("agent"))
    basis = models.CharField(_("fondement"), max_length=10, choices=Basis.choices)
    basis_on = models.DateField(_("daté du"))
    consent_on = models.DateField(_("consentement du"))
    commune_insee = models.CharField(_("commune du domicile (code INSEE)"), max_length=5, validators=[INSEE_COMMUNE])
    starts_on = models.DateField(_("début"))
    ends_on = models.DateField(_("fin (exclue)"), null=True, blank=True)
    contact_from = models.TimeField(_("joignable de"))
    contact_until = models.TimeField(_("joignable jusqu’à"))
    time_control = models.CharField(_("contrôle du temps de travail"), max_length=200)
    equipment = models.CharField(_("équipement fourni"), max_length=200, blank=True)
    end_reason = models.CharField(_("motif de la fin"), max_length=200, blank=True)
    evidence_sha256 = models.CharField(_("empreinte de la pièce"), max_length=64, blank=True)
    evidence_file = models.CharField(_("pièce gardée"), max_length=80, blank=True, editable=False)
    evidence_name = models.CharField(_("nom de la pièce"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("accord de télétravail")
        verbose_name_plural = _("accords de télétravail")
        ordering = ["agent", "-starts_on"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on=None) | Q(starts_on__lt=F("ends_on")), name="agreement_span"),
            models.CheckConstraint(
                condition=Q(commune_insee__regex=INSEE_COMMUNE.regex.pattern), name="agreement_commune_in_france"
            ),
            models.CheckConstraint(condition=Q(contact_from__lt=F("contact_until")), name="agreement_contact_hours"),
        ]
        triggers = [
            recheck_trigger("judge", since="r.starts_on", until="r.ends_on", company=AGENT_COMPANY, agent="r.agent_id")
        ]

    def __str__(self) -> str:
        return f"{self.get_basis_display()}, {self.commune_insee}"

    @property
    def last_day(self) -> date | None:
        """The last day on which it holds; None while no end is known."""
        return self.ends_on and self.ends_on - timedelta(days=1)


@pghistory.track()
class CheckIn(InCommune, models.Model):
    """An agent's signed « I am at work here », good over [started_at, ends_at): the place declared, the network seen.

    Country and department only: the address is kept as a keyed hash that is destroyed with its month's key.
    ``assertion`` is what a passkey signed and all that is needed to verify it again; null where the session signed.
    """

    class Signature(models.TextChoices):
        PASSKEY = "passkey", _("clé d’accès")
        SESSION = "session", _("session ouverte")

    class Ending(models.TextChoices):
        OUT = "out", _("sortie")
        EXPIRED = "expired", _("durée écoulée")
        UNANSWERED = "unanswered", _("vérification sans réponse")
        CORRECTED = "corrected", _("corrigé par l’encadrement")

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", verbose_name=_("entreprise"))
    agent = models.ForeignKey(Agent, models.CASCADE, related_name="check_ins", verbose_name=_("agent"))
    started_at = models.DateTimeField(_("commencé le"))
    ends_at = models.DateTimeField(_("valable jusqu’au (exclu)"))
    ending = models.CharField(_("fin"), max_length=10, choices=Ending.choices, default=Ending.EXPIRED)
    place = models.CharField(_("lieu"), max_length=4, choices=LocationProof.Place.choices)
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("site"))
    commune_insee = models.CharField(_("commune (code INSEE)"), max_length=5, validators=[INSEE_COMMUNE])
    country = models.CharField(_("pays du réseau"), max_length=2, blank=True)
    is_private = models.BooleanField(_("réseau privé"), default=False)
    network_hash = models.CharField(_("empreinte de l’adresse"), max_length=64, blank=True)
    signature = models.CharField(_("signé par"), max_length=8, choices=Signature.choices)
    signed_sha256 = models.CharField(_("empreinte de la signature"), max_length=64, blank=True)
    assertion = models.JSONField(_("signature de la clé"), null=True, blank=True, editable=False)
    corrected_by = models.CharField(_("corrigé par"), max_length=254, blank=True)
    reason = models.CharField(_("motif de la correction"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("pointage")
        ordering = ["-started_at"]
        indexes = [
            models.Index(fields=["agent", "started_at"], name="check_in_agent"),
            models.Index(fields=["company", "started_at"], name="check_in_company"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(started_at__lt=F("ends_at")), name="check_in_span"),
            models.CheckConstraint(
                condition=Q(corrected_by="") | ~Q(reason=""), name="check_in_correction_has_a_reason"
            ),
        ]
        triggers = [
            recheck_trigger(
                "judge",
                since="(r.started_at AT TIME ZONE 'Europe/Paris')::date",
                until="(r.ends_at AT TIME ZONE 'Europe/Paris')::date + 1",
                company="r.company_id",
                agent="r.agent_id",
            )
        ]

    def __str__(self) -> str:
        return f"{self.agent} {self.started_at:%d/%m/%Y %H:%M}"


class PresenceCheck(models.Model):
    """A question at a random moment of a check-in: still there? Without an answer in time the check-in ends then."""

    check_in = models.ForeignKey(CheckIn, models.CASCADE, related_name="checks", verbose_name=_("pointage"))
    asked_at = models.DateTimeField(_("posée à"))
    due_at = models.DateTimeField(_("à répondre avant"))
    answered_at = models.DateTimeField(_("répondue à"), null=True, blank=True)

    class Meta:
        verbose_name = _("vérification de présence")
        verbose_name_plural = _("vérifications de présence")
        ordering = ["-asked_at"]
        constraints = [models.CheckConstraint(condition=Q(asked_at__lt=F("due_at")), name="presence_check_span")]

    def __str__(self) -> str:
        return f"{self.asked_at:%d/%m/%Y %H:%M}"


class NetworkSighting(models.Model):
    """From which country an agent's phone was registered at a switch at one instant, as the switch's log says."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+", verbose_name=_("entreprise"))
    agent = models.ForeignKey(Agent, models.CASCADE, related_name="sightings", verbose_name=_("agent"))
    source = models.ForeignKey(Source, models.PROTECT, related_name="+", verbose_name=_("source"))
    seen_at = models.DateTimeField(_("vu le"))
    country = models.CharField(_("pays"), max_length=2, blank=True)
    is_private = models.BooleanField(_("réseau privé"), default=False)
    network_hash = models.CharField(_("empreinte de l’adresse"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("réseau vu")
        verbose_name_plural = _("réseaux vus")
        ordering = ["-seen_at"]
        indexes = [models.Index(fields=["agent", "seen_at"], name="sighting_agent")]
        constraints = [models.UniqueConstraint(fields=["source", "agent", "seen_at"], name="sighting_once")]
        triggers = [
            recheck_trigger(
                "judge",
                since="(r.seen_at AT TIME ZONE 'Europe/Paris')::date",
                until="(r.seen_at AT TIME ZONE 'Europe/Paris')::date + 2",
                company="r.company_id",
                agent="r.agent_id",
            )
        ]

    def __str__(self) -> str:
        return f"{self.agent} {self.country or '?'} {self.seen_at:%d/%m/%Y %H:%M}"
