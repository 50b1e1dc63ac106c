"""An invitation to another address than the account's: proven from within the account, second factor or not."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from numbers.models import Membership, User
from tests.cast import Cast, give_second_factor
from tests.edges.test_portal_accounts import PASSWORD, page_faults, sign_in, totp_code, verified
from tests.edges.test_portal_team import INVITED, as_, sent_link, team

ADD = {"email": INVITED, "action_add": "1"}


@pytest.fixture(autouse=True)
def _no_attempts_counted() -> None:
    cache.clear()


@pytest.fixture
def link(cast: Cast, django_capture_on_commit_callbacks: Any) -> str:
    with django_capture_on_commit_callbacks(execute=True):
        as_(Client(), cast.owner).post(team(cast), {"email": INVITED, "role": "supervisor"})
    return sent_link()


@pytest.fixture
def elsewhere(cast: Cast) -> Client:
    """Somebody with an account of another address, a second factor and a company of their own; signed in by hand."""
    client = Client()
    secret = give_second_factor(verified(cast.rival_owner))
    step = sign_in(client, "rival_owner@example.org")["Location"]
    assert client.post(step, {"code": totp_code(secret)}).status_code == 302
    return client


def confirmed(client: Client, step: str) -> Any:
    """The same person, by their password again."""
    assert step.startswith(reverse("account_reauthenticate"))
    return client.post(step, {"password": PASSWORD})


def sent_code() -> str:
    found = re.search(r"^([A-Z0-9-]{6,12})$", str(mail.outbox[-1].body), re.M)
    assert found, mail.outbox[-1].body
    return found[1]


def test_an_address_is_added_proven_and_leads_back_to_the_invitation(elsewhere: Client, cast: Cast, link: str) -> None:
    page = elsewhere.get(link).content.decode()
    assert page_faults(page) == []
    assert f'action="{reverse("account_email")}"' in page
    assert f'name="email" value="{INVITED}"' in page
    step = confirmed(elsewhere, elsewhere.post(reverse("account_email"), ADD)["Location"])["Location"]
    assert mail.outbox[-1].to == [INVITED]
    assert not EmailAddress.objects.filter(email=INVITED).exists()
    assert elsewhere.post(step, {"code": sent_code()})["Location"] == link
    assert elsewhere.post(link)["Location"] == reverse("portal_entry")
    assert Membership.objects.get(user=cast.rival_owner, company=cast.company).role == "supervisor"
    cast.rival_owner.refresh_from_db()
    assert cast.rival_owner.email == "rival_owner@example.org"


def test_without_the_password_again_no_address_is_added(elsewhere: Client, link: str) -> None:
    elsewhere.get(link)
    sent = len(mail.outbox)
    step = elsewhere.post(reverse("account_email"), ADD)["Location"]
    assert step.startswith(reverse("account_reauthenticate"))
    assert elsewhere.post(step, {"password": "faux"}).status_code == 200
    assert len(mail.outbox) == sent
    assert elsewhere.post(link).status_code == 403


def test_an_address_with_an_account_of_its_own_is_not_taken_over(elsewhere: Client, link: str, cast: Cast) -> None:
    other = User.objects.create_user(INVITED, PASSWORD)
    verified(other)
    elsewhere.get(link)
    step = confirmed(elsewhere, elsewhere.post(reverse("account_email"), ADD)["Location"])["Location"]
    page = elsewhere.post(step, {"code": sent_code()})
    assert "déjà celle d’un autre compte" in page.content.decode()
    assert EmailAddress.objects.get(email=INVITED).user == other
    assert elsewhere.post(link).status_code == 403


def test_changing_accounts_comes_back_to_the_invitation(elsewhere: Client, link: str) -> None:
    page = elsewhere.get(link).content.decode()
    wanted = re.search(r'name="next" value="([^"]+)"', page)
    assert wanted
    login = wanted[1].replace("&amp;", "&")
    assert elsewhere.post(reverse("account_logout"), {"next": login})["Location"] == login
    form = elsewhere.get(login).content.decode()
    assert link in form
    signup = re.search(r'href="(/compte/signup/[^"]*)"', form)
    assert signup
    assert link in elsewhere.get(signup[1].replace("&amp;", "&")).content.decode()
