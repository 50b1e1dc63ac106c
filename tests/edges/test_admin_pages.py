"""Every registered model's pages: open to a superuser, closed to strangers, and read-only where rows are facts."""

import pytest
from django.contrib.admin import ModelAdmin, site
from django.test import Client
from django.urls import reverse

from illico_platform.web.admin import ReadOnlyAdmin
from numbers.models import User
from tests.cast import Cast

ADMINS = sorted(site._registry.values(), key=lambda each: each.opts.label)
FACTS = [each for each in ADMINS if isinstance(each, ReadOnlyAdmin)]
WRITTEN_BY_THE_PLATFORM = {
    *("numbers.Call", "numbers.CallDay", "numbers.Intake", "numbers.RejectedRow", "numbers.NumberTransition"),
    *("agents.Verdict", "agents.VerdictChange", "agents.JudgedDay", "agents.Payslip", "agents.PayrollDeclaration"),
    *("billing.RatedCall", "billing.RatedChange", "billing.RatedDay", "billing.Entry", "billing.Line"),
    *("billing.Account", "billing.Journal", "billing.JournalYear", "billing.Period", "billing.FundMonth"),
    *("billing.Run", "billing.RunStage", "billing.Finding"),
}


def label(each: ModelAdmin) -> str:
    return each.opts.label


def page(each: ModelAdmin, name: str, *args: object) -> str:
    return reverse(f"admin:{each.opts.app_label}_{each.opts.model_name}_{name}", args=args)


@pytest.fixture
def boss(client: Client, cast: Cast) -> Client:
    client.force_login(cast.admin)
    return client


def test_every_model_has_its_pages() -> None:
    from django.apps import apps

    ours = {
        model
        for app in ("numbers", "agents", "billing")
        for model in apps.get_app_config(app).get_models()
        if not model.__name__.endswith("Event")
    }
    assert ours <= set(site._registry)


def test_what_the_platform_writes_is_read_only() -> None:
    assert {label(each) for each in FACTS} >= WRITTEN_BY_THE_PLATFORM


@pytest.mark.parametrize("each", ADMINS, ids=label)
def test_lists_open_and_are_searched(boss: Client, each: ModelAdmin) -> None:
    assert boss.get(page(each, "changelist")).status_code == 200
    assert each.search_fields
    assert boss.get(page(each, "changelist"), {"q": "0892690001"}).status_code == 200


@pytest.mark.parametrize("each", [each for each in ADMINS if each not in FACTS], ids=label)
def test_add_pages_open(boss: Client, each: ModelAdmin) -> None:
    assert boss.get(page(each, "add")).status_code == 200


@pytest.mark.parametrize("each", FACTS, ids=label)
def test_facts_are_not_added_by_hand(boss: Client, each: ModelAdmin) -> None:
    assert boss.get(page(each, "add")).status_code == 403
    assert boss.post(page(each, "add"), {}).status_code == 403


@pytest.mark.parametrize("each", ADMINS, ids=label)
def test_strangers_are_sent_to_the_login(client: Client, db: None, each: ModelAdmin) -> None:
    response = client.get(page(each, "changelist"))
    assert response.status_code == 302
    assert response.url.startswith(reverse("admin:login"))


@pytest.mark.parametrize("each", ADMINS, ids=label)
def test_staff_without_permission_are_refused(client: Client, db: None, each: ModelAdmin) -> None:
    client.force_login(User.objects.create_user("staff@example.org", "un mot de passe long", is_staff=True))
    assert client.get(page(each, "changelist")).status_code == 403
