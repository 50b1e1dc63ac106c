"""The verdict of each call, how it changed, and each number-day's roll-up."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from numbers.models import Channel, Company, PremiumNumber
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

    call_id = models.BigIntegerField(_("appel"), primary_key=True)
    month = models.DateField(_("mois"))
    day = models.DateField(_("jour"))
    company = models.ForeignKey(Company, related_name="verdicts", verbose_name=_("entreprise"), **FACT_KEY)
    number = models.ForeignKey(PremiumNumber, related_name="verdicts", verbose_name=_("numéro"), **FACT_KEY)
    verdict = models.CharField(_("promesse"), max_length=10, choices=VerdictKind.choices)
    reason = models.CharField(_("motif"), max_length=24)
    agent = models.ForeignKey(Agent, related_name="verdicts", verbose_name=_("agent"), null=True, **FACT_KEY)
    contract = models.ForeignKey(Contract, related_name="+", verbose_name=_("contrat"), null=True, **FACT_KEY)
    proof = models.ForeignKey(LocationProof, related_name="+", verbose_name=_("preuve"), null=True, **FACT_KEY)
    agreement = models.ForeignKey(
        TeleworkAgreement, related_name="+", verbose_name=_("accord de télétravail"), null=True, **FACT_KEY
    )
    check_in = models.ForeignKey(CheckIn, related_name="+", verbose_name=_("pointage"), null=True, **FACT_KEY)
    charged_ms = models.IntegerField(_("durée facturée, ms"), null=True)
    rule_version = models.SmallIntegerField(_("version de la règle"))

    class Meta:
        managed = False
        db_table = "agents_verdict"
        verbose_name = _("verdict")

    def __str__(self) -> str:
        return self.get_verdict_display()


class VerdictChange(models.Model):
    """What a verdict was before it changed. Append-only."""

    call_id = models.BigIntegerField(_("appel"), db_index=True)
    month = models.DateField(_("mois"))
    company = models.ForeignKey(Company, models.PROTECT, related_name="+", verbose_name=_("entreprise"))
    old_verdict = models.CharField(_("avant"), max_length=10, choices=VerdictKind.choices)
    old_reason = models.CharField(_("motif d’avant"), max_length=24)
    new_verdict = models.CharField(_("après"), max_length=10, choices=VerdictKind.choices)
    new_reason = models.CharField(_("motif d’après"), max_length=24)
    changed_at = models.DateTimeField(_("le"))

    class Meta:
        verbose_name = _("verdict révisé")
        verbose_name_plural = _("verdicts révisés")
        ordering = ["-changed_at", "-id"]

    def __str__(self) -> str:
        return f"{self.old_verdict} → {self.new_verdict}"


class JudgedDay(models.Model):
    """One number-day as judged: counts per verdict for every page, and the revisions that tie it to its calls."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="judged_days", verbose_name=_("entreprise"))
    number = models.ForeignKey(PremiumNumber, models.PROTECT, related_name="judged_days", verbose_name=_("numéro"))
    day = models.DateField(_("jour"))
    seen_revision = models.IntegerField(_("révision des appels jugée"))
    revision = models.IntegerField(_("révision"), default=1)
    is_stale = models.BooleanField(_("à réexaminer"), default=False)
    calls = models.IntegerField(_("appels"), default=0)
    answered = models.IntegerField(_("répondus"), default=0)
    kept = models.IntegerField(_("tenus"), default=0)
    late = models.IntegerField(_("trop tard"), default=0)
    unanswered = models.IntegerField(_("sans réponse"), default=0)
    unproven = models.IntegerField(_("lieu non prouvé"), default=0)
    abandoned = models.IntegerField(_("abandons"), default=0)
    incomplete = models.IntegerField(_("inachevés"), default=0)
    closed = models.IntegerField(_("hors horaires"), default=0)
    wait_histogram = models.JSONField(_("attentes par tranche de 5 s"), default=list)

    class Meta:
        verbose_name = _("journée jugée")
        verbose_name_plural = _("journées jugées")
        ordering = ["-day", "number"]
        constraints = [models.UniqueConstraint(fields=["number", "day"], name="judged_day_once")]
        indexes = [
            models.Index(fields=["company", "day"], name="judged_day_company"),
            models.Index(fields=["company"], condition=models.Q(is_stale=True), name="judged_day_stale"),
        ]

    def __str__(self) -> str:
        return f"{self.number} · {self.day}"


class ChannelDay(models.Model):
    """What became of one number-day's calls by one channel beside voice. ``JudgedDay`` counts all channels together.

    A number-day that only voice reached has none. ``free_setup_ms``: of the kept calls, the time that set up an
    interpreter or a relay, which nobody pays.
    """

    company = models.ForeignKey(Company, models.PROTECT, related_name="channel_days", verbose_name=_("entreprise"))
    number = models.ForeignKey(PremiumNumber, models.PROTECT, related_name="channel_days", verbose_name=_("numéro"))
    day = models.DateField(_("jour"))
    channel = models.CharField(_("canal"), max_length=8, choices=Channel.choices[1:])
    calls = models.IntegerField(_("appels"))
    answered = models.IntegerField(_("répondus"))
    kept = models.IntegerField(_("tenus"))
    late = models.IntegerField(_("trop tard"))
    unanswered = models.IntegerField(_("sans réponse"))
    unproven = models.IntegerField(_("lieu non prouvé"))
    abandoned = models.IntegerField(_("abandons"))
    incomplete = models.IntegerField(_("inachevés"))
    closed = models.IntegerField(_("hors horaires"))
    charged_ms = models.BigIntegerField(_("durée facturée (ms)"))
    free_setup_ms = models.BigIntegerField(_("mise en relation offerte (ms)"))

    class Meta:
        verbose_name = _("journée d’un canal")
        verbose_name_plural = _("journées des canaux")
        ordering = ["-day", "number", "channel"]
        constraints = [models.UniqueConstraint(fields=["number", "day", "channel"], name="channel_day_once")]
        indexes = [models.Index(fields=["company", "day"], name="channel_day_company")]

    def __str__(self) -> str:
        return f"{self.number} · {self.day} · {self.get_channel_display()}"
