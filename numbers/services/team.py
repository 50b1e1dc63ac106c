"""Change a company's team: another role, or out of it. The last owner stays."""

from django.db import transaction
from django.utils.translation import gettext as _

from illico_platform.lib.errors import IllicoError
from numbers.access import RoleMissing, actors_of
from numbers.models import Company, Membership, User
from numbers.rules.lifecycle import Actor
from numbers.rules.team import gives


class LastOwner(IllicoError):
    """A company without an owner could not be changed by anybody."""


def change_role(*, membership: Membership, role: str, by: User) -> Membership:
    """Give a member another role.

    Args:
        by: must be able to give the old role and the new one; so nobody raises themselves.
    Raises:
        RoleMissing, LastOwner: named refusals.
    """
    with transaction.atomic():
        member = _locked(membership)
        if not {Actor(member.role), Actor(role)} <= gives(actors_of(by, member.company)):
            raise RoleMissing(_("Votre rôle ne permet pas de donner celui-ci."))
        if role != member.role:
            _keep_an_owner(member)
            member.role = role
            member.save(update_fields=["role"])
    return member


def remove_member(*, membership: Membership, by: User) -> None:
    """Take somebody out of the team; anybody may leave by themselves.

    Raises:
        RoleMissing, LastOwner: named refusals.
    """
    with transaction.atomic():
        member = _locked(membership)
        if member.user_id != by.pk and Actor(member.role) not in gives(actors_of(by, member.company)):
            raise RoleMissing(_("Votre rôle ne permet pas de retirer cette personne."))
        _keep_an_owner(member)
        member.delete()


def _locked(membership: Membership) -> Membership:
    # Two owners who lower each other at once must not both succeed: the company's row is the lock.
    company = Company.objects.select_for_update().get(pk=membership.company_id)
    member = Membership.objects.get(pk=membership.pk)
    member.company = company
    return member


def _keep_an_owner(member: Membership) -> None:
    owners = Membership.objects.filter(company_id=member.company_id, role=Membership.Role.OWNER)
    if member.role == Membership.Role.OWNER and not owners.exclude(pk=member.pk).exists():
        raise LastOwner(_("C’est le seul propriétaire : nommez-en d’abord un autre."))
