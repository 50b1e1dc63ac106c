"""The operator's books: accounts, journals, periods, entries and their lines. Guarded by triggers in the database."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from illico_platform.web import show
from numbers.models import Company, PremiumNumber

APPEND_ONLY = "the ledger is append-only: correct it by a new entry"


def _protect(name: str, operation: pgtrigger.Operation) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=operation,
        func=f"RAISE EXCEPTION '{APPEND_ONLY} (%)', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';",
    )


def _keep_rows() -> pgtrigger.Trigger:
    """TRUNCATE passes over triggers of rows. Only a test database, emptied between tests, lets it through."""
    return pgtrigger.Trigger(
        name="no_truncate",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        func=f"""
            IF coalesce(current_setting('illico.allow_truncate', true), '') <> 'on' THEN
                RAISE EXCEPTION '{APPEND_ONLY} (%)', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NULL;
        """,
    )


BALANCED = """
    SELECT coalesce(sum(debit), 0), coalesce(sum(credit), 0), count(*) INTO debits, credits, lines
      FROM billing_line WHERE entry_id = {entry};
    IF debits <> credits OR lines < 2 THEN
        RAISE EXCEPTION 'entry % does not balance: debit %, credit %, % lines', {entry}, debits, credits, lines
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
"""
BALANCED_DECLARE = [("debits", "numeric"), ("credits", "numeric"), ("lines", "bigint")]


class Account(models.Model):
    """An account of the French chart (PCG)."""

    code = models.CharField(pgettext_lazy("comptabilité", "compte"), max_length=12, primary_key=True)
    label = models.CharField(_("libellé"), max_length=80)

    class Meta:
        verbose_name = pgettext_lazy("comptabilité", "compte")
        ordering = ["code"]

    @property
    def said(self) -> str:
        """Its name in the reader's language, where it is one of the chart's."""
        return gettext(self.label)

    def __str__(self) -> str:
        return f"{self.code} {self.label}"


class Journal(models.Model):
    """A journal of the books."""

    code = models.CharField(_("code"), max_length=4, primary_key=True)
    label = models.CharField(_("libellé"), max_length=80)

    class Meta:
        verbose_name = _("journal")
        verbose_name_plural = _("journaux")
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.label}"


class Period(models.Model):
    """A month of the books; once closed it refuses entries."""

    month = models.DateField(_("mois"), primary_key=True)
    closed_at = models.DateTimeField(_("close le"), null=True, blank=True)

    class Meta:
        verbose_name = _("période comptable")
        verbose_name_plural = _("périodes comptables")
        ordering = ["-month"]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class JournalYear(models.Model):
    """The last number and hash of a journal's year: where the next seal continues the chain."""

    journal = models.ForeignKey(Journal, models.PROTECT, verbose_name=_("journal"))
    year = models.PositiveSmallIntegerField(_("exercice"))
    last_number = models.BigIntegerField(_("dernier numéro"), default=0)
    last_hash = models.CharField(_("dernière empreinte"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("exercice d’un journal")
        verbose_name_plural = _("exercices des journaux")
        constraints = [models.UniqueConstraint(fields=["journal", "year"], name="journal_year_once")]

    def __str__(self) -> str:
        return f"{self.journal_id} {self.year}"


# The first word of a label -> what it says, from the entry's own facts.
_LABELS = {
    "Appels": _("Appels du %(day)s au %(number)s"),
    "Régularisation": _("Régularisation de %(month)s du %(number)s"),
    "Libération": _("Libération du fonds des salaires de %(month)s"),
    "Reprise": _("Reprise du fonds des salaires de %(month)s"),
}


class Entry(models.Model):
    """One balanced entry. Prepared without a number, then sealed: numbered without gap and chained by hash."""

    class Kind(models.TextChoices):
        DAY = "day", _("journée d’un numéro")
        ADJUSTMENT = "adjustment", _("régularisation")
        RELEASE = "release", _("libération du fonds")

    journal = models.ForeignKey(Journal, models.PROTECT, verbose_name=_("journal"))
    year = models.PositiveSmallIntegerField(_("exercice"))
    number = models.BigIntegerField(_("numéro"), null=True)
    kind = models.CharField(_("nature"), max_length=10, choices=Kind.choices)
    effective_on = models.DateField(_("date d’effet"))
    booked_at = models.DateTimeField(_("saisie le"))
    label = models.CharField(_("libellé"), max_length=120)
    piece_ref = models.CharField(_("pièce"), max_length=60)
    company = models.ForeignKey(Company, models.PROTECT, related_name="entries", verbose_name=_("entreprise"))
    line_number = models.ForeignKey(
        PremiumNumber, models.PROTECT, null=True, related_name="entries", verbose_name=_("numéro appelé")
    )
    subject_month = models.DateField(_("mois concerné"))
    subject_day = models.DateField(_("jour concerné"), null=True)
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="corrections", verbose_name=_("corrige l’écriture")
    )
    source_key = models.CharField(_("clé d’origine"), max_length=120, unique=True)
    inputs_hash = models.CharField(_("empreinte des données"), max_length=64)
    prev_hash = models.CharField(_("empreinte précédente"), max_length=64, null=True)
    hash = models.CharField(_("empreinte"), max_length=64, null=True)

    class Meta:
        verbose_name = _("écriture")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["journal", "year", "number"], name="entry_number_once"),
            models.CheckConstraint(
                condition=Q(number=None, hash=None, prev_hash=None)
                | Q(number__gte=1, hash__isnull=False, prev_hash__isnull=False),
                name="entry_sealed_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["line_number", "subject_month"], name="entry_number_month"),
            models.Index(fields=["company", "subject_month"], name="entry_company_month"),
            models.Index(fields=["journal", "id"], condition=Q(hash=None), name="entry_unsealed"),
        ]
        triggers = [
            _protect("append_only", pgtrigger.Delete),
            _keep_rows(),
            pgtrigger.Trigger(
                name="seal_only",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=f"""
                    IF OLD.hash IS NULL AND (to_jsonb(OLD) - ARRAY['number', 'hash', 'prev_hash'])
                            = (to_jsonb(NEW) - ARRAY['number', 'hash', 'prev_hash']) THEN
                        RETURN NEW;
                    END IF;
                    RAISE EXCEPTION '{APPEND_ONLY} (%)', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
                """,
            ),
            pgtrigger.Trigger(
                name="period_open",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF EXISTS (SELECT 1 FROM billing_period
                                WHERE month = date_trunc('month', NEW.effective_on)::date AND closed_at IS NOT NULL) THEN
                        RAISE EXCEPTION 'period % is closed', to_char(NEW.effective_on, 'YYYY-MM')
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,  # noqa: E501
            ),
            pgtrigger.Trigger(
                name="balanced",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                declare=BALANCED_DECLARE,
                func=BALANCED.format(entry="NEW.id"),
            ),
            pgtrigger.Trigger(
                name="chained",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                timing=pgtrigger.Deferred,
                func="""
                    IF NEW.number > 1 AND NOT EXISTS (
                        SELECT 1 FROM billing_entry p WHERE p.journal_id = NEW.journal_id AND p.year = NEW.year
                           AND p.number = NEW.number - 1 AND p.hash = NEW.prev_hash) THEN
                        RAISE EXCEPTION 'entry %-%-% does not follow its predecessor', NEW.journal_id, NEW.year, NEW.number
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NULL;
                """,  # noqa: E501
            ),
        ]

    def __str__(self) -> str:
        return (
            f"{self.journal_id}-{self.year}-{self.number:06d}"
            if self.number
            else f"{self.journal_id} ({gettext('à sceller')})"
        )

    @property
    def said(self) -> str:
        """Its label in the reader's language; the books keep the French one. The number it is about must be loaded."""
        if not show.is_english():
            return self.label
        facts = {
            "day": date_format(self.subject_day, "SHORT_DATE_FORMAT") if self.subject_day else "",
            "month": date_format(self.subject_month, "YEAR_MONTH_FORMAT"),
            "number": self.line_number.digits if self.line_number else "",
        }
        return str(_LABELS.get(self.label.partition(" ")[0], self.label)) % facts


