"""Invitations and the team: who may give which role, and a link that opens once, in time, for its address alone."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail

from numbers.access import RoleMissing
from numbers.models import Invitation, Membership, User
from numbers.services.invite import (
    MOST_OPEN,
    AlreadyThere,
    InvitationClosed,
    InvitationRefused,
    WrongAddress,
    accept,
    invite,
    resend,
    revoke,
)
from numbers.services.team import LastOwner, change_role, remove_member
from tests.cast import Cast

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
EMAIL = "nouvelle@example.org"
ROLES = ("owner", "manager", "supervisor", "accountant", "agent")


def link(token: str) -> str:
    return f"https://illico.example/espace/invitation/{token}/"


@pytest.fixture
def manager(cast: Cast) -> User:
    return cast.people["manager"]


@pytest.fixture
def newcomer(cast: Cast) -> User:
    user = User.objects.create_user(EMAIL, "un mot de passe long")
    EmailAddress.objects.create(user=user, email=EMAIL, verified=True, primary=True)
    return user


def send(cast: Cast, by: User, capture, *, role: str = "supervisor", email: str = EMAIL) -> tuple[Invitation, str]:  # type: ignore[no-untyped-def]
    """Invite, and the token that stands in the mail."""
    with capture(execute=True):
        invitation = invite(company=cast.company, email=email, role=role, by=by, now=NOW, link=link)
    return invitation, token_of(mail.outbox[-1])


def token_of(message: mail.EmailMessage) -> str:
    found = re.search(r"/invitation/([\w-]+)/", str(message.body))
    assert found
    return found[1]


def test_the_token_stands_in_the_mail_and_nowhere_else(cast: Cast, django_capture_on_commit_callbacks) -> None:  # type: ignore[no-untyped-def]
    invitation, token = send(cast, cast.owner, django_capture_on_commit_callbacks)
    assert mail.outbox[-1].to == [EMAIL]
    assert "Allô Conseil" in str(mail.outbox[-1].body)
    stored = Invitation.objects.filter(pk=invitation.pk).values().get()
    assert token not in str(stored)
    assert invitation.expires_at == NOW + timedelta(days=7)


def test_accepting_makes_a_member_once(cast: Cast, newcomer: User, django_capture_on_commit_callbacks) -> None:  # type: ignore[no-untyped-def]
    _, token = send(cast, cast.owner, django_capture_on_commit_callbacks)
    membership = accept(token=token, by=newcomer, now=NOW)
    assert (membership.company, membership.role) == (cast.company, "supervisor")
    with pytest.raises(InvitationClosed):
        accept(token=token, by=newcomer, now=NOW)


def test_a_link_is_for_its_address_alone(cast: Cast, django_capture_on_commit_callbacks) -> None:  # type: ignore[no-untyped-def]
    _, token = send(cast, cast.owner, django_capture_on_commit_callbacks)
    unproven = User.objects.create_user(EMAIL, "un mot de passe long")
    EmailAddress.objects.create(user=unproven, email=EMAIL, verified=False)
    for person in (cast.outsider, unproven):
        with pytest.raises(WrongAddress, match=EMAIL):
            accept(token=token, by=person, now=NOW)
    assert not Membership.objects.filter(company=cast.company, user=unproven).exists()


@pytest.mark.parametrize("late", [timedelta(days=7), timedelta(days=30)])
def test_an_old_link_opens_nothing(
    cast: Cast, newcomer: User, late: timedelta, django_capture_on_commit_callbacks
) -> None:  # type: ignore[no-untyped-def]
    _, token = send(cast, cast.owner, django_capture_on_commit_callbacks)
    with pytest.raises(InvitationClosed):
        accept(token=token, by=newcomer, now=NOW + late)


def test_a_revoked_and_a_replaced_link_open_nothing(
    cast: Cast, newcomer: User, django_capture_on_commit_callbacks
) -> None:  # type: ignore[no-untyped-def]
    invitation, first = send(cast, cast.owner, django_capture_on_commit_callbacks)
    with django_capture_on_commit_callbacks(execute=True):
        resend(invitation=invitation, by=cast.owner, now=NOW + timedelta(days=6), link=link)
    second = token_of(mail.outbox[-1])
    with pytest.raises(InvitationClosed):
        accept(token=first, by=newcomer, now=NOW + timedelta(days=6))
    revoke(invitation=invitation, by=cast.owner, now=NOW + timedelta(days=8))
    with pytest.raises(InvitationClosed):
        accept(token=second, by=newcomer, now=NOW + timedelta(days=8))
    with pytest.raises(InvitationClosed):
        resend(invitation=invitation, by=cast.owner, now=NOW + timedelta(days=8), link=link)


def test_a_link_does_not_outlive_the_right_of_who_sent_it(
    cast: Cast,
    manager: User,
    newcomer: User,
    django_capture_on_commit_callbacks,  # type: ignore[no-untyped-def]
) -> None:
    _, token = send(cast, manager, django_capture_on_commit_callbacks, role="agent")
    Membership.objects.filter(user=manager).delete()
    with pytest.raises(InvitationClosed, match="ne le peut plus"):
        accept(token=token, by=newcomer, now=NOW)
    User.objects.filter(pk=manager.pk).delete()
    with pytest.raises(InvitationClosed, match="ne le peut plus"):
        accept(token=token, by=newcomer, now=NOW)


@pytest.mark.parametrize("role", ROLES)
def test_a_manager_gives_the_two_lower_roles(cast: Cast, manager: User, role: str) -> None:
    if role in ("supervisor", "agent"):
        assert invite(company=cast.company, email=EMAIL, role=role, by=manager, now=NOW, link=link).role == role
    else:
        with pytest.raises(RoleMissing):
            invite(company=cast.company, email=EMAIL, role=role, by=manager, now=NOW, link=link)


@pytest.mark.parametrize("who", ["accountant", "outsider", "rival_owner"])
@pytest.mark.parametrize("role", ROLES)
def test_others_give_none(cast: Cast, who: str, role: str) -> None:
    with pytest.raises(RoleMissing):
        invite(company=cast.company, email=EMAIL, role=role, by=getattr(cast, who), now=NOW, link=link)


def test_members_and_the_already_invited_are_not_invited(cast: Cast) -> None:
    with pytest.raises(AlreadyThere, match="déjà dans l’équipe"):
        invite(company=cast.company, email="Accountant@Example.org", role="agent", by=cast.owner, now=NOW, link=link)
    invite(company=cast.company, email=EMAIL, role="agent", by=cast.owner, now=NOW, link=link)
    with pytest.raises(AlreadyThere, match="renvoyez-la"):
        invite(company=cast.company, email=EMAIL.upper(), role="agent", by=cast.owner, now=NOW, link=link)
    later = NOW + timedelta(days=8)
    assert invite(company=cast.company, email=EMAIL, role="agent", by=cast.owner, now=later, link=link).pk
    assert Invitation.objects.filter(email=EMAIL, revoked_at=None).count() == 1


def test_no_more_than_so_many_wait_at_once(cast: Cast) -> None:
    for number in range(MOST_OPEN):
        invite(company=cast.company, email=f"a{number}@example.org", role="agent", by=cast.owner, now=NOW, link=link)
    with pytest.raises(InvitationRefused, match="révoquez-en"):
        invite(company=cast.company, email=EMAIL, role="agent", by=cast.owner, now=NOW, link=link)


def membership(user: User | None) -> Membership:
    return Membership.objects.get(user=user)


def test_the_last_owner_is_neither_lowered_nor_removed(cast: Cast) -> None:
    with pytest.raises(LastOwner):
        change_role(membership=membership(cast.owner), role="manager", by=cast.owner)
    with pytest.raises(LastOwner):
        remove_member(membership=membership(cast.owner), by=cast.owner)
    change_role(membership=membership(cast.accountant), role="owner", by=cast.owner)
    change_role(membership=membership(cast.owner), role="manager", by=cast.owner)
    assert membership(cast.owner).role == "manager"


@pytest.mark.parametrize("role", ROLES)
def test_nobody_raises_themselves(cast: Cast, manager: User, role: str) -> None:
    for person in (manager, cast.accountant):
        with pytest.raises(RoleMissing):
            change_role(membership=membership(person), role=role, by=person)


def test_a_manager_touches_lower_roles_only(cast: Cast, manager: User, newcomer: User) -> None:
    below = Membership.objects.create(user=newcomer, company=cast.company, role="supervisor")
    assert change_role(membership=below, role="agent", by=manager).role == "agent"
    with pytest.raises(RoleMissing):
        change_role(membership=below, role="accountant", by=manager)
    with pytest.raises(RoleMissing):
        remove_member(membership=membership(cast.accountant), by=manager)
    remove_member(membership=below, by=manager)
    assert not Membership.objects.filter(user=newcomer).exists()


def test_another_companys_owner_changes_nobody(cast: Cast) -> None:
    with pytest.raises(RoleMissing):
        remove_member(membership=membership(cast.accountant), by=cast.rival_owner)


def test_anybody_may_leave(cast: Cast) -> None:
    remove_member(membership=membership(cast.accountant), by=cast.accountant)
    assert not Membership.objects.filter(user=cast.accountant).exists()
