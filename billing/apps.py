"""The app's name for Django and for the screens."""

from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "billing"
    verbose_name = "Prix, comptes et paie"
