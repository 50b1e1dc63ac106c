"""A list of agents and a shared proof: good lines go in once, the others stay with their sentence."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from agents.models import Agent, Contract, LocationProof, PbxName
from numbers.models import Company
from tests.cast import Cast

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 bail"


@pytest.fixture(autouse=True)
def _private_files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def boss(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.people["manager"], backend="django.contrib.auth.backends.ModelBackend")
    return client


def address(company: Company, route: str) -> str:
    return reverse(f"portal:{route}", kwargs={"siren": company.siren})


def give(boss: Client, cast: Cast, lines: str, **more: Any) -> Any:
    answers = {"lines": lines, "starts_on": "2026-01-01", "source": cast.source.pk, **more}
    return boss.post(address(cast.company, "agents_many"), answers)


def test_a_list_gives_each_person_a_contract_and_a_name(boss: Client, cast: Cast) -> None:
    assert give(boss, cast, "B001;Inès;PJSIP/201;CDD;02/03/2026\nB002").status_code == 302
    ines, other = (Agent.objects.get(company=cast.company, employee_number=number) for number in ("B001", "B002"))
    assert (ines.display_name, ines.is_call_centre, ines.is_active) == ("Inès", True, True)
    assert Contract.objects.get(agent=ines).kind == "cdd"
    assert Contract.objects.get(agent=ines).starts_on == date(2026, 3, 2)
    assert (PbxName.objects.get(agent=ines).name, PbxName.objects.get(agent=other).name) == ("PJSIP/201", "B002")
    assert Contract.objects.get(agent=other).starts_on == date(2026, 1, 1)


def test_the_same_list_twice_changes_nothing(boss: Client, cast: Cast) -> None:
    give(boss, cast, "B001\nB002")
    before = (Agent.objects.count(), Contract.objects.count(), PbxName.objects.count())
    assert give(boss, cast, "B001\nB002").status_code == 302
    assert (Agent.objects.count(), Contract.objects.count(), PbxName.objects.count()) == before
    page = boss.get(address(cast.company, "agents")).content.decode()
    assert "2 agents étaient déjà connus." in page


def test_good_lines_go_in_and_the_others_stay_in_the_field(boss: Client, cast: Cast) -> None:
    answer = give(boss, cast, "B001\nB002;;;esclave\nB003;;A001\nB004")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert set(Agent.objects.filter(employee_number__startswith="B").values_list("employee_number", flat=True)) == {
        "B001",
        "B004",
    }
    assert "2 agents ajoutés." in page
    assert "Ligne 2 : « esclave » n’est pas un contrat" in page
    assert "Ligne 3 : Ce nom est celui de" in page  # A001 of the cast bears it
    field = page[page.index("<textarea") : page.index("</textarea>")]
    assert "B002;;;esclave" in field
    assert "B003;;A001" in field
    assert "B001" not in field
    assert not Contract.objects.filter(agent__employee_number="B003").exists()


def test_a_list_without_a_switch_adds_no_names(boss: Client, cast: Cast) -> None:
    assert give(boss, cast, "B001", source="").status_code == 302
    assert not PbxName.objects.filter(agent__employee_number="B001").exists()


def test_another_company_s_switch_is_refused(boss: Client, cast: Cast) -> None:
    assert give(boss, cast, "B001", source=cast.rival_source.pk).status_code == 422
    assert not Agent.objects.filter(employee_number="B001").exists()


def prove(boss: Client, cast: Cast, agents: list[int], *, content: bytes = PDF, **more: Any) -> Any:
    answers = {
        "agents": agents,
        "place": "site",
        "site": cast.company.sites.get().pk,
        "method": "lease",
        "first_day": "2026-01-01",
        "last_day": "2026-12-31",
        "evidence": SimpleUploadedFile("bail.pdf", content),
        **more,
    }
    return boss.post(address(cast.company, "proofs_many"), answers)


def test_one_paper_proves_the_place_of_several(boss: Client, cast: Cast, tmp_path: Any) -> None:
    give(boss, cast, "B001\nB002")
    new = list(Agent.objects.filter(employee_number__startswith="B").values_list("pk", flat=True))
    assert prove(boss, cast, new).status_code == 302
    proofs = LocationProof.objects.filter(agent__in=new)
    assert len({(proof.evidence_sha256, proof.commune_insee) for proof in proofs}) == 1
    assert len({proof.evidence_file for proof in proofs}) == len(list(tmp_path.glob("evidence/*"))) == 2
    page = boss.get(address(cast.company, "agents")).content.decode()
    assert "Preuve déposée pour 2 agents." in page


def test_who_is_not_proven_is_proposed(boss: Client, cast: Cast) -> None:
    page = boss.get(address(cast.company, "proofs_many")).content.decode()
    proposed = {name for name in cast.agents if _is_ticked(page, cast.agents[name].pk)}
    assert proposed == {"A900"}


def _is_ticked(page: str, pk: int) -> bool:
    start = page.index(f'value="{pk}"')
    return "checked" in page[start : page.index(">", start)]


def test_a_bad_paper_proves_nobody_s_place(boss: Client, cast: Cast, tmp_path: Any) -> None:
    before = LocationProof.objects.count()
    assert prove(boss, cast, [cast.agents["A001"].pk], content=b"bonjour").status_code == 422
    assert LocationProof.objects.count() == before
    assert list(tmp_path.glob("evidence/*")) == []


def test_the_rival_s_agents_cannot_be_proven_here(boss: Client, cast: Cast) -> None:
    stranger = Agent.objects.create(company=cast.rival, employee_number="R1")
    assert prove(boss, cast, [stranger.pk]).status_code == 422
    assert not LocationProof.objects.filter(agent=stranger).exists()
