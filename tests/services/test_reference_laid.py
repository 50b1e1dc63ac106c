"""What a new operator finds after the first migration: the rows without which no price and no number exist."""

from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.sql import emit_post_migrate_signal

from agents.models import ContributionCode
from billing.models import Account, FullTime, Journal, MinimumWage, VatRate
from numbers.models import PlanCeiling


@pytest.mark.django_db
def test_migrating_lays_what_every_operator_starts_from() -> None:
    kinds: list[Any] = [Account, Journal, MinimumWage, VatRate, PlanCeiling, ContributionCode, FullTime]
    for kind in kinds:
        kind.objects.all().delete()
    call_command("migrate", verbosity=0)
    assert not any(kind.objects.exists() for kind in kinds), "nothing was migrated: what an operator deleted stays away"

    emit_post_migrate_signal(0, False, "default", plan=[("a migration", False)])
    assert all(kind.objects.exists() for kind in kinds)
