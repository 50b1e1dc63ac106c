"""The verdict of each call, how it changed, and each number-day's roll-up."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from numbers.models import Company, PremiumNumber
from numbers.models.call import FACT_KEY

from .agent import Agent, Contract, LocationProof
from .evidence import CheckIn, TeleworkAgreement


class VerdictKind(models.TextChoices):
    KEPT = "kept", _("Tenue")
    LATE = "late", _("Trop tard")
    UNANSWERED = "unanswered", _("Sans réponse")
    UNPROVEN = "unproven", _("Lieu non prouvé")
    ABANDONED = "abandoned", _("Abandon")
    INCOMPLETE = "incomplete", _("Inachevé")
    CLOSED = "closed", _("Hors horaires")


# Why a verdict fell, by the code that the rule of the guarantee gives.
REASONS = {
    "kept": _("promesse tenue"),
    "outside_hours": _("hors des heures annoncées"),
    "left_before_60s": _("l’appelant est parti avant 60 s"),
    "sent_away": _("la file a renvoyé l’appelant"),
    "gave_up_after_60s": _("l’appelant a renoncé après 60 s"),
    "end_unknown": _("la fin n’a pas été enregistrée"),
    "wait_unknown": _("l’attente n’a pas été enregistrée"),
    "answered_late": _("répondu à 60 s ou plus"),
    "agent_unknown": _("agent inconnu de la source"),
    "no_contract": _("agent sans contrat en cours"),
    "no_proof": _("agent sans preuve de lieu valable"),
    "overseas": _("lieu de travail outre-mer, qui ne compte pas"),
    "no_agreement": _("agent à domicile sans accord de télétravail"),
    "no_check_in": _("agent sans pointage signé"),
    "network_abroad": _("réseau vu hors de France"),
    "no_network": _("réseau jamais vu en France"),
    "untrained": _("formation obligatoire manquante ou expirée"),
}


class Verdict(models.Model):
    """What the promise became for one call, why, and the proof it rests on. One per call, partitioned by month.

    Made in SQL like ``numbers.Call``; rows come by COPY. Every change of verdict or reason has a VerdictChange beside.
    ``charged_ms`` is the talk that is charged: set when the verdict is kept, and only then.
    """

    call_id = models.BigIntegerField("appel", primary_key=True)
    month = models.DateField("mois")
    day = models.DateField("jour")
    company = models.ForeignKey(Company, related_name="verdicts", verbose_name="entreprise", **FACT_KEY)
    number = models.ForeignKey(PremiumNumber, related_name="verdicts", verbose_name="numéro", **FACT_KEY)
    verdict = models.CharField("promesse", max_length=10, choices=VerdictKind.choices)
    reason = models.CharField("motif", max_length=24)
    agent = models.ForeignKey(Agent, related_name="verdicts", verbose_name="agent", null=True, **FACT_KEY)
    contract = models.ForeignKey(Contract, related_name="+", verbose_name="contrat", null=True, **FACT_KEY)
    proof = models.ForeignKey(LocationProof, related_name="+", verbose_name="preuve", null=True, **FACT_KEY)
    agreement = models.ForeignKey(
        TeleworkAgreement, related_name="+", verbose_name="accord de télétravail", null=True, **FACT_KEY
    )
    check_in = models.ForeignKey(CheckIn, related_name="+", verbose_name="pointage", null=True, **FACT_KEY)
    charged_ms = models.IntegerField("durée facturée, ms", null=True)
    rule_version = models.SmallIntegerField("version de la règle")

    class Meta:
        managed = False
        db_table = "agents_verdict"
        verbose_name = "verdict"

    def __str__(self) -> str:
        return self.get_verdict_display()


class VerdictChange(models.Model):
    """What a verdict was before it changed. Append-only."""

    call_id = models.BigIntegerField("appel", db_index=True)
    month = models.DateField("mois")
    company = models.ForeignKey(Company, models.PROTECT, related_name="+", verbose_name="entreprise")
    old_verdict = models.CharField("avant", max_length=10, choices=VerdictKind.choices)
    old_reason = models.CharField("motif d’avant", max_length=24)
    new_verdict = models.CharField("après", max_length=10, choices=VerdictKind.choices)
    new_reason = models.CharField("motif d’après", max_length=24)
    changed_at = models.DateTimeField("le")

    class Meta:
        verbose_name = "verdict révisé"
        verbose_name_plural = "verdicts révisés"
        ordering = ["-changed_at", "-id"]

    def __str__(self) -> str:
        return f"{self.old_verdict} → {self.new_verdict}"


class JudgedDay(models.Model):
    """One number-day as judged: counts per verdict for every page, and the revisions that tie it to its calls."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="judged_days", verbose_name="entreprise")
    number = models.ForeignKey(PremiumNumber, models.PROTECT, related_name="judged_days", verbose_name="numéro")
    day = models.DateField("jour")
    seen_revision = models.IntegerField("révision des appels jugée")
    revision = models.IntegerField("révision", default=1)
    is_stale = models.BooleanField("à réexaminer", default=False)
    calls = models.IntegerField("appels", default=0)
    answered = models.IntegerField("répondus", default=0)
    kept = models.IntegerField("tenus", default=0)
    late = models.IntegerField("trop tard", default=0)
    unanswered = models.IntegerField("sans réponse", default=0)
    unproven = models.IntegerField("lieu non prouvé", default=0)
    abandoned = models.IntegerField("abandons", default=0)
    incomplete = models.IntegerField("inachevés", default=0)
    closed = models.IntegerField("hors horaires", default=0)
    wait_histogram = models.JSONField("attentes par tranche de 5 s", default=list)

    class Meta:
        verbose_name = "journée jugée"
        verbose_name_plural = "journées jugées"
        ordering = ["-day", "number"]
        constraints = [models.UniqueConstraint(fields=["number", "day"], name="judged_day_once")]
        indexes = [
            models.Index(fields=["company", "day"], name="judged_day_company"),
            models.Index(fields=["company"], condition=models.Q(is_stale=True), name="judged_day_stale"),
        ]

    def __str__(self) -> str:
        return f"{self.number} · {self.day}"
