"""Pages of the calls list open the days that they show, and hold what the whole list holds."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F

from agents.models import Verdict
from billing.models import RatedCall
from numbers.models import Call, CallDay
from tests.admin_rows import run_stages, store_day
from tests.cast import Cast
from tests.edges.portal import EVENING
from tests.edges.test_portal_calls import by_verdict, calls, shown


def read_through(cast: Cast, **filters: Any) -> list[int]:
    """The ids of all pages, one after the other."""
    first = calls(cast, **filters)
    pages = [first, *(calls(cast, **filters, page=number) for number in first.context["paginator"].page_range[1:])]
    assert first.context["paginator"].count == sum(len(shown(page)) for page in pages)
    return [call.pk for page in pages for call in shown(page)]


@pytest.mark.parametrize("is_judged", [True, False])
@pytest.mark.parametrize("sort", ["heure", "-heure"])
def test_pages_that_open_their_days_only_hold_the_whole_list(cast: Cast, sort: str, is_judged: bool) -> None:
    """Pages begin and end in the middle of days, days without such calls lie between, one day is not judged yet."""
    for shift, copies in ((6, 3), (5, 8), (3, 1), (0, 8)):
        store_day(cast, day=EVENING - timedelta(days=shift), copies=copies)
    run_stages(cast, until=EVENING)
    if not is_judged:
        store_day(cast, day=EVENING - timedelta(days=3), number="0892690002", copies=2)
    ordered = Call.objects.order_by(*(("offered_at", "id") if sort == "heure" else ("-offered_at", "-id")))
    agent = cast.agents["A001"].pk
    kept, unproven = by_verdict(["kept"]), by_verdict(["unproven"])
    answered = set(Verdict.objects.filter(agent=agent).values_list("call_id", flat=True))
    charged = set(RatedCall.objects.values_list("call_id", flat=True))
    waited = set(Call.objects.filter(wait_ms__gte=3_000).values_list("pk", flat=True))
    number = cast.numbers["0892690001"].pk
    for asked, wanted in (
        ({}, set(ordered.values_list("pk", flat=True))),
        ({"numero": number}, set(ordered.filter(number=number).values_list("pk", flat=True))),
        ({"promesse": "kept"}, kept),
        ({"promesse": ["kept", "unproven"]}, kept | unproven),
        ({"agent": agent}, answered),
        ({"agent": agent, "promesse": "kept", "numero": number}, answered & kept),
        ({"agent": agent, "promesse": "late"}, answered & by_verdict(["late"])),
        ({"facture": "oui"}, charged),
        (
            {"facture": "non", "numero": number},
            set(ordered.filter(number=number).values_list("pk", flat=True)) - charged,
        ),
        ({"facture": "oui", "promesse": "kept", "attente": "3"}, charged & waited),
    ):
        expected = [pk for pk in ordered.values_list("pk", flat=True) if pk in wanted]
        assert read_through(cast, tri=sort, **asked) == expected


@pytest.mark.parametrize("is_judged", [True, False])
@pytest.mark.parametrize("sort", ["attente", "-attente", "prix", "-prix", "conversation"])
def test_pages_in_another_order_hold_the_whole_list(cast: Cast, sort: str, is_judged: bool) -> None:
    """Beginning with those of which the roll-ups tell a bound or the price, down to those of which they do not."""
    store_day(cast, day=EVENING, copies=9)
    store_day(cast, day=EVENING - timedelta(days=1), copies=7)
    run_stages(cast, until=EVENING)
    if not is_judged:
        store_day(cast, day=EVENING - timedelta(days=2), number="0892690002", copies=2)
    prices = dict(RatedCall.objects.values_list("call_id", "ttc_micros"))
    value = {
        "attente": lambda call: call.wait_ms,
        "conversation": lambda call: call.talk_ms,
        "prix": lambda call: prices.get(call.pk),
    }[sort.removeprefix("-")]
    sign = -1 if sort.startswith("-") else 1
    for asked, rows in (
        ({}, Call.objects.all()),
        ({"facture": "oui"}, Call.objects.filter(pk__in=prices)),
        ({"promesse": "kept"}, Call.objects.filter(pk__in=by_verdict(["kept"]))),
    ):
        order = sorted(rows, key=lambda call: (value(call) is None, sign * (value(call) or 0), sign * call.pk))
        assert read_through(cast, tri=sort, **asked) == [call.pk for call in order]


def test_a_call_that_changed_since_it_was_judged_is_counted_once(cast: Cast) -> None:
    """Its verdict still stands on the day it was judged on; the count does not take it for a row."""
    store_day(cast, day=EVENING)
    run_stages(cast, until=EVENING)
    late = Call.objects.get(external_id__startswith="late.1")
    Call.objects.filter(pk=late.pk).update(day=EVENING - timedelta(days=1), offered_at=late.offered_at - timedelta(1))
    for day, moved in ((EVENING, -1), (EVENING - timedelta(days=1), 1)):
        rows = CallDay.objects.filter(number=late.number, day=day)
        if not rows.update(calls=F("calls") + moved, revision=F("revision") + 1):
            CallDay.objects.create(company=cast.company, number=late.number, day=day, calls=1)
    assert read_through(cast, promesse="late") == []
    assert len(read_through(cast)) == 8
