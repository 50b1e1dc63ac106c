"""Agents and their proofs in the space: who may, what it shows, what it refuses, and the paper behind a proof."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agents.models import Agent, Contract, LocationProof, PbxName, Site, Verdict
from agents.selectors_staff import answered_between
from agents.services.judge import judge_company
from illico_platform.lib.periods import day_start, paris_day
from numbers.models import Membership, Recheck, User
from tests.admin_rows import DAY, SINCE, run_stages, store_day
from tests.cast import SIREN, Cast, make_agent, prove

PDF = b"%PDF-1.7\n1 0 obj\nendobj\n"


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def people(cast: Cast) -> dict[str, User]:
    """A person of each role that asks for no second factor, and the rival's manager."""
    found = {}
    for name, company, role in (
        ("manager", cast.company, "manager"),
        ("supervisor", cast.company, "supervisor"),
        ("agent", cast.company, "agent"),
        ("rival", cast.rival, "manager"),
    ):
        found[name] = User.objects.create_user(f"{name}@people.example", "un mot de passe long")
        Membership.objects.create(user=found[name], company=company, role=role)
    return found


@pytest.fixture
def boss(people: dict[str, User]) -> Client:
    client = Client()
    client.force_login(people["manager"], backend="django.contrib.auth.backends.ModelBackend")
    return client


def at(route: str, **kwargs: Any) -> str:
    return reverse(f"portal:{route}", kwargs={"siren": SIREN, **kwargs})


