"""House rules that a machine can hold: names, sizes, pins, paths, docstrings."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ["illico_platform", "numbers", "agents", "billing"]
BANNED_NAMES = re.compile(r"(^|_)(utils?|helpers?|managers?|misc|common|stuff)(_|$)")
FILE_LINES, FUNCTION_LINES = 400, 60
REQUIREMENT = re.compile(r"^[A-Za-z0-9_.-]+(\[[a-z0-9,_-]+\])?==\S+(\s*;[^#]+)?\s{2,}# \S.{7,}$")
# Places that exist on one machine only. /dev, /tmp, /proc and web paths are everybody's.
OUTSIDE = re.compile(r"(?<![\w.:/])/(?:work|home|root|Users|opt|mnt|srv|workspace)/[\w.]")
TEXT = {".py", ".md", ".toml", ".txt", ".html", ".sql", ".css", ".js", ".yml", ".yaml", ".conf", ".cfg", ".sh", ""}


def _tracked() -> list[Path]:
    """Files that are or would be committed; without git (an unpacked archive) everything outside the build folders."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    names = listed.stdout.split("\0") if listed.returncode == 0 else []
    found = [ROOT / name for name in names if name] or list(ROOT.rglob("*"))
    hidden = {".venv", "var", "__pycache__", ".git"}
    return sorted(path for path in found if path.is_file() and hidden.isdisjoint(path.relative_to(ROOT).parts))


FILES = _tracked()
PYTHON = [path for path in FILES if path.suffix == ".py" and "migrations" not in path.parts]
CODE = [path for path in PYTHON if path.relative_to(ROOT).parts[0] in PACKAGES]
PUBLIC_ROOMS = [path for path in CODE if {"rules", "services"} & set(path.relative_to(ROOT).parts)]


def _id(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def test_names_say_what_is_inside() -> None:
    assert [_id(path) for path in PYTHON if BANNED_NAMES.search(path.stem)] == []


def test_files_stay_short() -> None:
    long = {_id(path): len(path.read_text(encoding="utf-8").splitlines()) for path in PYTHON}
    assert {name: lines for name, lines in long.items() if lines > FILE_LINES} == {}


def test_functions_stay_short() -> None:
    long = [
        f"{_id(path)}:{function.lineno} {function.name} has {function.end_lineno - function.lineno + 1} lines"
        for path in PYTHON
        for function in _functions(path)
        if function.end_lineno - function.lineno + 1 > FUNCTION_LINES
    ]
    assert long == []


@pytest.mark.parametrize("path", PUBLIC_ROOMS, ids=_id)
def test_public_rules_and_services_make_their_promise(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    public = [
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_")
    ]
    assert [f"{node.name}, line {node.lineno}" for node in public if not ast.get_docstring(node)] == []


@pytest.mark.parametrize("path", [path for path in CODE if path.stat().st_size], ids=_id)
def test_a_module_opens_by_saying_what_it_owns(path: Path) -> None:
    if "management" in path.parts and path.parent.name == "commands":
        return  # a command says it in its help text
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def test_every_requirement_is_pinned_with_a_reason() -> None:
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    wanted = [line for line in lines if line.strip() and not line.startswith("#")]
    assert wanted
    assert [line for line in wanted if not REQUIREMENT.match(line)] == []


def test_no_file_names_a_place_outside_the_project() -> None:
    faults = []
    for path in FILES:
        if path.suffix not in TEXT or path == Path(__file__).resolve():
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if OUTSIDE.search(line):
                faults.append(f"{_id(path)}:{number}: {line.strip()[:120]}")
    assert faults == []


def test_only_tests_read_the_files_beside_the_project() -> None:
    beside = [_id(path) for path in FILES if path.suffix == ".py" and "../shared" in path.read_text(encoding="utf-8")]
    assert [name for name in beside if not name.startswith("tests/")] == []


def test_no_code_is_left_for_later() -> None:
    later = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    assert [_id(p) for p in PYTHON if p.name != "test_house.py" and later.search(p.read_text(encoding="utf-8"))] == []
