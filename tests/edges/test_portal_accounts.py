"""Accounts: sign up by code, guessing locked out, the second factor and the way back, an operator's help."""

import re
import time
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from numbers.models import Company, Membership, User
from numbers.services.help_sign_in import remove_second_factor
from tests.cast import Cast, give_second_factor

PASSWORD = "un mot de passe long"
ENTRANCE = ["account_login", "account_signup", "account_reset_password", "account_reset_password_done",
            "account_reset_password_from_key_done", "account_inactive"]  # fmt: skip
MINE = ["account_email", "account_change_password", "account_logout", "mfa_index", "mfa_list_webauthn", "person",
        "usersessions_list", "new_company", "portal_entry", "second_factor_wanted"]  # fmt: skip


@pytest.fixture(autouse=True)
def _no_attempts_counted() -> None:
    cache.clear()


def verified(user: User | None) -> User:
    assert user is not None
    EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
    return user


def sign_in(client: Client, email: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post(reverse("account_login"), {"login": email, "password": password, **more})


def totp_code(secret: str) -> str:
    """What an authenticator application shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def page_faults(html: str) -> list[str]:
    """What breaks our pages' own rules."""
    faults = []
    if html.count("<h1") != 1:
        faults.append(f"{html.count('<h1')} h1")
    if '<html lang="fr"' not in html:
        faults.append("no lang")
    scripts = re.findall(r"<script(?![^>]*(?:src=|application/json))", html)
    return faults + ["inline script"] * len(scripts) + ["style attribute"] * html.count(" style=")


@pytest.mark.parametrize("name", ENTRANCE)
def test_entrance_pages_are_ours(client: Client, db: None, name: str) -> None:
    response = client.get(reverse(name))
    assert response.status_code == 200
    assert page_faults(response.content.decode()) == []
    assert "Menu:" not in response.content.decode()


@pytest.mark.parametrize("name", MINE)
def test_account_pages_are_ours(client: Client, cast: Cast, name: str) -> None:
    client.force_login(verified(cast.outsider), backend="django.contrib.auth.backends.ModelBackend")
    response = client.get(reverse(name))
    assert response.status_code == 200
    assert page_faults(response.content.decode()) == []


def test_signing_up_asks_for_the_code_of_the_mail(client: Client, db: None) -> None:
    response = client.post(
        reverse("account_signup"), {"email": "neuve@example.org", "password1": PASSWORD, "password2": PASSWORD}
    )
    assert response["Location"] == reverse("account_email_verification_sent")
    page = client.get(response["Location"]).content.decode()
    assert "neuve@example.org" in page
    assert page_faults(page) == []
    message = mail.outbox[-1]
    code = re.search(r"^([A-Z0-9-]{6,12})$", str(message.body), re.M)
    assert code
    assert code[1] in message.subject
    wrong = client.post(response["Location"], {"code": "ABCDEF"})
    assert "Ce code est faux" in wrong.content.decode()
    assert client.post(response["Location"], {"code": code[1]}).status_code == 302
    assert EmailAddress.objects.get(email="neuve@example.org").verified
    assert "Inscrire mon entreprise" in client.get(reverse("portal_entry")).content.decode()


def test_guessing_is_locked_out_for_the_right_password_too_and_ends(client: Client, cast: Cast, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "5/2s/key"}
    email = verified(cast.outsider).email
    for _ in range(5):
        assert "est faux" in sign_in(client, email, "pas le bon").content.decode()
    locked = sign_in(client, email, "pas le bon")
    assert "la connexion est fermée cinq minutes" in locked.content.decode()
    assert "la connexion est fermée" in sign_in(client, email).content.decode()
    assert "_auth_user_id" not in client.session
    # Another person is not locked out by it.
    assert sign_in(Client(), verified(cast.rival_owner).email).status_code == 302
    time.sleep(2.1)
    assert sign_in(client, email).status_code == 302
    assert client.session["_auth_user_id"] == str(cast.outsider.pk)  # type: ignore[union-attr]


def test_by_default_five_wrong_passwords_close_an_address(client: Client, cast: Cast) -> None:
    email = verified(cast.outsider).email
    answers = [sign_in(client, email, f"faux {number}").content.decode() for number in range(6)]
    assert ["la connexion est fermée" in answer for answer in answers] == [False] * 5 + [True]


def test_an_unknown_address_is_answered_like_a_known_one(client: Client, cast: Cast) -> None:
    known = sign_in(client, verified(cast.outsider).email, "faux").content.decode()
    unknown = sign_in(client, "personne@example.org", "faux").content.decode()
    assert "L’adresse ou le mot de passe est faux." in known
    assert "L’adresse ou le mot de passe est faux." in unknown


def test_an_owner_is_led_to_a_second_factor_and_back_to_where_they_went(client: Client, cast: Cast) -> None:
    wanted = f"/espace/{cast.company.siren}/equipe/"
    owner = verified(cast.owner)
    assert sign_in(client, owner.email, next=wanted)["Location"] == wanted
    response = client.get(wanted)
    assert response["Location"] == reverse("second_factor_wanted")
    assert "Utiliser une application" in client.get(response["Location"]).content.decode()
    asked = client.get(reverse("mfa_activate_totp"))["Location"]
    assert page_faults(client.get(asked).content.decode()) == []
    assert client.post(asked, {"password": PASSWORD})["Location"] == reverse("mfa_activate_totp")
    page = client.get(reverse("mfa_activate_totp"))
    assert page_faults(page.content.decode()) == []
    wrong = client.post(reverse("mfa_activate_totp"), {"code": "000000"})
    assert "Ce code est faux" in wrong.content.decode()
    done = client.post(reverse("mfa_activate_totp"), {"code": totp_code(wrong.context["form"].secret)})
    assert done["Location"] == reverse("mfa_view_recovery_codes")
    codes = client.get(done["Location"]).content.decode()
    assert codes.count("<li><code>") == 10
    assert "continuer" in codes
    assert page_faults(codes) == []
    assert client.get(reverse("portal_entry"))["Location"] == wanted
    assert client.get(wanted).status_code == 200
    # Only once: the next time the door leads to the company.
    assert client.get(reverse("portal_entry"))["Location"] == f"/espace/{cast.company.siren}/"


def test_signing_in_asks_for_the_second_factor(client: Client, cast: Cast) -> None:
    owner = verified(cast.owner)
    secret = give_second_factor(owner)
    response = sign_in(client, owner.email)
    assert response["Location"].startswith(reverse("mfa_authenticate"))
    page = client.get(response["Location"]).content.decode()
    assert page_faults(page) == []
    assert "code à six chiffres" in page
    assert "_auth_user_id" not in client.session
    assert "Ce code est faux" in client.post(response["Location"], {"code": "000000"}).content.decode()
    assert client.post(response["Location"], {"code": totp_code(secret)}).status_code == 302
    assert client.session["_auth_user_id"] == str(owner.pk)


def test_an_accountant_is_asked_too_and_a_manager_is_not(client: Client, cast: Cast) -> None:
    settings_page = f"/espace/{cast.company.siren}/reglages/"
    client.force_login(verified(cast.accountant), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(settings_page)["Location"] == reverse("second_factor_wanted")
    client.force_login(cast.people["manager"], backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(settings_page).status_code == 200


def test_an_agent_of_several_companies_chooses_whose_day(client: Client, cast: Cast) -> None:
    client.force_login(cast.people["agent"], backend="django.contrib.auth.backends.ModelBackend")
    Membership.objects.create(user=cast.people["agent"], company=cast.rival, role="agent")
    page = client.get(reverse("portal_entry")).content.decode()
    assert "Ma journée chez Allô Conseil" in page
    assert f"Ma journée chez {cast.rival.name}" in page


def test_several_companies_are_a_choice(client: Client, cast: Cast) -> None:
    Membership.objects.create(user=cast.people["manager"], company=cast.rival, role="manager")
    client.force_login(cast.people["manager"], backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("portal_entry")).content.decode()
    assert "Quelle entreprise" in page
    assert cast.company.name in page
    assert cast.rival.name in page


NEW = {"name": "Dupont Conseil", "siren": "732 829 320", "siret": "732 829 320 00074", "address": "1 rue A, Lille"}


def register(client: Client, **changes: str) -> Any:
    return client.post(reverse("new_company"), NEW | changes)


def test_a_company_is_registered_by_its_first_owner(client: Client, cast: Cast) -> None:
    client.force_login(verified(cast.outsider), backend="django.contrib.auth.backends.ModelBackend")
    response = register(client, iban="fr76 3000 6000 0112 3456 7890 189")
    assert response["Location"] == "/espace/732829320/"
    company = Company.objects.get(siren="732829320")
    assert (company.siret, company.vat_number) == ("73282932000074", "FR44732829320")
    assert Membership.objects.get(company=company).role == "owner"
    assert company.payout_account.iban_mask == "FR76 **** **** 0189"
    assert b"30006000" not in bytes(company.payout_account.iban_sealed)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"siren": "732829321"}, "clé de contrôle ne correspond pas"),
        ({"siren": "73282932"}, "celui-ci en a 8"),
        ({"siren": "73282932O"}, "« O », en position 9"),
        ({"siren": "404833048"}, "Ce SIRET est celui d’une autre entreprise"),
        ({"siret": "73282932000075"}, "Ce SIRET est faux"),
        ({"vat_number": "FR45732829320"}, "« 45 », ne correspond pas"),
        ({"vat_number": "FR83404833048"}, "c’est FR44732829320"),
        ({"iban": "FR76 3000 6000 0112 3456 7890 188"}, "Cet IBAN est faux"),
        ({"name": ""}, "Ce champ est obligatoire"),
        ({"siren": "999999006", "siret": ""}, "déjà inscrite"),
    ],
)
def test_a_refused_company_is_explained_and_nothing_typed_is_lost(
    client: Client, cast: Cast, changes: dict[str, str], sentence: str
) -> None:
    client.force_login(verified(cast.outsider), backend="django.contrib.auth.backends.ModelBackend")
    response = register(client, **changes)
    assert response.status_code == 422
    page = response.content.decode()
    assert sentence in page
    assert "1 rue A, Lille" in page
    assert not Membership.objects.filter(user=cast.outsider).exists()


