"""Months of pay told through files: halved, loaded, in proportion, too low, no salary, two employers, two contracts."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from agents.connectors.dsn_writer import WrittenDeclaration, WrittenEmployee, write_dsn
from agents.models import Contract, Payslip, WorkDay
from billing.models import Entry, Finding, FundMonth, Line, MinimumWage, WagePolicy
from billing.services.check import check_company, check_platform
from billing.services.take_pay import declare_pay
from numbers.models import User
from tests.cast import RIVAL_SIREN, SIREN, Cast, make_agent
from tests.scenarios.test_evening import EVENING, all_stages, evening_rows
from tests.stored_calls import store_calls

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("check_deferred")]
NOW = datetime(2026, 11, 26, 1, 15, tzinfo=UTC)
NOVEMBER, SINCE = date(2026, 11, 1), date(2026, 1, 1)
GOLDEN = Path(__file__).resolve().parents[1] / "golden/payroll/dsn"
HOUR = 3_600_000
Declare = Callable[..., None]
REPLACES = WrittenDeclaration("03", order=2, replaces="011120261")


@pytest.fixture
def declare(cast: Cast, tmp_path: Path) -> Declare:
    """Declare people's November in a file of their own."""

    def bring(
        *people: WrittenEmployee, what: WrittenDeclaration | None = None, siren: str = SIREN, nic: str = "00011"
    ) -> None:
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.dsn"
        path.write_bytes(write_dsn(siren=siren, nic=nic, month=NOVEMBER, employees=list(people), declaration=what))
        declare_pay(connector="dsn", path=path, now=NOW)

    return bring


def evening(cast: Cast) -> None:
    """The evening's calls, posted: 4.33 are due and held for wages."""
    store_calls(cast.source, evening_rows())
    all_stages(cast.company.pk)


def fund(cast: Cast) -> FundMonth:
    return FundMonth.objects.get(company=cast.company, month=NOVEMBER)


def entries() -> list[tuple[Any, ...]]:
    return list(Line.objects.order_by("pk").values_list("entry_id", "entry__label", "account_id", "debit", "credit"))


def releases(cast: Cast) -> list[Decimal]:
    """What each release moved from the fund to the company, in order."""
    lines = Line.objects.filter(entry__kind=Entry.Kind.RELEASE, company=cast.company, account_id="4671")
    return [line.credit - line.debit for line in lines.order_by("entry_id")]


def findings(cast: Cast) -> dict[str, dict[str, Any]]:
    check_company(company_id=cast.company.pk, day=EVENING, since=SINCE, now=NOW)
    return {found.kind: found.detail for found in Finding.objects.filter(resolved_at=None, company=cast.company)}


def logged(cast: Cast, agent: str, hours: int, *, day: date = EVENING, complete: bool = True) -> None:
    start = datetime(day.year, day.month, day.day, 6, tzinfo=UTC)
    WorkDay.objects.create(
        company=cast.company, agent=cast.agents[agent], day=day, logged_ms=hours * HOUR, paused_ms=0,
        first_in=start, last_out=start + timedelta(hours=hours), is_complete=complete,
    )  # fmt: skip


# --- money follows


def test_a_replacement_that_halves_the_pay_takes_back_by_an_entry_and_edits_none(cast: Cast, declare: Declare) -> None:
    evening(cast)
    declare(WrittenEmployee("A001", 400))
    assert (fund(cast).credited, fund(cast).released) == (Decimal("4.00"), Decimal("4.00"))
    before = entries()
    declare(WrittenEmployee("A001", 200), what=REPLACES)
    assert entries()[: len(before)] == before
    assert releases(cast) == [Decimal("4.00"), Decimal("-2.00")]
    assert (fund(cast).credited, fund(cast).released) == (Decimal("2.00"), Decimal("2.00"))
    taken_back = Entry.objects.filter(kind=Entry.Kind.RELEASE).latest("pk")
    assert taken_back.corrects is not None
    all_stages(cast.company.pk)
    assert len(releases(cast)) == 2, "the night adds nothing"
    assert Payslip.objects.count() == 2, "what was replaced is kept"


LOADED = (("03/074", 100), ("02/131", 50), ("02/142", 30), ("03/018", -20), ("04/072", 15))


