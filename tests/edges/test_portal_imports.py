"""Imports in the company's space: a log given, its progress, what was refused, and putting it right."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from agents.models import PbxName, Verdict
from illico_platform.celery import app as celery_app
from numbers.models import Call, CallUpload, Intake, NumberAlias, Source
from tests.cast import RIVAL_SIREN, SIREN, Cast, give_second_factor

LOG = (Path(__file__).parents[2] / "sample" / "evening" / "queue_log").read_bytes()
BAD_LINE = b"demain|1795598659.9|illico-0892690001|NONE|ENTERQUEUE||0639980001|1\n"
UNKNOWN_QUEUE = LOG.replace(b"illico-0892690002", b"conseil").replace(b"|0892690002|NONE|DID", b"|conseil|NONE|DID")

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _work_at_once(settings: Any, tmp_path: Path) -> Iterator[None]:
    """Tasks are Celery's own, run where they are sent: after the request's transaction, as the application's role."""
    settings.MEDIA_ROOT = tmp_path
    celery_app.conf.task_always_eager = True
    yield
    celery_app.conf.task_always_eager = False


@pytest.fixture
def manager(client: Client, cast: Cast) -> Client:
    client.force_login(cast.people["manager"], backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(route: str, siren: str = SIREN, **kwargs: Any) -> str:
    return reverse(f"portal:{route}", kwargs={"siren": siren, **kwargs})


def give(client: Client, cast: Cast, data: bytes = LOG, **changed: Any) -> Any:
    answers = {"source": cast.source.pk, "connector": "asterisk-queue-log", **changed}
    answers.setdefault("file", SimpleUploadedFile("queue_log", data))
    return client.post(page("import_new"), answers)


@pytest.fixture
def give_now(
    manager: Client, cast: Cast, django_capture_on_commit_callbacks: Callable[..., Any]
) -> Callable[..., CallUpload]:
    """Give a file and let the worker's task run."""

    def run(data: bytes = LOG) -> CallUpload:
        with django_capture_on_commit_callbacks(execute=True):
            answer = give(manager, cast, data)
        assert answer.status_code == 302, answer.content.decode()
        upload = CallUpload.objects.latest("pk")
        assert answer["Location"] == page("upload", pk=upload.pk)
        return upload

    return run


# ---- A file given ---------------------------------------------------------------------------------------------


def test_the_evenings_log_is_given_and_61_of_94_calls_are_kept(manager: Client, give_now: Callable[..., Any]) -> None:
    upload = give_now()
    assert (upload.state, upload.by.email) == ("done", "manager@example.org")
    assert (Call.objects.count(), Verdict.objects.filter(verdict="kept").count()) == (94, 61)
    answer = manager.get(page("upload", pk=upload.pk))
    assert answer["Location"] == page("import", pk=upload.intake_id)
    shown = manager.get(answer["Location"]).content.decode()
    assert ">94</a>" in shown
    listed = f"{page('calls')}?fichier={upload.intake_id}"
    assert f'"{listed}"' in shown
    assert manager.get(listed).context["paginator"].count == 94
    assert "Rien : toutes les lignes ont pu être lues." in shown


def test_the_same_file_again_changes_nothing_and_says_so(manager: Client, give_now: Callable[..., Any]) -> None:
    first, second = give_now(), give_now()
    assert Call.objects.count() == 94
    shown = manager.get(page("import", pk=second.intake_id)).content.decode()
    assert "déjà importé" in shown
    assert "ses 94 appels étaient connus" in shown
    assert page("import", pk=first.intake_id) in shown


def test_what_is_no_log_is_refused_in_words(manager: Client, give_now: Callable[..., Any]) -> None:
    upload = give_now(b"Bonjour.\n")
    shown = manager.get(page("upload", pk=upload.pk)).content.decode()
    assert "Fichier refusé : rien n’est entré" in shown
    assert "Ce n’est pas un queue_log : la ligne 1 est « Bonjour. »" in shown
    assert "every 2s" not in shown
    assert "refusé" in manager.get(page("imports")).content.decode()


def test_progress_survives_being_left(manager: Client, cast: Cast) -> None:
    give(manager, cast)  # no worker takes it: the transaction of the test never commits
    upload = CallUpload.objects.get()
    for _ in range(2):
        shown = manager.get(page("upload", pk=upload.pk)).content.decode()
        assert 'hx-trigger="every 2s"' in shown
        assert "Le fichier attend son tour." in shown
    part = manager.get(page("upload", pk=upload.pk), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "0\xa0octet" in part
    CallUpload.objects.update(created_at="2026-11-01T00:00Z")
    assert "Il attend plus longtemps que d’habitude" in manager.get(page("upload", pk=upload.pk)).content.decode()
    CallUpload.objects.update(state="reading", started_at="2026-11-01T00:00Z")
    assert "Plus rien ne bouge" in manager.get(page("upload", pk=upload.pk)).content.decode()


def test_a_dead_workers_upload_is_started_again(
    manager: Client, cast: Cast, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    give(manager, cast)
    upload = CallUpload.objects.get()
    CallUpload.objects.update(state="reading", started_at="2026-11-01T00:00Z")
    with django_capture_on_commit_callbacks(execute=True):
        answer = manager.post(page("upload", pk=upload.pk))
    assert "Le travail est relancé" in manager.get(answer["Location"], follow=True).content.decode()
    upload.refresh_from_db()
    assert (upload.state, Call.objects.count()) == ("done", 94)
    part = manager.get(page("upload", pk=upload.pk), headers={"HX-Request": "true"})
    assert part["HX-Redirect"] == page("import", pk=upload.intake_id)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"file": ""}, "Choisissez un fichier."),
        ({"file": SimpleUploadedFile("vide", b"")}, "Ce fichier est vide"),
        ({"connector": "generic-csv"}, "dire ce que contient chaque colonne"),
        ({"connector": "papier"}, "papier"),
    ],
)
def test_bad_answers_are_refused_in_words(manager: Client, cast: Cast, changed: dict[str, Any], said: str) -> None:
    answer = give(manager, cast, **changed)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not CallUpload.objects.exists()


