"""Every registered model's pages: open to a superuser, closed to strangers, and read-only where rows are facts."""

import pytest
from django.apps import apps
from django.contrib.admin import ModelAdmin, site
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from illico_platform.web.admin import ReadOnlyAdmin
from numbers.models import Company, PremiumNumber, User
from tests.admin_rows import fill
from tests.cast import Cast

OURS = ("numbers", "agents", "billing", "auth", "account", "mfa", "usersessions")
ADMINS = sorted(
    (each for each in site._registry.values() if each.opts.app_label in OURS), key=lambda each: each.opts.label
)
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


def test_every_model_has_a_row_whose_page_and_history_open(boss: Client, cast: Cast) -> None:
    fill(cast)
    Group.objects.create(name="comptables")
    for each in ADMINS:
        row = each.model._default_manager.first()
        assert row is not None, f"no {label(each)} to look at"
        shown = boss.get(page(each, "change", row.pk))
        assert shown.status_code == 200, label(each)
        assert shown.content.decode().count("<h1") == 1, label(each)
        assert boss.get(page(each, "history", row.pk)).status_code == 200, label(each)


def test_facts_refuse_every_writing_hand(boss: Client, cast: Cast) -> None:
    fill(cast)
    for each in FACTS:
        row = each.model._default_manager.first()
        before = each.model._default_manager.count()
        for address in (page(each, "add"), page(each, "change", row.pk), page(each, "delete", row.pk)):
            assert boss.post(address, {"post": "yes"}).status_code == 403, address
        chosen = {"action": "delete_selected", "_selected_action": [str(row.pk)], "post": "yes"}
        boss.post(page(each, "changelist"), chosen)
        assert each.model._default_manager.count() == before


@pytest.mark.parametrize("each", FACTS, ids=label)
def test_facts_are_not_added_by_hand(boss: Client, each: ModelAdmin) -> None:
    assert boss.get(page(each, "add")).status_code == 403


def test_companies_and_numbers_are_never_deleted(boss: Client, cast: Cast) -> None:
    for row in (cast.company, cast.numbers["0892690001"], cast.agents["A001"], cast.source):
        address = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_delete", args=[row.pk])
        assert boss.post(address, {"post": "yes"}).status_code == 403
    assert Company.objects.filter(pk=cast.company.pk).exists()
    assert PremiumNumber.objects.count() == 3


@pytest.mark.parametrize("each", ADMINS, ids=label)
def test_strangers_are_sent_to_the_login(client: Client, db: None, each: ModelAdmin) -> None:
    response = client.get(page(each, "changelist"))
    assert response.status_code == 302
    assert response.url.startswith(reverse("admin:login"))


@pytest.mark.parametrize("each", ADMINS, ids=label)
def test_staff_without_permission_are_refused(client: Client, db: None, each: ModelAdmin) -> None:
    client.force_login(User.objects.create_user("staff@example.org", "un mot de passe long", is_staff=True))
    assert client.get(page(each, "changelist")).status_code == 403


def test_a_company_is_not_an_operator(client: Client, cast: Cast) -> None:
    client.force_login(cast.owner)
    assert client.get(reverse("admin:index")).status_code == 302


def test_neighbours_are_linked_both_ways(boss: Client, cast: Cast) -> None:
    fill(cast)
    down = boss.get(reverse("admin:numbers_company_change", args=[cast.company.pk])).content.decode()
    for name in ("numbers_premiumnumber", "numbers_call", "agents_agent", "billing_entry", "billing_fundmonth"):
        address = reverse(f"admin:{name}_changelist")
        assert f"{address}?company__id__exact={cast.company.pk}" in down
        assert boss.get(address, {"company__id__exact": cast.company.pk}).status_code == 200
    up = boss.get(reverse("admin:agents_agent_changelist")).content.decode()
    assert reverse("admin:numbers_company_change", args=[cast.company.pk]) in up


def test_changes_name_who_when_and_what(boss: Client, cast: Cast) -> None:
    address = reverse("admin:numbers_company_change", args=[cast.company.pk])
    form = {
        "name": "Allô Conseils",
        "siren": cast.company.siren,
        "is_active": "on",
        "memberships-TOTAL_FORMS": 0,
        "memberships-INITIAL_FORMS": 0,
    }
    assert boss.post(address, form).status_code == 302
    shown = boss.get(address).content.decode()
    assert "admin@example.org" in shown
    assert '<span class="old">Allô Conseil</span> → Allô Conseils' in shown


def test_the_operator_finds_the_admin_from_the_door_of_the_space(client: Client, cast: Cast) -> None:
    client.force_login(cast.admin)
    assert f'href="{reverse("admin:index")}"' in client.get(reverse("portal_entry")).content.decode()
