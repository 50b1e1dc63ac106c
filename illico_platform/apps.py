"""The roof as a Django app: it brings commands and system checks, no models."""

from django.apps import AppConfig


class PlatformConfig(AppConfig):
    name = "illico_platform"
    verbose_name = "Illico"

    def ready(self) -> None:
        from illico_platform import celery, checks  # noqa: F401  tasks find their broker, checks register
