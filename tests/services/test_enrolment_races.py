"""Two at once, on two connections: for a number, for a file, for a decision, for a price. One wins, the other hears."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Barrier, Event

import pytest
from django.db import connection
from django.utils import timezone

from billing.models import Tariff
from billing.services.change_price import plan_price
from billing.services.review_enrolment import FileChanged, decide_on
from billing.services.submit_enrolment import FileIncomplete, submit_enrolment
from illico_platform.lib.errors import IllicoError
from numbers.access.wall import walled
from numbers.models import (
    Company,
    Enrolment,
    EnrolmentDecision,
    EnrolmentDocument,
    NumberBlock,
    NumberReservation,
    NumberTransition,
    PremiumNumber,
    User,
)
from numbers.services.keep_enrolment import FileClosed, choose_number, save_step, start
from numbers.services.reserve import NotFree, reserve
from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)

NUMBER = "0892691234"
ROUNDS = 12  # a race that is lost once in many is lost


def at_once(*works: Callable[[], object]) -> list[object]:
    """What each piece of work came to, all started at the same instant on a connection of their own."""
    gate = Barrier(len(works))

    def run(work: Callable[[], object]) -> object:
        try:
            connection.ensure_connection()
            gate.wait(timeout=20)
            return work()
        except IllicoError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return [each.result(timeout=60) for each in [pool.submit(run, work) for work in works]]


def as_company(company: Company, work: Callable[[], object]) -> Callable[[], object]:
    """The work as the company's space does it: behind the wall, in the transaction of one request."""

    def run() -> object:
        with walled(company_id=company.pk):
            return work()

    return run


@pytest.fixture
def block(cast: Cast) -> NumberBlock:
    return NumberBlock.objects.create(prefix="089269", family="premium", ceiling_micros=800_000, source="ARCEP")


def boss_of(company: Company) -> User:
    return User.objects.get(memberships__company=company, memberships__role="owner")


def full_file(cast: Cast, company: Company, *, digits: str = NUMBER) -> Enrolment:
    """A file that can be submitted; its agents are the company's, or one that is made for it."""
    by, now = boss_of(company), timezone.now()
    file = start(company=company, by=by, now=now)
    agents = list(company.agents.values_list("pk", flat=True)[:2]) or [
        company.agents.create(employee_number="R1", display_name="Robin").pk
    ]
    answers = {
        "usage": {"use_cases": ["PAID_ADVICE"]},
        "droit": {"choice": "caller"},
        "numero": {"origin": "block"},
        "prix": {"price_micros": 600_000},
        "horaires": {"week": [[[32_400, 64_800]]] * 5 + [[]] * 2, "holidays": "closed"},
        "annuaire": {
            "label": "Conseil", "purpose": "Un conseil.", "provider_name": "Allô", "provider_address": "Lille",
            "complaint_contact": "a@b.example",
        },
        "agents": {"agents": agents},
        "viabilite": {
            "calls_per_day": 200, "calls_busiest_hour": 30, "talk_s": 276, "wrap_s": 24, "target_bp": 9500,
            "hourly_micros": 12_310_000, "other_micros": 3_000_000,
        },
    }  # fmt: skip
    for step, each in answers.items():
        save_step(enrolment=file, step=step, answers=each, by=by, now=now)
    for kind in ("company", "identity", "name_right"):
        EnrolmentDocument.objects.create(
            enrolment=file, kind=kind, name=kind, media_type="application/pdf", size=1,
            sha256=kind, path=f"{file.pk}{kind}", added_at=now,
        )  # fmt: skip
    Enrolment.objects.filter(pk=file.pk).update(digits=digits)
    file.refresh_from_db()
    return file


def test_of_two_who_reserve_a_number_at_once_one_has_it(cast: Cast, block: NumberBlock) -> None:
    files = [start(company=each, by=boss_of(each), now=timezone.now()) for each in (cast.company, cast.rival)]
    for turn in range(ROUNDS):
        digits = f"08926955{turn:02d}"

        def choose(file: Enrolment, digits: str = digits) -> Callable[[], object]:
            by = boss_of(file.company)
            return as_company(
                file.company,
                lambda: choose_number(enrolment=file, step="numero", digits=digits, by=by, now=timezone.now()),
            )

        came = at_once(*(choose(file) for file in files))
        lost = [each for each in came if isinstance(each, Exception)]
        assert [type(each) for each in lost] == [NotFree], came
        assert "choisissez-en un autre" in str(lost[0])
        running = NumberReservation.objects.filter(digits=digits, expires_at__gt=timezone.now())
        assert running.get().company in (cast.company, cast.rival)