def test_a_change_of_policy_moves_the_fund_by_entries_both_ways(cast: Cast, declare: Declare) -> None:
    evening(cast)
    declare(WrittenEmployee("A001", 200, contributions=LOADED), WrittenEmployee("A002", 50))
    assert releases(cast) == [Decimal("2.50")]
    WagePolicy.objects.update(numerator="LOADED")
    all_stages(cast.company.pk)
    month = fund(cast)
    assert month.credited == Decimal("3.60"), "2.00 + 1.00 + 0.30 - 0.20, and 0.50 without contributions"
    assert (month.unclear, month.gross_only, month.is_at_least) == (Decimal("0.20"), 1, True)
    WagePolicy.objects.update(counting="PRORATA")
    logged(cast, "A001", 100)
    all_stages(cast.company.pk)
    month = fund(cast)
    assert month.credited == Decimal("2.04"), "3.10 × 100 / 151.67 h; nobody knows how long A002 was signed in"
    assert month.unknown_time == 1
    assert findings(cast)["prorata_unknown"]["people"] == ["A002 A. E."]
    WagePolicy.objects.update(numerator="GROSS", counting="ALL")
    all_stages(cast.company.pk)
    assert releases(cast) == [Decimal("2.50"), Decimal("1.10"), Decimal("-1.56"), Decimal("0.46")]
    assert not fund(cast).is_at_least
    assert "prorata_unknown" not in findings(cast)


def test_a_day_left_open_in_the_log_is_unknown_until_it_is_corrected(cast: Cast, declare: Declare) -> None:
    WagePolicy.objects.update(counting="PRORATA")
    evening(cast)
    logged(cast, "A001", 10, complete=False)
    declare(WrittenEmployee("A001", 200, hours_paid=10_00))
    assert (fund(cast).credited, fund(cast).unknown_time) == (0, 1)
    WorkDay.objects.update(is_complete=True, is_corrected=True)
    all_stages(cast.company.pk)
    assert (fund(cast).credited, fund(cast).unknown_time) == (Decimal("2.00"), 0)


def test_two_contracts_in_one_month_are_one_pay_and_their_hours_one_sum(cast: Cast, tmp_path: Path) -> None:
    Contract.objects.filter(agent=cast.agents["A001"]).update(ends_on=date(2026, 4, 16))
    Contract.objects.create(agent=cast.agents["A001"], starts_on=date(2026, 4, 16))
    path = tmp_path / "april.dsn"
    # The sample's person bears no employee number: here it is A001's.
    text = (GOLDEN / "s05_deux_contrats.dsn").read_bytes().decode("latin-1")
    lines = text.splitlines()
    at = next(rank for rank, line in enumerate(lines) if line.startswith("S21.G00.30.015"))
    total = next(line for line in lines if line.startswith("S90.G00.90.001"))
    count = int(total.split("'")[1])
    lines[lines.index(total)] = total.replace(f"'{count}'", f"'{count + 1}'")
    lines.insert(at + 1, "S21.G00.30.019,'A001'")
    path.write_bytes("\r\n".join([*lines, ""]).encode("latin-1"))
    declare_pay(connector="dsn", path=path, now=NOW)
    slip = Payslip.objects.get(agent=cast.agents["A001"])
    assert (slip.gross, slip.hours_paid, len(slip.contract_numbers)) == (Decimal("2000.00"), Decimal("145.83"), 2)
    assert [(span["from"], span["hours"]) for span in slip.worked] == [("2026-04-01", "70.00"), ("2026-04-16", "75.83")]
    april = FundMonth.objects.get(company=cast.company, month=date(2026, 4, 1))
    assert april.credited == Decimal("2000.00")
    assert "below_minimum_wage" not in findings(cast), "145.83 h less 2.50 of overtime at 12.02"


# --- people


