"""Prices of a live number: planned for a first of the month, seen, taken back while there is time."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from billing.models import Tariff
from billing.rules.price_change import starts_allowed
from illico_platform.lib.periods import paris_day
from tests.cast import START, Cast
from tests.edges.test_portal_enrol import member


@pytest.fixture
def boss(cast: Cast) -> Client:
    return member(cast.company, "manager")


def address(cast: Cast, route: str = "prices", digits: str = "0892690001", **kwargs: str) -> str:
    return reverse(f"portal:{route}", kwargs={"siren": cast.company.siren, "pk": cast.numbers[digits].pk, **kwargs})


def periods(cast: Cast) -> list[tuple[object, object, int]]:
    rows = Tariff.objects.filter(number=cast.numbers["0892690001"]).order_by("valid_from")
    return [(row.valid_from, row.valid_until, row.price_micros) for row in rows]


def test_a_price_is_planned_seen_and_taken_back(boss: Client, cast: Cast) -> None:
    start = starts_allowed(paris_day(timezone.now()))[1]
    assert boss.post(address(cast), {"price": "0,45", "start": start.isoformat()}).status_code == 302
    assert periods(cast) == [(START, start, 600_000), (start, None, 450_000)]
    page = boss.get(address(cast)).content.decode()
    assert "45 centimes par minute" in page
    assert "S’annule jusqu’au" in page
    assert boss.post(address(cast, "price_cancel", start=start.isoformat())).status_code == 302
    assert periods(cast) == [(START, None, 600_000)]


@pytest.mark.parametrize("price", ["0,61", "0", "-1", "zéro", "0,455", "0,60"])
def test_a_price_that_may_not_be_is_refused(boss: Client, cast: Cast, price: str) -> None:
    start = starts_allowed(paris_day(timezone.now()))[0]
    assert boss.post(address(cast), {"price": price, "start": start.isoformat()}).status_code == 422
    assert periods(cast) == [(START, None, 600_000)]


def test_no_price_starts_in_the_middle_of_a_month_or_within_the_notice(boss: Client, cast: Cast) -> None:
    first = starts_allowed(paris_day(timezone.now()))[0]
    for day in (first + timedelta(days=1), first.replace(day=1) - timedelta(days=31)):
        assert boss.post(address(cast), {"price": "0,45", "start": day.isoformat()}).status_code == 422


def test_a_price_is_not_taken_back_once_the_carriers_have_it(boss: Client, cast: Cast) -> None:
    soon = paris_day(timezone.now()) + timedelta(days=3)
    number = cast.numbers["0892690001"]
    Tariff.objects.filter(number=number).update(valid_until=soon)
    Tariff.objects.create(number=number, price_micros=450_000, valid_from=soon)
    boss.post(address(cast, "price_cancel", start=soon.isoformat()))
    assert periods(cast) == [(START, soon, 600_000), (soon, None, 450_000)]


def test_supervisors_and_rivals_do_not_see_it(boss: Client, cast: Cast) -> None:
    assert member(cast.company, "supervisor").get(address(cast)).status_code == 403
    assert member(cast.rival, "manager").get(address(cast)).status_code == 404
    assert boss.get(address(cast, digits="0892690009")).status_code == 404
