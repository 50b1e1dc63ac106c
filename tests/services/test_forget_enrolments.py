"""What an enrolment leaves behind goes when its time is over, and nothing else goes with it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.base import ContentFile

from billing.services.night import start_night
from billing.tasks import forget_uploads
from illico_platform.web.private_files import open_file
from numbers.models import Company, Enrolment, EnrolmentDocument, NumberBlock, NumberReservation, PremiumNumber, User
from numbers.services.keep_enrolment import DRAFT_KEPT_FOR, add_paper, choose_number, discard, forget_drafts, start
from numbers.services.reserve import HELD_FOR, KEPT_AFTER, forget_expired, reserve
from tests.cast import Cast

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)


@pytest.fixture(autouse=True)
def block(db: None) -> None:
    NumberBlock.objects.create(prefix="089269", family="premium", ceiling_micros=800_000, source="ARCEP")


def boss_of(company: Company) -> User:
    return User.objects.get(memberships__company=company, memberships__role="owner")


def file_of(company: Company, *, saved_at: datetime, papers: int = 2) -> tuple[Enrolment, list[str]]:
    """A file with papers, saved last at that instant; with where its papers are kept."""
    by = boss_of(company)
    file = start(company=company, by=by, now=saved_at)
    for rank in range(papers):
        content = ContentFile(f"%PDF-1.7 {company.pk} {file.pk} {rank}".encode(), name="kbis.pdf")
        add_paper(enrolment=file, kind="identity", content=content, name="kbis.pdf", by=by, now=saved_at)
    return file, list(EnrolmentDocument.objects.filter(enrolment=file).values_list("path", flat=True))


def is_kept(path: str) -> bool:
    try:
        open_file(path).close()
    except FileNotFoundError:
        return False
    return True


def test_reservations_go_thirty_days_after_their_end(cast: Cast) -> None:
    ended = NOW - KEPT_AFTER
    reserve(company=cast.company, digits="0892691111", now=ended - HELD_FOR)  # ended exactly then
    reserve(company=cast.company, digits="0892692222", now=ended - HELD_FOR + INSTANT)
    reserve(company=cast.rival, digits="0892693333", now=NOW)
    assert forget_expired(now=NOW) == 1
    assert set(NumberReservation.objects.values_list("digits", flat=True)) == {"0892692222", "0892693333"}
    assert forget_expired(now=NOW) == 0


def test_the_night_forgets_reservations(cast: Cast) -> None:
    reserve(company=cast.company, digits="0892691111", now=NOW - timedelta(days=60))
    reserve(company=cast.rival, digits="0892693333", now=NOW)
    start_night(day=NOW.date() - timedelta(days=1), now=NOW)
    assert list(NumberReservation.objects.values_list("digits", flat=True)) == ["0892693333"]


def test_a_file_left_for_long_goes_with_its_papers_and_no_other_does(
    cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    old = NOW - DRAFT_KEPT_FOR
    _, left = file_of(cast.company, saved_at=old)
    younger, kept = file_of(cast.company, saved_at=old + INSTANT)
    rivals, theirs = file_of(cast.rival, saved_at=NOW)
    sent_back, decided = file_of(cast.company, saved_at=old)
    sent_back.number = PremiumNumber.objects.create(
        company=cast.company, digits="0892695555", use_case="EXPERT", status="draft"
    )
    sent_back.save()
    assert all(map(is_kept, [*left, *kept, *theirs, *decided]))
    with django_capture_on_commit_callbacks(execute=True):
        assert forget_drafts(now=NOW) == 1
    assert set(Enrolment.objects.all()) == {younger, rivals, sent_back}
    assert not any(map(is_kept, left))
    assert all(map(is_kept, [*kept, *theirs, *decided]))
    assert set(EnrolmentDocument.objects.values_list("path", flat=True)) == {*kept, *theirs, *decided}
    assert forget_drafts(now=NOW) == 0


def test_the_nightly_task_forgets_files_left_for_long(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    _, left = file_of(cast.company, saved_at=NOW - DRAFT_KEPT_FOR)
    with time_machine.travel(NOW, tick=False), django_capture_on_commit_callbacks(execute=True):
        assert forget_uploads() == 1
    assert not Enrolment.objects.exists()
    assert not any(map(is_kept, left))


def test_a_file_thrown_away_takes_its_own_papers_and_gives_its_number_back(
    cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    file, papers = file_of(cast.company, saved_at=NOW)
    _, others = file_of(cast.company, saved_at=NOW)
    by = boss_of(cast.company)
    choose_number(enrolment=file, step="numero", digits="0892691234", by=by, now=NOW)
    later = NOW + timedelta(minutes=1)
    with django_capture_on_commit_callbacks(execute=True):
        discard(enrolment=file, by=by, now=later)
    assert not any(map(is_kept, papers))
    assert all(map(is_kept, others))
    assert reserve(company=cast.rival, digits="0892691234", now=later).company == cast.rival


def test_nothing_goes_when_the_deletion_is_undone(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    _, papers = file_of(cast.company, saved_at=NOW - DRAFT_KEPT_FOR)
    with django_capture_on_commit_callbacks(execute=False):
        forget_drafts(now=NOW)  # its transaction never ends here
    assert all(map(is_kept, papers))
