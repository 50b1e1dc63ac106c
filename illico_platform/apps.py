"""The roof as a Django app: it brings commands, system checks and the wall between companies, no models."""

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class PlatformConfig(AppConfig):
    name = "illico_platform"
    verbose_name = "Illico"

    def ready(self) -> None:
        from illico_platform import celery, checks, wall, wall_checks  # noqa: F401  tasks find their broker, checks register

        # An app without models is sent no signal: the last app's stands for all of them.
        post_migrate.connect(wall.put_up_wall, sender=apps.get_app_config("billing"), dispatch_uid="illico_wall")
