"""What a kept verdict charges: the talk the call tells, revised with it, and nothing for any other verdict."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, connection

from agents.models import Verdict, VerdictChange
from agents.services.judge import judge_company
from billing.models import RatedCall, RatedChange
from billing.services.rate import rate_company
from numbers.models import Call, CallDay
from tests.cast import Cast
from tests.stored_calls import store_calls

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 26, 2, 15, tzinfo=UTC)
SINCE = date(2026, 11, 1)


def store(cast: Cast, waits_ms: Sequence[int]) -> None:
    offered = datetime(2026, 11, 25, 18, tzinfo=UTC)
    call = {"number": "0892690001", "offered_at": offered, "outcome": "answered", "talk_ms": 61_000, "agent": "A001"}
    store_calls(cast.source, [{**call, "external_id": str(row), "wait_ms": ms} for row, ms in enumerate(waits_ms)])


def stages(cast: Cast) -> tuple[int, int]:
    """Judge and rate; returns how many verdicts and how many prices changed."""
    judged = judge_company(company_id=cast.company.pk, since=SINCE, now=NOW)
    rated = rate_company(company_id=cast.company.pk, since=SINCE, now=NOW)
    return judged.changed, rated.changed


def test_only_kept_calls_charge_their_talk(cast: Cast) -> None:
    store(cast, [59_999, 60_000])
    stages(cast)
    charged = set(Verdict.objects.values_list("verdict", "charged_ms"))
    assert charged == {("kept", 61_000), ("late", None)}
    assert RatedCall.objects.get().billed_ms == 61_000


def test_a_talk_revised_by_a_later_log_is_charged_anew(cast: Cast) -> None:
    """The verdict stays what it was, so it has no history; the price has one."""
    store(cast, [3_000])
    stages(cast)
    Call.objects.update(talk_ms=30_000)
    CallDay.objects.update(revision=2)
    assert stages(cast) == (1, 1)
    assert (Verdict.objects.get().charged_ms, RatedCall.objects.get().billed_ms) == (30_000, 30_000)
    assert (VerdictChange.objects.count(), RatedChange.objects.count()) == (0, 1)
    assert stages(cast) == (0, 0)


@pytest.mark.parametrize(("verdict", "charged_ms"), [("kept", "NULL"), ("late", "0"), ("kept", "-1")])
def test_the_table_refuses_a_charge_that_its_verdict_denies(cast: Cast, verdict: str, charged_ms: str) -> None:
    store(cast, [3_000])
    stages(cast)
    with pytest.raises(IntegrityError, match="charged_when_kept"), connection.cursor() as cursor:
        cursor.execute(f"UPDATE agents_verdict SET verdict = '{verdict}', charged_ms = {charged_ms}")
