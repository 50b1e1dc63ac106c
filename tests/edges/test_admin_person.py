"""People in the admin: help for who lost a key, no secret on screen, and nobody raised beyond their own rights."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from numbers.models import User
from numbers.services.help_sign_in import HelpRefused, remove_second_factor
from tests.cast import Cast, give_second_factor
from tests.edges.test_portal_accounts import sign_in, totp_code, verified

BACKEND = "django.contrib.auth.backends.ModelBackend"
TOLD = {"asked_by": "elle-même, rappelée", "identity": "pièce vue", "reason": "téléphone volé"}


def help_page(user: User | None) -> str:
    assert user is not None
    return reverse("admin:numbers_user_help", args=[user.pk])


def signed_in_by_hand(user: User | None, secret: str) -> Client:
    """Somebody's browser, by password and code: such sessions are listed, and can be ended."""
    client = Client()
    step = sign_in(client, verified(user).email)["Location"]
    assert client.post(step, {"code": totp_code(secret)}).status_code == 302
    return client


@pytest.fixture(autouse=True)
def _no_attempts_counted() -> None:
    cache.clear()


@pytest.fixture
def boss(client: Client, cast: Cast) -> Client:
    client.force_login(cast.admin, backend=BACKEND)
    return client


@pytest.fixture
def clerk(client: Client, cast: Cast) -> Client:
    """One of the staff who may change users and see all, no superuser."""
    staff = User.objects.create_user("clerk@example.org", "un mot de passe long", is_staff=True)
    kinds = ("view_user", "change_user", "delete_user", "add_user", "view_authenticator", "view_usersession")
    staff.user_permissions.set(Permission.objects.filter(codename__in=kinds))
    client.force_login(staff, backend=BACKEND)
    return client


