"""The team's pages: who sees whom, invites, changes and removes; and the invitation's link, walked to its end."""

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from numbers.models import Invitation, Membership, User
from tests.cast import Cast, give_second_factor

BACKEND = "django.contrib.auth.backends.ModelBackend"
INVITED = "nouvelle@example.org"


@pytest.fixture(autouse=True)
def _no_invitations_counted() -> None:
    cache.clear()


def as_(client: Client, user: User | None) -> Client:
    assert user is not None
    if not user.authenticator_set.exists() and Membership.objects.filter(user=user, role__in=["owner", "accountant"]):
        give_second_factor(user)
    client.force_login(user, backend=BACKEND)
    return client


def team(cast: Cast) -> str:
    return f"/espace/{cast.company.siren}/equipe/"


def page_of(cast: Cast, user: User | None) -> str:
    return f"{team(cast)}{Membership.objects.get(user=user, company=cast.company).pk}/"


def sent_link() -> str:
    found = re.search(r"http://testserver(/espace/invitation/[\w-]+/)", str(mail.outbox[-1].body))
    assert found
    return found[1]


@pytest.fixture
def invited(client: Client, cast: Cast, django_capture_on_commit_callbacks: Any) -> str:
    """The link that the invited person got from the owner."""
    with django_capture_on_commit_callbacks(execute=True):
        response = as_(client, cast.owner).post(team(cast), {"email": INVITED, "role": "supervisor"})
    assert response.status_code == 302
    client.logout()
    return sent_link()


def newcomer(email: str = INVITED) -> User:
    user = User.objects.create_user(email, "un mot de passe long")
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


@pytest.mark.parametrize("role", ["owner", "manager"])
def test_the_team_is_shown_with_its_second_factors(client: Client, cast: Cast, role: str) -> None:
    give_second_factor(cast.people["supervisor"])
    page = as_(client, cast.people[role]).get(team(cast)).content.decode()
    for person in cast.people.values():
        assert person.email in page
    assert "rival_owner" not in page
    expected = 2 if role == "owner" else 1
    assert page.count('<span class="chip done">oui</span>') == expected
    assert page.count("<h1") == 1


@pytest.mark.parametrize("role", ["supervisor", "accountant", "agent"])
def test_other_roles_stay_out(client: Client, cast: Cast, role: str) -> None:
    person = as_(client, cast.people[role])
    for url in (team(cast), page_of(cast, cast.people["agent"])):
        assert person.get(url).status_code == 403
        assert person.post(url, {"email": INVITED, "role": "agent"}).status_code == 403


def test_the_rival_finds_nothing(client: Client, cast: Cast) -> None:
    as_(client, cast.rival_owner)
    assert client.get(team(cast)).status_code == 404
    own_team = f"/espace/{cast.rival.siren}/equipe/"
    pk = Membership.objects.get(user=cast.people["agent"]).pk
    assert client.get(f"{own_team}{pk}/").status_code == 404
    assert client.post(f"{own_team}{pk}/", {"remove": "1"}).status_code == 404
    assert Membership.objects.filter(pk=pk).exists()


def test_a_manager_is_offered_two_roles_and_given_no_other(client: Client, cast: Cast) -> None:
    as_(client, cast.people["manager"])
    page = client.get(team(cast)).content.decode()
    assert re.findall(r'name="role" value="(\w+)"', page) == ["supervisor", "agent"]
    response = client.post(team(cast), {"email": INVITED, "role": "owner"})
    assert response.status_code == 422
    assert not Invitation.objects.exists()
    assert INVITED in response.content.decode()


def test_an_invited_person_signs_up_and_comes_back(
    client: Client, cast: Cast, invited: str, django_capture_on_commit_callbacks: Any
) -> None:
    page = client.get(invited).content.decode()
    assert "Allô Conseil vous invite" in page
    assert "superviseur" in page
    signup = re.search(r'href="(/compte/signup/\?[^"]+)"', page)
    assert signup
    form = client.get(signup[1].replace("&amp;", "&")).content.decode()
    assert f'value="{INVITED}"' in form
    assert invited in form
    password = "un mot de passe long"
    client.post(
        reverse("account_signup"),
        {"email": INVITED, "password1": password, "password2": password, "next": invited},
    )
    code = re.search(r"^([A-Z0-9-]{6,12})$", str(mail.outbox[-1].body), re.M)
    assert code
    done = client.post(reverse("account_email_verification_sent"), {"code": code[1]})
    assert done["Location"] == invited
    assert "Rejoindre l’équipe" in client.get(invited).content.decode()
    assert client.post(invited)["Location"] == reverse("portal_entry")
    assert Membership.objects.get(user__email=INVITED).role == "supervisor"
    assert client.get(reverse("portal_entry"))["Location"] == f"/espace/{cast.company.siren}/"
    assert client.get(invited).status_code == 410


