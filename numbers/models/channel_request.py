"""Requests that wait or talk by sign language, cued speech or text, and the words that two sides of a room exchange."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from illico_platform.web import show
from numbers.rules.channel_clock import Ending, Moments, Side

from .channel import Channel
from .company import Company
from .number import PremiumNumber


class ChannelRequest(models.Model):
    """A caller who asks for an answer through a channel; once it ended it becomes a call and is forgotten.

    Nothing says who the caller is. ``key`` is the hash of what only their browser holds; ``agent_name`` is the
    agent's name in the company's source of such calls.
    """

    class EndedBy(models.TextChoices):
        CALLER = Ending.CALLER, _("l’appelant")
        AGENT = Ending.AGENT, _("l’agent")
        CALLER_LOST = Ending.CALLER_LOST, _("l’appelant ne donne plus signe de vie")
        AGENT_LOST = Ending.AGENT_LOST, _("l’agent ne donne plus signe de vie")
        LIMIT = Ending.LIMIT, _("la plus longue attente")
        WITHDRAWN = Ending.WITHDRAWN, _("la suspension du numéro")

    company = models.ForeignKey(Company, models.PROTECT, related_name="requests", verbose_name=_("entreprise"))
    number = models.ForeignKey(PremiumNumber, models.PROTECT, related_name="requests", verbose_name=_("numéro"))
    channel = models.CharField(_("canal"), max_length=8, choices=Channel.choices[1:])
    key = models.CharField(_("empreinte de la clé"), max_length=64, unique=True, editable=False)
    entered_at = models.DateTimeField(_("entrée"))
    answered_at = models.DateTimeField(_("réponse"), null=True)
    ready_at = models.DateTimeField(_("mise en relation faite"), null=True)
    ended_at = models.DateTimeField(_("fin"), null=True)
    ended_by = models.CharField(_("finie par"), max_length=12, choices=EndedBy.choices, blank=True)
    agent_name = models.CharField(_("agent dans la source"), max_length=128, blank=True)
    caller_seen_at = models.DateTimeField(_("dernier signe de l’appelant"))
    agent_seen_at = models.DateTimeField(_("dernier signe de l’agent"), null=True)
    caller_left = models.BooleanField(_("l’appelant a quitté la page"), default=False)
    agent_left = models.BooleanField(_("l’agent a quitté la page"), default=False)
    # The page that speaks for each side: a second tab takes the seat, the first one then only watches.
    caller_seat = models.CharField(max_length=32, blank=True, editable=False)
    agent_seat = models.CharField(max_length=32, blank=True, editable=False)
    round = models.PositiveIntegerField(_("établissement de la liaison"), default=0)
    stored_at = models.DateTimeField(_("devenue un appel le"), null=True)

    class Meta:
        verbose_name = _("demande d’accès")
        verbose_name_plural = _("demandes d’accès")
        ordering = ["-entered_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "agent_name"],
                condition=Q(ended_at=None) & ~Q(agent_name=""),
                name="request_one_talk_an_agent",
            ),
            models.CheckConstraint(condition=Q(channel__in=["lsf", "lpc", "text"]), name="request_channel_known"),
            models.CheckConstraint(
                condition=Q(answered_at=None) | Q(answered_at__gte=F("entered_at")), name="request_answered_after"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("entered_at")), name="request_ended_after"
            ),
            models.CheckConstraint(condition=Q(answered_at=None) | ~Q(agent_name=""), name="request_answered_by"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by="") | (Q(ended_at__isnull=False) & ~Q(ended_by="")),
                name="request_ended_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["company", "entered_at"], condition=Q(ended_at=None), name="request_running"),
            models.Index(fields=["company"], condition=Q(stored_at=None), name="request_to_store"),
        ]

    def __str__(self) -> str:
        return show.pair(self.number, self.get_channel_display())

    @property
    def moments(self) -> Moments:
        """The facts that the clock reads."""
        return Moments(
            entered=self.entered_at,
            caller_seen=self.caller_seen_at,
            answered=self.answered_at,
            ready=self.ready_at,
            ended=self.ended_at,
            ending=self.ended_by,
            agent_seen=self.agent_seen_at,
            caller_left=self.caller_left,
            agent_left=self.agent_left,
        )


class RoomSignal(models.Model):
    """A word from one side to the other on its way; taken away once read, all of them when the request ends."""

    class Kind(models.TextChoices):
        OFFER = "offer", _("offre")
        ANSWER = "answer", _("réponse")
        CANDIDATE = "candidate", _("adresse")
        TEXT = "text", _("texte")

    request = models.ForeignKey(ChannelRequest, models.CASCADE, related_name="signals", verbose_name=_("demande"))
    round = models.PositiveIntegerField(_("établissement de la liaison"))
    sender = models.CharField(
        _("de"), max_length=8, choices=[(Side.CALLER.value, _("l’appelant")), (Side.AGENT.value, _("l’agent"))]
    )
    kind = models.CharField(_("nature"), max_length=10, choices=Kind.choices)
    payload = models.TextField(_("contenu"))
    sent_at = models.DateTimeField(_("envoyé le"))

    class Meta:
        verbose_name = _("message de salle")
        verbose_name_plural = _("messages de salle")
        ordering = ["id"]

    def __str__(self) -> str:
        return show.pair(self.request_id, self.get_kind_display())
