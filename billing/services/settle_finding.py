"""What people do about a finding: give it to somebody, comment, resolve it with a reason, open it again."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils.translation import gettext as _

from billing.models import Finding, FindingNote
from billing.models.finding import NO_LONGER_THEIRS
from billing.rules.checks_kinds import PAY_KINDS
from illico_platform.lib.errors import IllicoError
from numbers.access import require_role
from numbers.models import Membership, User
from numbers.rules.lifecycle import Actor

_PAY = (Actor.OWNER, Actor.MANAGER, Actor.ACCOUNTANT)
_OTHERS = (Actor.OWNER, Actor.MANAGER, Actor.SUPERVISOR)


class FindingRefused(IllicoError):
    """The step makes no sense for the finding as it is; the sentence says why."""


def facts_of(*, title: str, detail: dict[str, Any]) -> dict[str, Any]:
    """What a finding says, as it is compared: a resolution by hand holds while this stays the same."""
    return json.loads(json.dumps({"title": title, "detail": detail}, cls=DjangoJSONEncoder))


def settlers(kind: str) -> tuple[Actor, ...]:
    """Who may act on findings of this kind: those about pay are for those who may see pay."""
    return _PAY if kind in PAY_KINDS else _OTHERS


def commenters(kind: str) -> tuple[Actor, ...]:
    """Who may say something about findings of this kind: whoever acts on them, and the accountant always."""
    return (*settlers(kind), Actor.ACCOUNTANT)


@transaction.atomic
def assign(*, finding: Finding, to: int | None, by: User, now: datetime) -> None:
    """Give a finding to a member of its company, or to nobody (None).

    Args:
        to: key of a user.
    Raises:
        RoleMissing: the person may not act on findings of this kind.
        FindingRefused: ``to`` is no member who may act on it.
    """
    row = _locked(finding, by)
    member = Membership.objects.filter(company_id=row.company_id, user_id=to).first() if to else None
    if to and (member is None or member.role not in settlers(row.kind)):
        raise FindingRefused(_("Cette personne n’est pas membre, ou son rôle ne lui montre pas ce constat."))
    if row.assigned_to_id == to:
        return
    row.assigned_to_id = to
    row.save(update_fields=["assigned_to"])
    name = User.objects.filter(pk=to).values_list("email", flat=True).first() if to else ""
    _note(row, FindingNote.Kind.ASSIGNED, by, now, name or "")


@transaction.atomic
def comment(*, finding: Finding, text: str, by: User, now: datetime) -> None:
    """Add a comment; it changes nothing else.

    Raises:
        FindingRefused: there is no text.
    """
    row = _locked(finding, by, commenters(finding.kind))
    if not text.strip():
        raise FindingRefused(_("Écrivez votre commentaire."))
    _note(row, FindingNote.Kind.COMMENT, by, now, text)


@transaction.atomic
def resolve(*, finding: Finding, reason: str, by: User, now: datetime) -> None:
    """Resolve a finding by hand; the night opens it again only when what it says has changed.

    Raises:
        FindingRefused: no reason is given, or it is resolved already.
    """
    row = _locked(finding, by)
    if not reason.strip():
        raise FindingRefused(_("Dites pourquoi ce constat est résolu."))
    if row.resolved_at is not None:
        raise FindingRefused(_("Ce constat est déjà résolu."))
    row.resolved_at, row.settled = now, facts_of(title=row.title, detail=row.detail)
    row.save(update_fields=["resolved_at", "settled"])
    _note(row, FindingNote.Kind.RESOLVED, by, now, reason)


@transaction.atomic
def reopen(*, finding: Finding, reason: str, by: User, now: datetime) -> None:
    """Open a resolved finding again.

    Raises:
        FindingRefused: no reason is given, or it is open.
    """
    row = _locked(finding, by)
    if not reason.strip():
        raise FindingRefused(_("Dites pourquoi ce constat est rouvert."))
    if row.resolved_at is None:
        raise FindingRefused(_("Ce constat est déjà ouvert."))
    row.resolved_at = row.settled = None
    row.save(update_fields=["resolved_at", "settled"])
    _note(row, FindingNote.Kind.REOPENED, by, now, reason)


@transaction.atomic
def release_of_leavers(*, company_id: int, now: datetime) -> int:
    """Take open findings from people who left the company or may no longer act on them; returns how many.

    Nobody else would look at what is somebody's.
    """
    given = Finding.objects.select_for_update().filter(company_id=company_id, resolved_at=None)
    given = given.exclude(assigned_to=None).order_by("pk")
    roles = dict(Membership.objects.filter(company_id=company_id).values_list("user_id", "role"))
    left = [row for row in given if roles.get(row.assigned_to_id) not in settlers(row.kind)]
    for row in left:
        row.assigned_to_id = None
        row.save(update_fields=["assigned_to"])
        FindingNote.objects.create(finding=row, kind=FindingNote.Kind.ASSIGNED, at=now, text=NO_LONGER_THEIRS)
    return len(left)


def _locked(finding: Finding, by: User, roles: tuple[Actor, ...] = ()) -> Finding:
    row = Finding.objects.select_for_update(of=("self",)).select_related("company").get(pk=finding.pk)
    if row.company is None:
        raise FindingRefused(_("Ce constat est celui de l’exploitation."))
    require_role(by, row.company, *(roles or settlers(row.kind)))
    return row


def _note(finding: Finding, kind: str, by: User, now: datetime, text: str) -> None:
    FindingNote.objects.create(finding=finding, kind=kind, by=by, at=now, text=text.strip())
