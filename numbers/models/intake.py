"""What came in: files, the rows they were refused, and the calls that are still open."""

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .company import User
from .source import Source


class Intake(models.Model):
    """One file taken in, with its counts. Written in the same transaction as its calls."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="intakes", verbose_name=_("source"))
    connector = models.CharField(_("connecteur"), max_length=32)
    file_name = models.CharField(_("fichier"), max_length=255)
    sha256 = models.CharField(_("empreinte"), max_length=64, db_index=True)
    size = models.BigIntegerField(_("taille (octets)"))
    read = models.BigIntegerField(_("lignes lues"), default=0)
    calls = models.BigIntegerField(_("appels ajoutés"), default=0)
    duplicates = models.BigIntegerField(_("appels déjà connus"), default=0)
    revised = models.BigIntegerField(_("appels complétés"), default=0)
    open = models.BigIntegerField(_("appels en cours"), default=0)
    rejected = models.BigIntegerField(_("lignes refusées"), default=0)
    ignored = models.JSONField(_("ignorées, par cause"), default=dict)
    first_day = models.DateField(_("premier jour d’appels"), null=True, blank=True)
    last_day = models.DateField(_("dernier jour d’appels"), null=True, blank=True)
    started_at = models.DateTimeField(_("début"))
    ended_at = models.DateTimeField(_("fin"), null=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, verbose_name=_("par"))

    class Meta:
        verbose_name = _("import d’appels")
        verbose_name_plural = _("imports d’appels")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.source})"


class RejectedRow(models.Model):
    """A row that was refused: kept with its reason, without any caller's number, to be mended and replayed."""

    intake = models.ForeignKey(Intake, models.CASCADE, related_name="rejects", verbose_name=_("import"))
    line = models.BigIntegerField(_("ligne"))
    field = models.CharField(_("champ"), max_length=64)
    value = models.CharField(_("valeur"), max_length=200, blank=True)
    expected = models.CharField(_("attendu"), max_length=300)
    payload = models.JSONField(_("appel refusé"), null=True, blank=True)
    replayed_at = models.DateTimeField(_("repris le"), null=True, blank=True)

    class Meta:
        verbose_name = _("ligne refusée")
        verbose_name_plural = _("lignes refusées")
        ordering = ["intake", "line"]

    def __str__(self) -> str:
        return gettext("ligne %(line)s, %(field)s") % {"line": self.line, "field": self.field}


class OpenCall(models.Model):
    """The events so far of a call that a later file may still change. Callers stand as hash and mask only."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="open_calls", verbose_name=_("source"))
    connector = models.CharField(_("connecteur"), max_length=32, default="asterisk-queue-log")
    external_id = models.CharField(_("identifiant dans la source"), max_length=128)
    events = models.JSONField(_("événements"))
    last_event_at = models.DateTimeField(_("dernier événement"))
    is_stored = models.BooleanField(_("appel déjà enregistré"), default=False)

    class Meta:
        verbose_name = _("appel en cours")
        verbose_name_plural = _("appels en cours")
        constraints = [models.UniqueConstraint(fields=["source", "connector", "external_id"], name="open_call_once")]

    def __str__(self) -> str:
        return f"{self.source}:{self.external_id}"