def test_of_two_files_submitted_at_once_for_a_number_one_has_it(cast: Cast, block: NumberBlock) -> None:
    """Two files of one company may hope for the same number: its reservation is the company's."""
    for turn in range(4):
        digits = f"08926966{turn:02d}"
        reserve(company=cast.company, digits=digits, now=timezone.now())
        files = [full_file(cast, cast.company, digits=digits) for _ in range(2)]
        by = boss_of(cast.company)

        def submit(file: Enrolment, by: User = by) -> Callable[[], object]:
            return as_company(cast.company, lambda: submit_enrolment(enrolment=file, by=by, now=timezone.now()))

        came = at_once(*(submit(file) for file in files))
        [lost] = [each for each in came if isinstance(each, Exception)]
        if isinstance(lost, FileIncomplete):
            assert [fault.code for fault in lost.faults] == ["taken"]
        else:
            assert "déjà inscrit" in str(lost)
        assert PremiumNumber.objects.filter(digits=digits, status="submitted").count() == 1
        assert Enrolment.objects.filter(digits=digits, submitted_at=None).count() == 1


def test_two_companies_bring_the_same_number_at_once(cast: Cast) -> None:
    files = [full_file(cast, each, digits="0897123456") for each in (cast.company, cast.rival)]
    for file in files:
        by = boss_of(file.company)
        save_step(enrolment=file, step="numero", answers={"origin": "port"}, by=by, now=timezone.now())
        EnrolmentDocument.objects.create(
            enrolment=file, kind="port_mandate", name="m", media_type="application/pdf", size=1, sha256="m",
            path=f"{file.pk}m", added_at=timezone.now(),
        )  # fmt: skip

    def submit(file: Enrolment) -> Callable[[], object]:
        by = boss_of(file.company)
        return as_company(file.company, lambda: submit_enrolment(enrolment=file, by=by, now=timezone.now()))

    came = at_once(*(submit(file) for file in files))
    assert sum(isinstance(each, IllicoError) for each in came) == 1, came
    assert PremiumNumber.objects.filter(digits="0897123456").count() == 1


def test_a_reservation_ends_in_the_instant_in_which_another_takes_it(cast: Cast, block: NumberBlock) -> None:
    now = timezone.now()
    reserve(company=cast.company, digits=NUMBER, now=now - timedelta(hours=48))  # half-open: over now
    came = at_once(
        as_company(cast.company, lambda: reserve(company=cast.company, digits=NUMBER, now=now)),
        as_company(cast.rival, lambda: reserve(company=cast.rival, digits=NUMBER, now=now)),
    )
    assert sorted(type(each).__name__ for each in came) == ["NotFree", "NumberReservation"]


def test_a_file_whose_reservation_another_took_is_not_submitted(cast: Cast, block: NumberBlock) -> None:
    now = timezone.now()
    file, by = full_file(cast, cast.company), boss_of(cast.company)
    reserve(company=cast.company, digits=NUMBER, now=now - timedelta(hours=48))
    came = at_once(
        as_company(cast.rival, lambda: reserve(company=cast.rival, digits=NUMBER, now=now)),
        as_company(cast.company, lambda: submit_enrolment(enrolment=file, by=by, now=now)),
    )
    assert isinstance(came[0], NumberReservation)
    assert isinstance(came[1], FileIncomplete)
    assert [fault.code for fault in came[1].faults] in (["taken"], ["reservation_over"])
    assert not PremiumNumber.objects.filter(digits=NUMBER).exists()


def test_who_asks_for_a_number_that_is_being_submitted_waits_and_hears_it_is_gone(
    cast: Cast, block: NumberBlock
) -> None:
    now = timezone.now()
    reserve(company=cast.company, digits=NUMBER, now=now - timedelta(hours=48) + timedelta(microseconds=1))
    file, by = full_file(cast, cast.company), boss_of(cast.company)
    is_written = Event()

    def submit() -> object:
        with walled(company_id=cast.company.pk):
            number = submit_enrolment(enrolment=file, by=by, now=now)  # in the reservation's last instant
            is_written.set()
            time.sleep(0.5)  # the other has asked by now, and nothing of this is to be seen yet
        return number

    def ask() -> object:
        assert is_written.wait(timeout=20)
        with walled(company_id=cast.rival.pk):
            return reserve(company=cast.rival, digits=NUMBER, now=now + timedelta(microseconds=1))

    number, refusal = at_once(submit, ask)
    assert isinstance(number, PremiumNumber)
    assert isinstance(refusal, NotFree)
    assert not NumberReservation.objects.filter(company=cast.rival).exists()


