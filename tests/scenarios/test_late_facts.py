"""Facts that come late, in any order: the end is the same, history is kept, the ledger is corrected by entries."""

import itertools
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from agents.models import Contract, LocationProof, PayrollDeclaration, PayrollFile, Payslip, Verdict, VerdictChange
from billing.models import Entry, FundMonth, Line, RatedCall, RatedChange, Tariff
from tests.cast import Cast, prove
from tests.scenarios.test_evening import all_stages, evening_rows
from tests.stored_calls import store_calls

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("check_deferred")]
NOW = datetime(2026, 11, 26, 1, 15, tzinfo=UTC)
NOVEMBER = date(2026, 11, 1)


def trial_balance() -> dict[str, str]:
    totals: dict[str, object] = {}
    for line in Line.objects.all():
        totals[line.account_id] = totals.get(line.account_id, 0) + line.debit - line.credit  # type: ignore[operator]
    return {account: str(total) for account, total in sorted(totals.items()) if total}


def prices() -> dict[int, int]:
    return dict(RatedCall.objects.values_list("call_id", "ttc_micros"))


def test_a_proof_uploaded_late_turns_unproven_into_kept_and_money_follows(cast: Cast) -> None:
    cast.agents["A003"].proofs.all().delete()
    store_calls(cast.source, evening_rows())
    all_stages(cast.company.pk)
    unproven = Verdict.objects.filter(verdict="unproven")
    assert {verdict.reason for verdict in unproven} == {"no_proof"}
    before = set(unproven.values_list("call_id", flat=True))
    assert before

    prove(cast.agents["A003"])
    all_stages(cast.company.pk, now=NOW + timedelta(days=3))

    assert not Verdict.objects.filter(verdict="unproven").exists()
    assert sum(prices().values()) == 8_660_000
    assert set(VerdictChange.objects.values_list("call_id", flat=True)) == before
    assert set(RatedChange.objects.values_list("call_id", "old_ttc_micros")) == {(call, 0) for call in before}
    assert Entry.objects.filter(kind="adjustment", corrects__isnull=False).count() == 1  # A003 answers one number only
    assert trial_balance() == {"411": "6.49", "44571": "-0.08", "4671": "-1.72", "4672": "-4.33", "706": "-0.36"}


def test_a_proof_withdrawn_turns_kept_into_unproven(cast: Cast) -> None:
    store_calls(cast.source, evening_rows())
    all_stages(cast.company.pk)
    LocationProof.objects.filter(agent=cast.agents["A005"]).update(revoked_at=datetime(2026, 11, 1, tzinfo=UTC))
    all_stages(cast.company.pk)
    of_second = Verdict.objects.filter(number=cast.numbers["0892690002"])
    assert not of_second.filter(verdict="kept").exists()
    assert of_second.filter(verdict="unproven", reason="no_proof").count() == 13
    lines = Line.objects.filter(entry__line_number__digits="0892690002")
    assert sum(line.debit - line.credit for line in lines.filter(account_id="706")) == 0
    assert RatedChange.objects.count() == 13


def test_an_agent_without_calls_touches_nothing(cast: Cast) -> None:
    store_calls(cast.source, evening_rows())
    all_stages(cast.company.pk)
    entries = Entry.objects.count()
    cast.agents["A006"].proofs.all().delete()
    all_stages(cast.company.pk)
    assert Entry.objects.count() == entries
    assert not VerdictChange.objects.exists()


def test_a_night_for_an_earlier_day_takes_nothing_back(cast: Cast) -> None:
    store_calls(cast.source, evening_rows())
    late_calls(cast)
    all_stages(cast.company.pk)
    before, due = trial_balance(), FundMonth.objects.get().due
    Tariff.objects.update(price_micros=300_000)
    Tariff.objects.update(price_micros=600_000)
    all_stages(cast.company.pk, until=date(2026, 11, 23))
    assert trial_balance() == before
    assert FundMonth.objects.get().due == due


def late_proof(cast: Cast) -> None:
    prove(cast.agents["A003"])


def late_contract(cast: Cast) -> None:
    Contract.objects.create(agent=cast.agents["A001"], starts_on=date(2026, 11, 1))


def late_tariff(cast: Cast) -> None:
    Tariff.objects.create(number=cast.numbers["0892690002"], price_micros=450_000, valid_from=date(2026, 1, 1))


def late_pay(cast: Cast) -> None:
    file = PayrollFile.objects.create(connector="csv", file_name="t", sha256="1", received_at=NOW)
    declaration = PayrollDeclaration.objects.create(
        file=file, company=cast.company, siret="99999900600011", month=NOVEMBER, kind="01"
    )
    Payslip.objects.create(
        declaration=declaration, company=cast.company, month=NOVEMBER, agent=cast.agents["A002"],
        employee_number="A002", gross="2.10", gross_current_month="2.10",
    )  # fmt: skip


def late_calls(cast: Cast) -> None:
    rows = [{**row, "external_id": f"late-{row['external_id']}"} for row in evening_rows()[:20]]
    for row in rows:
        row["offered_at"] -= timedelta(days=2)
    store_calls(cast.source, rows)


# Worked out apart from the product, in fractions: evening + 20 late calls, 0892690002 at 0.45, 2.10 of pay.
END = {"411": "8.38", "44571": "-0.10", "4671": "-4.33", "4672": "-3.49", "706": "-0.46"}
LATE: list[Callable[[Cast], None]] = [late_proof, late_contract, late_tariff, late_pay, late_calls]
ORDERS = list(itertools.permutations(LATE))[::11]


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: "-".join(fact.__name__[5:] for fact in order))
def test_any_order_of_late_facts_gives_the_same_end(cast: Cast, order: tuple[Callable[[Cast], None], ...]) -> None:
    cast.agents["A003"].proofs.all().delete()
    cast.agents["A001"].contracts.all().delete()
    cast.numbers["0892690002"].tariffs.all().delete()
    store_calls(cast.source, evening_rows())
    all_stages(cast.company.pk)
    for fact in order:
        fact(cast)
        all_stages(cast.company.pk)

    assert {verdict: Verdict.objects.filter(verdict=verdict).count() for verdict in ("kept", "unproven")} == {
        "kept": 81,
        "unproven": 0,
    }
    fund = FundMonth.objects.get()
    assert str(fund.released) == "2.10"
    assert trial_balance() == END
