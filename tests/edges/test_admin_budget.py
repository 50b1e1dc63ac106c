"""Queries per list page: within the committed budget, and no more of them with more rows."""

from datetime import timedelta

import pytest
from django.contrib.admin import ModelAdmin, site
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agents.models import Agent
from billing.models import Finding
from illico_platform.web.pages import CAP, CappedPaginator
from numbers.models import Call, Company, User
from tests.admin_rows import DAY, NOW, declare_pay, fill, record_night, run_stages, sign_in_once, store_day
from tests.budgets import count_queries, hold_budgets, hold_growth
from tests.cast import Cast, make_agent, make_number

OURS = ("numbers", "agents", "billing", "auth", "account", "mfa", "usersessions")
HOME, CALL = "home page", "call page"


def label(each: ModelAdmin) -> str:
    return each.opts.label


def measure(boss: Client, cast: Cast) -> dict[str, int]:
    """Queries of each list page, the home page and a charged call's page."""
    pages = {
        label(each): f"admin:{each.opts.app_label}_{each.opts.model_name}_changelist"
        for each in site._registry.values()
        if each.opts.app_label in OURS
    }
    addresses = {name: reverse(route) for name, route in pages.items()}
    addresses[HOME] = reverse("admin:index")
    call = Call.objects.get(external_id="kept.1")
    addresses[CALL] = reverse("admin:numbers_call_change", args=[call.pk])
    return count_queries(boss, addresses.items())


def add_rows(cast: Cast) -> None:
    """Several times the rows of ``fill``, over more days, numbers, agents and companies."""
    for rank in range(12):
        Company.objects.create(name=f"Société {rank}", siren=f"{900_000_000 + rank}")
        make_agent(cast.source, f"B{rank:03}")
        make_number(cast.company, f"08926910{rank:02}")
        sign_in_once(User.objects.create_user(f"personne{rank}@example.org", "un mot de passe long"))
        Group.objects.create(name=f"groupe {rank}")
    for shift in range(1, 4):
        store_day(cast, day=DAY - timedelta(days=shift), copies=3)
    store_day(cast, number="0892690002", copies=4)
    declare_pay(cast, agents=("A002", "A003", "A004", "X2", "X3"))
    run_stages(cast)
    for _ in range(3):
        record_night(cast)
    Finding.objects.bulk_create(
        Finding(
            key=f"k{rank}",
            kind="k",
            severity="error",
            company=cast.rival,
            title="t",
            action="a",
            first_seen_on=DAY,
            last_seen_on=DAY,
        )
        for rank in range(9)
    )


def test_lists_keep_their_query_budget_however_many_rows(client: Client, cast: Cast) -> None:
    client.force_login(cast.admin)
    fill(cast)
    few = measure(client, cast)
    hold_budgets("admin", few)
    add_rows(cast)
    hold_growth(few, measure(client, cast))


@pytest.mark.django_db
def test_the_paginator_never_counts_past_its_cap() -> None:
    company = Company.objects.create(name="Grande", siren="900000001")
    Agent.objects.bulk_create(Agent(company=company, employee_number=f"{rank:05}") for rank in range(CAP + 20))
    pages = CappedPaginator(Agent.objects.all(), 50)
    with CaptureQueriesContext(connection) as queries:
        assert pages.count == CAP
        assert pages.is_capped
    assert len(queries) == 1
    assert f"LIMIT {CAP + 1}" in queries[0]["sql"]
    assert not CappedPaginator(Agent.objects.filter(employee_number="00001"), 50).is_capped


def test_a_list_of_facts_names_the_month_it_reads(client: Client, cast: Cast) -> None:
    client.force_login(cast.admin)
    store_day(cast)
    run_stages(cast, now=NOW)
    for name in ("numbers_call", "agents_verdict", "billing_ratedcall"):
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(f"admin:{name}_changelist"))
        over_facts = [query["sql"] for query in queries if f'FROM "{name}"' in query["sql"]]
        assert over_facts
        assert all(f'"{name}"."month" = ' in sql or f'"{name}"."month" IN' in sql for sql in over_facts)
