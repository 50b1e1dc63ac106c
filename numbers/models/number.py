"""Premium numbers: what they are, who pays, when they are open, what may be charged on them."""

import pghistory
import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from illico_platform.web import show
from numbers.rules.opening_text import write_clock
from numbers.rules.plan import display

from .company import Company, User
from .recheck import recheck_trigger

NUMBER_COMPANY = "(SELECT n.company_id FROM numbers_premiumnumber n WHERE n.id = r.number_id)"


class DateRange(Func):
    """SQL ``daterange(from, until)``, half-open; an empty end is open."""

    function = "daterange"
    output_field = models.Field()


class ClockField(models.PositiveIntegerField):
    """A time of day, stored as seconds since midnight."""

    def words(self, value: int) -> str:
        """How the history tells it."""
        return write_clock(value)


@pghistory.track()
class PremiumNumber(models.Model):
    """One number of one company. Its status moves only through ``services.decide``."""

    class Payer(models.TextChoices):
        CALLER = "caller", _("l’appelant")
        SPONSOR = "sponsor", _("l’annonceur")

    class Status(models.TextChoices):
        DRAFT = "draft", _("brouillon")
        SUBMITTED = "submitted", _("déposé")
        APPROVED = "approved", _("accepté")
        LIVE = "live", _("en service")
        SUSPENDED = "suspended", _("suspendu")
        CEASED = "ceased", _("résilié")
        QUARANTINED = "quarantined", _("en quarantaine")

    class UseCase(models.TextChoices):
        PAID_ADVICE = "PAID_ADVICE", _("conseil payant")
        INFORMATION = "INFORMATION", _("information")
        EXPERT = "EXPERT", _("avis d’expert")
        PRE_SALE = "PRE_SALE", _("avant-vente")
        ORDER_TAKING = "ORDER_TAKING", _("prise de commande")
        B2B_ONLY = "B2B_ONLY", _("réservé aux professionnels")
        CONSUMER_AFTER_SALES = "CONSUMER_AFTER_SALES", _("après-vente")
        CONSUMER_COMPLAINT = "CONSUMER_COMPLAINT", _("réclamation")
        CONTRACT_EXECUTION = "CONTRACT_EXECUTION", _("exécution d’un contrat")
        TELECOM_HOTLINE = "TELECOM_HOTLINE", _("assistance d’un opérateur télécom")
        PUBLIC_MISSION = "PUBLIC_MISSION", _("organisme privé chargé d’une mission administrative")
        STATE_ADMIN = "STATE_ADMIN", _("administration de l’État")
        SOCIAL_SECURITY = "SOCIAL_SECURITY", _("sécurité sociale")
        LOCAL_AUTHORITY = "LOCAL_AUTHORITY", _("collectivité locale")
        LISTED_SOCIAL_SERVICE = "LISTED_SOCIAL_SERVICE", _("service social listé par décret")
        EMERGENCY = "EMERGENCY", _("urgence")
        DEAF_ACCESS = "DEAF_ACCESS", _("accès des personnes sourdes")

    company = models.ForeignKey(Company, models.PROTECT, related_name="numbers", verbose_name=_("entreprise"))
    digits = models.CharField(_("numéro"), max_length=10, help_text=_("Chiffres nationaux : 0892690001 ou 3939."))
    e164 = models.CharField(_("forme internationale"), max_length=15, blank=True)
    family = models.CharField(_("famille"), max_length=20, blank=True)
    payer = models.CharField(_("qui paie"), max_length=8, choices=Payer.choices, default=Payer.CALLER)
    use_case = models.CharField(_("usage"), max_length=24, choices=UseCase.choices)
    status = models.CharField(_("état"), max_length=12, choices=Status.choices, default=Status.DRAFT)
    label = models.CharField(_("nom du service"), max_length=120, blank=True)
    created_at = models.DateTimeField(_("créé le"), auto_now_add=True)

    class Meta:
        verbose_name = _("numéro")
        ordering = ["digits"]
        constraints = [
            models.UniqueConstraint(
                fields=["digits"], condition=~Q(status__in=["ceased", "quarantined"]), name="number_in_use_once"
            ),
            models.CheckConstraint(condition=Q(digits__regex=r"^\d{3,10}$"), name="number_digits"),
        ]

    def __str__(self) -> str:
        return display(self.digits)


