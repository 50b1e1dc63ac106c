"""Unsafe settings are refused with an id and a hint, before anything is served."""

import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.checks import run_checks
from pytest_django import Settings

ROOT = Path(__file__).resolve().parents[1]
DRAWN, OTHER, THIRD = (
    "aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0z-_cDfGiJlLoOqRsTuVwXyZ",
    "9mN1pQ2rS4tU6vW8xY0z-_cDfGiJlLoOqRsTuVwXyZaB3dE5gH7jK",
    "S4tU6vW8xY0z-_cDfGiJlLoOqRsTuVwXyZaB3dE5gH7jK9mN1pQ2r",
)

SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.fixture
def production(settings: Settings) -> Settings:
    """Settings with which production is allowed."""
    settings.ILLICO_ENV = "production"
    settings.DEBUG = False
    settings.SECRET_KEY, settings.CALLER_SECRET = DRAWN, OTHER
    settings.PAYOUT_SECRET = THIRD
    settings.ALLOWED_HOSTS = ["illico.example.fr"]
    settings.CSRF_TRUSTED_ORIGINS = ["https://illico.example.fr"]
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.TRUSTED_PROXIES = 1
    settings.EMAIL_BACKEND = SMTP
    settings.OPERATOR_SIREN = "999999105"
    return settings


def found() -> list[str]:
    """Ids of our errors; each has a hint."""
    ours = [error for error in run_checks() if error.id and error.id.startswith("illico.")]
    assert all(error.hint for error in ours)
    return [error.id for error in ours]


def test_safe_settings_pass(production: Settings) -> None:
    assert found() == []


def test_drawn_secrets_pass_whatever_they_happen_to_spell(production: Settings) -> None:
    for _ in range(200):
        production.SECRET_KEY, production.CALLER_SECRET = secrets.token_urlsafe(48), secrets.token_urlsafe(48)
        assert found() == []
    production.SECRET_KEY = DRAWN[:30] + "test" + DRAWN[30:]
    assert found() == []


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("DEBUG", True, "illico.E001"),
        ("SECRET_KEY", "", "illico.E002"),
        ("SECRET_KEY", "short", "illico.E002"),
        ("SECRET_KEY", "changeme" * 10, "illico.E002"),
        ("SECRET_KEY", "abc" * 30, "illico.E002"),
        ("SECRET_KEY", "django-insecure-" + DRAWN, "illico.E002"),
        ("CALLER_SECRET", "", "illico.E003"),
        ("CALLER_SECRET", None, "illico.E003"),
        ("CALLER_SECRET", "secret", "illico.E003"),
        ("CALLER_SECRET", OTHER[:49], "illico.E003"),
        ("CALLER_SECRET", DRAWN, "illico.E003"),
        ("PAYOUT_SECRET", "", "illico.E014"),
        ("PAYOUT_SECRET", OTHER, "illico.E014"),
        ("ALLOWED_HOSTS", ["*"], "illico.E004"),
        ("ALLOWED_HOSTS", ["illico.example.fr", " * "], "illico.E004"),
        ("ALLOWED_HOSTS", [], "illico.E004"),
        ("SESSION_COOKIE_SECURE", False, "illico.E005"),
        ("CSRF_COOKIE_SECURE", False, "illico.E005"),
        ("SESSION_COOKIE_HTTPONLY", False, "illico.E005"),
        ("SECURE_SSL_REDIRECT", False, "illico.E007"),
        ("SECURE_HSTS_SECONDS", 0, "illico.E007"),
        ("CSRF_TRUSTED_ORIGINS", ["http://illico.example.fr"], "illico.E007"),
        ("TRUSTED_PROXIES", None, "illico.E015"),
        ("TRUSTED_PROXIES", -1, "illico.E015"),
        ("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend", "illico.E016"),
        ("OPERATOR_SIREN", "999999204", "illico.E009"),
        ("OPERATOR_SIREN", "999999205", "illico.E009"),
    ],
)
def test_an_unsafe_value_is_refused_in_production_only(
    production: Settings, name: str, value: object, error: str
) -> None:
    setattr(production, name, value)
    assert found() == [error]
    production.ILLICO_ENV = "development"
    assert found() == []


def test_a_country_database_that_cannot_be_read_is_refused_everywhere(production: Settings, tmp_path: Path) -> None:
    broken = tmp_path / "country.mmdb"
    broken.write_bytes(b"no database")
    for environment in ("production", "development"):
        production.ILLICO_ENV = environment
        for path in (broken, tmp_path / "none.mmdb", tmp_path):
            production.COUNTRY_DATABASE = str(path)
            assert found() == ["illico.E017"], path
        production.COUNTRY_DATABASE = ""
        assert found() == []


def test_a_misspelt_environment_does_not_switch_the_checks_off(production: Settings) -> None:
    production.ILLICO_ENV = "prod"
    assert found() == ["illico.E008"]


@pytest.mark.parametrize("environment", ["development", "production"])
def test_another_database_is_refused_everywhere(
    production: Settings, environment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    production.ILLICO_ENV = environment
    monkeypatch.setitem(production.DATABASES["default"], "ENGINE", "django.db.backends.sqlite3")
    assert found() == ["illico.E006"]


def _check(**environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_command_line_refuses_production_without_secrets_in_sentences() -> None:
    done = _check(
        ILLICO_ENV="production", SECRET_KEY="", CALLER_SECRET="", PAYOUT_SECRET="", ALLOWED_HOSTS="*", DEBUG="true"
    )
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    for error in ("E001", "E002", "E003", "E004", "E014"):
        assert f"illico.{error}" in done.stderr


def test_the_command_line_accepts_production_with_drawn_secrets() -> None:
    done = _check(
        ILLICO_ENV="production",
        SECRET_KEY=DRAWN,
        CALLER_SECRET=OTHER,
        PAYOUT_SECRET=THIRD,
        OPERATOR_SIREN="999999105",
        ALLOWED_HOSTS="illico.example.fr",
        TRUSTED_PROXIES="1",
        EMAIL_BACKEND=SMTP,
        DEBUG="",
    )
    assert done.returncode == 0, done.stderr
