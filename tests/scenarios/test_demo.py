"""The demo as `make night` plays it: the evening’s figures, who may sign in; again it changes nothing."""

import pytest
from django.core.management import call_command

from billing.models import Entry, FundMonth
from numbers.models import Call, Company, User


def counts() -> list[int]:
    return [model.objects.count() for model in (Call, Company, Entry, FundMonth, User)]


@pytest.mark.django_db
def test_the_demo_is_told_to_its_end_and_again_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("demo")
    told = capsys.readouterr().out
    evening = {line.split("│")[1].strip(): line.split("│")[2].strip() for line in told.splitlines() if "│" in line}
    assert {name: evening[name] for name in ("Appels", "Tenue", "Trop tard", "Sans réponse", "Abandon")} == {
        "Appels": "94",
        "Tenue": "61",
        "Trop tard": "2",
        "Sans réponse": "19",
        "Abandon": "12",
    }
    assert evening["Promesses tenues"].replace("\u202f", " ") == "64,9 %"
    assert [evening[name].replace("\u202f", " ") for name in ("Prix TTC", "Libéré")] == ["8,66 €", "4,33 €"]
    assert "responsable@allo-conseil.example  Allô Conseil, responsable" in told
    assert "/espace/" in told
    before = counts()
    call_command("demo")
    assert counts() == before
