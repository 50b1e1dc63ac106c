"""Work from home and training in the space: who may, what a company records itself, what becomes of the calls."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import reverse

from agents.models import Attendance, Course, Skill, TeleworkAgreement, TrainingSession
from numbers.models import Recheck, User
from tests.cast import SIREN, Cast, prove
from tests.edges.portal import look, signed_in, text_of

PDF = b"%PDF-1.7\n1 0 obj\nendobj\n"
PAPER = "avenant.pdf"


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


def send(user: User | None, route: str, answers: dict[str, Any], **kwargs: Any) -> HttpResponse:
    """A form of the space sent by a person, that night; pages that follow are not opened."""
    files = {"evidence": SimpleUploadedFile(PAPER, PDF)} if answers.pop("paper", False) else {}
    with signed_in(user) as client:
        return client.post(reverse(f"portal:{route}", kwargs={"siren": SIREN, **kwargs}), {**answers, **files})


def terms(**changed: Any) -> dict[str, Any]:
    return {
        "basis": "charter", "basis_on": "2026-10-01", "consent_on": "2026-10-15", "starts_on": "2026-11-01",
        "last_day": "", "commune_insee": "2a 004", "contact_from": "09:00", "contact_until": "18:00",
        "time_control": "Pointage signé", "equipment": "Ordinateur", "paper": True,
    } | changed  # fmt: skip


def test_an_agreement_is_recorded_ended_with_a_reason_and_rejudges(cast: Cast) -> None:
    agent, boss = cast.agents["A001"], cast.people["manager"]
    prove(agent)
    listed = look(boss, "telework")
    assert "1 personne travaille à domicile sans accord en cours" in text_of(listed)
    Recheck.objects.all().delete()
    assert send(boss, "agreement_new", terms(), pk=agent.pk).status_code == 302
    kept = TeleworkAgreement.objects.get()
    assert (kept.commune_insee, kept.ends_on, kept.evidence_name) == ("2A004", None, PAPER)
    assert Recheck.objects.filter(agent_id=agent.pk, since=date(2026, 11, 1), cause="agents_teleworkagreement").exists()
    assert "sans accord en cours" not in text_of(look(boss, "telework"))
    page = text_of(look(boss, "agent", pk=agent.pk))
    assert "joignable de 09:00 à 18:00" in page
    assert "Accord de télétravail ajouté" in page

    overlap = send(boss, "agreement_new", terms(starts_on="2026-12-01"), pk=agent.pk)
    assert overlap.status_code == 422
    assert "Un autre accord court" in text_of(overlap)
    end = {"last_day": "2026-11-20", "reason": " "}
    assert send(boss, "agreement_end", end, pk=agent.pk, agreement=kept.pk).status_code == 422
    end["reason"] = "Retour sur site"
    assert send(boss, "agreement_end", end, pk=agent.pk, agreement=kept.pk).status_code == 302
    kept.refresh_from_db()
    assert (kept.ends_on, kept.end_reason) == (date(2026, 11, 21), "Retour sur site")
    assert [row.agent for row in look(boss, "telework", query="etat=ended").context["object_list"]] == [agent]
    with signed_in(boss) as client:
        address = reverse("portal:agreement_evidence", kwargs={"siren": SIREN, "pk": agent.pk, "agreement": kept.pk})
        paper = client.get(address)
    assert b"".join(paper.streaming_content) == PDF  # type: ignore[attr-defined]


REFUSED = [
    ({"consent_on": "2026-11-02"}, "précéder le premier jour"),
    ({"basis_on": "2026-11-02"}, "précéder le premier jour"),
    ({"contact_until": "08:00"}, "précède leur début"),
    ({"last_day": "2026-10-31"}, "Le dernier jour précède le premier"),
    ({"commune_insee": "99127"}, "99 désigne l’étranger"),
    ({"paper": False}, "obligatoire"),
]


@pytest.mark.parametrize(("changed", "sentence"), REFUSED)
def test_terms_that_cannot_stand_are_refused_in_words(cast: Cast, changed: dict[str, Any], sentence: str) -> None:
    answer = send(cast.people["manager"], "agreement_new", terms(**changed), pk=cast.agents["A001"].pk)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert not TeleworkAgreement.objects.exists()


def test_training_is_kept_from_the_catalogue_to_the_certificate(cast: Cast) -> None:
    agent, boss = cast.agents["A001"], cast.people["manager"]
    course = {"title": "Accueil", "kind": "initial", "hours": "7", "valid_months": "12", "required_from": "2026-11-01"}
    assert send(boss, "course_new", dict(course)).status_code == 302
    twice = send(boss, "course_new", dict(course))
    assert twice.status_code == 422
    assert "déjà cet intitulé" in text_of(twice)
    kept = Course.objects.get()
    missing = look(boss, "course", query="etat=missing", pk=kept.pk).context["rows"]
    assert len(missing) == 7
    days = {"course": kept.pk, "starts_on": "2026-11-10", "last_day": "2026-11-10", "trainer": "AKTO"}
    assert send(boss, "session_new", days).status_code == 302
    session = TrainingSession.objects.get()
    present = {"agents": [agent.pk, cast.agents["A002"].pk], "hours": "7"}
    assert send(boss, "attendances_new", present, pk=session.pk).status_code == 302
    first, second = Attendance.objects.order_by("agent__employee_number")
    assert send(boss, "attendance_hours", {"hours": "3,5"}, pk=second.pk).status_code == 302
    early = send(boss, "certificate", {"certified_on": "2026-11-09", "last_day": "", "paper": True}, pk=first.pk)
    assert early.status_code == 422
    assert "précède le premier jour de la session" in text_of(early)
    given = {"certified_on": "2026-11-10", "last_day": "", "paper": True}
    assert send(boss, "certificate", given, pk=first.pk).status_code == 302
    first.refresh_from_db()
    assert (first.expires_on, first.evidence_name) == (date(2027, 11, 10), PAPER)  # twelve months, as the course says
    assert send(boss, "attendance_remove", {}, pk=first.pk).status_code == 422
    states = {state: count for state, _label, count in look(boss, "course", pk=kept.pk).context["states"]}
    assert states == {"valid": 1, "expiring": 0, "missing": 6}
    hours = look(boss, "training_hours", query="annee=2026").context
    assert [(str(kind), total) for kind, total in zip(hours["kinds"], hours["totals"], strict=True)] == [
        ("formation initiale", 10.5)
    ]
    assert [(row.employee_number, total) for row, _kinds, total in hours["rows"]] == [("A001", 7), ("A002", 3.5)]
    assert send(boss, "attendance_remove", {}, pk=second.pk).status_code == 302
    assert Attendance.objects.get() == first


def test_the_operator_s_courses_are_held_but_never_changed_by_a_company(cast: Cast) -> None:
    course = Course.objects.create(title="Badge national", kind="safety", hours=2)
    boss = cast.people["manager"]
    assert look(boss, "course", pk=course.pk).status_code == 200
    assert look(boss, "course_edit", pk=course.pk).status_code == 404
    assert course in look(boss, "session_new").context["form"].fields["course"].queryset


SKILLS = [
    ({"kind": "lsf", "level": "B2"}, 302, ""),
    ({"kind": "lsf", "level": ""}, 422, "de A1 à C1"),
    ({"kind": "lsf", "level": "C2"}, 422, "ne se donne pas"),
    ({"kind": "language", "language": "en", "level": "C2"}, 302, ""),
    ({"kind": "language", "language": "", "level": "B1"}, 422, "Dites quelle langue"),
    ({"kind": "text", "level": "A1"}, 422, "ne se donne pas"),
    ({"kind": "lpc", "level": ""}, 302, ""),
]


def test_skills_are_noted_by_those_who_run_the_floor(cast: Cast) -> None:
    agent, floor = cast.agents["A001"], cast.people["supervisor"]
    for asked, status, sentence in SKILLS:
        answer = send(floor, "skill_new", {"language": "", "since": "2026-01-01", **asked}, pk=agent.pk)
        assert answer.status_code == status, asked
        assert not sentence or sentence in text_of(answer), asked
    assert (
        send(floor, "skill_new", {"kind": "lsf", "level": "C1", "since": "2026-02-01"}, pk=agent.pk).status_code == 302
    )
    kept = {(skill.kind, skill.language): skill.level for skill in Skill.objects.filter(agent=agent)}
    assert kept == {("lsf", ""): "C1", ("language", "en"): "C2", ("lpc", ""): ""}
    gone = Skill.objects.get(kind="lpc")
    assert send(floor, "skill_remove", {}, pk=agent.pk, skill=gone.pk).status_code == 302
    assert not Skill.objects.filter(kind="lpc").exists()


def test_each_role_enters_what_it_may(cast: Cast) -> None:
    agent = cast.agents["A001"]
    made = TeleworkAgreement.objects.create(
        agent=agent, basis="charter", basis_on="2026-01-01", consent_on="2026-01-01", commune_insee="59350",
        starts_on="2026-01-01", contact_from="09:00", contact_until="18:00", time_control="pointage",
    )  # fmt: skip
    course = Course.objects.create(company=cast.company, title="Badge 7", kind="initial", hours=7)
    session = TrainingSession.objects.create(
        company=cast.company, course=course, starts_on="2026-01-05", last_day="2026-01-05"
    )
    there = Attendance.objects.create(session=session, agent=agent, hours=7)
    read = [
        ("telework", {}), ("training", {}), ("training_hours", {}), ("course", {"pk": course.pk}),
        ("training_session", {"pk": session.pk}),
    ]  # fmt: skip
    write = [
        ("agreement_new", {"pk": agent.pk}), ("agreement_end", {"pk": agent.pk, "agreement": made.pk}),
        ("course_new", {}), ("course_edit", {"pk": course.pk}), ("session_new", {}),
        ("session_edit", {"pk": session.pk}), ("attendances_new", {"pk": session.pk}),
        ("attendance_hours", {"pk": there.pk}), ("attendance_remove", {"pk": there.pk}),
        ("certificate", {"pk": there.pk}),
    ]  # fmt: skip
    expected = {"manager": (200, 200), "supervisor": (200, 403), "agent": (403, 403)}
    for name, statuses in expected.items():
        with signed_in(cast.people[name]) as client:
            for pages, status in zip((read, write), statuses, strict=True):
                for route, kwargs in pages:
                    answer = client.get(reverse(f"portal:{route}", kwargs={"siren": SIREN, **kwargs}))
                    assert answer.status_code == status, (name, route)
