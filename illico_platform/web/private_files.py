"""Files that people bring: kept outside everything that is served, under a random name, readable by the site alone."""

import hashlib
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage


@dataclass(frozen=True)
class KeptFile:
    """Where a file is kept (a path below the private folder) and the SHA-256 of its content."""

    name: str
    sha256: str


def keep_file(folder: str, content: File) -> KeptFile:
    """Write a file under a name that nobody can guess; what the user called it is not part of the path."""
    digest = hashlib.sha256()
    for chunk in content.chunks():
        digest.update(chunk)
    content.seek(0)
    return KeptFile(_storage().save(f"{folder}/{secrets.token_hex(20)}", content), digest.hexdigest())


def forget_file(name: str) -> None:
    """Delete a kept file; one that is gone already is no error."""
    if name:
        _storage().delete(name)


def open_file(name: str) -> File:
    """A kept file, to read.

    Raises:
        FileNotFoundError: it is gone.
    """
    return _storage().open(name)


def _storage() -> FileSystemStorage:
    # Read at each call: tests and deployments choose the folder.
    return FileSystemStorage(
        location=settings.MEDIA_ROOT, file_permissions_mode=0o600, directory_permissions_mode=0o700
    )