def test_a_lost_key_is_taken_off_with_who_asked_how_known_and_why(
    boss: Client, cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    owner = cast.owner
    theirs = signed_in_by_hand(owner, give_second_factor(owner))
    assert theirs.get(f"/espace/{cast.company.siren}/").status_code == 200
    door = boss.get(reverse("admin:numbers_user_change", args=[owner.pk])).content.decode()
    assert f'href="{help_page(owner)}"' in door
    asked = boss.get(help_page(owner)).content.decode()
    assert "Allô Conseil · propriétaire" in asked
    assert "application d’authentification, ajoutée le" in asked
    with django_capture_on_commit_callbacks(execute=True):
        done = boss.post(help_page(owner), TOLD)
    assert done["Location"] == reverse("admin:numbers_user_change", args=[owner.pk])
    assert not Authenticator.objects.filter(user=owner).exists()
    assert not UserSession.objects.filter(user=owner).exists()
    assert not Session.objects.filter(session_key=theirs.cookies["sessionid"].value).exists()
    assert theirs.get(f"/espace/{cast.company.siren}/")["Location"].startswith(reverse("account_login"))
    history = boss.get(reverse("admin:numbers_user_history", args=[owner.pk])).content.decode()
    assert all(words in history for words in [*TOLD.values(), "admin@example.org"])
    assert mail.outbox[-1].to == [owner.email]
    assert "votre deuxième clé est retirée" in mail.outbox[-1].subject
    assert help_page(owner) not in boss.get(done["Location"]).content.decode()


@pytest.mark.parametrize("missing", TOLD)
def test_without_one_of_the_three_nothing_is_taken_off(boss: Client, cast: Cast, missing: str) -> None:
    give_second_factor(cast.owner)
    response = boss.post(help_page(cast.owner), TOLD | {missing: "  "})
    assert response.status_code == 422
    assert all(words in response.content.decode() for key, words in TOLD.items() if key != missing)
    assert Authenticator.objects.filter(user=cast.owner).exists()
    with pytest.raises(HelpRefused, match="motif"):
        remove_second_factor(user=cast.owner, by=cast.admin, **TOLD | {missing: " "})


def test_nobody_helps_themselves_and_where_nothing_is_nothing_goes(boss: Client, cast: Cast) -> None:
    give_second_factor(cast.admin)
    assert boss.post(help_page(cast.admin), TOLD).status_code == 403
    response = boss.post(help_page(cast.owner), TOLD)
    assert response.status_code == 422
    assert "pas de deuxième clé" in response.content.decode()
    assert not LogEntry.objects.exists()


def test_only_those_who_may_change_people_help(client: Client, cast: Cast) -> None:
    give_second_factor(cast.owner)
    staff = User.objects.create_user("reader@example.org", "x", is_staff=True)
    for person in (staff, cast.rival_owner):
        client.force_login(person, backend=BACKEND)
        assert client.post(help_page(cast.owner), TOLD).status_code in (302, 403)
    assert Authenticator.objects.filter(user=cast.owner).exists()


def test_a_clerk_helps_a_company_and_none_of_the_operators_people(clerk: Client, cast: Cast) -> None:
    colleague = User.objects.create_user("colleague@example.org", "x", is_staff=True)
    for person in (cast.owner, cast.admin, colleague):
        give_second_factor(person)
    assert clerk.post(help_page(cast.owner), TOLD).status_code == 302
    for person in (cast.admin, colleague):
        assert clerk.post(help_page(person), TOLD).status_code == 403
        assert Authenticator.objects.filter(user=person).exists()


def test_a_clerk_makes_nobody_staff_and_touches_no_superuser(clerk: Client, cast: Cast) -> None:
    clerk_user = User.objects.get(email="clerk@example.org")
    raised = {"email": "x@example.org", "language": "fr", "is_active": "on", "is_staff": "on", "is_superuser": "on"}
    inline = {"memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0}
    outsider = reverse("admin:numbers_user_change", args=[cast.outsider.pk])
    assert clerk.post(outsider, raised | inline).status_code == 302
    cast.outsider.refresh_from_db()
    assert (cast.outsider.is_staff, cast.outsider.is_superuser) == (False, False)
    for person in (cast.admin, clerk_user):
        assert clerk.post(reverse("admin:numbers_user_change", args=[person.pk]), raised | inline).status_code == 403
        password = reverse("admin:auth_user_password_change", args=[person.pk])
        assert clerk.post(password, {"password1": "autre chose 12", "password2": "autre chose 12"}).status_code == 403
        assert clerk.post(reverse("admin:numbers_user_delete", args=[person.pk]), {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [str(cast.admin.pk)], "post": "yes"}
    clerk.post(reverse("admin:numbers_user_changelist"), chosen)
    assert User.objects.filter(pk=cast.admin.pk, is_superuser=True).exists()
    clerk_user.refresh_from_db()
    assert not clerk_user.is_superuser


def test_a_clerk_gives_their_own_group_nothing(clerk: Client) -> None:
    staff = User.objects.get(email="clerk@example.org")
    group = Group.objects.create(name="guichet")
    staff.groups.add(group)
    staff.user_permissions.add(*Permission.objects.filter(content_type__app_label="auth", content_type__model="group"))
    every = list(Permission.objects.values_list("pk", flat=True))
    address = reverse("admin:auth_group_change", args=[group.pk])
    assert clerk.get(address).status_code == 200
    assert clerk.post(address, {"name": "guichet", "permissions": every}).status_code == 403
    assert clerk.post(reverse("admin:auth_group_add"), {"name": "tout", "permissions": every}).status_code == 403
    assert not group.permissions.exists()


def test_an_address_is_changed_by_its_owner_only(boss: Client, cast: Cast) -> None:
    inline = {"memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0}
    address = reverse("admin:numbers_user_change", args=[cast.owner.pk])
    changed = {"email": "voleur@example.org", "language": "en", "is_active": "on"}
    assert boss.post(address, changed | inline).status_code == 302
    cast.owner.refresh_from_db()
    assert (cast.owner.email, cast.owner.language) == ("owner@example.org", "en")


def test_no_secret_of_a_sign_in_is_on_any_page(boss: Client, cast: Cast) -> None:
    secret = give_second_factor(cast.owner)
    signed_in_by_hand(cast.owner, secret)
    session = UserSession.objects.latest("pk")
    hidden = [secret, session.session_key]
    for model in (Authenticator, UserSession, EmailAddress):
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        row = model.objects.filter(user=cast.owner).latest("pk")
        pages = [reverse(f"{name}_changelist"), reverse(f"{name}_change", args=[row.pk])]
        for page in [*pages, f"{pages[0]}?q=owner", reverse("admin:numbers_user_change", args=[cast.owner.pk])]:
            response = boss.get(page)
            assert response.status_code == 200
            html = response.content.decode()
            assert [word for word in hidden if word in html] == []
            assert str(model._meta.verbose_name_plural) in html.lower()
        assert boss.get(reverse(f"{name}_add")).status_code == 403
        assert boss.post(pages[1], {"post": "yes"}).status_code == 403