def test_a_file_cannot_be_given_to_the_rivals_source(manager: Client, cast: Cast) -> None:
    assert give(manager, cast, source=cast.rival_source.pk).status_code == 422


# ---- What was refused -----------------------------------------------------------------------------------------


def test_refused_lines_are_named_downloaded_and_given_again(manager: Client, give_now: Callable[..., Any]) -> None:
    upload = give_now(LOG + BAD_LINE)
    shown = manager.get(page("import", pk=upload.intake_id)).content.decode()
    assert "Lignes à corriger" in shown
    assert "dix chiffres, les secondes depuis 1970" in shown
    answer = manager.get(page("import_refused", pk=upload.intake_id))
    assert answer.content == BAD_LINE
    assert "attachment" in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]
    give_now(BAD_LINE.replace(b"demain", b"1795620000").replace(b"1795598659.9", b"1795620000.9"))
    assert Intake.objects.latest("pk").open == 1


def test_the_kept_file_is_deleted_when_the_person_says_so(
    manager: Client, give_now: Callable[..., Any], tmp_path: Path
) -> None:
    upload = give_now(LOG + BAD_LINE)
    assert len(list((tmp_path / "uploads").iterdir())) == 1
    manager.post(page("upload", pk=upload.pk), {"geste": "supprimer"})
    assert list((tmp_path / "uploads").iterdir()) == []
    assert manager.get(page("import_refused", pk=upload.intake_id)).status_code == 404
    assert "n’est plus gardé" in manager.get(page("import", pk=upload.intake_id)).content.decode()


