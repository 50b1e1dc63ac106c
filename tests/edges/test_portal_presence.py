"""The team's presence: who reads it, what it shows of the log, corrections with a reason, hours paid for some only."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from allauth.mfa.utils import is_mfa_enabled
from django.test import Client
from django.utils import timezone

from agents.models import CheckIn, PayrollDeclaration, PayrollFile, Payslip, Shift, WorkCorrection, WorkDay
from agents.tasks import recount_work
from numbers.models import StaffEvent
from tests.cast import Cast, give_second_factor

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 23)
SPACE = "/espace/999999006/presence/"
SEVEN = datetime(2026, 11, 23, 6, tzinfo=UTC)  # 07:00 in Paris


@pytest.fixture
def worked(cast: Cast) -> Cast:
    """A001 signed in from 07:00 to 15:00 with half an hour's pause, and checked in."""
    events = [(0, "in"), (240, "pause"), (270, "resume"), (480, "out")]
    StaffEvent.objects.bulk_create(
        StaffEvent(
            source=cast.source, at=SEVEN + timedelta(minutes=minutes), agent_name="A001", queue="q", kind=kind, place=0
        )
        for minutes, kind in events
    )
    CheckIn.objects.create(
        company=cast.company, agent=cast.agents["A001"], started_at=SEVEN, ends_at=SEVEN + timedelta(hours=8),
        place="site", commune_insee="59350", country="FR", signature="session",
    )  # fmt: skip
    recount_work(cast.company.pk)
    return cast


def page(cast: Cast, role: str, path: str = "") -> str:
    return as_role(cast, role).get(SPACE + path).content.decode()


def as_role(cast: Cast, role: str) -> Client:
    client = Client()
    user = cast.people.get(role) or cast.rival_owner
    if role in ("owner", "accountant", "rival") and not is_mfa_enabled(user):
        give_second_factor(user)
    client.force_login(user)
    return client


@pytest.mark.parametrize(
    ("role", "status"),
    [("owner", 200), ("manager", 200), ("supervisor", 200), ("accountant", 200), ("agent", 403), ("rival", 404)],
)
def test_who_reads_it(worked: Cast, role: str, status: int) -> None:
    agent = worked.agents["A001"].pk
    for path in ("", "mois/", f"{agent}/2026-11-23/"):
        assert as_role(worked, role).get(SPACE + path).status_code == status


def test_a_day_shows_what_the_log_and_the_check_ins_say(worked: Cast) -> None:
    text = page(worked, "supervisor", "?jour=2026-11-23")
    assert "8\u202fh\u202f00" in text
    assert "0\u202fh\u202f30" in text
    assert "07:00 – 15:00" in text
    assert text.count(">inconnu<") >= 5, "of the others the log says nothing: unknown, not zero"
    detail = page(worked, "supervisor", f"{worked.agents['A001'].pk}/2026-11-23/")
    assert detail.count('class="signed"') == 2
    assert 'class="paused" x="4583" y="200" width="208"' in detail


def test_the_month_holds_signed_in_time_against_paid_hours_for_those_who_see_pay(worked: Cast) -> None:
    file = PayrollFile.objects.create(connector="csv", file_name="f", sha256="0", received_at=SEVEN)
    declaration = PayrollDeclaration.objects.create(
        file=file, company=worked.company, siret="1", month=DAY.replace(day=1), kind="01"
    )
    Payslip.objects.create(
        declaration=declaration, company=worked.company, month=DAY.replace(day=1), agent=worked.agents["A001"],
        gross=100, gross_current_month=100, hours_paid=Decimal("7.25"), overtime_hours=Decimal("0.25"),
    )  # fmt: skip
    assert "7,50 h" in page(worked, "accountant", "mois/?mois=2026-11")
    assert "0\u202fh\u202f30</td>" in page(worked, "accountant", "mois/?mois=2026-11")
    text = page(worked, "supervisor", "mois/?mois=2026-11")
    assert "Heures payées<" not in text
    assert "8\u202fh\u202f00" in text


