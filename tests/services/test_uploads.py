"""A log that a company gives: kept encrypted, taken in once, resumed after a dead worker, deleted in time."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache

from agents.models import Verdict
from billing.services import take_upload as at_work
from billing.services.take_upload import bytes_read, replay_source, restart_upload, take_upload
from illico_platform.lib.errors import UnusableInput
from numbers.models import Call, CallUpload, Intake, RejectedRow
from numbers.services import keep_upload as keep_upload_module
from numbers.services.intake import run_intake
from numbers.services.keep_upload import KEPT_FOR, forget_old_uploads, keep_upload, open_upload
from numbers.services.locks import is_locked, lock_key, try_lock
from numbers.services.name_sources import name_number
from tests.cast import Cast

LOG = (Path(__file__).parents[2] / "sample" / "evening" / "queue_log").read_bytes()
NOW = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)
BAD_LINE = b"not a time|1764000000.9|illico-0892690001|NONE|ENTERQUEUE||0639980001|1\n"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.MEDIA_ROOT = tmp_path
    yield
    cache.clear()


def give(cast: Cast, data: bytes = LOG, *, name: str = "queue_log") -> CallUpload:
    return keep_upload(
        company=cast.company,
        source=cast.source,
        connector="asterisk-queue-log",
        name=name,
        chunks=[data[:1000], data[1000:]],
        by=cast.owner,
        now=NOW,
    )


def kept_files(folder: Path) -> list[Path]:
    return sorted((folder / "uploads").iterdir())


def test_a_file_that_breaks_off_leaves_nothing_on_the_disk(cast: Cast, tmp_path: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield LOG[:1000]
        raise OSError("connection lost")

    with pytest.raises(OSError, match="connection lost"):
        keep_upload(
            company=cast.company, source=cast.source, connector="asterisk-queue-log", name="queue_log",
            chunks=broken(), by=cast.owner, now=NOW,
        )  # fmt: skip
    assert kept_files(tmp_path) == []
    assert not CallUpload.objects.exists()


def test_a_kept_file_shows_nothing_of_what_is_in_it(cast: Cast, tmp_path: Path) -> None:
    upload = give(cast)
    [path] = kept_files(tmp_path)
    assert b"0639980001" in LOG
    assert b"0639980001" not in path.read_bytes()
    assert b"ENTERQUEUE" not in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    with open_upload(upload) as file:
        assert file.read() == LOG


@pytest.mark.parametrize("place", [0, 1, 15, 16, 17, 4097, len(LOG) - 1, len(LOG)])
def test_a_kept_file_can_be_read_from_anywhere(cast: Cast, place: int) -> None:
    with open_upload(give(cast)) as file:
        file.read(33)
        assert file.seek(place) == place
        assert file.read(100) == LOG[place : place + 100]
        assert file.seek(-7, io.SEEK_END) == len(LOG) - 7
        assert file.read() == LOG[-7:]


def test_with_another_secret_the_file_is_said_to_be_lost(cast: Cast, settings: Any) -> None:
    upload = give(cast)
    settings.CALLER_SECRET = "another"
    with pytest.raises(UnusableInput, match="sa clé a changé"):
        open_upload(upload)
    take_upload(upload_id=upload.pk)
    upload.refresh_from_db()
    assert (upload.state, Call.objects.count()) == ("refused", 0)


def test_the_evening_is_taken_in_judged_and_its_file_deleted(cast: Cast, tmp_path: Path) -> None:
    upload = give(cast)
    take_upload(upload_id=upload.pk)
    upload.refresh_from_db()
    assert (upload.state, upload.path, kept_files(tmp_path)) == ("done", "", [])
    assert upload.intake is not None
    assert (upload.intake.calls, upload.intake.sha256, upload.intake.by) == (94, upload.sha256, cast.owner)
    assert (str(upload.intake.first_day), str(upload.intake.last_day)) == ("2026-11-25", "2026-11-25")
    assert Verdict.objects.filter(verdict="kept").count() == 61


def test_delivered_twice_it_works_once(cast: Cast) -> None:
    upload = give(cast)
    take_upload(upload_id=upload.pk)
    take_upload(upload_id=upload.pk)
    assert (Intake.objects.count(), Call.objects.count()) == (1, 94)


def test_what_is_no_log_is_refused_with_its_sentence_and_not_kept(cast: Cast, tmp_path: Path) -> None:
    upload = give(cast, b"Bonjour, voici le journal.\n", name="lettre.txt")
    take_upload(upload_id=upload.pk)
    upload.refresh_from_db()
    assert (upload.state, kept_files(tmp_path), Intake.objects.count()) == ("refused", [], 0)
    assert "lettre.txt is no queue_log" in upload.error


def test_a_file_with_lines_to_mend_is_kept_until_its_time_is_over(cast: Cast, tmp_path: Path) -> None:
    upload = give(cast, LOG + BAD_LINE)
    take_upload(upload_id=upload.pk)
    upload.refresh_from_db()
    assert (upload.state, len(kept_files(tmp_path))) == ("done", 1)
    assert forget_old_uploads(now=NOW + KEPT_FOR) == 0
    assert forget_old_uploads(now=NOW + KEPT_FOR + timedelta(seconds=1)) == 1
    assert kept_files(tmp_path) == []
    with pytest.raises(UnusableInput, match="a été supprimé"):
        open_upload(CallUpload.objects.get())


def test_a_worker_that_died_while_reading_is_followed_by_another(cast: Cast) -> None:
    upload = give(cast)
    CallUpload.objects.update(state="reading", started_at=NOW)
    take_upload(upload_id=upload.pk)
    upload.refresh_from_db()
    assert (upload.state, Call.objects.count()) == ("done", 94)


def test_a_worker_that_died_after_the_calls_were_stored_is_not_followed_by_duplicates(cast: Cast) -> None:
    upload = give(cast)
    with open_upload(upload) as file:
        report = run_intake(connector="asterisk-queue-log", path=file, source=cast.source, now=NOW, name="queue_log")
    CallUpload.objects.update(state="reading", started_at=NOW)
    take_upload(upload_id=upload.pk)
    upload.refresh_from_db()
    assert (upload.state, upload.intake_id, Intake.objects.count()) == ("done", report.intake_id, 1)
    assert Verdict.objects.filter(verdict="kept").count() == 61


def test_a_failure_stores_nothing_and_may_be_started_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    upload = give(cast)
    with monkeypatch.context() as broken:
        broken.setattr(at_work, "show_at_once", lambda **_: 1 / 0)
        take_upload(upload_id=upload.pk)
    upload.refresh_from_db()
    assert (upload.state, upload.error) == ("failed", "")
    assert restart_upload(upload=upload)
    take_upload(upload_id=upload.pk)
    upload.refresh_from_db()
    assert (upload.state, Intake.objects.count(), Call.objects.count()) == ("done", 1, 94)
    assert not restart_upload(upload=upload)


def test_what_was_read_is_told_outside_the_intakes_transaction(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    upload = give(cast)
    seen = []
    monkeypatch.setattr(at_work, "show_at_once", lambda **_: seen.append(bytes_read(upload)))
    monkeypatch.setattr(keep_upload_module, "_BUFFER", 512)
    take_upload(upload_id=upload.pk)
    assert (seen, bytes_read(upload)) == ([upload.size], 0)


def test_a_lock_shows_while_it_is_held_and_bars_the_second(cast: Cast) -> None:
    assert lock_key("upload", 1) != lock_key("upload", 2)
    for number in (1, 2, 3, 4):  # keys of both signs
        with try_lock("upload", number) as held:
            assert held
            assert is_locked("upload", number)
        assert not is_locked("upload", number)


def test_refused_calls_come_in_once_their_queue_has_a_number(cast: Cast) -> None:
    log = LOG.replace(b"illico-0892690002", b"conseil").replace(b"|0892690002|NONE|DID", b"|conseil|NONE|DID")
    take_upload(upload_id=give(cast, log).pk)
    before = Call.objects.count()
    assert before < 94
    name_number(source=cast.source, name="conseil", number=cast.numbers["0892690002"])
    assert replay_source(source_id=cast.source.pk, now=NOW) == 94 - before
    assert Verdict.objects.filter(verdict="kept").count() == 61


def test_a_callers_number_noted_as_the_one_dialled_is_not_kept_in_clear(cast: Cast) -> None:
    log = LOG.replace(b"illico-0892690002", b"conseil").replace(b"|0892690002|NONE|DID", b"|conseil|NONE|DID")
    take_upload(upload_id=give(cast, log).pk)
    refused = list(RejectedRow.objects.all())
    assert refused
    assert {row.value for row in refused} == {"conseil"}
    assert not any("063998" in str(row.payload) for row in refused)
