"""Declared pay in the space: who may, bringing a file, what came of it, payslips that name nobody."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from agents.connectors.base import UnusablePayrollFile
from agents.connectors.dsn import Dsn
from agents.connectors.dsn_tree import FORMS
from agents.connectors.dsn_writer import WrittenDeclaration, WrittenEmployee, write_dsn
from agents.connectors.payroll_csv import PayrollCsv
from agents.models import PayrollFile, PayrollNumber, PayrollUpload, Payslip
from billing.models import FundMonth
from billing.portal.payroll_words import words_of
from billing.services.take_pay import take_pay
from numbers.models import Membership, User
from tests.admin_rows import run_stages, store_day
from tests.cast import RIVAL_SIREN, SIREN, Cast

SAMPLE = Path(__file__).resolve().parents[2] / "sample/payroll/allo_conseil_2026_11.dsn"
GOLDEN = Path(__file__).resolve().parents[1] / "golden/payroll"
NOW = datetime(2026, 11, 25, 15, tzinfo=UTC)
NOVEMBER = date(2026, 11, 1)
Callbacks = Callable[..., Any]


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def people(cast: Cast) -> dict[str, Client]:
    """A signed-in client of each role that asks for no second factor, and the rival's manager."""
    found = {}
    for name, company, role in (
        ("manager", cast.company, "manager"),
        ("supervisor", cast.company, "supervisor"),
        ("agent", cast.company, "agent"),
        ("rival", cast.rival, "manager"),
    ):
        user = User.objects.create_user(f"{name}@people.example", "un mot de passe long")
        Membership.objects.create(user=user, company=company, role=role)
        found[name] = Client()
        found[name].force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return found


@pytest.fixture
def boss(people: dict[str, Client]) -> Client:
    return people["manager"]


def at(route: str, **kwargs: Any) -> str:
    return reverse(f"portal:{route}", kwargs={"siren": SIREN, **kwargs})


def dsn(employees: list[WrittenEmployee], *, siren: str = SIREN, what: WrittenDeclaration | None = None) -> bytes:
    return write_dsn(siren=siren, nic="00011", month=NOVEMBER, employees=employees, declaration=what)


def bring(boss: Client, content: bytes, callbacks: Callbacks, *, name: str = "paie.dsn", connector: str = "dsn") -> Any:
    """Bring a file by the form, let the worker's work be done, and open the file's page."""
    with callbacks(execute=False) as planned:
        answer = boss.post(at("payroll"), {"connector": connector, "file": SimpleUploadedFile(name, content)})
        assert answer.status_code == 302, answer.context["form"].errors
    assert len(planned) == 1
    upload = PayrollUpload.objects.latest("pk")
    assert answer["Location"] == at("payroll_upload", pk=upload.pk)
    take_pay(upload_id=upload.pk, now=NOW)
    return boss.get(answer["Location"])


def test_each_role_enters_what_it_may(
    cast: Cast, people: dict[str, Client], django_capture_on_commit_callbacks: Callbacks
) -> None:
    bring(people["manager"], dsn([WrittenEmployee("P7", 1_000_00)]), django_capture_on_commit_callbacks)
    pages = [
        at("payroll"),
        at("payroll_upload", pk=PayrollUpload.objects.get().pk),
        at("payroll_month", month="2026-11"),
        at("payroll_unmatched"),
        at("payroll_match", pk=Payslip.objects.get().pk),
    ]
    for name, status in {"manager": 200, "supervisor": 403, "agent": 403, "rival": 404}.items():
        assert {people[name].get(page).status_code for page in pages} == {status}, name
    for name, status in {"supervisor": 403, "rival": 404}.items():
        answer = people[name].post(at("payroll"), {"connector": "dsn", "file": SimpleUploadedFile("a.dsn", b"x")})
        assert answer.status_code == status
    assert PayrollUpload.objects.count() == 1


def test_the_rival_opens_no_upload_by_its_own_address(
    cast: Cast, people: dict[str, Client], django_capture_on_commit_callbacks: Callbacks
) -> None:
    bring(people["manager"], SAMPLE.read_bytes(), django_capture_on_commit_callbacks)
    rival = {"siren": RIVAL_SIREN}
    pages = [
        reverse("portal:payroll_upload", kwargs={**rival, "pk": PayrollUpload.objects.get().pk}),
        reverse("portal:payroll_month", kwargs={**rival, "month": "2026-11"}),
        reverse("portal:payroll_match", kwargs={**rival, "pk": Payslip.objects.first().pk}),
    ]
    assert {people["rival"].get(page).status_code for page in pages} == {404}