def test_a_correction_needs_a_reason_and_then_stands(worked: Cast, django_capture_on_commit_callbacks) -> None:
    agent = worked.agents["A001"]
    path = f"{SPACE}{agent.pk}/2026-11-23/"
    answers = {"since": "07:00", "until": "18:30", "pause": "60", "reason": ""}
    client = as_role(worked, "supervisor")
    refused = client.post(path, answers)
    assert refused.status_code == 422
    for wrong, sentence in (
        ({"until": "06:00"}, "La fin précède le début."),
        ({"pause": "700"}, "La pause est plus longue"),
    ):
        assert sentence in client.post(path, answers | {"reason": "x"} | wrong).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(path, answers | {"reason": "sortie oubliée"}).status_code == 302
    recount_work(worked.company.pk)
    work = WorkDay.objects.get(agent=agent, day=DAY)
    assert (work.logged_ms, work.paused_ms, work.is_corrected) == (41_400_000, 3_600_000, True)
    assert "sortie oubliée" in page(worked, "manager", f"{agent.pk}/2026-11-23/")
    assert as_role(worked, "accountant").post(path, answers | {"reason": "x"}).status_code == 403
    client.post(f"{path}retirer/")
    recount_work(worked.company.pk)
    assert WorkDay.objects.get(agent=agent, day=DAY).logged_ms == 28_800_000
    labels = WorkCorrection.pgh_event_model.objects.values_list("pgh_label", flat=True)
    assert {"insert"} <= set(labels), "the history keeps what was said"


def test_a_check_in_is_corrected_with_its_reason(worked: Cast) -> None:
    agent = worked.agents["A001"]
    check_in = agent.check_ins.get()
    path = f"{SPACE}{agent.pk}/2026-11-23/pointages/{check_in.pk}/"
    client = as_role(worked, "supervisor")
    assert client.get(path).status_code == 200
    assert client.post(path, {"since": "07:00", "until": "16:00", "reason": "resté plus tard"}).status_code == 302
    check_in.refresh_from_db()
    assert (check_in.ends_at - check_in.started_at, check_in.ending, check_in.corrected_by) == (
        timedelta(hours=9),
        "corrected",
        "supervisor@example.org",
    )
    assert as_role(worked, "accountant").get(path).status_code == 403


def test_shifts_are_pasted_seen_by_their_agent_and_taken_back(worked: Cast) -> None:
    path = SPACE + "postes/"
    client = as_role(worked, "supervisor")
    agent, tomorrow = worked.agents["A001"], (timezone.now() + timedelta(days=1)).date()
    lines = f"A001;{tomorrow};9h;17h;30\nZ9;{tomorrow};9h;17h\nA001;{tomorrow};16h;20h\nA002;24/11/2026;9h;17h"
    text = client.post(path, {"lines": lines})
    assert text.status_code == 422
    content = text.content.decode()
    assert "Ligne 2 : aucun agent de l’entreprise n’a le matricule « Z9 »" in content
    assert "Ligne 3 : cette personne a déjà un poste à ces heures" in content
    assert "2 postes ajoutés." in content
    assert Shift.objects.count() == 2, "good lines go in beside bad ones"
    assert client.post(path, {"lines": f"A001;{tomorrow};9h;17h;30"}).status_code == 302
    assert Shift.objects.count() == 2, "the same list twice changes nothing"
    assert as_role(worked, "accountant").post(path, {"lines": "x"}).status_code == 403
    agent.user = worked.people["agent"]
    agent.save()
    own = as_role(worked, "agent").get("/espace/999999006/ma-journee/").content.decode()
    assert "Mes prochains postes" in own
    assert "09:00 – 17:00" in own
    assert "7\u202fh\u202f30" in page(worked, "supervisor", "mois/?mois=2026-11")
    begun, planned = Shift.objects.order_by("starts_at")
    for shift in (begun, planned):
        client.post(f"{path}{shift.pk}/retirer/")
    assert list(Shift.objects.all()) == [begun], "what was planned stays once it has begun"
    assert as_role(worked, "rival").post(f"{path}{begun.pk}/retirer/").status_code == 404
