"""Have a passkey sign « I am at work here now »: what it is asked to sign, whether it did, and that it did, later on.

The challenge is the hash of a statement that names the agent, the workplace and the minute, so that a signature stands
for this check-in and for no other. Source: W3C, Web Authentication Level 2, 7.2, verifying an authentication assertion.
"""

import json
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from allauth.mfa.webauthn.internal.auth import get_server
from cryptography.exceptions import InvalidSignature
from django.utils.translation import gettext as _
from fido2 import cbor
from fido2.cose import CoseKey
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    AuthenticatorData,
    CollectedClientData,
    UserVerificationRequirement,
)

from agents.models import Agent, CheckIn
from agents.services.keep_staff import StaffRefused

FRESH = timedelta(minutes=5)  # how long a question to the passkey may wait for its answer
_TITLE = "illico check-in"


def ask_to_sign(
    *, keys: Sequence[AttestedCredentialData], agent: Agent, workplace: str, now: datetime
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the browser hands to the passkey, and what is to be remembered until it answers.

    Args:
        keys: the person's passkeys. workplace: the key of the place that the person chose.
    """
    statement = "\n".join([_TITLE, str(agent.pk), workplace, _minute(now), secrets.token_hex(16)])
    options, state = get_server().authenticate_begin(
        credentials=list(keys),
        user_verification=UserVerificationRequirement.PREFERRED,
        challenge=sha256(statement.encode()).digest(),
    )
    return dict(options), {"statement": statement, "state": state, "asked_at": now.timestamp()}


def signed_by_passkey(
    *,
    keys: Sequence[AttestedCredentialData],
    asked: dict[str, Any] | None,
    answer: str,
    agent: Agent,
    workplace: str,
    now: datetime,
) -> dict[str, str]:
    """What to keep of the passkey's answer, so that anybody can verify it again.

    Args:
        asked: what ``ask_to_sign`` said to remember. answer: the credential as the browser gave it, in JSON.
    Raises:
        StaffRefused: nothing was asked, or too long ago, or for another agent or place; or the signature is none of
            this person's passkeys over that statement.
    """
    fault = StaffRefused("", _("La clé d’accès n’a pas signé ce pointage. Réessayez."))
    if asked is None or asked["statement"].split("\n")[:3] != [_TITLE, str(agent.pk), workplace]:
        raise fault
    if now.timestamp() - asked["asked_at"] > FRESH.total_seconds():
        raise StaffRefused("", _("La clé d’accès a répondu trop tard : signez de nouveau."))
    try:
        given = json.loads(answer)
        key = get_server().authenticate_complete(asked["state"], list(keys), given)
        response = AuthenticationResponse.from_dict(given).response
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise fault from error
    return {
        "statement": asked["statement"],
        "authenticator_data": websafe_encode(response.authenticator_data),
        "client_data": websafe_encode(response.client_data),
        "signature": websafe_encode(response.signature),
        "credential_sha256": sha256(key.credential_id).hexdigest(),
        "public_key": websafe_encode(cbor.encode(dict(key.public_key))),
    }


def signature_digest(assertion: dict[str, str]) -> str:
    """The SHA-256 that stands for a signature: of the authenticator's data, the client data's hash, the signature."""
    client_data = sha256(websafe_decode(assertion["client_data"])).digest()
    signed = websafe_decode(assertion["authenticator_data"]) + client_data + websafe_decode(assertion["signature"])
    return sha256(signed).hexdigest()


def is_signed(check_in: CheckIn) -> bool:
    """Whether what is kept of a check-in still proves that a passkey signed for this agent and this place.

    The minute is that of the signature: a supervisor's correction moves the check-in, not what was signed.
    """
    kept = check_in.assertion
    if not kept:
        return False
    try:
        client_data = CollectedClientData(websafe_decode(kept["client_data"]))
        data = AuthenticatorData(websafe_decode(kept["authenticator_data"]))
        public_key = CoseKey.parse(cbor.decode(websafe_decode(kept["public_key"])))
        public_key.verify(data + client_data.hash, websafe_decode(kept["signature"]))
    except (InvalidSignature, ValueError, KeyError, TypeError):
        return False
    place = f"{check_in.place}-{check_in.site_id or check_in.commune_insee}"
    return (
        client_data.challenge == sha256(kept["statement"].encode()).digest()
        and kept["statement"].split("\n")[:3] == [_TITLE, str(check_in.agent_id), place]
        and signature_digest(kept) == check_in.signed_sha256
    )


def _minute(now: datetime) -> str:
    return f"{now.astimezone(UTC):%Y-%m-%dT%H:%MZ}"
