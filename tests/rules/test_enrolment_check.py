"""The check of a file: each fault alone, all at once, and nothing let through that the law or the plan forbids."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rules.enrolment_check import File, Step, faults_of, highest_price, warnings_of
from billing.rules.price_ceiling import highest_price_of
from numbers.rules.eligibility import Answer, Payer, UseCase, assess_mixed
from numbers.rules.eligibility_choices import KINDS
from numbers.rules.plan import CeilingRow, Family, Unit, family_of
from numbers.rules.plan_rows import CEILINGS

TODAY = date(2026, 11, 25)
FULL = File(
    on=TODAY,
    use_cases=(UseCase.PAID_ADVICE,),
    choice="caller",
    digits="0892691234",
    is_free=True,
    is_held=True,
    in_block=True,
    block_micros=800_000,
    price_micros=600_000,
    ceilings=CEILINGS,
    spans=5,
    label="Conseil en jardinage",
    purpose="Un jardinier répond.",
    provider_name="Allô Conseil",
    provider_address="12 rue des Lilas, 59000 Lille",
    complaint_contact="reclamations@allo.example",
    agents=2,
    proven=2,
    has_estimate=True,
    papers=frozenset({"company", "identity", "name_right"}),
)
PORT = {"is_port": True, "in_block": False, "block_micros": None, "is_held": False}


def found(**changes: object) -> list[tuple[str, str]]:
    return [(fault.step.value, fault.code) for fault in faults_of(replace(FULL, **changes))]


def test_a_full_file_has_no_fault() -> None:
    assert found() == []
    assert warnings_of(FULL) == []


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({"use_cases": ()}, [("usage", "no_use")]),
        ({"choice": ""}, [("droit", "no_choice")]),
        ({"choice": "of another day"}, [("droit", "no_choice")]),
        # LME, C. conso. L.121-16: complaints of consumers are not surcharged; mixed with advice, the strictest decides.
        ({"use_cases": (UseCase.CONSUMER_COMPLAINT,)}, [("droit", "denied")]),
        ({"use_cases": (UseCase.PAID_ADVICE, UseCase.CONSUMER_COMPLAINT)}, [("droit", "denied")]),
        ({"digits": ""}, [("numero", "no_number")]),
        ({"digits": "0806691234", "price_micros": 10_000}, [("numero", "wrong_family"), ("prix", "too_dear")]),
        ({"is_free": False}, [("numero", "taken")]),
        ({"is_free": False, "is_held": False}, [("numero", "taken")]),
        ({"in_block": False}, [("numero", "not_ours")]),
        ({"is_held": False}, [("numero", "reservation_over")]),
        (PORT, [("pieces", "no_port_mandate")]),
        (PORT | {"papers": FULL.papers | {"port_mandate"}}, []),
        (PORT | {"is_free": False}, [("numero", "taken"), ("pieces", "no_port_mandate")]),
        # A short code is paid by the caller or not, number by number.
        (PORT | {"digits": "3939", "papers": FULL.papers | {"port_mandate"}}, []),
        (
            PORT | {"digits": "118218", "papers": FULL.papers | {"port_mandate"}},
            [("numero", "wrong_family"), ("prix", "no_ceiling")],
        ),
        ({"price_micros": None}, [("prix", "no_price")]),
        ({"price_micros": 610_000}, [("prix", "too_dear")]),  # the operator's cap, though 089 may cost 0.80
        ({"price_micros": 605_000}, [("prix", "not_cents"), ("prix", "too_dear")]),
        ({"price_micros": 0}, [("prix", "no_revenue")]),
        ({"price_micros": -10_000}, [("prix", "no_revenue")]),
        ({"digits": "0820691234", "price_micros": 210_000}, [("prix", "too_dear")]),
        ({"digits": "0820691234", "price_micros": 200_000}, []),
        ({"digits": "0810691234", "price_micros": 70_000}, [("prix", "too_dear")]),
        ({"digits": "0810691234", "price_micros": 60_000}, []),
        ({"block_micros": 450_000}, [("prix", "too_dear")]),
        ({"ceilings": ()}, [("prix", "no_ceiling")]),
        ({"spans": 0}, [("horaires", "no_hours")]),
        ({"label": " "}, [("annuaire", "no_label")]),
        ({"purpose": "", "provider_name": ""}, [("annuaire", "no_purpose"), ("annuaire", "no_provider_name")]),
        ({"provider_address": "\n"}, [("annuaire", "no_provider_address")]),
        ({"complaint_contact": ""}, [("annuaire", "no_complaint_contact")]),
        ({"complaint_contact": "0 892 69 00 01"}, [("annuaire", "surcharged_contact")]),
        ({"complaint_contact": "0 809 69 00 01"}, []),
        ({"complaint_contact": "03 20 00 00 00"}, []),
        # Professionals among themselves have no such right.
        ({"complaint_contact": "0 892 69 00 01", "use_cases": (UseCase.B2B_ONLY,)}, []),
        ({"agents": 0, "proven": 0}, [("agents", "no_agents")]),
        ({"has_estimate": False}, [("viabilite", "no_estimate")]),
        ({"papers": frozenset()}, [("pieces", "no_company"), ("pieces", "no_identity"), ("pieces", "no_name_right")]),
    ],
)
def test_each_fault_by_its_name(changes: dict[str, object], faults: list[tuple[str, str]]) -> None:
    assert found(**changes) == faults


def test_an_empty_file_hears_of_every_step_in_order() -> None:
    steps = [fault.step for fault in faults_of(File(on=TODAY))]
    assert steps == sorted(steps, key=list(Step).index)
    assert set(steps) == set(Step) - {Step.LAW}  # without a use the law has nothing to say


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, []),
        ({"rio": ""}, []),
        ({"rio": "03P123456K3B"}, ["rio_of_another"]),
        ({"rio": "03P123456K3B", "is_port": False}, []),  # what came with a number that was given up
    ],
)
def test_a_code_of_another_line_is_told_and_refuses_nothing(changes: dict[str, object], told: list[str]) -> None:
    brought = replace(FULL, **(PORT | {"papers": FULL.papers | {"port_mandate"}} | changes))
    assert [each.code for each in warnings_of(brought)] == told


@pytest.mark.parametrize(("agents", "proven", "unproven"), [(3, 3, None), (3, 2, 1), (3, 0, 3), (0, 0, None)])
def test_agents_without_a_proof_are_told_and_refuse_nothing(agents: int, proven: int, unproven: int | None) -> None:
    told = warnings_of(replace(FULL, agents=agents, proven=proven))
    assert [each.values["count"] for each in told] == ([] if unproven is None else [unproven])


# Highest prices of 2026 by the plan (081: 0.06, 082: 0.20, 089: 0.80), under the operator's 0.60; before October 2015
# 0892 could cost 0.45 and 0893 0.75.
@pytest.mark.parametrize(
    ("digits", "on", "block", "highest"),
    [
        ("0810123456", TODAY, None, 60_000),
        ("0825123456", TODAY, None, 200_000),
        ("0892123456", TODAY, None, 600_000),
        ("0892123456", TODAY, 800_000, 600_000),
        ("0892123456", TODAY, 300_000, 300_000),
        ("0892123456", date(2015, 9, 30), None, 450_000),
        ("0892123456", date(2015, 10, 1), None, 600_000),
        ("0893123456", date(2015, 9, 30), None, 600_000),
        ("0899123456", date(2015, 9, 30), None, None),  # the old plan names none
        ("3939", TODAY, None, 600_000),
        ("118218", TODAY, None, None),  # nobody has found its ceiling: unknown is not unlimited
        ("1013", TODAY, None, None),
        ("0892123456", date(2005, 12, 14), None, None),
    ],
)
def test_the_highest_price_of_a_number(digits: str, on: date, block: int | None, highest: int | None) -> None:
    given = {"on": on, "ceilings": CEILINGS, "block_micros": block}
    assert highest_price_of(digits, payer=Payer.CALLER, **given) == highest
    assert highest_price_of(digits, payer=Payer.SPONSOR, **given) == 600_000


@pytest.mark.parametrize(
    ("changes", "highest"),
    [
        ({}, 600_000),
        ({"digits": ""}, 600_000),
        ({"digits": "0820691234"}, 200_000),
        ({"digits": "0806691234", "choice": "standard", "block_micros": 0}, 600_000),
        ({"digits": "0800691234", "choice": "free", "block_micros": 0}, 600_000),
        ({"ceilings": ()}, None),
    ],
)
def test_the_highest_price_that_a_file_may_ask(changes: dict[str, object], highest: int | None) -> None:
    assert highest_price(replace(FULL, **changes)) == highest


# Families that the plan lets a payer pay on.
PAID_SO = {
    (Family.PREMIUM, Payer.CALLER),
    (Family.GENERALIST_SHORT, Payer.CALLER),
    (Family.STANDARD, Payer.SPONSOR),
    (Family.GENERALIST_SHORT, Payer.SPONSOR),
    (Family.FREE, Payer.SPONSOR),
    (Family.FREE_SHORT, Payer.SPONSOR),
}
files = st.builds(
    File,
    on=st.dates(date(2005, 12, 15), date(2030, 12, 31)),
    use_cases=st.lists(st.sampled_from(UseCase), max_size=3, unique=True),
    choice=st.sampled_from(["", "caller", "standard", "free"]),
    digits=st.sampled_from(
        ["", "0800123456", "0806123456", "0810123456", "0825123456", "0892123456", "0899123456", "118218", "3939"]
    ),
    is_free=st.booleans(),
    is_held=st.booleans(),
    is_port=st.booleans(),
    in_block=st.booleans(),
    block_micros=st.none() | st.integers(0, 80).map(lambda cents: cents * 10_000),
    price_micros=st.none() | st.integers(-1, 200).map(lambda half: half * 5000),
    ceilings=st.just(CEILINGS),
    spans=st.integers(0, 3),
    label=st.sampled_from(["", "Jardin"]),
    purpose=st.just("Conseil"),
    provider_name=st.just("Allô"),
    provider_address=st.just("Lille"),
    complaint_contact=st.sampled_from(["", "a@b.example", "0 892 69 00 01"]),
    agents=st.integers(0, 2),
    proven=st.just(0),
    has_estimate=st.booleans(),
    papers=st.frozensets(st.sampled_from(["company", "identity", "name_right", "port_mandate"])),
)


def _plan_limit(file: File) -> int | None:
    """The lowest of the plan's rows for these digits on the day, by walking all of them."""
    rows: list[CeilingRow] = [
        row
        for row in CEILINGS
        if row.unit is Unit.PER_MIN
        and file.digits.startswith(row.prefix)
        and row.valid_from <= file.on
        and (row.valid_until is None or file.on < row.valid_until)
    ]
    longest = max((len(row.prefix) for row in rows), default=0)
    return min((row.ceiling_micros for row in rows if len(row.prefix) == longest), default=None)


