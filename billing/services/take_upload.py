"""Take in a file that a company gave: read, judge, rate, and say at each moment how far it is.

A worker that dies leaves the row at the stage it was in and lets go of its lock; whoever comes next, the same task
delivered again or a person's request, goes on from there. Nothing is done twice.
"""

from datetime import datetime

import structlog
from django.core.cache import cache
from django.utils import timezone

from billing.services.take_in import show_at_once
from illico_platform.lib.errors import IllicoError, UnusableInput
from numbers.models import CallUpload, Intake, Source
from numbers.services.intake import run_intake
from numbers.services.keep_upload import forget_upload, open_upload
from numbers.services.locks import is_locked, try_lock
from numbers.services.refuse_calls import replay_refused

log = structlog.get_logger()
State = CallUpload.State
_STEP = 4 << 20  # progress is told every so many bytes
_REMEMBERED_S = 3600


def take_upload(*, upload_id: int) -> None:
    """Do what is left to do with an upload; nothing when somebody else is at it, or it has ended.

    What cannot be used is refused with its sentence; what failed for another reason can be started again.
    """
    with try_lock("upload", upload_id) as is_mine:
        upload = CallUpload.objects.select_related("source", "by", "intake").get(pk=upload_id)
        if not is_mine or not upload.is_working:
            return
        try:
            _take(upload)
        except UnusableInput as error:
            forget_upload(upload)
            _end(upload, State.REFUSED, str(error))
        except Exception as error:  # told to the person; the log has the rest
            log.exception("upload", upload=upload.pk)
            _end(upload, State.FAILED, str(error) if isinstance(error, IllicoError) else "")


def restart_upload(*, upload: CallUpload) -> bool:
    """Make an upload wait for a worker again; False when one is at work on it or nothing is left to do."""
    stopped = upload.state == State.FAILED or upload.is_working
    if not stopped or is_locked("upload", upload.pk):
        return False
    if upload.state == State.FAILED:
        upload.state, upload.error, upload.ended_at = State.WAITING, "", None
        upload.save(update_fields=["state", "error", "ended_at"])
    return True


def bytes_read(upload: CallUpload) -> int:
    """How much of the file has been read by now; told outside the intake's transaction."""
    # The file is read twice: once for its fingerprint, once for its calls.
    return min(upload.size, int(cache.get(_progress(upload.pk), 0)) // 2)


def replay_source(*, source_id: int, now: datetime) -> int:
    """Store the refused calls of a source whose number is known by now; judge and rate what names now allow.

    Returns:
        How many calls were stored.
    """
    source = Source.objects.get(pk=source_id)
    replayed = replay_refused(source=source, now=now)
    show_at_once(source=source, now=now)
    return replayed


def _take(upload: CallUpload) -> None:
    now = upload.started_at = upload.started_at or timezone.now()
    _reach(upload, State.READING)
    upload.intake = _taken(upload) or Intake.objects.get(pk=_read(upload, now))
    _reach(upload, State.JUDGING)
    show_at_once(source=upload.source, now=timezone.now())
    # Lines to be mended can be looked up in the file; otherwise nobody needs it any more.
    if not upload.intake.rejects.filter(payload__isnull=True).exists():
        forget_upload(upload)
    _end(upload, State.DONE, "")


def _read(upload: CallUpload, now: datetime) -> int:
    told = 0

    def heard(read: int) -> None:
        nonlocal told
        if read - told >= _STEP or read >= 2 * upload.size:
            told = read
            cache.set(_progress(upload.pk), read, _REMEMBERED_S)

    with open_upload(upload, heard=heard) as file:
        report = run_intake(
            connector=upload.connector,
            path=file,
            source=upload.source,
            now=now,
            by=upload.by,
            name=upload.file_name,
        )
    return report.intake_id


def _taken(upload: CallUpload) -> Intake | None:
    """The intake of a worker that died right after its transaction; it began at the same instant."""
    same = {"source": upload.source, "sha256": upload.sha256, "started_at": upload.started_at}
    return upload.intake or Intake.objects.filter(**same).first()


def _reach(upload: CallUpload, state: str) -> None:
    upload.state = state
    upload.save(update_fields=["state", "started_at", "intake"])


def _end(upload: CallUpload, state: str, error: str) -> None:
    upload.state, upload.error, upload.ended_at = state, error, timezone.now()
    upload.save(update_fields=["state", "error", "ended_at"])
    cache.delete(_progress(upload.pk))


def _progress(upload_id: int) -> str:
    return f"upload:{upload_id}"
