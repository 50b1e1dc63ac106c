"""Where calls come from: a PBX or a carrier, its clock, and how its names map to our numbers."""

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from .company import Company
from .number import PremiumNumber


class SourceQuerySet(models.QuerySet["Source"]):
    """Sources, cut as pages need them."""

    def of_files(self) -> "SourceQuerySet":
        """Those that write files: what callers ask by video and text comes from the platform itself."""
        return self.exclude(kind=Source.Kind.ACCESS)


@pghistory.track(exclude=["tail", "log_clock"])
class Source(models.Model):
    """A PBX or a carrier. A company's PBX serves that company only; a carrier's file may serve several."""

    class Kind(models.TextChoices):
        PBX = "pbx", _("standard téléphonique")
        CARRIER = "carrier", _("opérateur")
        ACCESS = "access", _("accès des personnes sourdes")

    name = models.SlugField(_("nom"), unique=True)
    kind = models.CharField(_("nature"), max_length=8, choices=Kind.choices, default=Kind.PBX)
    company = models.ForeignKey(
        Company, models.PROTECT, null=True, blank=True, related_name="sources", verbose_name=_("entreprise")
    )
    timezone = models.CharField(_("fuseau horaire des heures locales"), max_length=40, default="Europe/Paris")
    queue_pattern = models.CharField(
        _("motif des files"),
        max_length=120,
        blank=True,
        default=r"(?P<number>0\d{9}|3\d{3})",
        help_text=_(
            "Expression régulière ; son groupe « number » donne le numéro appelé quand aucun alias ne le donne."
        ),
    )
    mapping = models.JSONField(_("correspondance des colonnes"), default=dict, blank=True)
    tail = models.BinaryField(_("fin de ligne en attente"), default=b"", editable=False)
    log_clock = models.DateTimeField(_("horloge du journal"), null=True, editable=False)
    is_active = models.BooleanField(_("active"), default=True)

    objects = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("source")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class NumberAlias(models.Model):
    """A queue or line name of one source that stands for one of our numbers."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="aliases", verbose_name=_("source"))
    name = models.CharField(_("nom dans la source"), max_length=128)
    number = models.ForeignKey(PremiumNumber, models.CASCADE, related_name="aliases", verbose_name=_("numéro"))

    class Meta:
        verbose_name = _("alias de numéro")
        verbose_name_plural = _("alias de numéros")
        constraints = [models.UniqueConstraint(fields=["source", "name"], name="alias_once")]

    def __str__(self) -> str:
        return f"{self.source}:{self.name} → {self.number}"
