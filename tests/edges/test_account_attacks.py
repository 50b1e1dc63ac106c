"""What somebody tries who is not who they say: each of these doors stays shut."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from numbers.models import Invitation, Membership, User
from numbers.services.team import change_role, remove_member
from tests.cast import Cast, give_second_factor
from tests.edges.test_portal_accounts import PASSWORD, sign_in, totp_code, verified

BACKEND = "django.contrib.auth.backends.ModelBackend"
EVIL = [
    "https://mechant.example/",
    "//mechant.example/",
    "/\\mechant.example",
    "javascript:x",
    "http:///mechant.example",
]


@pytest.fixture(autouse=True)
def _no_attempts_counted() -> None:
    cache.clear()


@pytest.fixture
def owner(cast: Cast) -> User:
    return verified(cast.owner)


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


# ---- Who has an account ------------------------------------------------------------------------------------------


def without_words(html: str, *words: str) -> str:
    """A page less what differs by itself: tokens, and the words typed into it."""
    html = re.sub(r'(csrfmiddlewaretoken" value=)"[^"]+"', r"\1", html)
    for word in words:
        html = html.replace(word, "…")
    return html


@pytest.mark.parametrize("route", ["account_signup", "account_reset_password"])
def test_known_and_unknown_addresses_get_the_same_answer(client: Client, owner: User, route: str) -> None:
    answers = []
    for email in (owner.email, "personne@example.org"):
        cache.clear()
        visitor = Client()
        form = {"email": email, "password1": PASSWORD + "9", "password2": PASSWORD + "9"}
        response = visitor.post(reverse(route), form)
        page = visitor.get(response["Location"]).content.decode()
        answers.append((response.status_code, response["Location"], without_words(page, email)))
    assert answers[0] == answers[1]
    assert not is_in(client)


def test_signing_up_with_a_known_address_makes_nothing_and_no_code_opens_it(client: Client, owner: User) -> None:
    form = {"email": owner.email, "password1": PASSWORD + "9", "password2": PASSWORD + "9"}
    step = client.post(reverse("account_signup"), form)["Location"]
    assert not re.search(r"^([A-Z0-9]{4}-[A-Z0-9]{4})$", str(mail.outbox[-1].body), re.M)
    client.post(step, {"code": "ABCD-EFGH"})
    assert not is_in(client)
    owner.refresh_from_db()
    assert owner.check_password(PASSWORD)


# ---- Guessing ----------------------------------------------------------------------------------------------------


def test_codes_of_the_second_factor_are_counted_and_the_right_one_is_refused_then(owner: User) -> None:
    secret = give_second_factor(owner)
    client = Client()
    step = sign_in(client, owner.email)["Location"]
    for _ in range(5):
        assert "Ce code est faux" in client.post(step, {"code": "000000"}).content.decode()
    assert "Trop d’essais" in client.post(step, {"code": totp_code(secret)}).content.decode()
    assert not is_in(client)
    # Another browser and another address of the network start no new count.
    other = Client(REMOTE_ADDR="203.0.113.9")
    step = sign_in(other, owner.email)["Location"]
    assert "Trop d’essais" in other.post(step, {"code": totp_code(secret)}).content.decode()


def test_a_code_serves_once(owner: User) -> None:
    secret = give_second_factor(owner)
    code = totp_code(secret)
    for expected in (302, 200):
        client = Client()
        step = sign_in(client, owner.email)["Location"]
        assert client.post(step, {"code": code}).status_code == expected
    assert not is_in(client)


def test_the_code_of_a_mail_is_tried_three_times(client: Client, db: None) -> None:
    form = {"email": "neuve@example.org", "password1": PASSWORD, "password2": PASSWORD}
    step = client.post(reverse("account_signup"), form)["Location"]
    code = re.search(r"^([A-Z0-9-]{6,12})$", str(mail.outbox[-1].body), re.M)
    assert code
    for _ in range(3):
        client.post(step, {"code": "ABCD-EFGH"})
    client.post(step, {"code": code[1]})
    assert not is_in(client)
    assert not EmailAddress.objects.filter(email="neuve@example.org", verified=True).exists()


def test_who_is_locked_out_gets_back_in_by_a_new_password(owner: User) -> None:
    client = Client()
    for _ in range(6):
        locked = sign_in(client, owner.email, "faux")
    assert "la connexion est fermée" in locked.content.decode()
    reset_password(client, owner, "un autre mot de passe")
    assert sign_in(client, owner.email, "un autre mot de passe").status_code == 302
    assert is_in(client)


# ---- Around the second factor ------------------------------------------------------------------------------------


def reset_password(client: Client, user: User, password: str) -> Any:
    client.post(reverse("account_reset_password"), {"email": user.email})
    link = re.search(r"http://testserver(/compte/password/reset/key/\S+)", str(mail.outbox[-1].body))
    assert link
    form = client.get(link[1])["Location"]
    return client.post(form, {"password1": password, "password2": password})


def test_a_new_password_signs_nobody_in_and_removes_no_factor(client: Client, owner: User) -> None:
    secret = give_second_factor(owner)
    reset_password(client, owner, "un autre mot de passe")
    assert not is_in(client)
    step = sign_in(client, owner.email, "un autre mot de passe")["Location"]
    assert step.startswith(reverse("mfa_authenticate"))
    assert not is_in(client)
    assert client.post(step, {"code": totp_code(secret)}).status_code == 302


@pytest.mark.parametrize("route", ["portal_entry", "mfa_index", "account_email", "person", "mfa_reauthenticate",
                                   "account_reauthenticate", "usersessions_list", "new_company"])  # fmt: skip
def test_between_password_and_factor_nothing_opens(owner: User, route: str) -> None:
    give_second_factor(owner)
    client = Client()
    sign_in(client, owner.email)
    response = client.get(reverse(route))
    assert response.status_code == 302
    assert reverse("account_login") in response["Location"]


def test_an_address_not_proven_opens_nothing_even_with_password_and_factor(cast: Cast) -> None:
    user = User.objects.create_user("neuve@example.org", PASSWORD)
    Membership.objects.create(user=user, company=cast.company, role="owner")
    EmailAddress.objects.create(user=user, email=user.email, verified=False, primary=True)
    secret = give_second_factor(user)
    client = Client()
    step = sign_in(client, user.email)["Location"]
    for _ in range(2):
        if step.startswith(reverse("mfa_authenticate")):
            step = client.post(step, {"code": totp_code(secret)})["Location"]
    assert not is_in(client)


def test_recovery_codes_alone_are_no_factor_of_a_new_owner(client: Client, cast: Cast, owner: User) -> None:
    """They come with a first factor, and go with the last."""
    client.force_login(owner, backend=BACKEND)
    response = client.post(reverse("mfa_generate_recovery_codes"), {"password": PASSWORD}, follow=True)
    assert not Authenticator.objects.filter(user=owner).exists(), response.redirect_chain
    assert client.get(f"/espace/{cast.company.siren}/")["Location"] == reverse("second_factor_wanted")


def test_a_factor_is_not_added_or_removed_without_ones_key_again(client: Client, owner: User) -> None:
    client.force_login(owner, backend=BACKEND)
    for route in ("mfa_activate_totp", "mfa_add_webauthn"):
        assert reverse("account_reauthenticate") in client.get(reverse(route))["Location"]
    give_second_factor(owner)
    for ask in (client.post(reverse("mfa_deactivate_totp")), client.get(reverse("mfa_generate_recovery_codes"))):
        assert "reauthenticate" in ask["Location"]
    assert Authenticator.objects.filter(user=owner).exists()


@pytest.mark.django_db(transaction=True)
def test_who_came_in_by_the_password_before_there_was_a_factor_is_put_out_by_it(cast: Cast, owner: User) -> None:
    space = f"/espace/{cast.company.siren}/"
    thief, mine = Client(), Client()
    for client in (thief, mine):
        assert sign_in(client, owner.email).status_code == 302
        assert client.get(space)["Location"] == reverse("second_factor_wanted")
    step = mine.get(reverse("mfa_activate_totp"))["Location"]
    mine.post(step, {"password": PASSWORD})
    page = mine.get(reverse("mfa_activate_totp"))
    done = mine.post(reverse("mfa_activate_totp"), {"code": totp_code(page.context["form"].secret)})
    assert done["Location"] == reverse("mfa_view_recovery_codes")
    assert mine.get(space).status_code == 200
    assert thief.get(space)["Location"].startswith(reverse("account_login"))


# ---- Sessions, addresses and forms -------------------------------------------------------------------------------


def test_a_session_handed_to_somebody_is_another_once_they_signed_in(owner: User) -> None:
    give = Client()
    give.get(reverse("account_login"))
    give.session.save()
    give.cookies["sessionid"] = give.session.session_key or "planted"
    before = give.cookies["sessionid"].value
    assert sign_in(give, owner.email).status_code == 302
    assert give.cookies["sessionid"].value != before


@pytest.mark.parametrize("evil", EVIL)
def test_no_next_leads_to_another_site(client: Client, owner: User, evil: str) -> None:
    assert "mechant" not in sign_in(client, owner.email, next=evil)["Location"]
    assert "mechant" not in client.get(reverse("account_login"), {"next": evil}).get("Location", "")
    for route, data in (
        ("account_logout", {"next": evil}),
        ("set_language", {"language": "en", "next": evil}),
        ("set_theme", {"theme": "dark", "next": evil}),
    ):
        there = client.post(reverse(route), data)["Location"]
        assert there.startswith("/")
        assert not there.startswith(("//", "/\\"))


def test_choices_of_look_change_no_more_than_a_cookie(client: Client, owner: User) -> None:
    """They take no token: nothing of an account may hang on them."""
    client.force_login(owner, backend=BACKEND)
    before = dict(client.session.items())
    careless = Client(enforce_csrf_checks=True)
    careless.cookies = client.cookies
    assert careless.post(reverse("set_language"), {"language": "en"}).status_code == 302
    assert careless.post(reverse("set_theme"), {"theme": "dark"}).status_code == 302
    assert dict(client.session.items()) == before
    for route in ("account_login", "account_signup", "account_email", "account_logout", "new_company"):
        assert careless.post(reverse(route), {}).status_code == 403, route


# ---- Teams -------------------------------------------------------------------------------------------------------


def test_an_invitation_is_not_taken_up_twice_nor_does_it_raise_a_member(
    cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    boss, newcomer = Client(), verified(User.objects.create_user("nouvelle@example.org", PASSWORD))
    give_second_factor(cast.owner)
    boss.force_login(cast.owner, backend=BACKEND)
    with django_capture_on_commit_callbacks(execute=True):
        boss.post(f"/espace/{cast.company.siren}/equipe/", {"email": newcomer.email, "role": "owner"})
    link = re.search(r"http://testserver(/espace/invitation/[\w-]+/)", str(mail.outbox[-1].body))
    assert link
    member = Membership.objects.create(user=newcomer, company=cast.company, role="agent")
    client = Client()
    client.force_login(newcomer, backend=BACKEND)
    assert client.post(link[1]).status_code == 302
    member.refresh_from_db()
    assert member.role == "agent"
    remove_member(membership=member, by=cast.owner)
    assert client.post(link[1]).status_code == 410
    assert not Membership.objects.filter(user=newcomer).exists()


def test_a_role_taken_away_is_gone_at_the_next_click(cast: Cast) -> None:
    manager = cast.people["manager"]
    client = Client()
    client.force_login(manager, backend=BACKEND)
    page = f"/espace/{cast.company.siren}/equipe/"
    assert client.get(page).status_code == 200
    change_role(membership=Membership.objects.get(user=manager), role="agent", by=cast.owner)
    assert client.get(page).status_code == 403
    assert client.post(page, {"email": "complice@example.org", "role": "agent"}).status_code == 403
    assert not Invitation.objects.exists()
    manager.is_active = False
    manager.save()
    assert client.get(page)["Location"].startswith(reverse("account_login"))


def test_a_team_is_no_way_to_send_mail_to_strangers_without_end(
    cast: Cast, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"invitation_sent": "3/h/key"}
    client, team = Client(), f"/espace/{cast.company.siren}/equipe/"
    client.force_login(cast.people["manager"], backend=BACKEND)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(team, {"email": "a@example.org", "role": "agent"})
        first = Invitation.objects.get()
        for step in ("renvoyer", "renvoyer", "renvoyer", "revoquer"):
            client.post(f"{team}invitations/{first.pk}/{step}/")
        refused = client.post(team, {"email": "b@example.org", "role": "agent"})
    assert refused.status_code == 422
    assert "Trop d’invitations" in refused.content.decode()
    assert len(mail.outbox) == 3
    # Another company is not held up by it, and taking one back is always free.
    first.refresh_from_db()
    assert first.revoked_at
    give_second_factor(cast.rival_owner)
    client.force_login(cast.rival_owner, backend=BACKEND)
    elsewhere = f"/espace/{cast.rival.siren}/equipe/"
    assert client.post(elsewhere, {"email": "b@example.org", "role": "agent"}).status_code == 302
