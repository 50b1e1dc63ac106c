"""Who may see which company and act for it: shared by portal, API, admin and exports. It writes nothing."""

from collections.abc import Iterable
from typing import TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from illico_platform.lib.errors import IllicoError
from numbers.models import Company, Membership, User
from numbers.rules.lifecycle import Actor

M = TypeVar("M", bound=Model)
Person = User | AnonymousUser


class RoleMissing(IllicoError):
    """The person has none of the roles that the action asks for in that company."""


def sees_all(user: Person) -> bool:
    """Whether the person is the operator's: staff or superuser, and not deactivated."""
    return user.is_active and (user.is_staff or user.is_superuser)


def visible_companies(user: Person, *, roles: Iterable[str] | None = None) -> QuerySet[Company]:
    """The companies that this person may look into: all for the operator's staff, else those of their memberships.

    Args:
        user: may be anonymous or deactivated: they see none.
        roles: narrow it to companies where the person has one of these roles; None is any role.
    """
    if sees_all(user):
        return Company.objects.all()
    if not user.is_active:
        return Company.objects.none()
    memberships = Membership.objects.filter(user_id=user.pk)
    if roles is not None:
        memberships = memberships.filter(role__in=list(roles))
    return Company.objects.filter(pk__in=memberships.values("company_id"))


def scope(
    queryset: QuerySet[M], user: Person, *, path: str = "company", roles: Iterable[str] | None = None
) -> QuerySet[M]:
    """The rows of a query set that belong to companies the person may look into.

    Args:
        queryset: of any app's model; one of companies is scoped by itself.
        user: may be anonymous or deactivated: they see none.
        path: look-up from the model to its company (``number__company``). Rows without a company are the
            operator's: only the operator's staff sees them.
        roles: as for ``visible_companies``.
    Raises:
        FieldError: the model has no such path; a list is never left unscoped by mistake.
    """
    path = "pk" if queryset.model is Company else path
    # Built before the staff's short cut, so that a wrong path is seen by the first test that tries the page.
    mine = queryset.filter(**{f"{path}__in": visible_companies(user, roles=roles).values("pk")})
    return queryset if sees_all(user) else mine


def actors_of(user: Person | None, company: Company) -> frozenset[Actor]:
    """In which roles a person acts towards a company; None is the platform itself, which acts as the operator."""
    if user is None or sees_all(user):
        return frozenset([Actor.OPERATOR])
    if not user.is_active:
        return frozenset()
    held = Membership.objects.filter(user_id=user.pk, company=company).values_list("role", flat=True)
    return frozenset(Actor(role) for role in held)


def require_role(user: Person | None, company: Company, *roles: Actor) -> None:
    """Pass when the person may act for the company in one of these roles; the operator's staff always may.

    Raises:
        RoleMissing: otherwise; the sentence does not say whether the company exists for others.
    """
    if actors_of(user, company).isdisjoint({Actor.OPERATOR, *roles}):
        raise RoleMissing(_("Votre rôle ne permet pas cette action."))
