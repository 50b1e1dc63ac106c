"""INSEE's list of communes: loaded from its files, and what workplaces may be once it is."""

from datetime import date
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from agents.models import Commune, LocationProof, Site
from agents.portal.commune import CommuneField
from agents.selectors_communes import find_communes
from agents.services.keep_staff import StaffRefused
from agents.services.load_communes import CommunesLoaded, load_communes
from agents.services.prove_place import save_site
from billing.rules.checks_people import PaidPerson, check_workplaces
from illico_platform.lib.errors import UnusableInput
from tests.cast import Cast
from tests.edges.portal import look, signed_in, text_of

HTMX = {"HX-Request": "true"}
pytestmark = pytest.mark.django_db
INSEE = Path(__file__).resolve().parents[3] / "shared" / "data" / "insee"
HEAD = "code_insee,nom,type,zone,code_departement,code_region,codes_postaux,commune_mere\n"
COMMUNES = HEAD + (
    "59350,Lille,commune,metro,59,32,59000|59160|59260|59777|59800,\n"
    "75056,Paris,commune,metro,75,11,75001|75002,\n"
    "75101,Paris 1er Arrondissement,arrondissement,metro,75,11,75001,75056\n"
    "2A004,Ajaccio,commune,metro,2A,94,20000|20090|20167,\n"
    "97411,Saint-Denis,commune,drom,974,04,97400|97417|97490,\n"
    "93066,Saint-Denis,commune,metro,93,11,93200|93210,\n"
    "94038,L'Haÿ-les-Roses,commune,metro,94,11,94240,\n"
    "51300,Haussignémont,commune,metro,51,44,51300,\n"
    "01015,Arboys en Bugey,commune,metro,01,84,01300,\n"
)
FORMER = "code_insee,nom,type,chef_lieu_actuel,code_departement\n" + (
    "59355,Lomme,commune-associee,59350,59\n01015,Arbignieu,commune-deleguee,01015,01\n"
)


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """Both files as INSEE's list comes, the byte order mark of spreadsheets before the first."""
    paths = (tmp_path / "communes.csv", tmp_path / "anciennes.csv")
    for path, text in zip(paths, ("\ufeff" + COMMUNES, FORMER), strict=True):
        path.write_text(text, encoding="utf-8")
    return paths


def accepted(written: str) -> str:
    return Commune.checked(written)


def refused(written: str) -> str:
    with pytest.raises(ValidationError) as fault:
        CommuneField().clean(written)
    return str(fault.value.messages[0])


def test_the_list_is_loaded_once_and_follows_its_files(files: tuple[Path, Path]) -> None:
    assert load_communes(files) == CommunesLoaded(read=10, added=10, changed=0, withdrawn=0)
    assert load_communes(files[::-1]) == CommunesLoaded(read=10, added=0, changed=0, withdrawn=0)
    assert load_communes(files[1:]).read == 1  # Arbignieu's code is the present commune's, which stays
    assert Commune.objects.get(code="01015").name == "Arboys en Bugey"
    files[0].write_text(COMMUNES.replace("51300,Haus", "51301,Haus").replace("Ajaccio", "Aiacciu"), encoding="utf-8")
    assert load_communes(files[:1]) == CommunesLoaded(read=9, added=1, changed=1, withdrawn=1)
    assert not Commune.objects.get(code="51300").is_listed
    assert Commune.objects.get(code="59355").is_listed


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("nom,code\n", "line 1 has no code_insee"),
        (HEAD + "5935,Lille,commune,metro,59,32,59000,\n", "line 2: code_insee is '5935', expected a code of five"),
        (HEAD + "59350,Lille,ville,metro,59,32,59000,\n", "line 2: type is 'ville', expected commune or"),
        (HEAD + "59350,Lille,commune,nord,59,32,59000,\n", "line 2: zone is 'nord'"),
        (HEAD + "59350,Lille,commune,metro,59,32,5900,\n", "line 2: codes_postaux is '5900'"),
        (FORMER, "59355 belongs to 59350, which no file lists"),
        (HEAD, "no commune in these files"),
    ],
)
def test_a_list_that_cannot_be_used_is_refused_whole(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "list.csv").write_text(text)
    with pytest.raises(UnusableInput, match=words):
        load_communes([tmp_path / "list.csv"])
    assert not Commune.objects.exists()


def test_once_loaded_only_communes_that_exist_are_taken(files: tuple[Path, Path]) -> None:
    assert accepted("59999") == "59999"  # by its form alone
    load_communes(files)
    taken = {
        "59350": "59350",
        " 2a004": "2A004",
        "97411": "97411",
        "59355": "59350",
        "75056": "75056",
        "75101": "75101",
    }
    assert {written: accepted(written) for written in taken} == taken
    assert "liste de l’INSEE" in refused("59999")
    assert "Aucun département" in refused("98000")  # Monaco
    assert "étranger" in refused("99138")
    assert "2A ou 2B" in refused("20999")


