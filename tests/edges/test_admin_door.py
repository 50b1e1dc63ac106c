"""The admin's door: everybody's sign-in, so that guessing is counted and the second factor asked there too."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from numbers.models import User
from tests.cast import Cast, give_second_factor
from tests.edges.test_portal_accounts import PASSWORD, sign_in, totp_code, verified

ADMIN = "/admin/"
DOOR = "/admin/login/"


@pytest.fixture(autouse=True)
def _no_attempts_counted() -> None:
    cache.clear()


@pytest.fixture
def boss(cast: Cast) -> User:
    return verified(cast.admin)


@pytest.fixture
def strict(settings: Any) -> None:
    settings.OPERATOR_SECOND_FACTOR = True


def through(client: Client, door: str = DOOR) -> Any:
    """Sign in as somebody does who opens this address."""
    asked = client.get(door)["Location"]
    assert asked.startswith(reverse("account_login"))
    return client.post(asked, {"login": "admin@example.org", "password": PASSWORD})


def test_who_signs_in_at_the_admins_door_lands_in_the_admin(client: Client, boss: User) -> None:
    assert through(client)["Location"] == ADMIN
    assert client.get(ADMIN).status_code == 200
    assert client.get(DOOR)["Location"] == ADMIN


def test_and_where_they_were_going(client: Client, boss: User) -> None:
    wanted = reverse("admin:numbers_user_changelist")
    assert through(client, client.get(wanted)["Location"])["Location"] == wanted


@pytest.mark.parametrize("elsewhere", ["https://mechant.example/", "//mechant.example/", DOOR, "/admin/login"])
def test_the_door_leads_to_no_other_site_and_not_to_itself(client: Client, boss: User, elsewhere: str) -> None:
    assert through(client, f"{DOOR}?next={elsewhere}")["Location"] == ADMIN
    assert client.get(DOOR, {"next": elsewhere})["Location"] == ADMIN


def test_it_takes_no_password_itself(client: Client, boss: User) -> None:
    response = client.post(DOOR, {"username": boss.email, "password": PASSWORD})
    assert response["Location"].startswith(reverse("account_login"))
    assert "_auth_user_id" not in client.session


def test_the_operators_second_factor_is_asked_there(client: Client, boss: User) -> None:
    secret = give_second_factor(boss)
    response = through(client)
    assert response["Location"].startswith(reverse("mfa_authenticate"))
    assert client.get(ADMIN).status_code == 302
    assert client.post(response["Location"], {"code": totp_code(secret)})["Location"] == ADMIN
    assert client.get(ADMIN).status_code == 200


def test_somebody_else_is_refused_and_not_sent_in_circles(client: Client, cast: Cast) -> None:
    client.force_login(cast.owner, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(client.get(ADMIN)["Location"]).status_code == 403


def test_where_the_operator_needs_one_a_second_factor_comes_first(client: Client, boss: User, strict: None) -> None:
    wanted = reverse("admin:numbers_user_changelist")
    sign_in(client, boss.email)
    response = client.get(client.get(wanted)["Location"])
    assert response["Location"] == reverse("second_factor_wanted")
    give_second_factor(boss)
    assert client.get(reverse("portal_entry"))["Location"] == wanted
    assert client.get(wanted).status_code == 200


def test_and_before_a_companys_space_too(client: Client, cast: Cast, boss: User, strict: None) -> None:
    space = f"/espace/{cast.company.siren}/"
    sign_in(client, boss.email)
    assert client.get(space)["Location"] == reverse("second_factor_wanted")
    give_second_factor(boss)
    assert client.get(space).status_code == 200
