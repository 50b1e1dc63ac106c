"""What every test stands on: the fixed cast, and fact tables that are empty again after a committing test."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.backends.signals import connection_created
from django.dispatch import receiver
from django.utils import translation

from illico_platform.settings import LANGUAGE_CODE
from tests.cast import Cast, make_cast

# Django's flush passes over tables that it does not manage.
FACT_TABLES = "numbers_call, agents_verdict, billing_ratedcall"


@receiver(connection_created)
def _allow_truncate(**kwargs: Any) -> None:
    """Emptying the tables after a committing test truncates the books too, which nobody else may."""
    with kwargs["connection"].cursor() as cursor:
        cursor.execute("SET illico.allow_truncate = 'on'")


@pytest.fixture(autouse=True)
def _empty_fact_tables(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    marker = request.node.get_closest_marker("django_db")
    if marker and marker.kwargs.get("transaction"):
        blocker = request.getfixturevalue("django_db_blocker")
        with blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {FACT_TABLES}")


@pytest.fixture
def cast(db: None) -> Cast:
    """The fixed cast, in the test's database."""
    return make_cast()


@pytest.fixture
def check_deferred(db: None) -> Iterator[None]:
    """Fire the deferred triggers of the ledger, which a test's rollback would never reach."""
    yield
    connection.check_constraints()


@pytest.fixture(autouse=True)
def _plain_static_files(settings: Any) -> None:
    """Hashed names are made by collectstatic, which tests do not run."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture(autouse=True)
def _own_language() -> None:
    """A page asked for in English leaves its thread in English: no test begins in the language of the one before."""
    translation.activate(LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Any) -> None:
    """Hashing a password well takes a fifth of a second, and the cast has five people."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Path) -> None:
    """What people bring in a test stays in the test's folder."""
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture(autouse=True)
def _own_cache(settings: Any) -> None:
    """What is counted and remembered stays in the test's process: emptying the shared one empties everybody's."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
