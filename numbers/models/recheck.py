"""What must be looked at again because a fact about it changed, whoever changed it and how."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from .company import Company


class Recheck(models.Model):
    """A span of days of one company whose verdicts or prices may have changed.

    Written by triggers (``recheck_trigger``), so that no way of editing escapes it: admin, import, SQL.
    Consumed by the stage it names, in that stage's transaction.
    """

    class Stage(models.TextChoices):
        JUDGE = "judge", _("juger")
        RATE = "rate", _("tarifer")
        WORK = "work", _("compter le temps de connexion")

    stage = models.CharField(_("étape"), max_length=8, choices=Stage.choices)
    company = models.ForeignKey(Company, models.CASCADE, null=True, verbose_name=_("entreprise"), db_constraint=False)
    number_id = models.BigIntegerField(_("numéro"), null=True)
    agent_id = models.BigIntegerField(_("agent"), null=True)
    since = models.DateField(_("du"))
    until = models.DateField(_("au (exclu)"), null=True)
    cause = models.CharField(_("cause"), max_length=60)

    class Meta:
        verbose_name = _("réexamen")
        indexes = [models.Index(fields=["stage", "company"], name="recheck_stage")]

    def __str__(self) -> str:
        return f"{self.stage} {self.cause} {self.since}"


def recheck_trigger(
    stage: str,
    *,
    since: str,
    until: str,
    company: str = "NULL",
    number: str = "NULL",
    agent: str = "NULL",
) -> pgtrigger.Trigger:
    """A row trigger that leaves a Recheck for what the row said before and for what it says now.

    Args:
        stage: one of ``Recheck.Stage``.
        since, until: SQL for the first day and the day after the last, over the row ``r``.
        company, number, agent: SQL for the ids that narrow the span, over the row ``r``; NULL is all.
    """
    insert = (
        "INSERT INTO numbers_recheck (stage, company_id, number_id, agent_id, since, until, cause) "
        f"VALUES ('{stage}', {company}, {number}, {agent}, {since}, {until}, TG_TABLE_NAME);"
    )
    return pgtrigger.Trigger(
        name=f"recheck_{stage}",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("r", "RECORD")],
        func=f"""
            IF TG_OP = 'UPDATE' THEN
                IF NOT (OLD IS DISTINCT FROM NEW) THEN RETURN NULL; END IF;
            END IF;
            IF TG_OP <> 'INSERT' THEN r := OLD; {insert} END IF;
            IF TG_OP <> 'DELETE' THEN r := NEW; {insert} END IF;
            RETURN NULL;
        """,
    )
