"""The operator's review: a checklist, a decision that the company reads, a refusal that leaves the file open."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from billing.admin.enrolment import POINTS
from numbers.models import Enrolment, EnrolmentDecision, PremiumNumber
from tests.cast import Cast
from tests.edges import test_portal_enrol as wizard

# The wizard's fixtures, by their names.
blocks, boss, file, _private_files = wizard.blocks, wizard.boss, wizard.file, wizard._private_files


@pytest.fixture
def staff(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.admin, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def submitted(boss: Client, file: Enrolment, cast: Cast) -> Enrolment:
    wizard.fill(boss, file, cast)
    assert boss.post(wizard.of(file, "enrol_check")).status_code == 302
    return file


def review(file: Enrolment) -> str:
    return reverse("admin:numbers_enrolment_review", args=[file.pk])


def decide(staff: Client, file: Enrolment, kind: str, reason: str, points: list[str] | None = None) -> Any:
    """Post a decision as from a page that was opened just now."""
    file.refresh_from_db()
    assert file.submitted_at is not None
    data = {"kind": kind, "reason": reason, "points": points or [], "seen": file.submitted_at.isoformat()}
    return staff.post(review(file), data)


def test_a_file_is_accepted_when_every_point_is_ticked_then_goes_live(
    staff: Client, submitted: Enrolment, django_capture_on_commit_callbacks: object
) -> None:
    submitted.refresh_from_db()
    page = staff.get(review(submitted)).content.decode()
    assert "Conseil en jardinage" in page
    assert "sans preuve de lieu valable : 1" in page
    assert submitted.submitted_at is not None
    assert f'value="{submitted.submitted_at.isoformat()}"' in page
    some = decide(staff, submitted, "approved", "Bienvenue.", ["price"])
    assert some.status_code == 422
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        done = decide(staff, submitted, "approved", "Bienvenue.", list(POINTS))
    assert done.status_code == 302
    assert "accepté" in mail.outbox[0].subject
    assert decide(staff, submitted, "live", "En service.").status_code == 302
    assert PremiumNumber.objects.get(digits="0892691234").status == "live"


def test_each_reader_is_written_to_in_the_language_they_chose(
    staff: Client, submitted: Enrolment, cast: Cast, django_capture_on_commit_callbacks: object
) -> None:
    client = Client()
    client.force_login(cast.owner, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(reverse("set_language"), {"language": "en"}).status_code == 302
    assert client.post(reverse("set_language"), {"language": "xx"}).status_code == 302
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        decide(staff, submitted, "changes", "Joignez le Kbis.")
    told = {message.subject: (message.bcc, message.body) for message in mail.outbox}
    english, french = told["Illico: your file needs completing"], told["Illico : votre dossier est à compléter"]
    assert english[0] == [cast.owner.email]
    assert cast.owner.email not in french[0]
    assert "manager@example.org" in french[0]
    for _, body in (english, french):
        assert "Joignez le Kbis." in body


def test_a_refusal_is_read_by_the_company_and_leaves_the_file_open(
    staff: Client, boss: Client, submitted: Enrolment
) -> None:
    assert decide(staff, submitted, "refused", "Le Kbis a plus de trois mois.").status_code == 302
    assert EnrolmentDecision.objects.get().kind == "refused"
    page = boss.get(wizard.of(submitted, "enrol_check")).content.decode()
    assert "Le Kbis a plus de trois mois." in page
    boss.post(wizard.at(submitted, "prix"), {"price": "0,50"})
    assert boss.post(wizard.of(submitted, "enrol_check")).status_code == 302
    number = PremiumNumber.objects.get(digits="0892691234")
    assert (number.status, number.tariffs.get().price_micros) == ("submitted", 500_000)


def test_a_second_answer_hears_that_there_is_one(staff: Client, boss: Client, submitted: Enrolment) -> None:
    decide(staff, submitted, "changes", "Il manque le Kbis.")
    seen = submitted.submitted_at
    assert seen is not None
    late = staff.post(review(submitted), {"kind": "approved", "reason": "Oui.", "points": list(POINTS)}, follow=True)
    assert "a déjà reçu une réponse" in late.content.decode()
    # The company submits again: what was opened before that is not what would be decided on.
    assert boss.post(wizard.of(submitted, "enrol_check")).status_code == 302
    old = {"kind": "approved", "reason": "Oui, bienvenue.", "points": list(POINTS), "seen": seen.isoformat()}
    stale = staff.post(review(submitted), old)
    page = stale.content.decode()
    assert stale.status_code == 422
    assert "changé depuis" in page
    assert "Oui, bienvenue." in page
    submitted.refresh_from_db()
    assert submitted.submitted_at is not None
    assert f'value="{submitted.submitted_at.isoformat()}"' in page
    assert EnrolmentDecision.objects.get().kind == "changes"


def test_companies_do_not_review(boss: Client, submitted: Enrolment) -> None:
    assert boss.get(review(submitted)).status_code == 302
