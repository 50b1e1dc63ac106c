"""Folders for embedded servers, stopped and removed afterwards."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from illico_platform.embedded import ensure_services
from tests.embedded.servers import open_folder


@pytest.fixture
def folder() -> Iterator[Path]:
    with open_folder() as path:
        yield path


@pytest.fixture
def var(folder: Path) -> Path:
    return folder / "var"


@pytest.fixture(scope="session")
def running() -> Iterator[Path]:
    """The var/ of servers that run, for tests that leave them as they are."""
    with open_folder() as path:
        ensure_services(path / "var")
        yield path / "var"