class NumberTransition(models.Model):
    """One step in a number's life: from, to, who, when, why. Append-only."""

    number = models.ForeignKey(PremiumNumber, models.CASCADE, related_name="transitions", verbose_name=_("numéro"))
    from_status = models.CharField(_("de"), max_length=12, choices=PremiumNumber.Status.choices)
    to_status = models.CharField(_("vers"), max_length=12, choices=PremiumNumber.Status.choices)
    by = models.ForeignKey(User, models.PROTECT, null=True, verbose_name=_("par"))
    reason = models.TextField(_("motif"))
    at = models.DateTimeField(_("le"))

    class Meta:
        verbose_name = _("étape de la vie d’un numéro")
        verbose_name_plural = _("étapes de la vie d’un numéro")
        ordering = ["at", "id"]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.number} · {self.get_from_status_display()} → {self.get_to_status_display()}"


class Weekday(models.IntegerChoices):
    MONDAY = 0, _("lundi")
    TUESDAY = 1, _("mardi")
    WEDNESDAY = 2, _("mercredi")
    THURSDAY = 3, _("jeudi")
    FRIDAY = 4, _("vendredi")
    SATURDAY = 5, _("samedi")
    SUNDAY = 6, _("dimanche")


@pghistory.track()
class OpeningHours(models.Model):
    """One opening interval of one weekday, seconds of the local day, half-open; several a day are allowed."""

    number = models.ForeignKey(PremiumNumber, models.CASCADE, related_name="hours", verbose_name=_("numéro"))
    weekday = models.PositiveSmallIntegerField(_("jour"), choices=Weekday.choices)
    opens_s = ClockField(_("ouvre à"))
    closes_s = ClockField(_("ferme à"))
    valid_from = models.DateField(_("à partir du"))
    valid_until = models.DateField(_("jusqu’au (exclu)"), null=True, blank=True)

    class Meta:
        verbose_name = _("plage d’ouverture")
        verbose_name_plural = _("plages d’ouverture")
        ordering = ["number", "weekday", "opens_s"]
        constraints = [
            models.CheckConstraint(condition=Q(opens_s__lt=F("closes_s"), closes_s__lte=86400), name="hours_in_day"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="hours_weekday"),
        ]
        triggers = [
            recheck_trigger(
                "judge", since="r.valid_from", until="r.valid_until", company=NUMBER_COMPANY, number="r.number_id"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {write_clock(self.opens_s)}–{write_clock(self.closes_s)}"


@pghistory.track()
class OpeningException(models.Model):
    """A dated exception: closed that day, or other hours instead of the weekly ones."""

    number = models.ForeignKey(PremiumNumber, models.CASCADE, related_name="exceptions", verbose_name=_("numéro"))
    day = models.DateField(_("jour"))
    opens_s = ClockField(_("ouvre à"), null=True, blank=True)
    closes_s = ClockField(_("ferme à"), null=True, blank=True)
    reason = models.CharField(_("motif"), max_length=80, blank=True, help_text=_("Lu par les appelants."))

    class Meta:
        verbose_name = _("exception d’ouverture")
        verbose_name_plural = _("exceptions d’ouverture")
        ordering = ["number", "day", "opens_s"]
        constraints = [
            models.CheckConstraint(
                # A comparison with nothing is neither true nor false, which a constraint lets through.
                condition=Q(opens_s__isnull=True, closes_s__isnull=True)
                | Q(opens_s__isnull=False, closes_s__isnull=False, opens_s__lt=F("closes_s"), closes_s__lte=86400),
                name="exception_in_day",
            )
        ]
        triggers = [
            recheck_trigger("judge", since="r.day", until="r.day + 1", company=NUMBER_COMPANY, number="r.number_id")
        ]

    def __str__(self) -> str:
        if self.opens_s is None or self.closes_s is None:
            return show.pair(self.day, gettext("fermé"))
        return show.pair(self.day, f"{write_clock(self.opens_s)}–{write_clock(self.closes_s)}")


class PlanCeiling(models.Model):
    """A dated row of the numbering plan: the highest service price that a range of numbers may carry."""

    class Unit(models.TextChoices):
        MINUTE = "per_min", _("par minute")
        CALL = "per_call", _("par appel")

    prefix = models.CharField(_("préfixe"), max_length=10)
    unit = models.CharField(_("unité"), max_length=8, choices=Unit.choices)
    ceiling_micros = models.BigIntegerField(_("plafond TTC (micro-euros)"))
    valid_from = models.DateField(_("à partir du"))
    valid_until = models.DateField(_("jusqu’au (exclu)"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200)
    verified = models.BooleanField(_("vérifié auprès de l’ARCEP"), default=False)

    class Meta:
        verbose_name = _("plafond du plan de numérotation")
        verbose_name_plural = _("plafonds du plan de numérotation")
        ordering = ["prefix", "unit", "valid_from"]
        constraints = [
            ExclusionConstraint(
                name="ceiling_no_overlap",
                expressions=[
                    ("prefix", RangeOperators.EQUAL),
                    ("unit", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_until"), RangeOperators.OVERLAPS),
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.prefix} {self.get_unit_display()}, {self.valid_from}"
