"""Production's database login: owner of its database, may make roles, no superuser. Everything must run under it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from illico_platform.embedded import ensure_services
from tests.embedded.servers import PROJECT, query
from tests.test_checks import DRAWN, OTHER, SMTP, THIRD

LOGIN, PASSWORD = "site", "a-password-of-the-test"
# A company's page, seen through the wall by somebody who forgot to say whose rows they want.
LOOK = """
from numbers.access.wall import walled
from numbers.models import Company
mine = Company.objects.create(name="A", siren="999999006")
Company.objects.create(name="B", siren="999999105")
with walled(company_id=mine.pk):
    seen = [company.name for company in Company.objects.all()]
assert seen == ["A"], seen
assert Company.objects.count() == 2
"""


@pytest.fixture
def login(var: Path) -> dict[str, str]:
    """The environment of a site whose login is the least that it needs."""
    services = ensure_services(var)
    query(services, f"CREATE ROLE {LOGIN} LOGIN CREATEROLE PASSWORD '{PASSWORD}'")
    query(services, f"CREATE DATABASE {LOGIN} OWNER {LOGIN}")
    place = services.database_url.partition("?")[2]
    told = {
        "DATABASE_URL": f"postgres://{LOGIN}:{PASSWORD}@/{LOGIN}?{place}",
        "REDIS_URL": services.redis_url,
        "ILLICO_VAR": str(var),
        "ILLICO_ENV": "production",
        "SECRET_KEY": DRAWN,
        "CALLER_SECRET": OTHER,
        "PAYOUT_SECRET": THIRD,
        "OPERATOR_SIREN": "999999105",
        "ALLOWED_HOSTS": "illico.example.fr",
        "TRUSTED_PROXIES": "1",
        "EMAIL_BACKEND": SMTP,
    }
    return {**os.environ, **told}


def run(environment: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_least_login_migrates_raises_the_wall_and_stands_behind_it(login: dict[str, str]) -> None:
    run(login, "migrate", "--verbosity", "0")
    assert "no issues" in run(login, "check", "--database", "default", "--fail-level", "WARNING")
    run(login, "shell", "--no-imports", "--command", LOOK)
    run(login, "migrate", "--verbosity", "0")
    assert "no issues" in run(login, "check", "--database", "default", "--fail-level", "WARNING")
