"""The checks of the night on real tables: a finding opens, stays one, resolves itself, reopens."""

from datetime import UTC, date, datetime, timedelta

import pytest

from agents.services.judge import judge_company
from billing.models import Finding
from billing.services.check import check_company
from billing.services.rate import rate_company
from tests.cast import Cast, prove
from tests.stored_calls import store_calls

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 24)
SINCE = date(2026, 1, 1)
NOW = datetime(2026, 11, 25, 1, 15, tzinfo=UTC)


def a_call(external_id: str, **facts: object) -> dict:
    base = {
        "external_id": external_id,
        "number": "0892690001",
        "offered_at": datetime(2026, 11, 24, 9, tzinfo=UTC),
        "outcome": "answered",
        "wait_ms": 4000,
        "talk_ms": 60_000,
        "agent": "A001",
    }
    return {**base, **facts}


def night(cast: Cast, *, day: date = DAY) -> object:
    now = NOW + (day - DAY)
    judge_company(company_id=cast.company.pk, since=SINCE, now=now)
    rate_company(company_id=cast.company.pk, since=SINCE, now=now)
    return check_company(company_id=cast.company.pk, day=day, since=SINCE, now=now)


def open_kinds() -> list[str]:
    return sorted(Finding.objects.filter(resolved_at=None).values_list("kind", flat=True))


def test_a_finding_opens_stays_one_resolves_and_reopens(cast: Cast) -> None:
    store_calls(cast.source, [a_call("1", agent="A900")])
    night(cast)
    night(cast, day=DAY + timedelta(days=1))
    finding = Finding.objects.get(kind="no_proof")
    assert (finding.first_seen_on, finding.last_seen_on, finding.resolved_at) == (DAY, DAY + timedelta(days=1), None)

    proof = prove(cast.agents["A900"])
    night(cast, day=DAY + timedelta(days=2))
    finding.refresh_from_db()
    assert finding.resolved_at == NOW + timedelta(days=2)

    proof.delete()
    night(cast, day=DAY + timedelta(days=3))
    finding.refresh_from_db()
    assert (finding.resolved_at, finding.first_seen_on) == (None, DAY)
