"""A passkey from its first day to its loss, in a browser whose authenticator is a made-up one."""

from collections.abc import Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import Browser, CDPSession

from agents.models import CheckIn
from agents.services.sign_check_in import is_signed
from numbers.models import User
from numbers.services.help_sign_in import remove_second_factor
from tests.browser.reader import Reader, sit_down
from tests.cast import Cast, make_cast

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "un mot de passe long"
PHONE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
USB_KEY = PHONE | {"transport": "usb", "hasResidentKey": False, "hasUserVerification": False}


@pytest.fixture
def cast() -> Cast:
    cache.clear()
    return make_cast()


@pytest.fixture
def reader(browser: Browser, live_server: Any, cast: Cast) -> Iterator[Reader]:
    yield sit_down(browser, live_server.url)
    for context in browser.contexts:
        context.close()


def owner_of(cast: Cast) -> User:
    owner = cast.owner
    assert owner is not None
    EmailAddress.objects.create(user=owner, email=owner.email, verified=True, primary=True)
    return owner


def carry(reader: Reader, options: dict[str, Any]) -> tuple[CDPSession, str]:
    """An authenticator in the reader's hand, and the name under which it is taken away again."""
    devices = reader.page.context.new_cdp_session(reader.page)
    devices.send("WebAuthn.enable")
    return devices, devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]


def give_password(reader: Reader, user: User) -> None:
    reader.open(reverse("account_login"))
    reader.fill("Courriel", user.email)
    reader.fill("Mot de passe", PASSWORD)
    reader.page.keyboard.press("Enter")


def add_key(reader: Reader, user: User, *, passwordless: bool = True) -> str:
    """Sign in as an owner who has no second factor, get a passkey on the way; answers with a recovery code."""
    give_password(reader, user)
    reader.sees_title("Protéger votre compte")
    reader.press("Ajouter une clé d’accès")
    reader.sees_title("Confirmer que c’est vous")
    reader.fill("Mot de passe", PASSWORD)
    reader.press("Confirmer")
    reader.sees_title("Ajouter une clé d’accès")
    reader.fill("Nom de la clé", "Téléphone de Zoé")
    if not passwordless:
        reader.page.get_by_label("Entrer sans mot de passe").uncheck()
    reader.press("Ajouter la clé")
    reader.sees_title("Codes de secours")
    code = reader.page.locator(".codes code").first.inner_text()
    reader.press("J’ai noté mes codes")
    reader.sees("Allô Conseil")
    return code


def sign_out(reader: Reader) -> None:
    reader.open(reverse("account_logout"))
    reader.press("Se déconnecter")
    reader.sees_title("Se connecter")


def test_an_owner_gets_a_passkey_and_comes_in_with_it_alone(reader: Reader, cast: Cast) -> None:
    owner = owner_of(cast)
    carry(reader, PHONE)
    add_key(reader, owner)
    reader.open(reverse("mfa_list_webauthn"))
    reader.sees("Téléphone de Zoé")
    reader.sees("sans mot de passe")
    sign_out(reader)
    reader.press("Se connecter avec une clé d’accès")
    reader.page.wait_for_url(f"**/espace/{cast.company.siren}/")
    reader.sees("Allô Conseil")
    assert reader.look() == []
    assert reader.faults == []


def test_a_usb_key_stands_beside_the_password_and_does_not_replace_it(reader: Reader, cast: Cast) -> None:
    owner = owner_of(cast)
    carry(reader, USB_KEY)
    add_key(reader, owner, passwordless=False)
    sign_out(reader)
    give_password(reader, owner)
    reader.sees_title("Votre deuxième clé")
    reader.press("Utiliser une clé d’accès")
    reader.page.wait_for_url(f"**/espace/{cast.company.siren}/")
    assert reader.faults == []


def test_a_lost_key_is_said_and_a_recovery_code_opens(reader: Reader, cast: Cast) -> None:
    owner = owner_of(cast)
    devices, phone = carry(reader, PHONE)
    code = add_key(reader, owner)
    sign_out(reader)
    devices.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": phone})
    carry(reader, PHONE)  # a new one, that holds no key of ours
    reader.press("Se connecter avec une clé d’accès")
    reader.sees("La clé d’accès n’a pas répondu")
    give_password(reader, owner)
    reader.press("Utiliser une clé d’accès")
    reader.sees("La clé d’accès n’a pas répondu")
    reader.fill("Code", code)
    reader.press("Continuer")
    reader.page.wait_for_url(f"**/espace/{cast.company.siren}/")
    # The lost one is taken off; what is left of the codes goes with the last key.
    reader.open(reverse("mfa_list_webauthn"))
    reader.press("Retirer")
    reader.sees_title("Confirmer que c’est vous")
    reader.fill("Mot de passe", PASSWORD)
    reader.press("Confirmer")
    reader.sees_title("Retirer cette clé d’accès")
    reader.press("Retirer la clé")
    reader.sees("Vos clés d’accès seront ici")
    assert not Authenticator.objects.filter(user=owner).exists()
    reader.open(f"/espace/{cast.company.siren}/")
    reader.sees_title("Protéger votre compte")


def test_with_neither_key_nor_codes_the_operator_helps(reader: Reader, cast: Cast) -> None:
    owner, admin = owner_of(cast), cast.admin
    assert admin is not None
    devices, phone = carry(reader, PHONE)
    add_key(reader, owner)
    sign_out(reader)
    devices.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": phone})
    remove_second_factor(user=owner, by=admin, asked_by="elle", identity="pièce vue", reason="téléphone perdu")
    give_password(reader, owner)
    reader.sees_title("Protéger votre compte")


def test_an_agent_s_passkey_signs_the_check_in_itself(reader: Reader, cast: Cast) -> None:
    user, agent = cast.people["agent"], cast.agents["A001"]
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    agent.user = user
    agent.save()
    devices, phone = carry(reader, PHONE)
    give_password(reader, user)
    reader.sees_title("Ma journée")
    reader.open(reverse("mfa_add_webauthn"))
    reader.fill("Mot de passe", PASSWORD)
    reader.press("Confirmer")
    reader.fill("Nom de la clé", "Téléphone de Zoé")
    reader.press("Ajouter la clé")
    reader.sees("Clé de sécurité ajoutée")
    reader.open(reverse("portal:my_day", args=[cast.company.siren]))
    assert reader.look() == []
    devices.send("WebAuthn.setUserVerified", {"authenticatorId": phone, "isUserVerified": True})
    reader.press("Signer avec ma clé d’accès")
    reader.sees("Arrivée signée par votre clé d’accès.")
    reader.sees("Vous êtes au travail")
    assert is_signed(CheckIn.objects.get())
    assert reader.faults == []
