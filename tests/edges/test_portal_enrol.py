"""The wizard that enrols a number: kept step by step, the law in words, one of two gets it, nothing half-made."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from billing.models import Tariff
from numbers.models import (
    Company,
    DirectoryRecord,
    Enrolment,
    EnrolmentDocument,
    HolidayRule,
    Membership,
    NumberBlock,
    NumberReservation,
    OpeningHours,
    PremiumNumber,
    User,
)
from tests.cast import Cast

PDF = b"%PDF-1.7\nun extrait"
WEEK = {f"d{rank}": "9:00-12:30, 14h-18h" if rank < 5 else "" for rank in range(7)}
DIRECTORY = {
    "label": "Conseil en jardinage",
    "purpose": "Un jardinier répond à vos questions.",
    "provider_name": "Allô Conseil",
    "provider_address": "12 rue des Lilas, 59000 Lille",
    "complaint_contact": "reclamations@allo.example",
}
FIGURES = {
    "calls_per_day": "200", "calls_busiest_hour": "30", "talk_s": "276", "wrap_s": "24", "target_bp": "9500",
    "hourly": "12,31", "other": "3",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _private_files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def blocks(db: None) -> None:
    for prefix, family, ceiling in (
        ("089269", "premium", 800_000),
        ("082069", "premium", 200_000),
        ("080669", "standard", 0),
    ):
        NumberBlock.objects.create(prefix=prefix, family=family, ceiling_micros=ceiling, source="ARCEP")


def member(company: Company, role: str) -> Client:
    """Somebody with a role that needs no second key, signed in."""
    user = User.objects.create_user(f"{role}{company.pk}@example.org", "un mot de passe long")
    Membership.objects.create(user=user, company=company, role=role)
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def boss(cast: Cast, blocks: None) -> Client:
    return member(cast.company, "manager")


@pytest.fixture
def file(boss: Client, cast: Cast) -> Enrolment:
    boss.post(reverse("portal:enrol", kwargs={"siren": cast.company.siren}))
    return Enrolment.objects.get()


def at(file: Enrolment, step: str) -> str:
    return reverse("portal:enrol_step", kwargs={"siren": file.company.siren, "pk": file.pk, "step": step})


def of(file: Enrolment, route: str, **kwargs: Any) -> str:
    return reverse(f"portal:{route}", kwargs={"siren": file.company.siren, "pk": file.pk, **kwargs})


def join(client: Client, file: Enrolment, kind: str, content: bytes = PDF, name: str = "kbis.pdf") -> Any:
    upload = SimpleUploadedFile(name, content)
    return client.post(at(file, "pieces"), {"kind": kind, "content": upload})


def fill(client: Client, file: Enrolment, cast: Cast, *, digits: str = "0892691234") -> None:
    """Answer every step as a person would."""
    client.post(at(file, "usage"), {"use_cases": ["PAID_ADVICE"]})
    client.post(at(file, "droit"), {"choice": "caller"})
    client.post(at(file, "numero"), {"digits": digits})
    client.post(at(file, "prix"), {"price": "0,60"})
    client.post(at(file, "horaires"), {**WEEK, "holidays": "closed", "alsace_moselle": "on"})
    client.post(at(file, "annuaire"), DIRECTORY)
    client.post(at(file, "agents"), {"agents": [cast.agents["A001"].pk, cast.agents["A900"].pk]})
    client.post(at(file, "viabilite"), FIGURES)
    for rank, kind in enumerate(("company", "identity", "name_right")):
        join(client, file, kind, PDF + bytes([rank]))


def test_each_step_opens_and_keeps_what_was_answered(boss: Client, file: Enrolment, cast: Cast) -> None:
    fill(boss, file, cast)
    for step in ("usage", "droit", "numero", "prix", "horaires", "annuaire", "agents", "viabilite", "pieces"):
        answer = boss.get(at(file, step))
        assert answer.status_code == 200, step
        page = answer.content.decode()
        assert page.count("<h1") == 1
        assert "Enregistré à" in page
        assert "Pourquoi cette question" in page, step
    file.refresh_from_db()
    assert file.answers["prix"] == {"price_micros": 600_000}
    assert file.answers["horaires"]["week"][0] == [[32400, 45000], [50400, 64800]]
    assert 'value="0,60"' in boss.get(at(file, "prix")).content.decode()
    assert "09:00-12:30, 14:00-18:00" in boss.get(at(file, "horaires")).content.decode()


def test_a_complete_file_is_submitted_whole(boss: Client, file: Enrolment, cast: Cast) -> None:
    fill(boss, file, cast)
    page = boss.get(of(file, "enrol_check")).content.decode()
    assert "Le dossier est complet" in page
    assert "sans preuve de lieu valable : 1" in page  # A900 sits abroad
    assert boss.post(of(file, "enrol_check")).status_code == 302
    number = PremiumNumber.objects.get(digits="0892691234")
    assert (number.status, number.company, number.payer) == ("submitted", cast.company, "caller")
    rule = HolidayRule.objects.get(number=number)
    assert (rule.policy, rule.alsace_moselle, rule.valid_until) == ("closed", True, None)
    assert Tariff.objects.get(number=number).price_micros == 600_000
    assert OpeningHours.objects.filter(number=number).count() == 10
    assert DirectoryRecord.objects.get(number=number).purpose == DIRECTORY["purpose"]
    assert boss.get(at(file, "prix")).status_code == 302  # read, no longer written
    assert boss.post(at(file, "prix"), {"price": "0,10"}).status_code == 302
    file.refresh_from_db()
    assert file.answers["prix"] == {"price_micros": 600_000}


def test_an_empty_file_hears_all_its_faults_at_once(boss: Client, file: Enrolment) -> None:
    answer = boss.post(of(file, "enrol_check"))
    page = answer.content.decode()
    assert answer.status_code == 422
    for words in ("Dites à quoi servira", "Choisissez un numéro", "Fixez le prix", "jour d’ouverture", "extrait Kbis"):
        assert words in page
    for step in ("usage", "numero", "prix", "horaires", "annuaire", "agents", "viabilite", "pieces"):
        assert at(file, step) in page
    assert not PremiumNumber.objects.filter(company=file.company, status="submitted").exists()


def test_the_law_refuses_a_surcharge_on_complaints_and_says_what_is_possible(boss: Client, file: Enrolment) -> None:
    boss.post(at(file, "usage"), {"use_cases": ["PAID_ADVICE", "CONSUMER_COMPLAINT"]})
    page = boss.get(at(file, "droit")).content.decode()
    assert "ne peut pas être surtaxé" in page
    assert "L.121-16" in page
    assert "Vous payez, l’appel est ordinaire" in page
    answer = boss.post(at(file, "droit"), {"choice": "caller"})
    assert answer.status_code == 422
    assert "pas permis pour cet usage" in answer.content.decode()
    assert boss.post(at(file, "droit"), {"choice": "free"}).status_code == 302


def test_an_emergency_line_is_possible_nowhere(boss: Client, file: Enrolment) -> None:
    boss.post(at(file, "usage"), {"use_cases": ["EMERGENCY"]})
    assert "Aucun numéro de service n’est possible" in boss.get(at(file, "droit")).content.decode()


def choose_kind(client: Client, file: Enrolment, kind: str = "caller") -> None:
    client.post(at(file, "usage"), {"use_cases": ["PAID_ADVICE"]})
    client.post(at(file, "droit"), {"choice": kind})


def test_a_second_click_on_submitting_shows_where_the_file_stands(boss: Client, file: Enrolment, cast: Cast) -> None:
    fill(boss, file, cast)
    assert boss.post(of(file, "enrol_check")).status_code == 302
    again = boss.post(of(file, "enrol_check"), follow=True)
    assert again.status_code == 200
    assert "Où en est le dossier" in again.content.decode()
    assert Tariff.objects.filter(number__digits="0892691234").count() == 1


def test_more_people_than_the_formula_knows_are_told(boss: Client, file: Enrolment, cast: Cast) -> None:
    fill(boss, file, cast)
    many = {"calls_per_day": "100000", "calls_busiest_hour": "20000", "talk_s": "3600"}
    boss.post(at(file, "viabilite"), FIGURES | many)
    page = boss.get(at(file, "viabilite")).content.decode()
    assert "plus de 5 000 personnes" in page.replace("\u202f", " ")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("0,61", "au plus"),
        ("0,605", "entier de centimes"),
        ("zéro", "en euros"),
        ("", "Écrivez un prix"),
        ("-1", "0,01"),
    ],
)
def test_a_price_beyond_the_rules_is_refused_in_words(boss: Client, file: Enrolment, typed: str, words: str) -> None:
    answer = boss.post(at(file, "prix"), {"price": typed})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    file.refresh_from_db()
    assert "prix" not in file.answers


def test_the_plan_lowers_the_ceiling_of_a_cheaper_range(boss: Client, file: Enrolment) -> None:
    choose_kind(boss, file)
    boss.post(at(file, "numero"), {"digits": "0820691234"})
    assert boss.post(at(file, "prix"), {"price": "0,21"}).status_code == 422
    assert boss.post(at(file, "prix"), {"price": "0,20"}).status_code == 302


def test_the_texts_follow_the_price_and_can_be_taken_along(boss: Client, file: Enrolment) -> None:
    choose_kind(boss, file)
    boss.post(at(file, "numero"), {"digits": "0892691234"})
    live = boss.get(at(file, "prix"), {"price": "0,45"}, headers={"HX-Request": "true"}).content.decode()
    assert "Service 0,45\u00a0€/min + prix appel" in live
    assert "45 centimes par minute" in live
    assert "<html" not in live
    assert boss.get(of(file, "enrol_texts")).status_code == 404
    boss.post(at(file, "prix"), {"price": "0,60"})
    taken = boss.get(of(file, "enrol_texts"))
    assert "attachment" in taken["Content-Disposition"]
    assert "Service 0,60\u00a0€/min + prix appel" in taken.content.decode()


def test_hours_that_are_none_are_refused_and_nothing_typed_is_lost(boss: Client, file: Enrolment) -> None:
    answer = boss.post(at(file, "horaires"), {"d0": "9h-25h", "d1": "14:00-18:00", "holidays": "usual"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "n’est pas une heure" in page
    assert 'value="14:00-18:00"' in page
    assert 'value="9h-25h"' in page


def test_monday_is_repeated_without_saving(boss: Client, file: Enrolment) -> None:
    page = boss.post(at(file, "horaires"), {"d0": "9h-12h", "holidays": "closed", "copy": "weekdays"}).content.decode()
    assert page.count('value="9h-12h"') == 5
    file.refresh_from_db()
    assert "horaires" not in file.answers


def test_a_complaint_contact_may_not_be_surcharged(boss: Client, file: Enrolment, cast: Cast) -> None:
    fill(boss, file, cast)
    boss.post(at(file, "annuaire"), {**DIRECTORY, "complaint_contact": "0 892 69 00 01"})
    answer = boss.post(of(file, "enrol_check"))
    assert answer.status_code == 422
    assert "pas aller à un numéro surtaxé" in answer.content.decode()


def test_the_balance_is_shown_with_each_figure(boss: Client, file: Enrolment, cast: Cast) -> None:
    fill(boss, file, cast)
    page = boss.get(at(file, "viabilite")).content.decode()
    # 200 calls on 5 days a week are 4,333 a month; of 276 s at 0.60 they bring 11,959.08 euros.
    assert "4\u202f333" in page
    assert "11\u202f959,08\u202f€" in page
    assert "L’équilibre ne tient pas" in page
    assert "12,31" in page
    assert "pas encore comparé" in page


def test_papers_are_judged_by_their_content(boss: Client, file: Enrolment) -> None:
    assert join(boss, file, "company", b"MZ un programme", "kbis.pdf").status_code == 422
    assert join(boss, file, "company", PDF + b"x" * (10 * 1024 * 1024), "gros.pdf").status_code == 422
    assert join(boss, file, "company").status_code == 302
    again = join(boss, file, "identity")
    assert again.status_code == 422
    assert "déjà dans le dossier" in again.content.decode()
    paper = EnrolmentDocument.objects.get()
    assert "kbis" not in paper.path
    assert paper.media_type == "application/pdf"
    taken = boss.get(of(file, "enrol_paper", paper=paper.pk))
    assert b"".join(taken.streaming_content) == PDF
    assert taken["X-Content-Type-Options"] == "nosniff"
    assert boss.post(of(file, "enrol_paper_remove", paper=paper.pk)).status_code == 302
    assert not EnrolmentDocument.objects.exists()


def test_a_draft_can_be_thrown_away_with_its_reservation(boss: Client, file: Enrolment) -> None:
    choose_kind(boss, file)
    boss.post(at(file, "numero"), {"digits": "0892691234"})
    assert boss.get(of(file, "enrol_discard")).status_code == 200
    assert boss.post(of(file, "enrol_discard")).status_code == 302
    assert not Enrolment.objects.exists()
    assert not NumberReservation.objects.filter(expires_at__gt=timezone.now()).exists()


@pytest.mark.parametrize("role", ["supervisor", "agent"])
def test_others_of_the_company_do_not_enrol(boss: Client, file: Enrolment, cast: Cast, role: str) -> None:
    client = member(cast.company, role)
    for address in (
        of(file, "enrol_check"),
        at(file, "prix"),
        reverse("portal:enrol", kwargs={"siren": cast.company.siren}),
    ):
        assert client.get(address).status_code == 403


def test_a_rival_finds_nothing(boss: Client, file: Enrolment, cast: Cast) -> None:
    join(boss, file, "company")
    paper = EnrolmentDocument.objects.get()
    rival = member(cast.rival, "manager")
    theirs = {"siren": cast.rival.siren, "pk": file.pk}
    assert rival.get(of(file, "enrol_check")).status_code == 404
    for address in (
        reverse("portal:enrol_check", kwargs=theirs),
        reverse("portal:enrol_step", kwargs={**theirs, "step": "pieces"}),
        reverse("portal:enrol_texts", kwargs=theirs),
        reverse("portal:enrol_paper", kwargs={**theirs, "paper": paper.pk}),
    ):
        assert rival.get(address).status_code == 404, address


def test_the_operator_reads_and_does_not_write(boss: Client, file: Enrolment, cast: Cast) -> None:
    staff = Client()
    staff.force_login(cast.admin, backend="django.contrib.auth.backends.ModelBackend")
    assert staff.get(at(file, "usage")).status_code == 200
    assert staff.post(at(file, "usage"), {"use_cases": ["EXPERT"]}).status_code == 403


def test_enter_saves_the_hours_and_the_balance_is_shown_where_it_stands(boss: Client, file: Enrolment) -> None:
    page = boss.get(at(file, "horaires")).content.decode()
    form = page[page.index('<form method="post"') :]
    first = form[form.index("<button") : form.index(">", form.index("<button"))]
    assert "name=" not in first, "Enter presses the first button of a form: it must save, not copy"
    shown = boss.post(at(file, "viabilite"), FIGURES)
    assert shown["Location"] == f"{at(file, 'viabilite')}#resultat"
    again = boss.post(at(file, "viabilite"), FIGURES)
    assert again["Location"] == at(file, "pieces")


def test_the_agents_whose_calls_would_count_are_proposed_until_some_are_chosen(
    boss: Client, file: Enrolment, cast: Cast
) -> None:
    proposed = boss.get(at(file, "agents")).context["form"]["agents"].value()
    assert sorted(proposed) == sorted(cast.agents[name].pk for name in cast.agents if name != "A900")
    boss.post(at(file, "agents"), {"agents": [cast.agents["A900"].pk]})
    assert boss.get(at(file, "agents")).context["form"]["agents"].value() == [cast.agents["A900"].pk]


def test_no_number_left_is_another_sentence_than_none_with_these_digits(boss: Client, file: Enrolment) -> None:
    boss.post(at(file, "usage"), {"use_cases": ["PAID_ADVICE"]})
    boss.post(at(file, "droit"), {"choice": "caller"})
    assert "ne contient ces chiffres" in boss.get(at(file, "numero"), {"q": "9999999"}).content.decode()
    NumberBlock.objects.all().delete()
    page = boss.get(at(file, "numero")).content.decode()
    assert "n’a plus de numéro libre" in page
    assert "ne contient ces chiffres" not in page