def test_a_name_finds_its_code_and_a_postal_code_only_asks(files: tuple[Path, Path]) -> None:
    load_communes(files)
    field = CommuneField()
    assert (field.clean("lille"), field.clean("L’Hay les roses")) == ("59350", "94038")
    assert "93066 Saint-Denis, 97411 Saint-Denis" in refused("saint denis")
    assert "75056 Paris, 75101 Paris 1er" in refused("75001")
    assert "94038" in refused("94240")  # though one commune alone has it: the next list may have two
    assert [each.code for each in find_communes("pari")] == ["75056", "75101"]
    assert "2A004 Ajaccio" in refused("20000")


def test_services_and_models_take_the_same_communes(files: tuple[Path, Path], cast: Cast) -> None:
    load_communes(files)
    site = {"company": cast.company, "address": "", "commune_name": ""}
    made = save_site(name="Lomme", commune_insee="59355", **site)
    assert (made.commune_insee, made.commune_name) == ("59350", "Lille")
    with pytest.raises(StaffRefused) as fault:
        save_site(name="Nulle part", commune_insee="59999", **site)
    assert fault.value.field == "commune_insee"
    proof = LocationProof.objects.first()
    proof.commune_insee = "59999"
    with pytest.raises(ValidationError, match="liste de l’INSEE"):
        proof.full_clean()
    # What was proven before the list came stays as it was.
    LocationProof.objects.filter(pk=proof.pk).update(commune_insee="59999")
    LocationProof.objects.get(pk=proof.pk).full_clean()


def test_the_page_finds_communes_and_says_when_it_has_no_list(files: tuple[Path, Path], cast: Cast) -> None:
    manager = cast.people["manager"]
    assert "liste des communes n’est pas chargée" in text_of(look(manager, "site_new"))
    load_communes(files)
    assert "Tapez un nom ou un code postal" in text_of(look(manager, "site_new"))
    with signed_in(manager) as client:
        found = text_of(
            client.get(reverse("communes"), {"field": "commune", "commune": "59000", "list": "l"}, headers=HTMX)
        )
        assert '<option value="59350">Lille (59000, ' in found
        exact = text_of(
            client.get(reverse("communes"), {"field": "commune", "commune": "59355", "list": "l"}, headers=HTMX)
        )
        assert "Lomme (59355) : aujourd’hui 59350" in exact
        page = client.post(
            reverse("portal:site_new", args=[cast.company.siren]), {"name": "Paris", "commune_insee": "75001"}
        )
        assert "75056 Paris, 75101 Paris 1er Arrondissement" in text_of(page)
        assert 'value="75001"' in page.content.decode()
        client.post(reverse("portal:site_new", args=[cast.company.siren]), {"name": "Lomme", "commune_insee": "Lille"})
    assert Site.objects.get(name="Lomme").commune_insee == "59350"
    with signed_in(None) as client:
        assert client.get(reverse("communes")).status_code == 302


def test_the_operator_loads_the_list_from_the_administration(files: tuple[Path, Path], cast: Cast) -> None:
    with signed_in(cast.admin) as client, files[0].open("rb") as file:
        page = client.post(reverse("admin:agents_commune_load_list"), {"file": file}, follow=True)
    assert "9 communes lues : 9 nouvelles" in text_of(page)


def test_a_payslip_s_workplace_on_no_list_is_told_apart(files: tuple[Path, Path]) -> None:
    load_communes(files)
    slip = PaidPerson(1, 1, date(2026, 11, 1), "s", 1, 1, "A001", "A. B.", ["59350", "59999", "99138", "59355"])
    codes = Commune.known(slip.workplaces)
    (found,) = check_workplaces([slip], codes)
    assert (found.detail["communes"], found.detail["unknown"]) == (["59999", "99138"], ["59999"])


@pytest.mark.skipif(not INSEE.is_dir(), reason="INSEE's list is not there")
def test_insee_s_own_list(cast: Cast) -> None:
    done = load_communes([INSEE / "communes.csv", INSEE / "communes_anciennes.csv"])
    assert (done.added, Commune.objects.filter(kind="district").count()) == (37_006, 45)
    cities = [
        "75056",
        "69123",
        "13055",
        "75120",
        "69389",
        "13216",
        "2A004",
        "2B033",
        "97411",
        "97701",
        "97801",
        "98735",
    ]
    assert [accepted(code) for code in cities] == cities
    assert find_communes("51300").count() == 47  # 46 by their postal code, and the one whose INSEE code that is
    assert find_communes("42620").filter(code="03250").exists()  # a postal code of the department beside