def test_la_poste_registers_with_a_siret_beyond_luhn(client: Client, cast: Cast) -> None:
    client.force_login(verified(cast.outsider), backend="django.contrib.auth.backends.ModelBackend")
    assert register(client, siren="356000000", siret="35600000049837").status_code == 302


def test_without_vat_number_none_is_kept(client: Client, cast: Cast) -> None:
    client.force_login(verified(cast.outsider), backend="django.contrib.auth.backends.ModelBackend")
    assert register(client, without_vat="on").status_code == 302
    assert Company.objects.get(siren="732829320").vat_number == ""


def test_a_person_registers_five_companies_at_most(client: Client, cast: Cast) -> None:
    for number in range(5):
        company = Company.objects.create(name=f"C{number}", siren=f"00000000{number}")
        Membership.objects.create(user=cast.outsider, company=company, role="owner")
    client.force_login(verified(cast.outsider), backend="django.contrib.auth.backends.ModelBackend")
    response = register(client)
    assert response.status_code == 422
    assert "au plus 5 entreprises" in response.content.decode()
    assert not Company.objects.filter(siren="732829320").exists()


def test_nobody_else_removes_a_second_factor(cast: Cast) -> None:
    accountant, owner = verified(cast.accountant), cast.owner
    assert owner is not None
    give_second_factor(accountant)
    with pytest.raises(Exception, match="rôle"):
        remove_second_factor(user=accountant, by=owner, asked_by="a", identity="i", reason="r")
    assert Authenticator.objects.filter(user=accountant).exists()