def test_calls_of_an_unknown_queue_come_in_when_it_is_tied_to_a_number(
    manager: Client, cast: Cast, give_now: Callable[..., Any], django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    upload = give_now(UNKNOWN_QUEUE)
    stored = Call.objects.count()
    address = page("import", pk=upload.intake_id)
    shown = manager.get(address).content.decode()
    assert f"{94 - stored} appels attendent" in shown
    assert "conseil" in shown, shown[shown.index("appels attendent") :][:2000]
    assert manager.post(address, {"name": "conseil"}).status_code == 422
    rivals = manager.post(address, {"name": "conseil", "number": cast.numbers["0892690009"].pk})
    assert rivals.status_code == 422
    with django_capture_on_commit_callbacks(execute=True):
        answer = manager.post(address, {"name": "conseil", "number": cast.numbers["0892690002"].pk}, follow=True)
    assert NumberAlias.objects.get().number == cast.numbers["0892690002"]
    assert (Call.objects.count(), Verdict.objects.filter(verdict="kept").count()) == (94, 61)
    assert "appels attendent" not in manager.get(address).content.decode()
    assert "Rattaché" in answer.content.decode()


def test_refused_calls_given_again_are_shown_by_the_later_import(manager: Client, give_now: Callable[..., Any]) -> None:
    first, second = give_now(UNKNOWN_QUEUE), give_now(UNKNOWN_QUEUE)
    said = "par un import plus récent, qui les montre"
    assert said in manager.get(page("import", pk=first.intake_id)).content.decode()
    later = manager.get(page("import", pk=second.intake_id)).content.decode()
    assert (said in later, "appels attendent" in later) == (False, True)


# ---- Sources --------------------------------------------------------------------------------------------------


def test_a_name_nobody_knows_is_listed_and_tied_to_an_agent(
    manager: Client, cast: Cast, give_now: Callable[..., Any], django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    PbxName.objects.filter(name="A001").delete()
    give_now()
    unknown = Verdict.objects.filter(reason="agent_unknown").count()
    assert unknown
    address = page("source", pk=cast.source.pk)
    shown = manager.get(address)
    [(name, _form)] = shown.context["unknown"]
    assert (name.name, name.calls) == ("A001", unknown)
    answers = {"name": "A001", "agent": cast.agents["A001"].pk, "valid_from": "2026-01-01"}
    assert manager.post(address, {**answers, "agent": ""}).status_code == 422
    with django_capture_on_commit_callbacks(execute=True):
        assert manager.post(address, answers).status_code == 302
    assert Verdict.objects.filter(verdict="kept").count() == 61
    assert "Aucun : tous les noms" in manager.get(address).content.decode()


def test_a_company_without_a_source_is_led_to_make_one(manager: Client, cast: Cast) -> None:
    Source.objects.filter(company=cast.company).update(is_active=False)
    assert manager.get(page("import_new"))["Location"] == page("source_new")
    taken = manager.post(page("source_new"), {"name": "rival-pbx", "timezone": "Europe/Paris"})
    assert taken.status_code == 422
    assert "déjà pris" in taken.content.decode()
    assert manager.post(page("source_new"), {"name": "a b", "timezone": "Europe/Paris"}).status_code == 422
    assert manager.post(page("source_new"), {"name": "lille", "timezone": "Lune/Mer"}).status_code == 422
    answer = manager.post(page("source_new"), {"name": "lille", "timezone": "Indian/Reunion"})
    made = Source.objects.get(name="lille")
    assert answer["Location"] == f"{page('import_new')}?source={made.pk}"
    assert (made.company, made.kind, made.timezone) == (cast.company, "pbx", "Indian/Reunion")


# ---- Who may --------------------------------------------------------------------------------------------------


def addresses(upload: CallUpload, cast: Cast) -> dict[str, str]:
    return {
        "imports": page("imports"),
        "import_new": page("import_new"),
        "import": page("import", pk=upload.intake_id),
        "upload": page("upload", pk=upload.pk),
        "import_refused": page("import_refused", pk=upload.intake_id),
        "source": page("source", pk=cast.source.pk),
        "source_new": page("source_new"),
    }


@pytest.mark.parametrize(
    ("role", "refused"),
    [
        ("owner", set()),
        ("manager", set()),
        ("supervisor", {"source_new"}),
        ("accountant", {"imports", "import_new", "import", "upload", "import_refused", "source", "source_new"}),
        ("agent", {"imports", "import_new", "import", "upload", "import_refused", "source", "source_new"}),
    ],
)
def test_each_role_enters_its_pages(cast: Cast, give_now: Callable[..., Any], role: str, refused: set[str]) -> None:
    upload = give_now(LOG + BAD_LINE)
    client, person = Client(), cast.people[role]
    if role in ("owner", "accountant"):
        give_second_factor(person)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    found = {name for name, address in addresses(upload, cast).items() if client.get(address).status_code == 403}
    assert found == refused


def test_a_supervisor_ties_nothing(cast: Cast, give_now: Callable[..., Any]) -> None:
    upload = give_now(UNKNOWN_QUEUE)
    client = Client()
    client.force_login(cast.people["supervisor"], backend="django.contrib.auth.backends.ModelBackend")
    answers = {"name": "conseil", "number": cast.numbers["0892690002"].pk}
    assert client.post(page("import", pk=upload.intake_id), answers).status_code == 403
    assert not NumberAlias.objects.exists()


def test_the_rival_finds_nothing(cast: Cast, give_now: Callable[..., Any]) -> None:
    upload = give_now(LOG + BAD_LINE)
    client = Client()
    give_second_factor(cast.rival_owner)
    client.force_login(cast.rival_owner, backend="django.contrib.auth.backends.ModelBackend")
    for address in addresses(upload, cast).values():
        assert client.get(address).status_code == 404
        there = client.get(address.replace(SIREN, RIVAL_SIREN))
        assert there.status_code == (404 if any(each.isdigit() for each in address.split("/")[3:]) else 200)
