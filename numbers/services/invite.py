"""Invite somebody into a company's team, and take the invitation up: by a link that only the invited person gets."""

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from illico_platform.lib.errors import IllicoError
from numbers.access import RoleMissing, actors_of
from numbers.models import Company, Invitation, Membership, User
from numbers.rules.lifecycle import Actor
from numbers.rules.team import gives

VALID_FOR = timedelta(days=7)
MOST_OPEN = 50  # per company: mail to strangers in our name is not for campaigns


class InvitationRefused(IllicoError):
    """The invitation cannot be made or taken up; the sentence says why."""


class AlreadyThere(InvitationRefused):
    """The person is a member, or has an invitation that still holds."""


class InvitationClosed(InvitationRefused):
    """The link is unknown, used, revoked or too old, or who invited may no longer do so."""


class WrongAddress(InvitationRefused):
    """The person who is signed in has not proven to own the invited address."""


def invite(
    *, company: Company, email: str, role: str, by: User, now: datetime, link: Callable[[str], str]
) -> Invitation:
    """Send an invitation, good for seven days.

    Args:
        by: an owner, or a manager for the roles that a manager gives.
        link: from the token to the address that opens it; the token stands in the mail alone.
    Raises:
        RoleMissing: the person may not give that role.
        AlreadyThere: named refusal; InvitationRefused: too many are open.
    """
    email = email.strip().lower()
    _check_may_give(by, company, role)
    if Membership.objects.filter(company=company, user__email__iexact=email).exists():
        raise AlreadyThere(_("%(email)s est déjà dans l’équipe.") % {"email": email})
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        Company.objects.select_for_update().get(pk=company.pk)
        pending = Invitation.objects.filter(company=company, accepted_at=None, revoked_at=None)
        if pending.filter(email=email, expires_at__gt=now).exists():
            raise AlreadyThere(_("%(email)s a déjà une invitation : renvoyez-la.") % {"email": email})
        pending.filter(email=email).update(revoked_at=now)
        if pending.filter(expires_at__gt=now).count() >= MOST_OPEN:
            raise InvitationRefused(_("Trop d’invitations attendent une réponse : révoquez-en d’abord."))
        invitation = Invitation.objects.create(
            company=company,
            email=email,
            role=role,
            token_hash=_hashed(token),
            invited_by=by,
            invited_by_email=by.email,
            created_at=now,
            expires_at=now + VALID_FOR,
        )
    _send(invitation, company, link(token))
    return invitation


def resend(*, invitation: Invitation, by: User, now: datetime, link: Callable[[str], str]) -> None:
    """Send it again with a new link for seven more days; the old link opens nothing any more.

    Raises:
        RoleMissing: the person may not give that role. InvitationClosed: it is no longer open.
    """
    _check_may_give(by, invitation.company, invitation.role)
    token = secrets.token_urlsafe(32)
    changed = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None).update(
        token_hash=_hashed(token), expires_at=now + VALID_FOR, invited_by=by, invited_by_email=by.email
    )
    if not changed:
        raise InvitationClosed(_("Cette invitation n’est plus ouverte."))
    invitation.refresh_from_db()
    _send(invitation, invitation.company, link(token))


def revoke(*, invitation: Invitation, by: User, now: datetime) -> None:
    """Close an invitation; its link opens nothing any more.

    Raises:
        RoleMissing: the person may not give that role.
    """
    _check_may_give(by, invitation.company, invitation.role)
    Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None).update(revoked_at=now)


def find_open(*, token: str, now: datetime) -> Invitation:
    """The invitation that a link opens.

    Raises:
        InvitationClosed: there is none, or it no longer holds.
    """
    found = (
        Invitation.objects.select_related("company", "invited_by")
        .filter(token_hash=_hashed(token), accepted_at=None, revoked_at=None, expires_at__gt=now)
        .first()
    )
    if found is None:
        raise InvitationClosed(_("Ce lien a déjà servi, ou il n’est plus valable. Demandez une nouvelle invitation."))
    # Who invited may have left or been lowered since: an old link must not outlive their right.
    inviter = found.invited_by
    if inviter is None or Actor(found.role) not in gives(actors_of(inviter, found.company)):
        raise InvitationClosed(_("Qui vous a invité ne le peut plus. Demandez une nouvelle invitation."))
    if not found.company.is_active:
        raise InvitationClosed(_("Cette entreprise est désactivée."))
    return found


def owns_address(*, user: User, email: str) -> bool:
    """Whether the person has proven to own the address."""
    return EmailAddress.objects.filter(user=user, email__iexact=email, verified=True).exists()


def accept(*, token: str, by: User, now: datetime) -> Membership:
    """Join the team; who is a member already keeps the role they have.

    Raises:
        InvitationClosed, WrongAddress: named refusals.
    """
    with transaction.atomic():
        Invitation.objects.select_for_update().filter(token_hash=_hashed(token)).first()
        invitation = find_open(token=token, now=now)
        if not owns_address(user=by, email=invitation.email):
            raise WrongAddress(
                _("Cette invitation est pour %(email)s. Connectez-vous avec cette adresse.")
                % {"email": invitation.email}
            )
        invitation.accepted_at = now
        invitation.save(update_fields=["accepted_at"])
        membership, _created = Membership.objects.get_or_create(
            user=by, company=invitation.company, defaults={"role": invitation.role}
        )
    return membership


def _check_may_give(by: User, company: Company, role: str) -> None:
    if Actor(role) not in gives(actors_of(by, company)):
        raise RoleMissing(_("Votre rôle ne permet pas de donner celui-ci."))


def _hashed(token: str) -> str:
    # The token has 256 random bits: a plain hash cannot be undone, and finds its row by equality.
    return hashlib.sha256(token.encode()).hexdigest()


def _send(invitation: Invitation, company: Company, address: str) -> None:
    context = {"invitation": invitation, "company": company, "address": address}
    subject = " ".join(render_to_string("mail/invitation_subject.txt", context).split())
    body = render_to_string("mail/invitation.txt", context)
    transaction.on_commit(lambda: send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [invitation.email]))
