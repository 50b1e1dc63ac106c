"""The app's name for Django and for the screens."""

from django.apps import AppConfig


class NumbersConfig(AppConfig):
    name = "numbers"
    verbose_name = "Numéros et appels"
