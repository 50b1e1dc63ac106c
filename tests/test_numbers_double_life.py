"""``numbers`` is our app and the standard module at once, whichever comes first, at every door of the house."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent


def run(*command: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run as a person would; what it printed stands in the assertion when it fails."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done


def python(code: str) -> str:
    return run(sys.executable, "-c", code).stdout.strip()


@pytest.mark.parametrize("module", ["decimal", "fractions", "statistics", "random", "numbers"])
def test_standard_modules_that_need_numbers_load_in_the_root(module: str) -> None:
    python(f"import {module}")


def test_all_three_load_together() -> None:
    assert python("import decimal, fractions, statistics; print(statistics.mean([fractions.Fraction(1, 2)]))") == "1/2"


def test_our_folder_first() -> None:
    code = """
import numbers, illico_platform, decimal, fractions
import numbers.rules.plan
from numbers import Number, Integral
assert isinstance(1, Integral) and isinstance(decimal.Decimal(1), Number) and isinstance(fractions.Fraction(1), Number)
print(numbers.rules.plan.normalise("3939").digits)
"""
    assert python(code) == "3939"


def test_the_standard_module_first() -> None:
    # As in an interpreter that loaded decimal before the root came onto the path: a debugger, a wheel's hook.
    code = f"""
import sys
sys.path = [place for place in sys.path if place not in ("", {str(ROOT)!r})]
import decimal, fractions, numbers
assert not hasattr(numbers, "__path__") and "numbers" in sys.modules
standard = numbers
sys.path.insert(0, {str(ROOT)!r})
import illico_platform
import numbers.rules.plan
assert sys.modules["numbers"] is standard and isinstance(decimal.Decimal(1), numbers.Number)
print(numbers.rules.plan.normalise("3939").digits)
"""
    assert python(code) == "3939"


@pytest.mark.parametrize("first", ["import illico_platform", "import decimal\nimport illico_platform"])
def test_abstract_numbers_are_the_same_for_everybody(first: str) -> None:
    code = f"{first}\nimport numbers, decimal, fractions, numbers.rules.plan\nprint(fractions.numbers is numbers)"
    assert python(code) == "True"


@pytest.mark.parametrize("folder", [ROOT, ROOT.parent])
def test_manage_py_checks_from_any_folder(folder: Path) -> None:
    run(sys.executable, str(ROOT / "manage.py"), "check", folder=folder)


@pytest.mark.parametrize("pytest_command", [[sys.executable, "-m", "pytest"], [str(BIN / "pytest")]])
def test_pytest_collects(pytest_command: list[str]) -> None:
    assert "test_siren.py" in run(*pytest_command, "--collect-only", "-q", "tests/rules/test_siren.py").stdout


def test_the_celery_worker_finds_its_app() -> None:
    # The script, not -m: it imports the standard numbers before it looks into the root.
    assert "illico" in run(str(BIN / "celery"), "-A", "illico_platform", "report").stdout
    tasks = python(
        "from illico_platform.celery import app; app.loader.import_default_modules(); print(*sorted(app.tasks))"
    )
    assert "billing.tasks.night" in tasks.split()


def test_the_web_server_finds_its_door() -> None:
    run(str(BIN / "gunicorn"), "--check-config", "illico_platform.wsgi")
