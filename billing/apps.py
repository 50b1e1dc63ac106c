"""The app's name for Django and for the screens, and the rows that every operator starts from."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class BillingConfig(AppConfig):
    name = "billing"
    verbose_name = _("Prix, comptes et paie")

    def ready(self) -> None:
        post_migrate.connect(_lay_reference, sender=self, dispatch_uid="illico_reference")


def _lay_reference(*, using: str, plan: list[Any] | None = None, **kwargs: Any) -> None:
    """Once the tables stand: chart, journals, VAT rates, minimum wages, ceilings, which no page could be used without.

    A flush, which changes no table, sends the signal without a plan; a migration that stops half-way has no tables yet.
    """
    from billing.services.load_reference import load_reference

    executor = MigrationExecutor(connections[using])
    if plan and not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        load_reference()