def paper(content: bytes = PDF, name: str = "bail.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def proof_answers(**changed: Any) -> dict[str, Any]:
    answers = {
        "place": "home",
        "site": "",
        "commune_insee": "2a 004",
        "method": "annex",
        "first_day": "2026-11-01",
        "last_day": "2026-12-31",
        "evidence": paper(),
    }
    return answers | changed


def addresses(cast: Cast) -> tuple[list[str], list[str]]:
    """(pages that everybody of the place reads, pages that write)."""
    agent = cast.agents["A001"]
    ids = {
        "contract": agent.contracts.get().pk,
        "proof": agent.proofs.get().pk,
        "name": agent.pbx_names.get().pk,
    }
    read = [at("agents"), at("sites"), at("agent", pk=agent.pk)]
    write = [
        at("agent_new"),
        at("site_new"),
        at("site", pk=Site.objects.get(company=cast.company).pk),
        at("agent_edit", pk=agent.pk),
        at("contract_new", pk=agent.pk),
        at("contract_end", pk=agent.pk, contract=ids["contract"]),
        at("proof_new", pk=agent.pk),
        at("proof_revoke", pk=agent.pk, proof=ids["proof"]),
        at("name_new", pk=agent.pk),
        at("name_end", pk=agent.pk, name=ids["name"]),
    ]
    return read, write


def test_each_role_enters_what_it_may(cast: Cast, people: dict[str, User]) -> None:
    read, write = addresses(cast)
    expected = {"manager": (200, 200), "supervisor": (200, 403), "agent": (403, 403), "rival": (404, 404)}
    for name, (reads, writes) in expected.items():
        client = Client()
        client.force_login(people[name], backend="django.contrib.auth.backends.ModelBackend")
        assert {client.get(page).status_code for page in read} == {reads}, name
        assert {client.get(page).status_code for page in write} == {writes}, name


def test_the_rival_reaches_no_agent_by_its_own_address(cast: Cast, people: dict[str, User]) -> None:
    client = Client()
    client.force_login(people["rival"], backend="django.contrib.auth.backends.ModelBackend")
    foreign = reverse("portal:agent", kwargs={"siren": cast.rival.siren, "pk": cast.agents["A001"].pk})
    assert client.get(foreign).status_code == 404


def test_the_list_says_who_is_proven_and_filters(cast: Cast, boss: Client) -> None:
    soon = make_agent(cast.source, "A007", proven=False)
    LocationProof.objects.filter(agent=cast.agents["A900"]).delete()
    now = timezone.now()
    LocationProof.objects.create(
        agent=soon,
        place="home",
        commune_insee="97411",
        method="annex",
        valid_from=now - timedelta(days=10),
        valid_until=day_start(paris_day(now) + timedelta(days=13)),
    )
    gone = make_agent(cast.source, "A008")
    gone.is_active = False
    gone.save()
    shown = {
        state: [row.agent.employee_number for row in boss.get(at("agents"), {"state": state}).context["rows"]]
        for state in ("proven", "expiring", "missing", "left")
    }
    assert shown == {
        "proven": [f"A00{rank}" for rank in range(1, 7)],
        "expiring": ["A007"],
        "missing": ["A900"],
        "left": ["A008"],
    }
    page = boss.get(at("agents"))
    assert [count for _, _, count in page.context["states"]] == [6, 1, 1, 1]
    assert "expire dans 13 jours" in page.content.decode()
    assert [row.agent for row in boss.get(at("agents"), {"q": "a007"}).context["rows"]] == [soon]


def test_a_proof_that_is_renewed_in_time_does_not_expire(cast: Cast, boss: Client) -> None:
    agent = make_agent(cast.source, "A007", proven=False)
    today = paris_day(timezone.now())
    for first, last in ((-10, 5), (5, 400)):
        LocationProof.objects.create(
            agent=agent,
            place="home",
            commune_insee="59350",
            method="annex",
            valid_from=day_start(today + timedelta(days=first)),
            valid_until=day_start(today + timedelta(days=last)),
        )
    (row,) = boss.get(at("agents"), {"q": "A007"}).context["rows"]
    assert (row.state, row.last_proven_day) == ("proven", today + timedelta(days=399))


def test_answered_calls_are_those_of_the_verdicts(cast: Cast, boss: Client) -> None:
    today = paris_day(timezone.now())
    day = today - timedelta(days=2)
    store_day(cast, day=day, copies=3)
    run_stages(cast, until=day)
    rows = {row.agent.employee_number: row.answered for row in boss.get(at("agents")).context["rows"]}
    assert {name: (each.calls, each.kept) for name, each in rows.items() if each.calls} == {
        "A001": (3, 3),
        "A002": (3, 3),
        "A003": (3, 0),
        "A900": (3, 0),
    }
    # A verdict that changes is seen at once, though the figures are kept.
    prove(cast.agents["A900"])
    judge_company(company_id=cast.company.pk, since=SINCE, now=timezone.now())
    rows = {row.agent.employee_number: row.answered for row in boss.get(at("agents")).context["rows"]}
    assert (rows["A900"].calls, rows["A900"].kept) == (3, 3)


def test_answered_between_reads_the_days_asked_for(cast: Cast) -> None:
    store_day(cast, day=date(2026, 10, 31))
    store_day(cast, day=date(2026, 11, 1), copies=2)
    run_stages(cast, until=DAY)
    agent = cast.agents["A002"].pk
    spans = [(date(2026, 10, 31), date(2026, 11, 1)), (date(2026, 10, 31), date(2026, 11, 2))]
    found = [
        answered_between(company_id=cast.company.pk, since=since, until=until)[agent].calls for since, until in spans
    ]
    assert found == [1, 3]
    assert Verdict.objects.filter(agent_id=agent).count() == 3


def test_a_late_proof_is_kept_hashed_and_has_its_calls_judged_again(cast: Cast, boss: Client) -> None:
    agent = cast.agents["A900"]
    store_day(cast)
    run_stages(cast)
    page = boss.post(at("proof_new", pk=agent.pk), proof_answers(), follow=True)
    assert "seront réexaminés cette nuit" in page.content.decode()
    proof = agent.proofs.get()
    assert (proof.commune_insee, proof.site, proof.evidence_name) == ("2A004", None, "bail.pdf")
    assert proof.evidence_sha256 == hashlib.sha256(PDF).hexdigest()
    assert (proof.valid_from, proof.valid_until) == (day_start(date(2026, 11, 1)), day_start(date(2027, 1, 1)))
    assert Recheck.objects.filter(stage="judge", agent_id=agent.pk, since=date(2026, 11, 1)).exists()
    judge_company(company_id=cast.company.pk, since=SINCE, now=datetime(2026, 11, 26, 2, tzinfo=UTC))
    assert Verdict.objects.get(agent_id=agent.pk).verdict == "kept"


def test_the_paper_is_for_members_alone(cast: Cast, boss: Client, people: dict[str, User], settings: Any) -> None:
    agent = cast.agents["A900"]
    boss.post(at("proof_new", pk=agent.pk), proof_answers())
    proof = agent.proofs.get()
    address = at("proof_evidence", pk=agent.pk, proof=proof.pk)
    answer = boss.get(address)
    assert b"".join(answer) == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment")
    kept = settings.MEDIA_ROOT / proof.evidence_file
    assert kept.read_bytes() == PDF
    assert "bail" not in proof.evidence_file
    assert kept.stat().st_mode & 0o077 == 0
    for name, status in (("supervisor", 200), ("agent", 403), ("rival", 404)):
        client = Client()
        client.force_login(people[name], backend="django.contrib.auth.backends.ModelBackend")
        assert client.get(address).status_code == status, name
    assert Client().get(address).status_code == 302
    other = at("proof_evidence", pk=cast.agents["A001"].pk, proof=proof.pk)
    assert boss.get(other).status_code == 404


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"evidence": paper(b"GIF89a pas une preuve", "bail.pdf")}, "evidence", "ni un PDF, ni un JPEG, ni un PNG"),
        ({"evidence": paper(PDF + b"0" * (10 * 1024 * 1024), "bail.pdf")}, "evidence", "dépasse 10 Mo"),
        ({"commune_insee": "20000"}, "commune_insee", "2A ou 2B"),
        ({"commune_insee": "5935"}, "commune_insee", "5 signes"),
        ({"commune_insee": "99109"}, "commune_insee", "en France"),
        ({"commune_insee": "96001"}, "commune_insee", "Aucun département"),
        ({"commune_insee": ""}, "commune_insee", "commune du domicile"),
        ({"place": "site"}, "site", "Choisissez le site"),
        ({"last_day": "2026-10-31"}, "last_day", "précède le premier"),
    ],
)
def test_a_bad_proof_is_refused_with_a_sentence(
    cast: Cast, boss: Client, settings: Any, changed: dict[str, Any], field: str, sentence: str
) -> None:
    if "evidence" in changed:
        changed["evidence"].seek(0)
    answer = boss.post(at("proof_new", pk=cast.agents["A900"].pk), proof_answers(**changed))
    assert answer.status_code == 422
    assert sentence in str(answer.context["form"].errors[field])
    assert not LocationProof.objects.filter(agent=cast.agents["A900"]).exists()
    assert not settings.MEDIA_ROOT.exists()


