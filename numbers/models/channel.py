"""How deaf and hard-of-hearing callers reach a number beside its voice: channels, their hours, what the law asks."""

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from illico_platform.web import show
from numbers.rules.opening_text import write_clock

from .number import NUMBER_COMPANY, ClockField, DateRange, PremiumNumber, Weekday
from .recheck import recheck_trigger

_OWNER = "numbers_accesschannel a JOIN numbers_premiumnumber n ON n.id = a.number_id WHERE a.id = r.access_id"
_NEVER = "'9999-12-31'::date"  # the channel itself went: its own note speaks of the days


class Channel(models.TextChoices):
    """What a call came through."""

    VOICE = "voice", _("voix")
    LSF = "lsf", _("langue des signes (vidéo)")
    LPC = "lpc", _("langue parlée complétée (vidéo)")
    TEXT = "text", _("texte en temps réel")


@pghistory.track()
class AccessChannel(models.Model):
    """A channel that a number offers beside voice, over a span of days; other hours are another row."""

    class Hours(models.TextChoices):
        SAME = "same", _("les mêmes que la voix")
        OWN = "own", _("des horaires propres")

    number = models.ForeignKey(PremiumNumber, models.CASCADE, related_name="channels", verbose_name=_("numéro"))
    channel = models.CharField(_("canal"), max_length=8, choices=Channel.choices[1:])
    opening = models.CharField(_("horaires"), max_length=4, choices=Hours.choices, default=Hours.SAME)
    valid_from = models.DateField(_("à partir du"))
    valid_until = models.DateField(_("jusqu’au (exclu)"), null=True, blank=True)

    class Meta:
        verbose_name = _("canal d’accès")
        verbose_name_plural = _("canaux d’accès")
        ordering = ["number", "channel", "valid_from"]
        constraints = [
            ExclusionConstraint(
                name="access_channel_no_overlap",
                expressions=[
                    ("number", RangeOperators.EQUAL),
                    ("channel", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_until"), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(condition=Q(channel__in=["lsf", "lpc", "text"]), name="access_channel_known"),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_from__lt=F("valid_until")), name="access_channel_lasts"
            ),
        ]
        triggers = [
            recheck_trigger(
                "judge", since="r.valid_from", until="r.valid_until", company=NUMBER_COMPANY, number="r.number_id"
            )
        ]

    def __str__(self) -> str:
        return show.pair(self.number, self.get_channel_display())


@pghistory.track()
class AccessOpening(models.Model):
    """One opening interval of one weekday of a channel with hours of its own; seconds of the local day, half-open."""

    access = models.ForeignKey(AccessChannel, models.CASCADE, related_name="hours", verbose_name=_("canal d’accès"))
    weekday = models.PositiveSmallIntegerField(_("jour"), choices=Weekday.choices)
    opens_s = ClockField(_("ouvre à"))
    closes_s = ClockField(_("ferme à"))

    class Meta:
        verbose_name = _("plage d’ouverture d’un canal")
        verbose_name_plural = _("plages d’ouverture des canaux")
        ordering = ["access", "weekday", "opens_s"]
        constraints = [
            models.CheckConstraint(
                condition=Q(opens_s__lt=F("closes_s"), closes_s__lte=86400), name="access_hours_in_day"
            ),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="access_hours_weekday"),
        ]
        triggers = [
            recheck_trigger(
                "judge",
                since=f"coalesce((SELECT a.valid_from FROM {_OWNER}), {_NEVER})",
                until=f"(SELECT a.valid_until FROM {_OWNER})",
                company=f"(SELECT n.company_id FROM {_OWNER})",
                number=f"(SELECT a.number_id FROM {_OWNER})",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {write_clock(self.opens_s)}–{write_clock(self.closes_s)}"


@pghistory.track()
class AccessDuty(models.Model):
    """A dated row of the law: how much of the voice line's hours each channel must be open, in basis points."""

    least_share_bp = models.PositiveIntegerField(_("part des horaires de la voix (points de base)"))
    valid_from = models.DateField(_("à partir du"))
    valid_until = models.DateField(_("jusqu’au (exclu)"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200)
    verified = models.BooleanField(_("vérifié auprès du texte"), default=False)

    class Meta:
        verbose_name = _("obligation d’horaires d’accès")
        verbose_name_plural = _("obligations d’horaires d’accès")
        ordering = ["valid_from"]
        constraints = [
            ExclusionConstraint(
                name="access_duty_no_overlap",
                expressions=[(DateRange("valid_from", "valid_until"), RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(condition=Q(least_share_bp__lte=10_000), name="access_duty_share"),
        ]

    def __str__(self) -> str:
        return show.pair(self.valid_from, show.percent_bp(self.least_share_bp))
