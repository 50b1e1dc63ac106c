"""Calls: the facts, partitioned by month, and the count per number and day from which later stages pull."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .channel import Channel
from .company import Company
from .intake import Intake
from .number import PremiumNumber
from .source import Source

# The tables of calls hold no database-level foreign keys: checking three per row doubles the cost of COPY,
# and their only writer resolves the ids in the same transaction.
FACT_KEY = {"db_constraint": False, "db_index": False, "on_delete": models.DO_NOTHING}


class CallerKey(models.Model):
    """The random key of one month, mixed with CALLER_SECRET to hash callers. Destroying it anonymises the month."""

    month = models.DateField(_("mois"), unique=True)
    key = models.BinaryField(_("clé"), editable=False)

    class Meta:
        verbose_name = _("clé d’anonymisation")
        verbose_name_plural = _("clés d’anonymisation")

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class Call(models.Model):
    """One caller's call to one number: the facts as recorded. Unique per (source, external_id) in its month.

    The table is made in SQL: partitioned by ``month``, primary key (id, month). Rows come by COPY only.
    Units: ``wait_ms`` and ``talk_ms`` are whole milliseconds, floored; NULL is unknown, not zero. ``setup_ms`` is the
    part of ``talk_ms``, at its beginning, in which an interpreter or a relay was set up; NULL is none.
    """

    class Outcome(models.TextChoices):
        ANSWERED = "answered", _("répondu")
        ABANDONED = "abandoned", _("abandonné")
        KEY = "key", _("sorti par une touche")
        TIMEOUT = "timeout", _("délai de file dépassé")
        FULL = "full", _("file pleine")
        EMPTY = "empty", _("file sans agent")
        FAILED = "failed", _("échec technique")
        WITHDRAWN = "withdrawn", _("retiré de la file")
        INCOMPLETE = "incomplete", _("inachevé")

    id = models.BigAutoField(primary_key=True)
    month = models.DateField(_("mois"))
    day = models.DateField(_("jour"))
    company = models.ForeignKey(Company, related_name="calls", verbose_name=_("entreprise"), **FACT_KEY)
    number = models.ForeignKey(PremiumNumber, related_name="calls", verbose_name=_("numéro"), **FACT_KEY)
    source = models.ForeignKey(Source, related_name="calls", verbose_name=_("source"), **FACT_KEY)
    intake = models.ForeignKey(Intake, related_name="stored_calls", verbose_name=_("import"), **FACT_KEY)
    external_id = models.CharField(_("identifiant dans la source"), max_length=128)
    connector = models.CharField(_("connecteur"), max_length=32)
    queue = models.CharField(_("file"), max_length=128, null=True)
    caller_hash = models.BinaryField(_("empreinte de l’appelant"), null=True)
    caller_mask = models.CharField(_("appelant"), max_length=24, null=True)
    offered_at = models.DateTimeField(_("présenté le"))
    outcome = models.CharField(_("issue"), max_length=10, choices=Outcome.choices)
    wait_ms = models.IntegerField(_("attente (ms)"), null=True)
    talk_ms = models.IntegerField(_("conversation (ms)"), null=True)
    agent_name = models.CharField(_("agent dans la source"), max_length=128, null=True)
    transferred = models.BooleanField(_("transféré"), default=False)
    channel = models.CharField(_("canal"), max_length=8, choices=Channel.choices, default=Channel.VOICE)
    setup_ms = models.IntegerField(_("mise en relation (ms)"), null=True)

    class Meta:
        managed = False
        db_table = "numbers_call"
        verbose_name = _("appel")
        ordering = ["-offered_at", "-id"]

    def __str__(self) -> str:
        return f"{self.external_id} → {self.number}"


class CallDay(models.Model):
    """The calls of one number on one Paris day: how many, and a revision that grows whenever they change."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="call_days", verbose_name=_("entreprise"))
    number = models.ForeignKey(PremiumNumber, models.PROTECT, related_name="call_days", verbose_name=_("numéro"))
    day = models.DateField(_("jour"))
    calls = models.IntegerField(_("appels"), default=0)
    revision = models.IntegerField(_("révision"), default=1)

    class Meta:
        verbose_name = _("journée d’appels")
        verbose_name_plural = _("journées d’appels")
        ordering = ["-day", "number"]
        constraints = [models.UniqueConstraint(fields=["number", "day"], name="call_day_once")]
        indexes = [models.Index(fields=["company", "day"], name="call_day_company")]

    def __str__(self) -> str:
        return f"{self.number} · {self.day}"
