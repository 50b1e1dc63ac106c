"""What a person must look at, and what people did about it."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from billing.models.finding_words import said
from numbers.models import Company, User

# What the night writes beside a finding, and why.
FACTS_CHANGED = gettext_noop("Les faits ont changé depuis la résolution.")
BACK_AGAIN = gettext_noop("Il avait disparu depuis la résolution, il est revenu.")
NO_LONGER_THEIRS = gettext_noop("La personne a quitté l’équipe ou changé de rôle : à confier à quelqu’un d’autre.")
_OF_THE_NIGHT = (FACTS_CHANGED, BACK_AGAIN, NO_LONGER_THEIRS)


class Finding(models.Model):
    """Something that a person should look at: what, how bad, which rows, what to do. One per ``key``.

    The night opens findings and closes those it no longer sees; it repairs nothing. A person may resolve one by hand:
    then ``settled`` keeps what its facts were, and the night opens it again only when they have changed. Once its
    facts are gone ``settled`` is empty ({}), and any that come are news.
    """

    class Severity(models.TextChoices):
        INFO = "info", _("information")
        WARNING = "warning", _("à vérifier")
        ERROR = "error", _("à corriger")

    key = models.CharField(_("clé"), max_length=160, unique=True)
    kind = models.CharField(_("nature"), max_length=40, db_index=True)
    severity = models.CharField(_("gravité"), max_length=8, choices=Severity.choices)
    company = models.ForeignKey(
        Company, models.CASCADE, null=True, related_name="findings", verbose_name=_("entreprise")
    )
    title = models.CharField(_("constat"), max_length=200)
    detail = models.JSONField(_("détail"), default=dict)
    action = models.CharField(_("que faire"), max_length=300)
    first_seen_on = models.DateField(_("vu le"))
    last_seen_on = models.DateField(_("revu le"))
    resolved_at = models.DateTimeField(_("résolu le"), null=True, blank=True)
    assigned_to = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="findings", verbose_name=_("confié à")
    )
    settled = models.JSONField(_("faits lors de la résolution à la main"), null=True, blank=True)

    class Meta:
        verbose_name = _("constat")
        ordering = ["resolved_at", "-last_seen_on", "-id"]
        indexes = [models.Index(fields=["company", "kind"], condition=models.Q(resolved_at=None), name="finding_open")]

    @property
    def said(self) -> str:
        """What it says in the reader's language; as it was stored where its facts make no sentence."""
        return said(self.kind, self.detail) or self.title

    def __str__(self) -> str:
        return self.said


class FindingNote(models.Model):
    """One step of the work on a finding: who, when, what. Append-only; ``by`` empty is the night."""

    class Kind(models.TextChoices):
        COMMENT = "comment", _("commentaire")
        ASSIGNED = "assigned", _("confié")
        RESOLVED = "resolved", _("résolu")
        REOPENED = "reopened", _("rouvert")

    finding = models.ForeignKey(Finding, models.CASCADE, related_name="notes", verbose_name=_("constat"))
    kind = models.CharField(_("étape"), max_length=8, choices=Kind.choices)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("par"))
    text = models.TextField(_("texte"), blank=True)
    at = models.DateTimeField(_("le"))

    class Meta:
        verbose_name = _("étape d’un constat")
        verbose_name_plural = _("étapes des constats")
        ordering = ["at", "id"]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    @property
    def said(self) -> str:
        """Its text; the night's own words in the reader's language."""
        return gettext(self.text) if self.text in _OF_THE_NIGHT else self.text

    def __str__(self) -> str:
        return f"{self.finding} · {self.get_kind_display()}"
