"""Payroll files that companies bring in their space: kept encrypted until they are read, read once, then deleted.

They hold social security numbers and accounts, which the platform never stores.
"""

import base64
import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import structlog
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.core.files import File
from django.core.files.base import ContentFile
from django.db import transaction

from agents.connectors.base import UnusablePayrollFile
from agents.models import PayrollUpload
from agents.services.declare_payroll import PayrollReport, declare_payroll
from illico_platform.lib.errors import IllicoError, UnusableInput
from illico_platform.web.private_files import forget_file, keep_file, open_file
from numbers.models import Company, User

log = structlog.get_logger()
State = PayrollUpload.State
REJECTS_SHOWN = 200
WAITS_FOR = timedelta(days=7)


def keep_upload(*, company: Company, connector: str, content: File, by: User, now: datetime) -> PayrollUpload:
    """Keep a file until a worker reads it, encrypted: nobody else can, and it is not kept longer."""
    kept = keep_file("payroll", ContentFile(_cipher().encrypt(content.read())))
    try:
        return PayrollUpload.objects.create(
            company=company,
            connector=connector,
            file_name=(content.name or "")[:255],
            stored_as=kept.name,
            uploaded_at=now,
            by_id=by.pk,
        )
    except Exception:
        forget_file(kept.name)
        raise


def forget_unread(*, now: datetime) -> int:
    """Refuse and delete files that no worker read within a week; returns how many."""
    stale = PayrollUpload.objects.filter(state__in=[State.WAITING, State.READING], uploaded_at__lt=now - WAITS_FOR)
    with transaction.atomic():
        uploads = list(stale.select_for_update(skip_locked=True))
        for upload in uploads:
            transaction.on_commit(partial(forget_file, upload.stored_as))
            upload.state, upload.ended_at, upload.stored_as = State.REFUSED, now, ""
            upload.fault = {"sentence": "nobody read the file within a week: bring it again"}
            upload.save()
    return len(uploads)


def start_reading(*, upload_id: int, now: datetime) -> None:
    """Say that a file is being read, for those who watch; one that was read is left as it is."""
    waiting = PayrollUpload.objects.filter(pk=upload_id, state__in=[State.WAITING, State.READING])
    waiting.update(state=State.READING, started_at=now)


def read_upload(*, upload_id: int, now: datetime) -> PayrollUpload:
    """Read a started file as its company's own declaration, and delete it; one that was read is left as it is.

    Every end is told in the row: what was taken in under ``outcome``, why nothing was under ``fault``. Killed in the
    middle and run again, the result is the same.
    """
    with transaction.atomic():
        upload = PayrollUpload.objects.select_for_update(of=("self",)).select_related("company").get(pk=upload_id)
        if upload.state != State.READING:
            return upload
        name = upload.stored_as
        _read(upload, now)
        upload.ended_at, upload.stored_as = now, ""
        upload.save()
        transaction.on_commit(lambda: forget_file(name))
    return upload


def _read(upload: PayrollUpload, now: datetime) -> None:
    try:
        with transaction.atomic(), _in_clear(upload.stored_as) as path:
            report = declare_payroll(
                connector=upload.connector,
                path=path,
                now=now,
                by=upload.by,
                name=upload.file_name,
                company=upload.company,
            )
    except UnusablePayrollFile as refused:
        upload.state, upload.fault = State.REFUSED, asdict(refused.reject)
    except IllicoError as refused:
        upload.state, upload.fault = State.REFUSED, {"sentence": str(refused)}
    except Exception:
        # Whatever it was, the company must not wait for ever, nor the file lie here: the log tells the operator.
        log.exception("payroll upload failed", upload=upload.pk)
        upload.state, upload.fault = State.REFUSED, {"unexpected": True}
    else:
        upload.state, upload.file_id, upload.outcome = State.DONE, report.file_id, _outcome(report)


def _outcome(report: PayrollReport) -> dict[str, Any]:
    counts = ("read", "declarations", "payslips", "duplicates", "rejected", "months", "replaced", "notes")
    rejects = [asdict(reject) for reject in report.rejects[:REJECTS_SHOWN]]
    return {name: getattr(report, name) for name in counts} | {"rejects": rejects}


@contextmanager
def _in_clear(name: str) -> Iterator[Path]:
    """The file as it was brought, on disk for as long as it is read."""
    try:
        with open_file(name) as kept:
            data = _cipher().decrypt(kept.read())
    except (FileNotFoundError, InvalidToken) as error:
        raise UnusableInput("the kept copy is gone or was kept under another key: bring the file again") from error
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        yield Path(file.name)


def _cipher() -> Fernet:
    secret = f"payroll uploads:{settings.CALLER_SECRET}".encode()
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(secret).digest()))
