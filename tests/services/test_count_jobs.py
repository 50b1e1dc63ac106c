"""Jobs that the promise pays for: hours of pay that count, shared among numbers, in France, the unknown apart."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from agents.models import PayrollDeclaration, PayrollFile, Payslip, PbxName
from billing.models import FullTime, JobMonth
from billing.selectors_jobs import jobs_by_month, last_whole_month, numbers_of_month
from billing.services.count_jobs import count_jobs
from tests.cast import Cast
from tests.scenarios.test_evening import EVENING, all_stages
from tests.stored_calls import store_calls

NOW = datetime(2026, 11, 26, 1, 15, tzinfo=UTC)
NOVEMBER, SINCE = date(2026, 11, 1), date(2026, 1, 1)
FIRST, SECOND = "0892690001", "0892690002"


def talk(cast: Cast, *talks: tuple[str, str, int]) -> None:
    """Calls answered: number, agent, seconds of conversation."""
    rows = [
        {
            "external_id": f"{JobMonth.objects.count()}-{rank}",
            "number": number,
            "offered_at": datetime(2026, 11, 24, 9, rank, tzinfo=UTC),
            "outcome": "answered",
            "wait_ms": 2000,
            "talk_ms": seconds * 1000,
            "agent": agent,
        }
        for rank, (number, agent, seconds) in enumerate(talks)
    ]
    store_calls(cast.source, rows)
    all_stages(cast.company.pk)


def pay(cast: Cast, agent: str, hours: str | None, *communes: str) -> Payslip:
    declaration = PayrollDeclaration.objects.filter(company=cast.company).first()
    if declaration is None:
        file = PayrollFile.objects.create(connector="csv", file_name="t", sha256="1", received_at=NOW)
        declaration = PayrollDeclaration.objects.create(
            file=file, company=cast.company, siret="99999900600011", month=NOVEMBER, kind="01"
        )
    return Payslip.objects.create(
        declaration=declaration, company=cast.company, month=NOVEMBER, agent=cast.agents.get(agent),
        employee_number=agent, gross=1, gross_current_month=1, hours_paid=hours, workplaces=list(communes),
    )  # fmt: skip


def count(cast: Cast) -> int:
    return count_jobs(company_id=cast.company.pk, day=EVENING, since=SINCE, now=NOW).months


def rows() -> set[tuple[Any, ...]]:
    return set(JobMonth.objects.values_list("number__digits", "place", "hours", "unknown"))


def test_hours_are_shared_by_time_spent_talking_and_add_up(cast: Cast) -> None:
    talk(cast, (FIRST, "A001", 100), (FIRST, "A001", 100), (SECOND, "A001", 100), (SECOND, "A002", 60))
    pay(cast, "A001", "151.67", "59350")
    pay(cast, "A002", "100.00", "59009", "59350")
    pay(cast, "A003", "10.00", "2A004")
    assert count(cast) == 1
    assert rows() == {
        (FIRST, "59", Decimal("101.11"), 0),
        (SECOND, "59", Decimal("150.56"), 0),
        (None, "2A", Decimal("10.00"), 0),
    }
    (month,) = jobs_by_month(company_id=cast.company.pk)
    assert (month.hours, month.jobs, month.unheard) == (Decimal("261.67"), Decimal("1.73"), Decimal("10.00"))
    assert [(each.name, each.full_time) for each in month.places] == [
        ("Nord", Decimal("1.66")),
        ("Corse-du-Sud", Decimal("0.07")),
    ]
    assert [row[1:] for row in numbers_of_month(company_id=cast.company.pk, month=NOVEMBER)] == [
        (FIRST, Decimal("101.11")),
        (SECOND, Decimal("150.56")),
    ]


@pytest.mark.parametrize(
    ("communes", "place", "in_france"),
    [
        (["97411"], "974", True),
        (["59350", "75101"], "+", True),
        (["99127"], "99", False),
        (["59350", "99127"], "?", False),
        ([], "?", False),
    ],
)
def test_a_place_abroad_or_unknown_is_no_job_in_france(
    cast: Cast, communes: list[str], place: str, in_france: bool
) -> None:
    pay(cast, "A001", "151.67", *communes)
    count(cast)
    (month,) = jobs_by_month()
    assert rows() == {(None, place, Decimal("151.67"), 0)}
    assert month.jobs == Decimal("1.00" if in_france else "0.00")
    assert month.is_whole == (place != "?")


def test_unknown_hours_and_pay_that_does_not_count_are_no_hours(cast: Cast) -> None:
    pay(cast, "A001", None, "59350")
    pay(cast, "A002", None, "59350")
    pay(cast, "A003", "100.00", "59350")
    pay(cast, "nobody", "100.00", "59350")
    pay(cast, "A004", "100.00", "59350")
    cast.agents["A004"].contracts.update(kind="self")
    count(cast)
    assert rows() == {(None, "59", Decimal("100.00"), 2)}
    (month,) = jobs_by_month()
    assert (month.jobs, month.unknown, month.is_whole) == (Decimal("0.66"), 2, False)


def test_counting_again_writes_only_when_something_changed(cast: Cast, django_assert_max_num_queries: Callable) -> None:
    talk(cast, (FIRST, "A001", 100), (SECOND, "A001", 100))
    slip = pay(cast, "A001", "100.00", "59350")
    count(cast)
    before = set(JobMonth.objects.values_list("pk", flat=True))
    later = {
        "company_id": cast.company.pk,
        "day": date(2026, 12, 20),
        "since": SINCE,
        "now": NOW.replace(month=12, day=21),
    }
    with django_assert_max_num_queries(12):
        assert count_jobs(**later).months == 0
    assert set(JobMonth.objects.values_list("pk", flat=True)) == before
    Payslip.objects.filter(pk=slip.pk).update(hours_paid="50.00")
    assert count_jobs(**later).months == 1
    assert rows() == {(FIRST, "59", Decimal("25.00"), 0), (SECOND, "59", Decimal("25.00"), 0)}
    PayrollDeclaration.objects.update(in_force=False)
    assert count_jobs(**later).months == 1
    assert rows() == set()


def test_a_verdict_that_names_another_agent_has_its_month_counted_again(cast: Cast) -> None:
    talk(cast, (FIRST, "stranger", 100))
    pay(cast, "A003", "100.00", "59350")
    count(cast)
    assert rows() == {(None, "59", Decimal("100.00"), 0)}
    PbxName.objects.create(source=cast.source, name="stranger", agent=cast.agents["A003"], valid_from=SINCE)
    all_stages(cast.company.pk)
    december = {"company_id": cast.company.pk, "day": date(2026, 12, 1), "since": SINCE}
    assert count_jobs(**december, now=NOW.replace(month=12, day=21)).months == 0, "nobody told it to look again"
    assert count_jobs(**december, now=NOW.replace(day=27)).months == 1
    assert rows() == {(FIRST, "59", Decimal("100.00"), 0)}


def test_the_public_sees_a_number_only_when_its_companys_month_is_whole(cast: Cast) -> None:
    talk(cast, (FIRST, "A001", 100))
    pay(cast, "A001", "151.67", "59350")
    all_stages(cast.company.pk)
    count(cast)
    assert last_whole_month(digits=FIRST, before=NOVEMBER) is None
    december = date(2026, 12, 1)
    month = last_whole_month(digits=FIRST, before=december)
    assert month is not None
    assert month.jobs == Decimal("1.00")
    FullTime.objects.all().delete()
    month = last_whole_month(digits=FIRST, before=december)
    assert month is not None
    assert month.jobs is None
    pay(cast, "A002", None, "59350")
    count(cast)
    assert last_whole_month(digits=FIRST, before=december) is None