def test_all_faults_of_a_proof_are_told_at_once(cast: Cast, boss: Client) -> None:
    bad = {"commune_insee": "20000", "last_day": "2026-10-31", "evidence": paper(b"du texte", "bail.pdf")}
    answer = boss.post(at("proof_new", pk=cast.agents["A900"].pk), proof_answers(**bad))
    assert set(answer.context["form"].errors) == {"commune_insee", "last_day", "evidence"}
    again = boss.post(at("proof_new", pk=cast.agents["A900"].pk), proof_answers(commune_insee="20000"))
    assert "À choisir de nouveau" in again.content.decode()


def test_a_site_of_the_rival_cannot_be_named(cast: Cast, boss: Client) -> None:
    site = Site.objects.create(company=cast.rival, name="Ailleurs", commune_insee="75056")
    answer = boss.post(at("proof_new", pk=cast.agents["A900"].pk), proof_answers(place="site", site=site.pk))
    assert answer.status_code == 422
    assert "site" in answer.context["form"].errors


def test_a_revoked_proof_stays_with_its_reason(cast: Cast, boss: Client) -> None:
    agent = cast.agents["A001"]
    proof = agent.proofs.get()
    address = at("proof_revoke", pk=agent.pk, proof=proof.pk)
    assert boss.post(address, {"reason": ""}).status_code == 422
    page = boss.post(address, {"reason": "Fin du bail"}, follow=True)
    proof.refresh_from_db()
    assert proof.revoked_at is not None
    assert "Fin du bail" in page.content.decode()
    assert page.context["row"].state == "missing"
    assert boss.post(address, {"reason": "Encore"}).status_code == 422


def test_contracts_do_not_meet(cast: Cast, boss: Client) -> None:
    agent = cast.agents["A001"]
    contract = agent.contracts.get()
    new = {"kind": "cdd", "starts_on": "2026-12-01", "last_day": "", "weekly_hours": "24,5"}
    refused = boss.post(at("contract_new", pk=agent.pk), new)
    assert "court déjà dès le 01/01/2026" in str(refused.context["form"].errors["starts_on"])
    boss.post(at("contract_end", pk=agent.pk, contract=contract.pk), {"last_day": "2026-11-30"})
    contract.refresh_from_db()
    assert contract.ends_on == date(2026, 12, 1)
    assert boss.post(at("contract_new", pk=agent.pk), new).status_code == 302
    assert sorted(Contract.objects.filter(agent=agent).values_list("kind", flat=True)) == ["cdd", "cdi"]
    refused = boss.post(at("contract_end", pk=agent.pk, contract=contract.pk), {"last_day": "2026-12-01"})
    assert "commence le 01/12/2026" in str(refused.context["form"].errors["last_day"])
    refused = boss.post(at("contract_end", pk=agent.pk, contract=contract.pk), {"last_day": "2025-12-31"})
    assert "précède" in str(refused.context["form"].errors["last_day"])


