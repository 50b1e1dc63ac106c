"""A number that closes on public holidays: calls of that day are outside hours, and a change of mind re-judges them."""

from datetime import UTC, datetime

import pytest

from agents.models import Verdict
from numbers.models import HolidayRule
from tests.cast import START, Cast
from tests.scenarios.test_evening import all_stages
from tests.stored_calls import store_calls

ARMISTICE = datetime(2026, 11, 11, 10, tzinfo=UTC)


@pytest.mark.django_db
def test_a_change_of_holiday_policy_judges_the_holiday_again(cast: Cast) -> None:
    call = {"number": "0892690001", "outcome": "answered", "wait_ms": 1000, "talk_ms": 1000, "agent": "A001"}
    days = {"11": ARMISTICE, "12": ARMISTICE.replace(day=12)}
    store_calls(cast.source, [{**call, "external_id": name, "offered_at": at} for name, at in days.items()])
    number = cast.numbers["0892690001"]
    seen = []
    for policy in ("usual", "closed", "sunday"):
        HolidayRule.objects.update_or_create(number=number, defaults={"policy": policy, "valid_from": START})
        all_stages(cast.company.pk)
        seen.append(list(Verdict.objects.order_by("day").values_list("verdict", flat=True)))
    assert seen == [["kept", "kept"], ["closed", "kept"], ["kept", "kept"]]
