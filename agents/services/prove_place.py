"""Where agents work, and the proof of it: sites, proofs with their paper, revocations."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from agents.models import Agent, Commune, LocationProof, Site
from agents.services.keep_staff import StaffRefused, commune_of
from illico_platform.lib.periods import day_start
from illico_platform.web.private_files import KeptFile, forget_file, keep_file
from numbers.models import Company
from numbers.services.locks import lock_in_transaction

EVIDENCE_MAX_BYTES = 10 * 1024 * 1024
# The first bytes of the files that are taken as evidence, and what they are served as.
EVIDENCE_KINDS = {
    b"%PDF-": ("application/pdf", "pdf"),
    b"\xff\xd8\xff": ("image/jpeg", "jpg"),
    b"\x89PNG\r\n\x1a\n": ("image/png", "png"),
}


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
    kind_of_evidence(evidence)
    kept = keep_file("evidence", evidence)
    try:
        return _store_proof(agent, place, site, commune_insee, method, first_day, last_day, evidence, kept)
    except Exception:
        forget_file(kept.name)
        raise


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


def _store_proof(
    agent: Agent,
    place: str,
    site: Site | None,
    commune_insee: str,
    method: str,
    first_day: date,
    last_day: date,
    evidence: File,
    kept: KeptFile,
) -> LocationProof:
    on_site = site if place == LocationProof.Place.SITE else None
    return LocationProof.objects.create(
        agent=agent,
        place=place,
        site=on_site,
        commune_insee=on_site.commune_insee if on_site else commune_insee,
        method=method,
        valid_from=day_start(first_day),
        valid_until=day_start(last_day + timedelta(days=1)),
        evidence_sha256=kept.sha256,
        evidence_file=kept.name,
        evidence_name=(evidence.name or "")[:120],
    )


def revoke_proof(*, proof: LocationProof, reason: str, now: datetime) -> None:
    """Let a proof end now; what it proved until now stays proven.

    Raises:
        StaffRefused: it is revoked already.
    """
    if proof.revoked_at is not None:
        raise StaffRefused("", _("Cette preuve est déjà révoquée."))
    proof.revoked_at, proof.revoked_reason = now, reason
    proof.save()


def kind_of_evidence(evidence: File) -> tuple[str, str]:
    """(media type, extension) of a paper, by its content: what its name says is not believed.

    Raises:
        StaffRefused: it is too large, empty, or of another kind.
    """
    if (evidence.size or 0) > EVIDENCE_MAX_BYTES:
        raise StaffRefused("evidence", _("Ce fichier dépasse 10 Mo : réduisez-le ou déposez un extrait."))
    evidence.seek(0)
    start = evidence.read(8)
    evidence.seek(0)
    for sign, kind in EVIDENCE_KINDS.items():
        if start.startswith(sign):
            return kind
    raise StaffRefused(
        "evidence", _("Ce fichier n’est ni un PDF, ni un JPEG, ni un PNG : déposez la pièce dans un de ces formats.")
    )
