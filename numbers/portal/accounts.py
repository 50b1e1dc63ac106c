"""Accounts as the sign-in library asks about them: its sentences and its forms, in the words of our pages."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from numbers.models import User

INVITED_TO = "invited_to"  # where in the session stands the invitation that an address is being added for
WRONG_CODE = _("Ce code est faux ou trop vieux. Prenez celui que l’application affiche maintenant.")


class AccountAdapter(DefaultAccountAdapter):
    """What a person reads when a sign-in is refused, and where a proven address leads."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("L’adresse ou le mot de passe est faux."),
        "too_many_login_attempts": _(
            "Trop d’essais pour cette adresse : la connexion est fermée cinq minutes, même au bon mot de passe. "
            "« Mot de passe oublié » reste ouvert."
        ),
        "incorrect_code": _("Ce code est faux ou trop vieux. Demandez-en un autre."),
        "email_taken": _("Cette adresse est déjà celle d’un autre compte : connectez-vous avec lui."),
        "rate_limited": _("Trop de demandes à la fois. Attendez une minute et réessayez."),
    }

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        """A new account; its mail comes in the language that the person signed up in."""
        user.language = (get_language() or "fr")[:2]
        return super().save_user(request, user, form, commit)  # type: ignore[no-any-return]

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        """Back to the invitation that the address was proven for."""
        return self.request.session.pop(INVITED_TO, None) or super().get_email_verification_redirect_url(email_address)


class SecondFactorAdapter(DefaultMFAAdapter):
    """What a person reads when a second key is refused."""

    error_messages = {**DefaultMFAAdapter.error_messages, "incorrect_code": WRONG_CODE}


class AddKeyForm(AddWebAuthnForm):
    """A new passkey: its name, and whether it opens the account without the password."""

    field_order = ["name", "passwordless"]
    name = forms.CharField(label=_("Nom de la clé"), max_length=60, required=False)
    passwordless = forms.BooleanField(
        label=_("Entrer sans mot de passe"),
        initial=True,
        required=False,
        help_text=_(
            "L’appareil vérifie que c’est vous, par empreinte, visage ou code. Une clé USB sans code ne le sait pas : "
            "décochez."
        ),
    )


class EditKeyForm(EditWebAuthnForm):
    """Another name for a passkey."""

    name = forms.CharField(label=_("Nom de la clé"), max_length=60)
