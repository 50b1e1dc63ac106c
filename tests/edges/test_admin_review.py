"""The operator's review: a checklist, a decision that the company reads, a refusal that leaves the file open."""

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


def test_a_file_is_accepted_when_every_point_is_ticked_then_goes_live(
    staff: Client, submitted: Enrolment, django_capture_on_commit_callbacks: object
) -> None:
    page = staff.get(review(submitted)).content.decode()
    assert "Conseil en jardinage" in page
    assert "sans preuve de lieu valable : 1" in page
    some = staff.post(review(submitted), {"points": ["price"], "kind": "approved", "reason": "Bienvenue."})
    assert some.status_code == 422
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        done = staff.post(review(submitted), {"points": list(POINTS), "kind": "approved", "reason": "Bienvenue."})
    assert done.status_code == 302
    assert "accepté" in mail.outbox[0].subject
    assert staff.post(review(submitted), {"kind": "live", "reason": "En service."}).status_code == 302
    assert PremiumNumber.objects.get(digits="0892691234").status == "live"


def test_a_refusal_is_read_by_the_company_and_leaves_the_file_open(
    staff: Client, boss: Client, submitted: Enrolment
) -> None:
    staff.post(review(submitted), {"kind": "refused", "reason": "Le Kbis a plus de trois mois."})
    assert EnrolmentDecision.objects.get().kind == "refused"
    page = boss.get(wizard.of(submitted, "enrol_check")).content.decode()
    assert "Le Kbis a plus de trois mois." in page
    boss.post(wizard.at(submitted, "prix"), {"price": "0,50"})
    assert boss.post(wizard.of(submitted, "enrol_check")).status_code == 302
    number = PremiumNumber.objects.get(digits="0892691234")
    assert (number.status, number.tariffs.get().price_micros) == ("submitted", 500_000)


def test_companies_do_not_review(boss: Client, submitted: Enrolment) -> None:
    assert boss.get(review(submitted)).status_code == 302