def test_the_sample_covers_the_month_and_the_page_says_so(
    cast: Cast, boss: Client, django_capture_on_commit_callbacks: Callbacks
) -> None:
    store_day(cast)
    run_stages(cast)
    page = bring(boss, SAMPLE.read_bytes(), django_capture_on_commit_callbacks, name="allo_conseil_2026_11.dsn")
    fund = FundMonth.objects.get(company=cast.company)
    assert fund.released == fund.due > 0
    text = page.content.decode().replace("\u202f", " ")
    assert "couverts par 12 507,65 € de paie déclarée" in text
    assert f"Libéré : {fund.due} €".replace(".", ",") in text
    pay = page.context["pay"]
    assert (pay.people, pay.gross, pay.matched, pay.unmatched) == (6, Decimal("12507.65"), 6, 0)
    (month,) = boss.get(at("payroll")).context["months"]
    assert (month.month, month.people, month.gross, month.unmatched) == (NOVEMBER, 6, Decimal("12507.65"), 0)


def test_another_sirens_pay_is_refused_with_a_sentence(
    cast: Cast, boss: Client, django_capture_on_commit_callbacks: Callbacks
) -> None:
    page = bring(boss, dsn([WrittenEmployee("A001", 2_000_00)], siren=RIVAL_SIREN), django_capture_on_commit_callbacks)
    text = page.content.decode()
    assert f"Ce fichier déclare la paie du SIREN {RIVAL_SIREN}" in text
    assert "Rien n’a été enregistré" in text
    assert not PayrollFile.objects.exists()


def test_a_faulty_file_is_refused_with_line_and_rubric(
    cast: Cast, boss: Client, django_capture_on_commit_callbacks: Callbacks
) -> None:
    content = (GOLDEN / "dsn/bad_amount_comma.dsn").read_bytes()
    page = bring(boss, content, django_capture_on_commit_callbacks)
    fault = PayrollUpload.objects.get().fault
    assert f"Ligne {fault['line']}, {fault['field']}" in page.context["refusal"]
    assert "un nombre à point décimal et deux décimales" in page.context["refusal"]


def test_refused_lines_of_a_table_are_listed_and_the_others_count(
    cast: Cast, boss: Client, django_capture_on_commit_callbacks: Callbacks
) -> None:
    rows = [
        "month;siren;siret;employee_number;gross;hours_paid;workplace_insee",
        f"2026-11;{SIREN};{SIREN}00011;A001;2000.00;151.67;59350",
        f"2026-13;{SIREN};{SIREN}00011;A002;2000.00;151.67;59350",
    ]
    page = bring(boss, "\n".join(rows).encode(), django_capture_on_commit_callbacks, name="paie.csv", connector="csv")
    (reject,) = page.context["rejects"]
    assert (reject["line"], reject["value"], reject["expected"]) == (3, "2026-13", "un mois, comme 2026-11")
    assert page.context["pay"].gross == Decimal("2000.00")


def test_nothing_of_a_social_security_number_reaches_a_page(
    cast: Cast, boss: Client, django_capture_on_commit_callbacks: Callbacks
) -> None:
    page = bring(boss, SAMPLE.read_bytes(), django_capture_on_commit_callbacks)
    pages = [page, boss.get(at("payroll_month", month="2026-11")), boss.get(at("payroll"))]
    numbers = [line.split(b"'")[1] for line in SAMPLE.read_bytes().splitlines() if b"S21.G00.30.001" in line]
    assert len(numbers) == 6
    assert not [one for one in numbers for shown in pages if one in shown.content]


def test_the_page_asks_again_while_the_file_waits(cast: Cast, boss: Client) -> None:
    upload = PayrollUpload.objects.create(
        company=cast.company, connector="dsn", file_name="a.dsn", uploaded_at=NOW, by=cast.owner
    )
    page = boss.get(at("payroll_upload", pk=upload.pk))
    assert 'hx-trigger="every 2s"' in page.content.decode()
    seen = {"seen": page.context["sight"]}
    assert boss.get(at("payroll_upload", pk=upload.pk), seen, headers={"HX-Request": "true"}).status_code == 204
    PayrollUpload.objects.update(state="reading")
    part = boss.get(at("payroll_upload", pk=upload.pk), seen, headers={"HX-Request": "true"})
    assert "<h1" not in part.content.decode()
    assert "en lecture" in part.content.decode()
    PayrollUpload.objects.update(state="refused", fault={"unexpected": True})
    assert "hx-get" not in boss.get(at("payroll_upload", pk=upload.pk)).content.decode()