def test_a_file_is_submitted_once_however_often_one_clicks(cast: Cast, block: NumberBlock) -> None:
    reserve(company=cast.company, digits=NUMBER, now=timezone.now())
    file, by = full_file(cast, cast.company), boss_of(cast.company)

    def submit() -> object:
        return submit_enrolment(enrolment=file, by=by, now=timezone.now())

    came = at_once(*[as_company(cast.company, submit)] * 3)
    assert sorted(type(each).__name__ for each in came) == ["FileClosed", "FileClosed", "PremiumNumber"]
    number = PremiumNumber.objects.get(digits=NUMBER)
    assert Tariff.objects.filter(number=number).count() == 1
    assert NumberTransition.objects.filter(number=number).count() == 1
    assert all(isinstance(each, FileClosed) or each == number for each in came)


@pytest.fixture
def waiting(cast: Cast, block: NumberBlock) -> Enrolment:
    reserve(company=cast.company, digits=NUMBER, now=timezone.now())
    file = full_file(cast, cast.company)
    submit_enrolment(enrolment=file, by=boss_of(cast.company), now=timezone.now())
    file.refresh_from_db()
    return file


def decide(file: Enrolment, kind: str, by: User, *, seen: datetime | None) -> object:
    return decide_on(
        enrolment=Enrolment.objects.get(pk=file.pk), kind=kind, reason="Vu.", checklist={"price": True}, by=by,
        now=timezone.now(), address="https://illico.example/", seen=seen,
    )  # fmt: skip


@pytest.mark.parametrize("second", ["approved", "refused"])
def test_two_operators_decide_at_once_and_one_answer_stands(cast: Cast, waiting: Enrolment, second: str) -> None:
    other = User.objects.create_superuser("autre@illico.example", "un mot de passe long")
    seen = waiting.submitted_at
    came = at_once(
        lambda: decide(waiting, "approved", cast.admin, seen=seen),
        lambda: decide(waiting, second, other, seen=seen),
    )
    assert sorted(type(each).__name__ for each in came) == ["EnrolmentDecision", "FileChanged"]
    kept = EnrolmentDecision.objects.get()
    waiting.refresh_from_db()
    assert waiting.answer == kept.kind
    assert waiting.number is not None
    assert waiting.number.status == ("approved" if kept.kind == "approved" else "draft")


def test_an_old_page_does_not_decide_on_a_file_that_was_submitted_anew(cast: Cast, waiting: Enrolment) -> None:
    seen = waiting.submitted_at
    decide(waiting, "changes", cast.admin, seen=seen)
    submit_enrolment(enrolment=waiting, by=boss_of(cast.company), now=timezone.now())
    with pytest.raises(FileChanged, match="déposé de nouveau"):
        decide(waiting, "approved", cast.admin, seen=seen)
    assert PremiumNumber.objects.get(digits=NUMBER).status == "submitted"


def test_a_price_planned_twice_at_once_is_planned_once(cast: Cast) -> None:
    number, by = cast.numbers["0892690001"], boss_of(cast.company)
    today = timezone.now()
    starts = date(today.year + 1, 1, 1) if today.month < 12 else date(today.year + 1, 2, 1)

    def plan(micros: int) -> Callable[[], object]:
        return as_company(
            cast.company,
            lambda: plan_price(number=number, price_micros=micros, start=starts, by=by, now=timezone.now()),
        )

    before = Tariff.objects.filter(number=number).count()
    assert at_once(plan(500_000), plan(500_000)) == [None, None]
    rows = Tariff.objects.filter(number=number).order_by("valid_from")
    assert [row.price_micros for row in rows if row.valid_from == starts] == [500_000]
    assert rows.count() == before + 1
    # Two prices for one day: the later word stands, and days neither overlap nor lack a price.
    assert at_once(plan(400_000), plan(300_000)) == [None, None]
    rows = list(Tariff.objects.filter(number=number).order_by("valid_from"))
    assert len(rows) == before + 1
    assert rows[-1].price_micros in (300_000, 400_000)
    assert [row.valid_until for row in rows] == [*(row.valid_from for row in rows[1:]), None]
