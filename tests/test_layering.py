"""The import ladder: apps one way, rooms one way, rules pure, nobody above the roof, no private names sideways.

An arrow that is not in ``MAY_IMPORT`` fails here, with file, line and the two rooms.
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
APPS = ["numbers", "agents", "billing"]  # each may import those to its left
ROOF = "illico_platform"

EDGES = {"admin", "api", "portal", "public", "tasks", "urls", "management", "apps", "forms"}
ROOMS = {
    "models": "models",
    "rules": "rules",
    "services": "services",
    "selectors": "selectors",
    "access": "access",
    "fields": "fields",
    "connectors": "plug-ins",
    "reports": "plug-ins",
    "payouts": "plug-ins",
    "migrations": "migrations",
    **dict.fromkeys(EDGES, "edges"),
}
# Of the roof's package: lib and the bases that know no app. Everything else there is the roof itself.
FLOOR = {"lib": "lib", "web": "floor", "frames": "floor", "terminal": "floor"}

DOORS = {"demo", "generate", "bench"}  # what the roof's commands stand on

MAY_IMPORT = {
    "lib": {"lib"},
    "floor": {"lib", "floor"},
    "rules": {"lib", "rules"},
    "plug-ins": {"lib", "rules", "plug-ins"},
    "models": {"lib", "floor", "rules", "models"},
    "selectors": {"lib", "floor", "rules", "plug-ins", "models", "selectors"},
    "access": {"lib", "floor", "rules", "models", "selectors", "access"},
    "services": {"lib", "floor", "rules", "plug-ins", "models", "selectors", "access", "services"},
    "fields": {"lib", "floor", "rules"},  # of forms, that several apps' edges ask the same question with
    "edges": {"lib", "floor", "rules", "plug-ins", "models", "selectors", "access", "services", "fields", "edges"},
    # Django writes references to validators and expressions of its own models into migrations.
    "migrations": {"lib", "models", "migrations"},
    "roof": {"lib", "floor", "roof"},  # it names apps as strings
    # Its commands (demo, serve, bench) are the doors of the whole house.
    "roof doors": {
        "lib",
        "floor",
        "rules",
        "plug-ins",
        "models",
        "selectors",
        "access",
        "services",
        "roof",
        "roof doors",
    },
}
OWN_APP_ONLY = {"edges", "migrations"}

# What a rule could use to see the clock, the disk, the network, chance or the framework.
IMPURE_MODULES = {
    *("django", "rest_framework", "celery", "psycopg2", "redis", "environ", "pgtrigger", "pghistory", "structlog"),
    *("os", "sys", "io", "pathlib", "shutil", "tempfile", "subprocess", "socket", "ssl", "urllib", "http", "requests"),
    *("time", "random", "secrets", "uuid", "logging", "threading", "asyncio", "multiprocessing", "sqlite3"),
}
IMPURE_CALLS = {"now", "utcnow", "today", "open", "print", "input", "exec", "eval", "read_csv", "scan_csv", "write_csv"}


@dataclass(frozen=True)
class Import:
    """One import of one of our modules: where it stands and what it names."""

    file: Path
    line: int
    target: str
    names: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.file.relative_to(ROOT)}:{self.line} imports {self.target}"


def _sources() -> list[Path]:
    return sorted(path for package in [*APPS, ROOF] for path in (ROOT / package).rglob("*.py"))


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _app_and_room(module: str) -> tuple[str, str]:
    """("billing", "services"); a module without a room of the house is a failure of its own."""
    app, _, rest = module.partition(".")
    room = rest.partition(".")[0]
    if room.startswith("selectors_"):  # a long room of selectors stands in several files, each with its subject
        room = "selectors"
    if app == ROOF:
        if rest.startswith("management.commands.") or room in DOORS:
            return app, "roof doors"
        return app, FLOOR.get(room, "roof")
    return app, ROOMS.get(room, "" if room else "models")


def _imports(path: Path) -> Iterator[Import]:
    """Our modules that a file imports, at any depth, relative imports resolved."""
    package = _module(path) if path.name == "__init__.py" else _module(path).rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (Import(path, node.lineno, alias.name) for alias in node.names if _ours(alias.name))
        elif isinstance(node, ast.ImportFrom):
            up = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*up, *([node.module] if node.module else [])])
            if not _ours(base):
                continue
            for alias in node.names:  # "from numbers import selectors" names a module, not something inside numbers
                inner = f"{base}.{alias.name}"
                yield Import(path, node.lineno, inner if _exists(inner) else base, (alias.name,))


def _ours(module: str) -> bool:
    return module.partition(".")[0] in {*APPS, ROOF} and module != "numbers"  # bare "numbers" is the standard module


def _exists(module: str) -> bool:
    place = ROOT / Path(*module.split("."))
    return place.is_dir() or place.with_suffix(".py").is_file()


SOURCES = _sources()
IMPORTS = [found for path in SOURCES for found in _imports(path)]
RULES = [path for path in SOURCES if _app_and_room(_module(path))[1] == "rules"]
LIB = [path for path in SOURCES if _app_and_room(_module(path))[1] == "lib"]


def _id(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", SOURCES, ids=_id)
def test_every_module_stands_in_a_room(path: Path) -> None:
    app, room = _app_and_room(_module(path))
    assert room, f"{_id(path)}: {app} has no such room; the rooms are {', '.join(ROOMS)}"


def test_no_import_climbs_the_ladder() -> None:
    faults = []
    for found in IMPORTS:
        app, room = _app_and_room(_module(found.file))
        target_app, target_room = _app_and_room(found.target)
        if target_room not in MAY_IMPORT[room]:
            faults.append(f"{found}: {room} may not import {target_room}")
        elif room in OWN_APP_ONLY and target_room == room and target_app != app:
            faults.append(f"{found}: {room} import those of their own app only")
    assert not faults, "\n".join(faults)


def test_apps_import_one_way() -> None:
    faults = []
    for found in IMPORTS:
        app, target_app = (_app_and_room(module)[0] for module in (_module(found.file), found.target))
        if app in APPS and target_app in APPS and APPS.index(target_app) > APPS.index(app):
            faults.append(f"{found}: {app} stands below {target_app}")
    assert not faults, "\n".join(faults)


def test_nobody_imports_the_roof() -> None:
    faults = [
        str(found)
        for found in IMPORTS
        if _app_and_room(found.target)[1] in {"roof", "roof doors"}
        and not _app_and_room(_module(found.file))[1].startswith("roof")
    ]
    assert not faults, "\n".join(faults)


def test_private_names_stay_in_their_module() -> None:
    faults = [str(found) for found in IMPORTS for name in found.names if _private(name)]
    for path in SOURCES:
        modules = {found.target.rpartition(".")[2] for found in IMPORTS if found.file == path}
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and _private(node.attr) and getattr(node.value, "id", "") in modules:
                faults.append(f"{_id(path)}:{node.lineno} reaches into {node.value.id}.{node.attr}")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("path", RULES, ids=_id)
def test_rules_know_no_framework_no_clock_and_no_world(path: Path) -> None:
    faults = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        for module in _any_imports(node):
            if module.partition(".")[0] in IMPURE_MODULES:
                faults.append(f"{_id(path)}:{node.lineno} imports {module}")
        if isinstance(node, ast.Call) and _called(node) in IMPURE_CALLS:
            faults.append(f"{_id(path)}:{node.lineno} calls {_called(node)}()")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("path", LIB, ids=_id)
def test_the_floor_stands_on_the_standard_library_alone(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        for module in _any_imports(node):
            top = module.partition(".")[0]
            assert top in sys.stdlib_module_names or module.startswith(f"{ROOF}.lib"), f"{_id(path)}: {module}"


def _private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def _any_imports(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and not node.level:
        return [node.module or ""]
    return []


def _called(node: ast.Call) -> str:
    function = node.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
