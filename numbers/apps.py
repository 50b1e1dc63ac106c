"""The app's name for Django and for the screens."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NumbersConfig(AppConfig):
    name = "numbers"
    verbose_name = _("Numéros et appels")

    def ready(self) -> None:
        from allauth.mfa.signals import authenticator_added

        from numbers.services.end_sessions import end_others

        authenticator_added.connect(end_others, dispatch_uid="numbers_end_others")