def test_pay_below_the_minimum_is_told_with_its_sum(cast: Cast, declare: Declare) -> None:
    declare(
        WrittenEmployee("A001", 1_867_02),
        WrittenEmployee("A002", 1_500_00, correction_cents=500_00),
        WrittenEmployee("A003", 900_00, scheme="64"),
        WrittenEmployee("A004", 2_000_00, hours_paid=161_67, overtime_hours=10_00, overtime_cents=200_00),
        WrittenEmployee("A005", 900_00, hours_paid=0),
    )
    check_company(company_id=cast.company.pk, day=EVENING, since=SINCE, now=NOW)
    found = {one.detail["employee_number"][:4]: one.detail for one in Finding.objects.filter(kind="below_minimum_wage")}
    assert found.keys() == {"A002", "A004"}
    assert found["A002"]["pay_cents"] == 1_500_00, "back pay of an earlier month is none of this one's"
    assert (found["A004"]["hours"], found["A004"]["pay_cents"]) == ("151.67", 1_800_00)
    assert found["A002"]["missing_cents"] == 1_866_99 - 1_500_00
    assert found["A002"]["rates"] == [{"hourly_micros": 12_310_000, "days": 30, "verified": False}]
    assert all("taux à vérifier" in one.title for one in Finding.objects.filter(kind="below_minimum_wage"))
    MinimumWage.objects.update(verified=True)
    declare(WrittenEmployee("A002", 1_900_00), WrittenEmployee("A004", 1_700_00), what=REPLACES)
    (left,) = [findings(cast)["below_minimum_wage"]]
    assert (left["employee_number"][:4], left["verified"]) == ("A004", True)


def test_who_has_no_salary_counts_nothing_and_is_told(cast: Cast, declare: Declare) -> None:
    evening(cast)
    Contract.objects.filter(agent=cast.agents["A002"]).update(kind="self")
    Contract.objects.filter(agent=cast.agents["A003"]).update(kind="self")
    declare(WrittenEmployee("A001", 100, nature="80"), WrittenEmployee("A002", 200), WrittenEmployee("A004", 50))
    assert fund(cast).credited == Decimal("0.50")
    found = findings(cast)
    told = {one.detail["employee_number"]: one.detail for one in Finding.objects.filter(kind="self_employed")}
    assert told.keys() == {"A001", "A002", "A003"}
    assert told["A001"]["natures"] == ["80"]
    assert (told["A003"]["payslips"], told["A003"]["calls"] > 0) == (0, True)
    assert found["answered_unpaid"]["employee_number"] != "A003", "on no payroll for a reason that is told"


def test_paid_and_signed_in_without_a_call_is_no_silence(cast: Cast, declare: Declare) -> None:
    evening(cast)
    declare(WrittenEmployee("A006", 100))
    assert findings(cast)["paid_silent"]["employee_number"] == "A006"
    logged(cast, "A006", 7)
    assert "paid_silent" not in findings(cast)


def test_a_person_declared_by_two_establishments_is_told_and_both_count(cast: Cast, declare: Declare) -> None:
    evening(cast)
    declare(WrittenEmployee("A001", 100), WrittenEmployee("A002", 100))
    declare(WrittenEmployee("A001", 50), nic="00029")
    found = findings(cast)
    assert (found["declared_in_two_sites"]["people"], "declared_twice" in found) == (["A001 A. E."], False)
    assert fund(cast).credited == Decimal("2.50")


def test_an_agent_with_two_employers_counts_for_each_with_its_own_pay(cast: Cast, declare: Declare) -> None:
    person = User.objects.create_user("deux@example.org", "un mot de passe long")
    there = make_agent(cast.rival_source, "B001")
    for agent in (cast.agents["A001"], there):
        agent.user = person
        agent.save()
    call = {"outcome": "answered", "wait_ms": 2000, "talk_ms": 600_000}
    noon = datetime(2026, 11, 24, 11, tzinfo=UTC)
    store_calls(
        cast.source, [{**call, "external_id": "a", "number": "0892690001", "offered_at": noon, "agent": "A001"}]
    )
    later = noon + timedelta(minutes=5)
    store_calls(
        cast.rival_source, [{**call, "external_id": "b", "number": "0892690009", "offered_at": later, "agent": "B001"}]
    )
    for company in (cast.company, cast.rival):
        all_stages(company.pk)
    declare(WrittenEmployee("A001", 200))
    declare(WrittenEmployee("B001", 100), siren=RIVAL_SIREN)
    credited = dict(FundMonth.objects.values_list("company__siren", "credited"))
    assert credited == {SIREN: Decimal("2.00"), RIVAL_SIREN: Decimal("1.00")}
    for company in (cast.company, cast.rival):
        check_company(company_id=company.pk, day=EVENING, since=SINCE, now=NOW)
    assert not Finding.objects.filter(kind="two_employers").exists()
    check_platform(day=EVENING, now=NOW)
    told = Finding.objects.get(kind="two_employers")
    assert (told.company, told.detail["answered"], told.detail["days"]) == (None, True, ["2026-11-24"])
    there.user = None
    there.save()
    check_platform(day=EVENING, now=NOW)
    told.refresh_from_db()
    assert told.resolved_at == NOW