def test_a_name_is_one_agents_at_a_time(cast: Cast, boss: Client) -> None:
    agent, other = cast.agents["A001"], cast.agents["A002"]
    new = {"source": cast.source.pk, "name": "A001", "valid_from": "2026-12-01"}
    refused = boss.post(at("name_new", pk=other.pk), new)
    assert "celui de A001" in str(refused.context["form"].errors["name"])
    name = agent.pbx_names.get()
    assert boss.post(at("name_end", pk=agent.pk, name=name.pk), {"last_day": "2026-11-30"}).status_code == 302
    assert boss.post(at("name_new", pk=other.pk), new).status_code == 302
    assert PbxName.objects.filter(agent=other, name="A001").exists()
    foreign = boss.post(at("name_new", pk=other.pk), new | {"source": cast.rival_source.pk, "name": "Z"})
    assert "source" in foreign.context["form"].errors


def test_the_database_itself_refuses_a_name_of_two_agents(cast: Cast) -> None:
    with pytest.raises(IntegrityError, match="pbx_name_one_agent"), transaction.atomic():
        PbxName.objects.create(source=cast.source, name="A001", agent=cast.agents["A002"], valid_from=date(2026, 6, 1))
    cast.agents["A001"].pbx_names.update(valid_until=date(2026, 6, 1))
    PbxName.objects.create(source=cast.source, name="A001", agent=cast.agents["A002"], valid_from=date(2026, 6, 1))


def test_an_agent_is_added_and_its_number_is_its_own(cast: Cast, boss: Client) -> None:
    new = {"employee_number": "A010", "display_name": "Zoé", "is_call_centre": "on", "is_active": "on"}
    page = boss.post(at("agent_new"), new, follow=True)
    agent = Agent.objects.get(company=cast.company, employee_number="A010")
    assert page.context["agent"] == agent
    assert "Agent inscrit" in page.content.decode()
    assert boss.post(at("agent_new"), new).status_code == 422
    taken = boss.post(at("agent_edit", pk=agent.pk), new | {"employee_number": "A001"})
    assert "déjà celui d’un autre agent" in str(taken.context["form"].errors["employee_number"])
    boss.post(at("agent_edit", pk=agent.pk), {"employee_number": "A010", "display_name": "Zoé B."})
    agent.refresh_from_db()
    assert (agent.display_name, agent.is_active) == ("Zoé B.", False)


def test_a_site_is_added_and_changed(cast: Cast, boss: Client) -> None:
    new = {"name": "Ajaccio", "address": "1 cours", "commune_insee": "2a004", "commune_name": "Ajaccio"}
    assert boss.post(at("site_new"), new).status_code == 302
    site = Site.objects.get(company=cast.company, name="Ajaccio")
    assert site.commune_insee == "2A004"
    assert "déjà ce nom" in boss.post(at("site_new"), new).content.decode()
    assert boss.post(at("site", pk=site.pk), new | {"commune_insee": "20004"}).status_code == 422
    boss.post(at("site", pk=site.pk), new | {"name": "Plateau"})
    assert "Plateau" in boss.get(at("sites")).content.decode()


def test_a_company_without_agents_is_told_what_to_do(cast: Cast, people: dict[str, User]) -> None:
    client = Client()
    client.force_login(people["rival"], backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("portal:agents", kwargs={"siren": cast.rival.siren}))
    assert "Ici se tiennent les personnes qui répondent" in page.content.decode()


def test_who_lacks_a_site_or_a_switch_is_led_to_it_and_back(boss: Client, cast: Cast) -> None:
    agent = cast.agents["A001"]
    proof = at("proof_new", pk=agent.pk)
    LocationProof.objects.all().delete()
    Site.objects.filter(company=cast.company).delete()
    way = f"{at('site_new')}?pour={agent.pk}"
    assert way in boss.get(proof).content.decode()
    site = {"name": "Plateau de Lille", "commune_insee": "59350"}
    assert boss.post(way, site)["Location"] == proof
    page = boss.get(proof)
    assert way not in page.content.decode()
    assert page.context["form"]["site"].value() == Site.objects.get(name=site["name"]).pk, "the only site is proposed"
    rival = Agent.objects.exclude(company=cast.company).first() or Agent.objects.create(
        company=cast.rival, employee_number="X"
    )
    assert boss.post(f"{at('site_new')}?pour={rival.pk}", site | {"name": "Autre"})["Location"] == at("sites")
    name = boss.get(at("name_new", pk=agent.pk))
    assert (name.context["form"]["name"].value(), at("source_new") in name.content.decode()) == ("A001", False)