@given(st.one_of(files, files.map(lambda file: replace(FULL, on=file.on, digits=file.digits or FULL.digits,
    use_cases=file.use_cases or FULL.use_cases, choice=file.choice or "caller", price_micros=file.price_micros,
    block_micros=file.block_micros))))  # fmt: skip
def test_the_check_lets_nothing_through_that_is_forbidden(file: File) -> None:
    if faults_of(file):
        return
    assert file.price_micros is not None
    assert 0 < file.price_micros <= 600_000
    assert file.price_micros % 10_000 == 0
    family, payer = next((family, payer) for key, family, payer in KINDS if key == file.choice)
    assert (family_of(file.digits), payer) in PAID_SO
    assert family is family_of(file.digits) or len(file.digits) == 4
    assert assess_mixed(file.use_cases, family, payer, file.on).answer is not Answer.DENY
    assert file.is_free
    assert file.is_held or file.is_port
    if payer is Payer.CALLER:
        limit = _plan_limit(file)
        assert limit is not None
        assert file.price_micros <= limit
        assert file.block_micros is None or file.price_micros <= file.block_micros


@given(files, st.integers(1, 60))
def test_a_lower_price_is_never_refused_for_being_dear(file: File, cents: int) -> None:
    codes = {fault.code for fault in faults_of(replace(file, price_micros=cents * 10_000))}
    if "too_dear" not in codes:
        lower = {fault.code for fault in faults_of(replace(file, price_micros=10_000))}
        assert "too_dear" not in lower


def test_a_family_of_the_plan_belongs_to_each_kind_offered() -> None:
    assert [family for _, family, _ in KINDS] == [Family.PREMIUM, Family.STANDARD, Family.FREE]
    assert highest_price(replace(FULL, on=TODAY + timedelta(days=3650))) == 600_000