class Line(models.Model):
    """One debit or one credit of an entry, euros, never negative."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="lines", verbose_name=_("écriture"))
    position = models.PositiveSmallIntegerField(_("rang"))
    account = models.ForeignKey(
        Account, models.PROTECT, related_name="lines", verbose_name=pgettext_lazy("comptabilité", "compte")
    )
    company = models.ForeignKey(
        Company, models.PROTECT, null=True, related_name="ledger_lines", verbose_name=_("auxiliaire")
    )
    debit = models.DecimalField(_("débit"), max_digits=14, decimal_places=2, default=0)
    credit = models.DecimalField(_("crédit"), max_digits=14, decimal_places=2, default=0)

    class Meta:
        verbose_name = _("ligne d’écriture")
        verbose_name_plural = _("lignes d’écriture")
        ordering = ["entry", "position"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "position"], name="line_position_once"),
            models.CheckConstraint(
                condition=Q(debit__gt=0, credit=0) | Q(debit=0, credit__gt=0), name="line_debit_or_credit"
            ),
        ]
        indexes = [models.Index(fields=["account", "company"], name="line_account_company")]
        triggers = [
            _protect("append_only", pgtrigger.Update | pgtrigger.Delete),
            _keep_rows(),
            pgtrigger.Trigger(
                name="entry_not_sealed",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=f"""
                    IF EXISTS (SELECT 1 FROM billing_entry WHERE id = NEW.entry_id AND hash IS NOT NULL) THEN
                        RAISE EXCEPTION '{APPEND_ONLY} (%)', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="balanced",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                declare=BALANCED_DECLARE,
                func=BALANCED.format(entry="NEW.entry_id"),
            ),
        ]

    def __str__(self) -> str:
        side = f"D {self.debit}" if self.debit else f"C {self.credit}"
        return f"{self.account_id} {side}"
