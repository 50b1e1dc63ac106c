"""A passkey made up in Python: it registers as a browser's would, and signs what it is asked to."""

import json
from hashlib import sha256
from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from numbers.models import User

HOST = "testserver"


class Passkey:
    """One credential of a person, for the host of Django's test client."""

    def __init__(self, user: User, *, name: str = "Téléphone") -> None:
        self._private = ec.generate_private_key(ec.SECP256R1())
        self.id = sha256(f"{user.pk} {name}".encode()).digest()
        public = ES256.from_cryptography_key(self._private.public_key())
        credential = AttestedCredentialData.create(Aaguid(bytes(16)), self.id, public)
        data = AuthenticatorData.create(sha256(HOST.encode()).digest(), 0x45, 0, credential)
        response = {
            "clientDataJSON": self._client_data(CollectedClientData.TYPE.CREATE, "AA"),
            "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
        }
        Authenticator.objects.create(
            user=user, type=Authenticator.Type.WEBAUTHN, data={"name": name, "credential": self._answer(response)}
        )

    def sign(self, options: dict[str, Any], *, challenge: str = "") -> str:
        """The answer to a site's question, as the browser hands it over; ``challenge``: another one than was asked."""
        client_data = CollectedClientData.create(
            CollectedClientData.TYPE.GET, challenge or options["publicKey"]["challenge"], f"http://{HOST}"
        )
        data = AuthenticatorData.create(sha256(HOST.encode()).digest(), 0x05, 1)
        signature = self._private.sign(data + client_data.hash, ec.ECDSA(hashes.SHA256()))
        response = {
            "clientDataJSON": websafe_encode(client_data),
            "authenticatorData": websafe_encode(data),
            "signature": websafe_encode(signature),
        }
        return json.dumps(self._answer(response))

    def _answer(self, response: dict[str, Any]) -> dict[str, Any]:
        name = websafe_encode(self.id)
        return {"id": name, "rawId": name, "type": "public-key", "response": response, "clientExtensionResults": {}}

    def _client_data(self, kind: str, challenge: str) -> str:
        return websafe_encode(CollectedClientData.create(kind, challenge, f"http://{HOST}"))
