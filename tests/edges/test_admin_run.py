"""The page of a night: every step is counted and has its words."""

from datetime import UTC, date, datetime

from django.test import Client
from django.urls import reverse

from billing.admin.words import STAGES
from billing.models import RunStage
from billing.services.night import run_night
from tests.cast import Cast


def test_a_night_that_ended_has_done_as_many_steps_as_there_are(cast: Cast) -> None:
    run = run_night(day=date(2026, 11, 25), now=datetime(2026, 11, 26, 1, 15, tzinfo=UTC))
    client = Client()
    client.force_login(cast.admin, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("admin:billing_run_progress", args=[run.pk]))
    assert page.context["ended"] == page.context["steps"] == 16  # eight for each of two companies
    assert set(RunStage.objects.values_list("stage", flat=True)) <= set(STAGES)
