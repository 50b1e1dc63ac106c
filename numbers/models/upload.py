"""A log that somebody gave through the company's space, and how far the work on it is."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .company import Company, User
from .intake import Intake
from .source import Source


class CallUpload(models.Model):
    """One file given to be taken in: where it is kept, what became of it. The work is a worker's.

    ``path`` is where the encrypted file lies under MEDIA_ROOT, empty once it is deleted. A task delivered twice works
    once: whoever works holds the lock of this row.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("en attente")
        READING = "reading", _("lecture")
        JUDGING = "judging", _("calcul des verdicts et des prix")
        DONE = "done", _("terminé")
        REFUSED = "refused", _("refusé")
        FAILED = "failed", _("échoué")

    company = models.ForeignKey(Company, models.PROTECT, related_name="uploads", verbose_name=_("entreprise"))
    source = models.ForeignKey(Source, models.PROTECT, related_name="uploads", verbose_name=_("source"))
    connector = models.CharField(_("format"), max_length=32)
    file_name = models.CharField(_("fichier"), max_length=255)
    size = models.BigIntegerField(_("taille (octets)"))
    sha256 = models.CharField(_("empreinte"), max_length=64, db_index=True)
    path = models.CharField(_("emplacement"), max_length=200, blank=True)
    state = models.CharField(_("état"), max_length=8, choices=State.choices, default=State.WAITING)
    error = models.TextField(_("ce qui s’est passé"), blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("par"))
    created_at = models.DateTimeField(_("déposé le"))
    started_at = models.DateTimeField(_("commencé le"), null=True, blank=True)
    ended_at = models.DateTimeField(_("fini le"), null=True, blank=True)
    intake = models.ForeignKey(
        Intake, models.SET_NULL, null=True, blank=True, related_name="uploads", verbose_name=_("import")
    )

    class Meta:
        verbose_name = _("dépôt d’un fichier d’appels")
        verbose_name_plural = _("dépôts de fichiers d’appels")
        ordering = ["-id"]
        indexes = [models.Index(fields=["company", "-id"], name="upload_of_company")]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.source})"

    @property
    def is_working(self) -> bool:
        """Whether something is still to come by itself."""
        return self.state in (self.State.WAITING, self.State.READING, self.State.JUDGING)
