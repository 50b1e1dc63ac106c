"""Home agents and certificates at their edges: midnight, the middle of a month, contact hours, days too long."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from agents.models import Attendance, CheckIn, Course, TeleworkAgreement, TrainingSession, Verdict
from agents.services.keep_telework import add_agreement, end_agreement
from agents.services.keep_training import certify
from billing.models import Finding, RatedCall
from billing.services.check import check_company
from tests.cast import START, Cast
from tests.scenarios.test_evidence import MONDAY, NOW, ask_for, at, call, judged, work_from_home

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("check_deferred")]
TUESDAY = MONDAY + timedelta(days=1)
WAIT = timedelta(seconds=2)  # of every call: what counts is the instant of the answer


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


def paper() -> SimpleUploadedFile:
    return SimpleUploadedFile("piece.pdf", b"%PDF-1.7 ")


def agree(cast: Cast, name: str = "A001", *, starts_on: date = START) -> TeleworkAgreement:
    """An agreement on work from home, to be reached from nine to six."""
    return add_agreement(
        agent=cast.agents[name], starts_on=starts_on, ends_on=None, evidence=paper(), basis="charter",
        basis_on=START, consent_on=START, commune_insee="59350", contact_from=time(9), contact_until=time(18),
        time_control="pointage signé", equipment="",
    )  # fmt: skip


def found(cast: Cast, *, day: date = MONDAY) -> Finding | None:
    """What the night that closed a day says of the working time at home."""
    judged(cast)
    check_company(company_id=cast.company.pk, day=day, since=MONDAY.replace(day=1), now=NOW)
    return Finding.objects.filter(kind="outside_contact_hours", resolved_at=None).first()


def test_a_certificate_that_expires_at_midnight_holds_until_midnight(cast: Cast) -> None:
    ask_for(needs_training=True)
    course = Course.objects.create(title="Badge", kind="safety", hours=2, required_from=START)
    session = TrainingSession.objects.create(company=cast.company, course=course, starts_on=START, last_day=START)
    there = Attendance.objects.create(session=session, agent=cast.agents["A001"], hours=2)
    certify(attendance=there, certified_on=START, last_day=MONDAY, evidence=paper())
    before = call(cast, at(MONDAY, 23, 59) + timedelta(seconds=59) - WAIT)
    after = call(cast, at(TUESDAY, 0) - WAIT)
    assert judged(cast) == {before: "kept", after: "untrained"}
    assert RatedCall.objects.get().ttc_micros == 600_000
    certify(attendance=there, certified_on=START, last_day=TUESDAY, evidence=paper())  # the right paper, days late
    assert judged(cast, now=NOW + timedelta(days=2)) == {before: "kept", after: "kept"}


def test_an_agreement_ended_in_the_middle_of_a_month_and_taken_up_again(cast: Cast) -> None:
    ask_for(needs_agreement=True)
    work_from_home(cast, "A001")
    first = agree(cast)
    names = [call(cast, at(MONDAY + timedelta(days=days), 10)) for days in range(4)]
    assert set(judged(cast).values()) == {"kept"}
    end_agreement(agreement=first, ends_on=TUESDAY, reason="Retour sur site")
    assert judged(cast) == dict(zip(names, ["kept", *["no_agreement"] * 3], strict=True))
    second = agree(cast, starts_on=MONDAY + timedelta(days=3))
    assert judged(cast) == dict(zip(names, ["kept", "no_agreement", "no_agreement", "kept"], strict=True))
    resting = Verdict.objects.filter(verdict="kept").order_by("day").values_list("agreement_id", flat=True)
    assert list(resting) == [first.pk, second.pk]
    assert TeleworkAgreement.pgh_event_model.objects.filter(pgh_obj_id=first.pk).count() == 2  # type: ignore[attr-defined]


def test_calls_outside_the_contact_hours_are_one_finding_a_month_and_stay_charged(cast: Cast) -> None:
    work_from_home(cast, "A001")
    agree(cast)
    evening = at(MONDAY, 18)
    call(cast, at(MONDAY, 9) - WAIT)
    call(cast, evening - WAIT - timedelta(seconds=1))
    assert found(cast) is None  # from nine o'clock on, and before six
    late = call(cast, evening - WAIT)
    early = call(cast, at(TUESDAY, 8, 59))
    call(cast, evening, agent="A002")  # on site nobody asks
    told = found(cast, day=TUESDAY)
    assert told is not None
    assert (told.detail["calls"], told.detail["days"]) == (2, [str(MONDAY), str(TUESDAY)])
    assert told.detail["long_days"] == []
    assert Finding.objects.filter(kind="outside_contact_hours").count() == 1
    verdicts = judged(cast)
    assert (verdicts[late], verdicts[early]) == ("kept", "kept")
    TeleworkAgreement.objects.update(contact_from=time(8), contact_until=time(20))
    assert found(cast, day=TUESDAY) is None


DAYS = [
    # first sign of work, last one, how many minutes apart; the law of the demo allows six hundred
    ((8, 0), (17, 59), None),  # the call lasts a minute: ten hours exactly
    ((8, 0), (18, 1), 602),
]


@pytest.mark.parametrize(("first", "last", "minutes"), DAYS)
def test_a_day_at_home_of_more_than_ten_hours_is_told(
    cast: Cast, first: tuple[int, int], last: tuple[int, int], minutes: int | None
) -> None:
    work_from_home(cast, "A001")
    call(cast, at(MONDAY, *first) - WAIT)
    call(cast, at(MONDAY, *last) - WAIT)
    told = found(cast)
    assert (told and told.detail["longest_minutes"]) == minutes


def test_a_check_in_that_nobody_ended_says_when_work_began_only(cast: Cast) -> None:
    work_from_home(cast, "A001")
    running = CheckIn.objects.create(
        company=cast.company, agent=cast.agents["A001"], started_at=at(MONDAY, 7), ends_at=at(MONDAY, 19),
        place="home", commune_insee="59350", signature="session",
    )  # fmt: skip
    call(cast, at(MONDAY, 16))
    assert found(cast) is None
    running.ending = CheckIn.Ending.OUT
    running.save()
    told = found(cast)
    assert told is not None
    assert (told.detail["long_days"], told.detail["longest_minutes"]) == ([str(MONDAY)], 720)