def test_another_persons_account_does_not_take_it_up(client: Client, cast: Cast, invited: str) -> None:
    as_(client, cast.outsider)
    page = client.get(invited).content.decode()
    assert "Rejoindre" not in page
    assert INVITED in page
    assert client.post(invited).status_code == 403
    assert not Membership.objects.filter(user=cast.outsider).exists()


def test_a_stranger_is_asked_to_sign_in_before_accepting(client: Client, invited: str) -> None:
    assert client.post(invited)["Location"].startswith(reverse("account_login"))


def test_a_wrong_or_old_link_says_so(client: Client, cast: Cast, invited: str) -> None:
    assert client.get("/espace/invitation/inconnu/").status_code == 410
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    response = client.get(invited)
    assert response.status_code == 410
    assert "Demandez une nouvelle invitation" in response.content.decode()


def test_resending_replaces_the_link_and_revoking_closes_it(
    client: Client, cast: Cast, invited: str, django_capture_on_commit_callbacks: Any
) -> None:
    invitation = Invitation.objects.get()
    as_(client, cast.owner)
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(f"{team(cast)}invitations/{invitation.pk}/renvoyer/").status_code == 302
    second = sent_link()
    assert second != invited
    assert (client.get(invited).status_code, client.get(second).status_code) == (410, 200)
    assert client.post(f"{team(cast)}invitations/{invitation.pk}/revoquer/").status_code == 302
    assert client.get(second).status_code == 410
    assert INVITED not in client.get(f"/espace/{cast.company.siren}/reglages/").content.decode()


def test_a_manager_does_not_revoke_what_the_owner_gives(client: Client, cast: Cast) -> None:
    as_(client, cast.owner).post(team(cast), {"email": INVITED, "role": "accountant"})
    invitation = Invitation.objects.get()
    as_(client, cast.people["manager"])
    for step in ("renvoyer", "revoquer"):
        response = client.post(f"{team(cast)}invitations/{invitation.pk}/{step}/", follow=True)
        assert "Votre rôle ne permet pas" in response.content.decode()
    invitation.refresh_from_db()
    assert invitation.revoked_at is None


def test_an_owner_changes_a_role(client: Client, cast: Cast) -> None:
    as_(client, cast.owner)
    url = page_of(cast, cast.people["agent"])
    assert client.get(url).status_code == 200
    assert client.post(url, {"role": "supervisor"})["Location"] == team(cast)
    assert Membership.objects.get(user=cast.people["agent"]).role == "supervisor"


def test_the_last_owner_is_told_why_not(client: Client, cast: Cast) -> None:
    as_(client, cast.owner)
    url = page_of(cast, cast.owner)
    for data in ({"role": "manager"}, {"remove": "1"}):
        response = client.post(url, data)
        assert response.status_code == 422
        assert "le seul propriétaire" in response.content.decode()
    assert Membership.objects.get(user=cast.owner).role == "owner"


def test_a_manager_sees_an_owner_and_changes_nothing(client: Client, cast: Cast) -> None:
    as_(client, cast.people["manager"])
    url = page_of(cast, cast.owner)
    page = client.get(url).content.decode()
    assert 'name="role"' not in page
    assert 'name="remove"' not in page
    for data in ({"role": "agent"}, {"remove": "1"}):
        assert client.post(url, data).status_code == 422
    assert Membership.objects.get(user=cast.owner).role == "owner"


def test_the_operator_reads_and_does_not_write(client: Client, cast: Cast) -> None:
    as_(client, cast.admin)
    page = client.get(team(cast)).content.decode()
    assert "lecture seule" in page
    assert "Envoyer l’invitation" not in page
    assert client.post(team(cast), {"email": INVITED, "role": "agent"}).status_code == 403


def test_the_history_of_roles_is_kept(client: Client, cast: Cast) -> None:
    as_(client, cast.owner).post(page_of(cast, cast.people["agent"]), {"role": "supervisor"})
    events = apps.get_model("numbers", "MembershipEvent").objects.filter(pgh_obj__user=cast.people["agent"])
    assert list(events.order_by("pgh_id").values_list("role", flat=True)) == ["agent", "supervisor"]
