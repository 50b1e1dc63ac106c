"""The evening, from stored calls to the ledger and the fund: DESIGN's worked table, to the cent."""

import csv
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from agents.models import PayrollDeclaration, PayrollFile, Payslip, Verdict
from agents.services.judge import judge_company
from billing.models import Entry, FundMonth, Line, RatedCall
from billing.services.post import post_company
from billing.services.rate import rate_company
from billing.services.release_fund import release_company
from billing.services.seal import seal_entries
from tests.cast import Cast
from tests.stored_calls import store_calls

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("check_deferred")]
EVENING = date(2026, 11, 25)
NOW = datetime(2026, 11, 26, 1, 15, tzinfo=UTC)
EXPECTED = Path(__file__).resolve().parents[2] / "sample" / "evening" / "expected.csv"
WORKED_TABLE = {
    "0892690001": {"411": "5.21", "706": "-0.29", "44571": "-0.06", "4672": "-3.47", "4671": "-1.39"},
    "0892690002": {"411": "1.28", "706": "-0.07", "44571": "-0.02", "4672": "-0.86", "4671": "-0.33"},
}


def evening_rows() -> list[dict]:
    with EXPECTED.open() as file:
        return [
            {
                "external_id": row["uniqueid"],
                "number": row["number"],
                "offered_at": datetime.fromtimestamp(int(row["entered_epoch"]), UTC),
                "outcome": row["outcome"],
                "wait_ms": int(row["wait_s"]) * 1000,
                "talk_ms": int(row["talk_s"] or 0) * 1000 if row["outcome"] == "answered" else None,
                "agent": row["agent"],
            }
            for row in csv.DictReader(file)
        ]


def all_stages(company_id: int, *, until: date = EVENING, now: datetime = NOW) -> None:
    since = date(2026, 1, 1)
    judge_company(company_id=company_id, since=since, now=now)
    rate_company(company_id=company_id, since=since, now=now)
    post_company(company_id=company_id, until=until, since=since, now=now)
    release_company(company_id=company_id, until=until, since=since, now=now)
    seal_entries()


def balances(digits: str) -> dict[str, str]:
    totals: dict[str, str] = {}
    for line in Line.objects.filter(entry__line_number__digits=digits):
        totals[line.account_id] = str(line.debit - line.credit)
    return totals


def test_the_evening_equals_the_worked_table(cast: Cast) -> None:
    store_calls(cast.source, evening_rows())
    all_stages(cast.company.pk)

    verdicts = Verdict.objects.values_list("verdict", flat=True)
    counts = {kind: list(verdicts).count(kind) for kind in set(verdicts)}
    assert counts == {"kept": 61, "late": 2, "abandoned": 12, "unanswered": 19}
    assert sum(RatedCall.objects.values_list("ttc_micros", flat=True)) == 8_660_000
    for digits, expected in WORKED_TABLE.items():
        assert balances(digits) == expected
    fund = FundMonth.objects.get()
    amounts = [str(amount) for amount in (fund.base, fund.due, fund.held, fund.released)]
    assert amounts == ["7.22", "4.33", "4.33", "0.00"]


def test_running_again_changes_nothing(cast: Cast) -> None:
    store_calls(cast.source, evening_rows())
    all_stages(cast.company.pk)
    before = list(Entry.objects.values_list("hash", flat=True))
    all_stages(cast.company.pk)
    assert list(Entry.objects.values_list("hash", flat=True)) == before


def test_declared_pay_releases_what_was_held(cast: Cast) -> None:
    store_calls(cast.source, evening_rows())
    file = PayrollFile.objects.create(connector="csv", file_name="t", sha256="1", received_at=NOW)
    declaration = PayrollDeclaration.objects.create(
        file=file, company=cast.company, siret="99999900600011", month=date(2026, 11, 1), kind="01"
    )
    Payslip.objects.create(
        declaration=declaration,
        company=cast.company,
        month=date(2026, 11, 1),
        agent=cast.agents["A001"],
        employee_number="A001",
        gross="3.00",
        gross_current_month="3.00",
    )
    all_stages(cast.company.pk)
    assert str(FundMonth.objects.get().released) == "3.00"
    released = Line.objects.filter(entry__kind="release")
    assert {(line.account_id, str(line.debit), str(line.credit)) for line in released} == {
        ("4672", "3.00", "0.00"),
        ("4671", "0.00", "3.00"),
    }
    declaration.in_force = False
    declaration.save()
    all_stages(cast.company.pk)
    moved = Line.objects.filter(entry__kind="release", account_id="4671")
    assert sum(line.credit - line.debit for line in moved) == 0