def test_a_file_that_nobody_reads_is_handed_out_again(
    cast: Cast, boss: Client, django_capture_on_commit_callbacks: Callbacks
) -> None:
    upload = PayrollUpload.objects.create(
        company=cast.company, connector="dsn", file_name="a.dsn", uploaded_at=datetime(2026, 1, 1, tzinfo=UTC)
    )
    assert "Relancer la lecture" in boss.get(at("payroll_upload", pk=upload.pk)).content.decode()
    with django_capture_on_commit_callbacks(execute=False) as planned:
        assert boss.post(at("payroll_again", pk=upload.pk)).status_code == 302
    assert len(planned) == 1
    PayrollUpload.objects.update(state="done")
    assert boss.post(at("payroll_again", pk=upload.pk)).status_code == 404


def test_the_form_refuses_no_file_and_a_large_one(cast: Cast, boss: Client) -> None:
    assert boss.post(at("payroll"), {"connector": "dsn"}).status_code == 422
    large = SimpleUploadedFile("a.dsn", b"0" * (20 * 1024 * 1024 + 1))
    answer = boss.post(at("payroll"), {"connector": "dsn", "file": large})
    assert "dépasse 20 Mo" in str(answer.context["form"].errors["file"])
    assert not PayrollUpload.objects.exists()


def test_a_replaced_declaration_stays_in_the_months_history(
    cast: Cast, boss: Client, django_capture_on_commit_callbacks: Callbacks
) -> None:
    bring(boss, dsn([WrittenEmployee("A001", 2_000_00)]), django_capture_on_commit_callbacks, name="un.dsn")
    second = dsn([WrittenEmployee("A001", 1_900_00)], what=WrittenDeclaration("03", order=2, replaces="011120261"))
    page = bring(boss, second, django_capture_on_commit_callbacks, name="deux.dsn")
    assert "la déclaration de un.dsn ne compte plus" in page.content.decode()
    assert [(one.kind, one.in_force) for one in page.context["declarations"]] == [("03", True)]
    month = boss.get(at("payroll_month", month="2026-11"))
    assert [(one.file.file_name, one.in_force) for one in month.context["declarations"]] == [
        ("deux.dsn", True),
        ("un.dsn", False),
    ]
    assert month.context["gross"] == Decimal("1900.00")
    assert boss.get(at("payroll_month", month="2026-12")).status_code == 404
    assert boss.get(at("payroll_month", month="novembre")).status_code == 404


def test_an_unmatched_payslip_is_matched_and_undone(
    cast: Cast, boss: Client, django_capture_on_commit_callbacks: Callbacks
) -> None:
    bring(boss, dsn([WrittenEmployee("P7", 1_000_00)]), django_capture_on_commit_callbacks)
    payslip = Payslip.objects.get()
    assert "1 bulletin ne désigne aucun agent" in boss.get(at("payroll")).content.decode()
    assert boss.get(at("payroll_unmatched")).context["rows"] == [(payslip, "P7")]
    address = at("payroll_match", pk=payslip.pk)
    assert boss.post(address, {"agent": ""}).status_code == 422
    with django_capture_on_commit_callbacks(execute=False) as planned:
        page = boss.post(address, {"agent": cast.agents["A003"].pk}, follow=True)
    assert len(planned) == 1  # the fund is settled by a worker
    assert page.context["rows"] == []
    payslip.refresh_from_db()
    assert payslip.agent == cast.agents["A003"]
    with django_capture_on_commit_callbacks(execute=False):
        page = boss.post(at("payroll_undo", pk=PayrollNumber.objects.get().pk), follow=True)
    assert page.context["rows"] == [(payslip, "P7")]
    payslip.refresh_from_db()
    assert payslip.agent is None


def test_every_refusal_of_the_connectors_has_french_words() -> None:
    texts = [expected for _, expected in FORMS.values()]
    for path in sorted(GOLDEN.glob("*/bad_*.[dc]s[nv]")):
        connector = Dsn() if path.suffix == ".dsn" else PayrollCsv()
        try:
            texts += [reject.expected for reject in connector.read(path.name, path.read_bytes()).rejects]
        except UnusablePayrollFile as refused:
            texts.append(refused.reject.expected)
    assert len(texts) > 35
    assert {text for text in texts if words_of(text) == text} == {"01 (euro)"}  # said alike in both
    assert words_of("a.dsn was taken in before, on 2026-11-25: nothing changed").startswith("Ce fichier est déjà")
    assert words_of("99999900600011, 2026-11: fraction 2 of 2 has not come yet").startswith("99999900600011")
