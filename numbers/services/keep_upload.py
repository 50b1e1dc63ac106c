"""A log that a company gives: kept encrypted on disk, read back in clear by the worker only, deleted when done with.

A log holds callers' numbers, which the platform never stores in clear. The folder and its backups hold nothing
without ``CALLER_SECRET``.
"""

from __future__ import annotations

import hashlib
import io
import secrets
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext, algorithms, modes
from django.conf import settings
from django.utils.translation import gettext as _

from illico_platform.lib.errors import UnusableInput
from numbers.models import CallUpload, Company, Source, User

KEPT_FOR = timedelta(days=40)  # as long as an open call waits for the rest of its log
_BLOCK, _HEAD = 16, 32  # of AES; of a kept file: a nonce, then a proof that the key is the right one
_BUFFER = 1 << 20


def keep_upload(
    *,
    company: Company,
    source: Source,
    connector: str,
    name: str,
    chunks: Iterable[bytes],
    by: User | None,
    now: datetime,
) -> CallUpload:
    """Write a file encrypted, piece by piece, and note that it waits to be taken in.

    Args:
        source: of the company.
        connector: key of a connector.
        name: what the person calls the file; it is no part of where it is kept.
        chunks: the file in clear; never more than one of them is in memory.
    Raises:
        UnusableInput: the file is empty.
    """
    place = f"uploads/{secrets.token_hex(20)}"
    path = _path(place)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    nonce, digest, size = secrets.token_bytes(_BLOCK), hashlib.sha256(), 0
    writing = _cipher(nonce).encryptor()
    try:
        with path.open("xb") as file:
            path.chmod(0o600)
            file.write(nonce + _proof(nonce))
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                file.write(writing.update(chunk))
        if not size:
            raise UnusableInput(_("Le fichier est vide."))
    except BaseException:
        path.unlink(missing_ok=True)  # a full disk or a reader who left: half a log is nobody's
        raise
    return CallUpload.objects.create(
        company=company,
        source=source,
        connector=connector,
        file_name=name[:255],
        size=size,
        sha256=digest.hexdigest(),
        path=place,
        by=by,
        created_at=now,
    )


def open_upload(upload: CallUpload, *, heard: Callable[[int], None] = lambda read: None) -> BinaryIO:
    """The file in clear, to read and to seek in.

    Args:
        heard: is told, piece by piece, how many bytes have been read so far, those read twice counted twice.
    Raises:
        UnusableInput: it was deleted, or the secret has changed since.
    """
    if not upload.path:
        raise UnusableInput(_("Le fichier a été supprimé : déposez-le de nouveau."))
    try:
        raw = _Decrypted(_path(upload.path), heard)
    except FileNotFoundError:
        raise UnusableInput(_("Le fichier n’est plus sur le disque : déposez-le de nouveau.")) from None
    return io.BufferedReader(raw, _BUFFER)


def forget_upload(upload: CallUpload) -> None:
    """Delete the kept file; one that is gone already is no error. What became of it stays known."""
    if upload.path:
        _path(upload.path).unlink(missing_ok=True)
        upload.path = ""
        upload.save(update_fields=["path"])


def forget_old_uploads(*, now: datetime) -> int:
    """Delete the files that were kept for longer than anybody may need them; returns how many."""
    old = list(CallUpload.objects.exclude(path="").filter(created_at__lt=now - KEPT_FOR))
    for upload in old:
        forget_upload(upload)
    # A request that was rolled back after its file was written leaves a file without a row.
    for path in _path("uploads").glob("*"):
        if path.stat().st_mtime < (now - KEPT_FOR).timestamp():
            path.unlink(missing_ok=True)
    return len(old)


class _Decrypted(io.RawIOBase):
    """A kept file as plain bytes. AES in counter mode: any place of it can be read without what stands before."""

    def __init__(self, path: Path, heard: Callable[[int], None]) -> None:
        self._file = path.open("rb")
        self._nonce = self._file.read(_BLOCK)
        if self._file.read(_HEAD - _BLOCK) != _proof(self._nonce):
            self._file.close()
            raise UnusableInput(_("Le fichier ne peut plus être lu, sa clé a changé : déposez-le de nouveau."))
        self._heard, self._read = heard, 0
        self.seek(0)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self.tell(), io.SEEK_END: self._size()}[whence]
        blocks, rest = divmod(start + offset, _BLOCK)
        counter = (int.from_bytes(self._nonce, "big") + blocks) % (1 << 8 * _BLOCK)
        self._reading: CipherContext = _cipher(counter.to_bytes(_BLOCK, "big")).decryptor()
        self._file.seek(_HEAD + blocks * _BLOCK)
        self._reading.update(self._file.read(rest))
        return self.tell()

    def tell(self) -> int:
        return self._file.tell() - _HEAD

    def readinto(self, buffer: Any, /) -> int:
        data = self._file.read(len(buffer))
        buffer[: len(data)] = self._reading.update(data)
        self._read += len(data)
        self._heard(self._read)
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()

    def _size(self) -> int:
        return Path(self._file.name).stat().st_size - _HEAD


def _path(place: str) -> Path:
    return Path(settings.MEDIA_ROOT) / place


def _key() -> bytes:
    return hashlib.sha256(b"upload:" + settings.CALLER_SECRET.encode()).digest()


def _proof(nonce: bytes) -> bytes:
    return hashlib.sha256(_key() + nonce).digest()[: _HEAD - _BLOCK]


def _cipher(counter: bytes) -> Cipher[modes.CTR]:
    return Cipher(algorithms.AES(_key()), modes.CTR(counter))
