"""Agreements on work from home: made with their document, ended with a reason, never deleted."""

from datetime import date
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from agents.models import Agent, TeleworkAgreement
from agents.services.keep_paper import kept_paper
from agents.services.keep_staff import StaffRefused, commune_of
from illico_platform.lib.periods import spans_meet
from numbers.services.locks import lock_in_transaction


def add_agreement(
    *, agent: Agent, starts_on: date, ends_on: date | None, evidence: File, **terms: Any
) -> TeleworkAgreement:
    """Add an agreement over [starts_on, ends_on) with its document. Calls of those days are judged again by the night.

    Args:
        terms: basis, basis_on, consent_on, commune_insee, contact_from, contact_until, time_control, equipment.
    Raises:
        StaffRefused: there is no such commune, it ends before it starts, consent or basis come after its first day,
            the contact hours are the wrong way round, another agreement of the agent runs on one of its days, or the
            document is none that is taken.
    """
    _check_terms(starts_on, ends_on, **terms)
    terms["commune_insee"] = commune_of(terms["commune_insee"])
    with kept_paper(evidence) as paper, transaction.atomic():
        lock_in_transaction("staff", agent.company_id)
        for other in agent.agreements.all():
            if spans_meet(starts_on, ends_on, other.starts_on, other.ends_on):
                raise StaffRefused(
                    "starts_on",
                    _("Un autre accord court dès le %(day)s : finissez-le avant le premier jour de celui-ci.")
                    % {"day": f"{other.starts_on:%d/%m/%Y}"},
                )
        return TeleworkAgreement.objects.create(agent=agent, starts_on=starts_on, ends_on=ends_on, **paper, **terms)


def end_agreement(*, agreement: TeleworkAgreement, ends_on: date, reason: str) -> None:
    """Let an agreement end before ``ends_on``, and say why; what it allowed until then stays allowed.

    Raises:
        StaffRefused: that is before its first day, later than its own end, or no reason is given.
    """
    if not reason.strip():
        raise StaffRefused("reason", _("Dites pourquoi l’accord prend fin : le motif reste au dossier."))
    if ends_on <= agreement.starts_on:
        raise StaffRefused("last_day", _("Le dernier jour précède le premier."))
    if agreement.ends_on is not None and ends_on > agreement.ends_on:
        raise StaffRefused("last_day", _("L’accord finit déjà avant ce jour : pour le prolonger, faites-en un autre."))
    agreement.ends_on, agreement.end_reason = ends_on, reason.strip()
    agreement.save()


def _check_terms(starts_on: date, ends_on: date | None, **terms: Any) -> None:
    if ends_on is not None and ends_on <= starts_on:
        raise StaffRefused("last_day", _("Le dernier jour précède le premier."))
    if terms["contact_until"] <= terms["contact_from"]:
        raise StaffRefused("contact_until", _("La fin des heures de contact précède leur début."))
    for name in ("basis_on", "consent_on"):
        # Source: Code du travail, art. L.1222-9: work from home is voluntary, and agreed before it begins.
        if terms[name] > starts_on:
            raise StaffRefused(name, _("Cette date doit précéder le premier jour de télétravail, ou être ce jour."))
