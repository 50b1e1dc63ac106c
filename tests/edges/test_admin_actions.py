"""Actions of the admin: each calls one service, asks what it needs, and says in words why it was refused."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agents.models import PayrollFile, Payslip, Verdict
from billing.models import Entry, Run, RunStage
from billing.services.night import COMPANY_STAGES
from illico_platform.celery import app as celery_app
from illico_platform.lib.periods import paris_day
from numbers.models import Call, Intake, NumberTransition, OpeningException, OpeningHours, PremiumNumber, User
from tests.admin_rows import DAY, NOW, store_day
from tests.cast import Cast

SAMPLE = Path(__file__).resolve().parents[2] / "sample"
EVENING, PAYROLL = SAMPLE / "evening", SAMPLE / "payroll" / "allo_conseil_2026_11.dsn"


@pytest.fixture
def boss(client: Client, cast: Cast) -> Client:
    cast.company.address = "1 rue de la Paix, 59000 Lille"
    cast.company.complaint_contact = "reclamations@example.org"
    cast.company.save()
    client.force_login(cast.admin)
    return client


def decide(boss: Client, to_status: str, *numbers: PremiumNumber, reason: str = "Contrôle du dossier"):
    ids = ",".join(str(number.pk) for number in numbers)
    address = reverse("admin:numbers_premiumnumber_decide", args=[to_status])
    return boss.post(f"{address}?ids={ids}", {"reason": reason}, follow=True)


def test_a_number_offers_the_steps_that_exist_from_where_it_stands(boss: Client, cast: Cast) -> None:
    number = cast.numbers["0892690001"]
    page = boss.get(reverse("admin:numbers_premiumnumber_change", args=[number.pk]))
    assert [each["verb"] for each in page.context["decisions"]] == ["Suspendre", "Résilier"]


def test_a_number_is_suspended_and_resumed_with_a_reason(boss: Client, cast: Cast) -> None:
    number = cast.numbers["0892690001"]
    decide(boss, "suspended", number)
    number.refresh_from_db()
    assert number.status == "suspended"
    decide(boss, "live", number)
    number.refresh_from_db()
    assert number.status == "live"
    steps = NumberTransition.objects.filter(number=number).values_list("to_status", "reason", "by__email")
    assert list(steps) == [
        ("suspended", "Contrôle du dossier", "admin@example.org"),
        ("live", "Contrôle du dossier", "admin@example.org"),
    ]


def test_without_a_reason_nothing_is_decided(boss: Client, cast: Cast) -> None:
    number = cast.numbers["0892690001"]
    response = decide(boss, "suspended", number, reason="  ")
    assert response.status_code == 422
    assert "Donnez le motif" in response.content.decode()
    number.refresh_from_db()
    assert number.status == "live"


def test_a_refusal_is_said_and_what_was_typed_stays(boss: Client, cast: Cast) -> None:
    response = decide(boss, "approved", cast.numbers["0892690001"], reason="dossier complet")
    assert response.status_code == 422
    assert "ne peut pas devenir" in response.content.decode()
    assert "dossier complet" in response.content.decode()


def test_several_numbers_are_decided_one_by_one(boss: Client, cast: Cast) -> None:
    live, draft = cast.numbers["0892690001"], cast.numbers["0892690002"]
    PremiumNumber.objects.filter(pk=draft.pk).update(status="draft")
    page = decide(boss, "suspended", live, draft).content.decode()
    assert "est maintenant « suspendu »" in page
    assert "ne peut pas devenir" in page


def test_list_actions_lead_to_the_reason(boss: Client, cast: Cast) -> None:
    chosen = {"action": "suspend_chosen", "_selected_action": [cast.numbers["0892690001"].pk]}
    response = boss.post(reverse("admin:numbers_premiumnumber_changelist"), chosen)
    assert response.url.startswith(reverse("admin:numbers_premiumnumber_decide", args=["suspended"]))


def test_deciding_needs_the_right_to_change_numbers(client: Client, cast: Cast) -> None:
    client.force_login(User.objects.create_user("staff@example.org", "un mot de passe long", is_staff=True))
    address = reverse("admin:numbers_premiumnumber_decide", args=["suspended"])
    number = cast.numbers["0892690001"]
    assert client.post(f"{address}?ids={number.pk}", {"reason": "non"}).status_code == 403


def test_a_number_is_enrolled_in_any_written_form(boss: Client, cast: Cast) -> None:
    form = {
        "company": cast.company.pk,
        "written": "+33 (0)8 92 69 12 34",
        "use_case": "PAID_ADVICE",
        "payer": "caller",
        "label": "Conseil",
    }
    assert boss.post(reverse("admin:numbers_premiumnumber_add"), form).status_code == 302
    assert PremiumNumber.objects.get(digits="0892691234").status == "draft"
    refused = boss.post(reverse("admin:numbers_premiumnumber_add"), {**form, "written": "112"})
    assert "numéro d’urgence" in refused.content.decode()


def test_a_status_is_not_changed_through_the_form(boss: Client, cast: Cast) -> None:
    number = cast.numbers["0892690001"]
    forms = {
        f"{prefix}-{name}_FORMS": 0
        for prefix in ("transitions", "hours", "exceptions", "holiday_rules")
        for name in ("TOTAL", "INITIAL")
    }
    address = reverse("admin:numbers_premiumnumber_change", args=[number.pk])
    boss.post(address, {"label": "Autre", "status": "ceased", "digits": "0892690099", **forms})
    number.refresh_from_db()
    assert (number.status, number.digits) == ("live", "0892690001")


@pytest.mark.parametrize(
    ("opens", "closes", "kept"),
    [("9:00", "12:30", (32_400, 45_000)), ("9h", "24:00", (32_400, 86_400)), ("00:00", "00:01", (0, 60))],
)
def test_hours_are_typed_as_times_of_day(
    boss: Client, cast: Cast, opens: str, closes: str, kept: tuple[int, int]
) -> None:
    number = cast.numbers["0892690001"]
    form = {"number": number.pk, "weekday": 0, "opens_s": opens, "closes_s": closes, "valid_from": "2027-01-01"}
    assert boss.post(reverse("admin:numbers_openinghours_add"), form).status_code == 302
    row = OpeningHours.objects.get(valid_from=date(2027, 1, 1))
    assert (row.opens_s, row.closes_s) == kept
    page = boss.get(reverse("admin:numbers_openinghours_change", args=[row.pk])).content.decode().replace("\xa0", " ")
    assert f'value="{kept[0] // 3600:02d}:00"' in page
    assert f'value="{kept[1]}"' not in page
    assert f"Ouvre à : {kept[0] // 3600:02d}:00<br>" in page  # in the history too


@pytest.mark.parametrize(
    ("opens", "closes", "said"),
    [
        ("32400", "18:00", "n’est pas une heure"),
        ("25:00", "18:00", "n’est pas une heure"),
        ("18:00", "9:00", "hours_in_day"),
    ],
)
def test_times_that_do_not_exist_are_refused(boss: Client, cast: Cast, opens: str, closes: str, said: str) -> None:
    number = cast.numbers["0892690001"]
    form = {"number": number.pk, "weekday": 0, "opens_s": opens, "closes_s": closes, "valid_from": "2027-01-01"}
    assert said in boss.post(reverse("admin:numbers_openinghours_add"), form).content.decode()
    assert not OpeningHours.objects.filter(valid_from=date(2027, 1, 1)).exists()


def test_an_exception_without_times_is_a_closed_day(boss: Client, cast: Cast) -> None:
    number = cast.numbers["0892690001"]
    form = {"number": number.pk, "day": "2027-01-02", "opens_s": "", "closes_s": "", "reason": "Inventaire"}
    assert boss.post(reverse("admin:numbers_openingexception_add"), form).status_code == 302
    row = OpeningException.objects.get()
    assert (row.opens_s, row.closes_s, row.reason) == (None, None, "Inventaire")
    address = reverse("admin:numbers_openingexception_change", args=[row.pk])
    assert boss.post(address, {**form, "opens_s": "9:00"}).status_code == 200
    assert boss.post(address, {**form, "opens_s": "9:00", "closes_s": "12:00"}).status_code == 302
    row.refresh_from_db()
    assert (row.opens_s, row.closes_s) == (32_400, 43_200)


def upload(path: Path) -> SimpleUploadedFile:
    return SimpleUploadedFile(path.name, path.read_bytes())


@pytest.mark.django_db(transaction=True)
def test_a_call_file_is_taken_in_judged_and_shown(boss: Client, cast: Cast) -> None:
    form = {"connector": "asterisk-queue-log", "source": cast.source.pk, "file": upload(EVENING / "queue_log")}
    page = boss.post(reverse("admin:numbers_intake_import"), form, follow=True)
    intake = Intake.objects.latest("id")
    assert page.redirect_chain[-1][0] == reverse("admin:numbers_intake_change", args=[intake.pk])
    assert (intake.file_name, intake.by, intake.calls) == ("queue_log", cast.admin, 94)
    assert Call.objects.count() == Verdict.objects.count() == 94
    again = {**form, "file": upload(EVENING / "queue_log")}
    boss.post(reverse("admin:numbers_intake_import"), again)
    assert Call.objects.count() == 94


@pytest.mark.django_db(transaction=True)
def test_a_file_of_another_kind_is_refused_and_nothing_is_stored(boss: Client, cast: Cast) -> None:
    file = SimpleUploadedFile("photo.jpg", b"\xff\xd8\xff\xe0" * 400)
    form = {"connector": "generic-csv", "source": cast.source.pk, "file": file}
    response = boss.post(reverse("admin:numbers_intake_import"), form)
    assert response.status_code == 422
    assert 'class="faults"' in response.content.decode()
    assert not Call.objects.exists()


def test_a_form_without_a_file_says_what_is_missing(boss: Client) -> None:
    response = boss.post(reverse("admin:numbers_intake_import"), {"connector": "generic-csv"})
    assert response.status_code == 422
    assert 'href="#id_file"' in response.content.decode()


def test_rejected_rows_are_named(boss: Client, cast: Cast) -> None:
    intake = Intake.objects.create(
        source=cast.source, connector="generic-csv", file_name="appels.csv", size=1, rejected=1, started_at=NOW
    )
    intake.rejects.create(line=12, field="wait_s", value="douze", expected="des secondes")
    page = boss.get(reverse("admin:numbers_intake_change", args=[intake.pk])).content.decode()
    for word in ("appels.csv", "12", "wait_s", "douze", "des secondes"):
        assert word in page


def test_a_payroll_file_is_taken_in_and_its_result_shown(boss: Client, cast: Cast) -> None:
    form = {"connector": "dsn", "file": upload(PAYROLL)}
    page = boss.post(reverse("admin:agents_payrollfile_import"), form)
    assert page.context["report"].payslips == Payslip.objects.count() > 0
    assert PAYROLL.name in page.content.decode()
    assert PayrollFile.objects.get().by == cast.admin


def test_a_payroll_file_that_cannot_be_read_is_refused(boss: Client, cast: Cast) -> None:
    form = {"connector": "dsn", "file": SimpleUploadedFile("paie.dsn", b"bonjour")}
    response = boss.post(reverse("admin:agents_payrollfile_import"), form)
    assert response.status_code == 422
    assert "paie.dsn" in response.content.decode()
    assert not PayrollFile.objects.exists()


@pytest.mark.parametrize("name", ["numbers_intake_import", "agents_payrollfile_import", "billing_run_start"])
def test_actions_need_their_permission(client: Client, cast: Cast, name: str) -> None:
    client.force_login(User.objects.create_user("staff@example.org", "un mot de passe long", is_staff=True))
    assert client.get(reverse(f"admin:{name}")).status_code == 403
    assert client.post(reverse(f"admin:{name}"), {}).status_code == 403


def test_a_day_that_is_not_over_cannot_be_closed(boss: Client) -> None:
    response = boss.post(reverse("admin:billing_run_start"), {"day": str(paris_day(timezone.now()))})
    assert response.status_code == 422
    assert "pas finie" in response.content.decode()


@pytest.fixture
def in_this_process() -> Iterator[None]:
    """Tasks run where they are sent from: no worker of another database may take them."""
    before = celery_app.conf.task_always_eager
    celery_app.conf.task_always_eager = True
    yield
    celery_app.conf.task_always_eager = before


@pytest.mark.django_db(transaction=True)
def test_a_night_is_started_for_the_chosen_day_and_followed(boss: Client, cast: Cast, in_this_process: None) -> None:
    store_day(cast)
    with time_machine.travel(NOW, tick=False):
        response = boss.post(reverse("admin:billing_run_start"), {"day": str(DAY)}, follow=True)
    run = Run.objects.get()
    assert (run.day, run.status) == (DAY, "done")
    assert [address for address, _ in response.redirect_chain] == [
        reverse("admin:billing_run_await", args=[0]),
        reverse("admin:billing_run_change", args=[run.pk]),
    ]
    assert "comptabiliser" in response.content.decode()
    assert Entry.objects.filter(kind="day").count() == 1


def test_a_running_night_shows_how_far_it_is(boss: Client, cast: Cast) -> None:
    run = Run.objects.create(day=DAY, started_at=NOW, companies=2)
    RunStage.objects.create(run=run, company=cast.company, stage="judge", status="done", started_at=NOW, ended_at=NOW)
    RunStage.objects.create(
        run=run, company=cast.rival, stage="judge", status="parked", reason="deux lignes", started_at=NOW
    )
    page = boss.get(reverse("admin:billing_run_change", args=[run.pk])).content.decode()
    assert f'aria-valuenow="{100 // len(COMPANY_STAGES)}"' in page  # two of twice as many steps
    assert "hx-get" in page
    assert "mise de côté. deux lignes" in page
    part = boss.get(reverse("admin:billing_run_progress", args=[run.pk])).content.decode()
    assert "<html" not in part
    Run.objects.filter(pk=run.pk).update(status="done", ended_at=NOW)
    assert "hx-get" not in boss.get(reverse("admin:billing_run_progress", args=[run.pk])).content.decode()


def test_waiting_for_a_worker_leads_to_the_run_once_it_exists(boss: Client) -> None:
    waiting = reverse("admin:billing_run_await", args=[0])
    assert "attend" in boss.get(waiting).content.decode()
    run = Run.objects.create(day=DAY, started_at=NOW, companies=0)
    assert boss.get(waiting).url == reverse("admin:billing_run_change", args=[run.pk])
