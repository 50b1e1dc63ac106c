"""What a switch wrote of its agents themselves: into a queue, out of it, on pause, back. Facts, kept as they came."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .source import Source


class StaffEvent(models.Model):
    """One agent of one source at one instant. Rows come by COPY; ``queue`` is empty for all of the agent's queues.

    ``place`` is the event's rank among those that the agent has in the same instant.
    """

    class Kind(models.TextChoices):
        IN = "in", _("entre dans la file")
        IN_PAUSED = "in_paused", _("entre dans la file, en pause")
        OUT = "out", _("sort de la file")
        PAUSE = "pause", _("en pause")
        RESUME = "resume", _("fin de pause")

    source = models.ForeignKey(Source, models.PROTECT, related_name="staff_events", verbose_name=_("source"))
    at = models.DateTimeField(_("le"))
    agent_name = models.CharField(_("agent dans la source"), max_length=128)
    queue = models.CharField(_("file"), max_length=128, blank=True)
    kind = models.CharField(_("événement"), max_length=9, choices=Kind.choices)
    place = models.PositiveSmallIntegerField(_("rang dans l’instant"))

    class Meta:
        verbose_name = _("événement d’agent")
        verbose_name_plural = _("événements d’agents")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["source", "at", "agent_name", "queue", "kind"], name="staff_event_once")
        ]
        indexes = [models.Index(fields=["source", "agent_name", "at"], name="staff_event_agent")]

    def __str__(self) -> str:
        return f"{self.source}:{self.agent_name} {self.get_kind_display()}"
