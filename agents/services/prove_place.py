"""Where agents work, and the proof of it: sites, proofs with their paper, revocations."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from agents.models import Agent, Commune, LocationProof, Site
from agents.services.keep_paper import kept_paper
from agents.services.keep_staff import StaffRefused, commune_of
from illico_platform.lib.periods import day_start
from illico_platform.web.private_files import forget_file
from numbers.models import Company
from numbers.services.locks import lock_in_transaction


def save_site(
    *, company: Company, site: Site | None = None, name: str, address: str, commune_insee: str, commune_name: str
) -> Site:
    """Add a workplace, or change what is known of one. Proofs keep the commune they were given for.

    A commune that is not named gets the name of INSEE's list, where one is loaded.

    Raises:
        StaffRefused: another site has that name, or there is no such commune.
    """
    with transaction.atomic():
        lock_in_transaction("staff", company.pk)
        if Site.objects.filter(company=company, name=name).exclude(pk=site and site.pk).exists():
            raise StaffRefused("name", _("Un autre site porte déjà ce nom."))
        site = site or Site(company=company)
        site.name, site.address = name, address
        if commune_insee != site.commune_insee:
            site.commune_insee = commune_of(commune_insee)
        listed = Commune.objects.filter(code=site.commune_insee).values_list("name", flat=True)
        site.commune_name = commune_name or listed.first() or ""
        site.save()
    return site


def add_proof(
    *,
    agent: Agent,
    place: str,
    site: Site | None,
    commune_insee: str,
    method: str,
    first_day: date,
    last_day: date,
    evidence: File,
) -> LocationProof:
    """Add a proof over Paris days, both included, with its paper. Calls of those days are judged again by the night.

    Raises:
        StaffRefused: the days are in the wrong order, a site or the commune is missing, or the paper is no PDF, JPEG or
            PNG of at most 10 MB.
    """
    if last_day < first_day:
        raise StaffRefused("last_day", _("Le dernier jour précède le premier."))
    if place == LocationProof.Place.SITE and site is None:
        raise StaffRefused("site", _("Choisissez le site où cette personne travaille."))
    if place == LocationProof.Place.HOME:
        commune_insee = commune_of(commune_insee)
    on_site = site if place == LocationProof.Place.SITE else None
    with kept_paper(evidence) as paper:
        return LocationProof.objects.create(
            agent=agent,
            place=place,
            site=on_site,
            commune_insee=on_site.commune_insee if on_site else commune_insee,
            method=method,
            valid_from=day_start(first_day),
            valid_until=day_start(last_day + timedelta(days=1)),
            **paper,
        )


def add_proofs(*, agents: Sequence[Agent], **proof: Any) -> list[LocationProof]:
    """The same proof for several agents, as ``add_proof`` each: for all of them or for none.

    Raises:
        StaffRefused: as ``add_proof``.
    """
    made: list[LocationProof] = []
    try:
        with transaction.atomic():
            for agent in agents:
                made.append(add_proof(agent=agent, **proof))
    except Exception:
        for each in made:
            forget_file(each.evidence_file)
        raise
    return made


def revoke_proof(*, proof: LocationProof, reason: str, now: datetime) -> None:
    """Let a proof end now; what it proved until now stays proven.

    Raises:
        StaffRefused: it is revoked already.
    """
    if proof.revoked_at is not None:
        raise StaffRefused("", _("Cette preuve est déjà révoquée."))
    proof.revoked_at, proof.revoked_reason = now, reason
    proof.save()
