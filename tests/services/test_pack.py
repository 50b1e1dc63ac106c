"""The auditor's pack: what is in it, the same bytes twice, and that one changed byte anywhere shows."""

import csv
import hashlib
import io
import json
import os
import subprocess
import tracemalloc
import zipfile
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db.models import Sum

from agents.models import (
    Attendance,
    CheckIn,
    Course,
    EvidencePolicy,
    JudgedDay,
    LocationProof,
    NetworkSighting,
    TeleworkAgreement,
    TrainingSession,
    Verdict,
)
from agents.services.check_in import correct_check_in
from billing.reports.base import REPORTS, Column, Table
from billing.services.export import plan_export, save_export, write_export
from billing.services.pack_file import check_pack
from illico_platform.lib.errors import UnusableInput
from illico_platform.lib.periods import day_start
from illico_platform.web.private_files import forget_file, keep_file
from tests.cast import START, Cast
from tests.exported import OPERATOR, TODAY, paid_evening
from tests.scenarios.test_evening import EVENING, all_stages

pytestmark = pytest.mark.django_db
PAPER, HOME_PAPER = b"%PDF-1.7 bail", b"%PDF-1.7 avenant, 3 rue du Bois"


@pytest.fixture
def evening(cast: Cast) -> Cast:
    """The evening under a policy that asks for everything; A001 has it all, and works from home."""
    who = cast.agents["A001"]
    who.proofs.update(place="home", site=None, method="annex")
    for name, paper in (("A001", HOME_PAPER), ("A002", PAPER), ("A003", PAPER)):
        kept = keep_file("evidence", ContentFile(paper))
        LocationProof.objects.filter(agent=cast.agents[name]).update(
            evidence_file=kept.name, evidence_sha256=kept.sha256
        )
    EvidencePolicy.objects.create(
        valid_from=START, needs_agreement=True, needs_check_in=True, needs_network=True, needs_training=True
    )
    TeleworkAgreement.objects.create(
        agent=who, basis="individual", basis_on=START, consent_on=START, commune_insee="59350", starts_on=START,
        contact_from="09:00", contact_until="18:00", time_control="pointage signé",
    )  # fmt: skip
    start = day_start(EVENING)
    check_in = CheckIn.objects.create(
        company=cast.company, agent=who, started_at=start, ends_at=start + timedelta(hours=1), place="home",
        commune_insee="59350", country="FR", network_hash="ab" * 16, signature="session",
    )  # fmt: skip
    correct_check_in(
        check_in=check_in, started_at=start, ends_at=start + timedelta(days=1), by="chef@example.org",
        reason="=oubli",
    )  # fmt: skip
    NetworkSighting.objects.create(
        company=cast.company, agent=who, source=cast.source, seen_at=start + timedelta(hours=1), country="FR"
    )
    course = Course.objects.create(title="Accueil", kind="initial", hours=7, required_from=START)
    session = TrainingSession.objects.create(company=cast.company, course=course, starts_on=START, last_day=START)
    Attendance.objects.create(session=session, agent=who, hours=7, certified_on=START)
    return paid_evening(cast)


def pack_of(cast: Cast, **asked: object) -> bytes:
    plan = plan_export(report="proofs", company=cast.company, since=EVENING, until=EVENING, today=TODAY, **asked)  # type: ignore[arg-type]
    out = io.BytesIO()
    write_export(plan, out)
    return out.getvalue()


def tables(pack: bytes) -> dict[str, list[dict[str, str]]]:
    archive = zipfile.ZipFile(io.BytesIO(pack))
    return {
        name.removesuffix(".csv"): list(csv.DictReader(io.StringIO(archive.read(name).decode(), newline="")))
        for name in archive.namelist()
        if name.endswith(".csv")
    }


def rebuilt(pack: bytes, changes: dict[str, bytes | None]) -> bytes:
    """The pack with other members, as somebody would make it who knows how zip files are written."""
    old, out = zipfile.ZipFile(io.BytesIO(pack)), io.BytesIO()
    members = {name: old.read(name) for name in old.namelist()} | changes
    with zipfile.ZipFile(out, "w") as new:
        for name, content in members.items():
            if content is not None:
                info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                info.create_system, info.external_attr = 3, 0o644 << 16
                with new.open(info, "w", force_zip64=True) as member:
                    member.write(content)
    return out.getvalue()


def faults(pack: bytes) -> list[str]:
    return check_pack(io.BytesIO(pack)).faults


def test_every_link_of_a_kept_call_stands_in_the_pack(evening: Cast) -> None:
    found = tables(pack_of(evening))
    verdicts = {str(each.call_id): each for each in Verdict.objects.filter(company=evening.company, day=EVENING)}
    assert [row["call"] for row in found["calls"]]
    assert {row["call"] for row in found["calls"]} == set(verdicts)
    for row in found["calls"]:
        verdict = verdicts[row["call"]]
        links = [verdict.agent_id, verdict.contract_id, verdict.proof_id, verdict.agreement_id, verdict.check_in_id]
        written = [row[name] for name in ("agent", "contract", "proof", "agreement", "check_in")]
        assert written == ["" if link is None else str(link) for link in links]
        assert (row["verdict"], row["reason"]) == (verdict.verdict, verdict.reason)
    kept = next(row for row in found["calls"] if row["verdict"] == "kept")
    for link, table in {
        "agent": "agents", "contract": "contracts", "proof": "proofs", "agreement": "agreements",
        "check_in": "check_ins", "network_check_in": "check_ins", "network_sighting": "network_sightings",
        "training": "training",
    }.items():  # fmt: skip
        column = link.removeprefix("network_") if link == "network_check_in" else link
        assert [row for row in found[table] if row[column] == kept[link]], link
    assert (kept["check_in_network"], kept["sighting_network"]) == ("FR", "FR")
    history = found["check_in_history"]
    assert [(row["as"], row["reason"]) for row in history] == [("insert", ""), ("update", "'=oubli")]
    assert found["check_ins"][0]["corrected_by"] == "chef@example.org"
    assert [row["valid_from"] for row in found["policies"]] == [str(START)]


def test_the_totals_are_those_of_the_judged_days(evening: Cast) -> None:
    pack = pack_of(evening)
    totals = json.loads(zipfile.ZipFile(io.BytesIO(pack)).read("manifest.json"))["totals"]
    assert Counter(row["verdict"] for row in tables(pack)["calls"]) == Counter(totals)
    days = JudgedDay.objects.filter(company=evening.company, day=EVENING)
    for kind, count in totals.items():
        if kind != "unjudged":
            assert days.aggregate(n=Sum(kind))["n"] == count
    assert totals["kept"]
    assert totals["unproven"]
    assert not totals["unjudged"]


def test_no_caller_no_address_and_nobody_who_did_not_answer(evening: Cast) -> None:
    pack = pack_of(evening)
    assert b"rue du Bois" not in pack
    assert not {"caller", "caller_mask", "caller_hash", "network_hash", "address", "nir"} & {
        column for rows in tables(pack).values() for row in rows for column in row
    }
    assert {row["agent"] for row in tables(pack)["agents"]} == {
        str(pk) for pk in Verdict.objects.filter(day=EVENING).exclude(agent=None).values_list("agent_id", flat=True)
    }
    # The papers of homes only where they are asked for; a paper of two proofs once.
    papers = [name for name in zipfile.ZipFile(io.BytesIO(pack)).namelist() if name.startswith("papers/")]
    assert papers == [f"papers/{hashlib.sha256(PAPER).hexdigest()}.pdf"]
    assert b"rue du Bois" in pack_of(evening, home_papers=True)


def test_the_same_data_gives_the_same_bytes_and_other_data_others(evening: Cast, tmp_path: Path) -> None:
    pack = pack_of(evening)
    plan = plan_export(report="proofs", company=evening.company, since=EVENING, until=EVENING, today=TODAY)
    path, rows = save_export(plan, tmp_path, operator_siren=OPERATOR)
    assert path.name == "proofs.zip"
    assert path.read_bytes() == pack
    assert rows == sum(len(each) for each in tables(pack).values())
    evening.agents["A002"].proofs.all().delete()
    all_stages(evening.company.pk)
    after = pack_of(evening)
    assert after != pack
    assert not faults(after)
    assert [row["new_reason"] for row in tables(after)["verdict_changes"]]


def test_a_paper_that_is_gone_is_said_to_be(evening: Cast) -> None:
    for proof in LocationProof.objects.filter(place="site").exclude(evidence_file=""):
        forget_file(proof.evidence_file)
    archive = zipfile.ZipFile(io.BytesIO(pack_of(evening)))
    assert json.loads(archive.read("manifest.json"))["papers_missing"] == [hashlib.sha256(PAPER).hexdigest()]


def test_one_byte_of_any_file_changed_is_named(evening: Cast) -> None:
    pack = pack_of(evening)
    archive = zipfile.ZipFile(io.BytesIO(pack))
    assert faults(pack) == []
    for name in archive.namelist():
        content = bytearray(archive.read(name))
        content[len(content) // 2] ^= 1
        assert name in " ".join(faults(rebuilt(pack, {name: bytes(content)}))), name


def test_a_file_missing_added_or_twice_is_named(evening: Cast) -> None:
    pack = pack_of(evening)
    for name in zipfile.ZipFile(io.BytesIO(pack)).namelist():
        assert name in " ".join(faults(rebuilt(pack, {name: None}))), name
    assert "more.csv" in faults(rebuilt(pack, {"more.csv": b"a\n1\n"}))[0]
    assert "no whole zip file" in faults(b"not a pack")[0]


def test_a_pack_whose_hashes_were_made_anew_fails_on_its_totals(evening: Cast) -> None:
    pack = pack_of(evening)
    archive = zipfile.ZipFile(io.BytesIO(pack))
    calls = archive.read("calls.csv").replace(b",unproven,", b",kept,", 1)
    manifest = json.loads(archive.read("manifest.json"))
    entry = next(each for each in manifest["files"] if each["name"] == "calls.csv")
    entry |= {"bytes": len(calls), "sha256": hashlib.sha256(calls).hexdigest()}
    changed = {"calls.csv": calls, "manifest.json": json.dumps(manifest).encode()}
    members = {name: archive.read(name) for name in archive.namelist() if name != "SHA256SUMS"} | changed
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in members.items())
    found = faults(rebuilt(pack, changed | {"SHA256SUMS": sums.encode()}))
    assert len(found) == 1
    assert found[0].startswith("calls.csv adds up to")


def test_no_byte_of_the_zip_itself_can_change(evening: Cast) -> None:
    pack = pack_of(evening)
    first = zipfile.ZipFile(io.BytesIO(pack)).infolist()[0]
    header = range(first.header_offset, first.header_offset + 30 + len(first.filename) + 20)
    directory = range(len(pack) - 200, len(pack))
    for place in (*header, *directory):
        changed = bytearray(pack)
        changed[place] ^= 1
        assert faults(bytes(changed)), place
    assert faults(pack + b"x")
    assert faults(b"x" + pack)


def test_the_documented_commands_check_a_pack_without_us(evening: Cast, tmp_path: Path) -> None:
    path = tmp_path / "pack.zip"
    path.write_bytes(pack_of(evening))
    page = (Path(__file__).resolve().parents[2] / "docs" / "auditor.md").read_text()
    commands = page.partition("```sh\n")[2].partition("```")[0]
    good = subprocess.run(["bash", "-ec", commands], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert good.returncode == 0, good.stderr
    assert f"{len(tables(path.read_bytes())['calls'])} calls" in good.stdout
    (tmp_path / "pack" / "agents.csv").write_text("agent\n")
    again = commands.split("\n", 1)[1]
    bad = subprocess.run(["bash", "-ec", again], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert bad.returncode != 0
    assert "agents.csv: FAILED" in bad.stdout


def test_verify_pack_names_the_file_and_fails(evening: Cast, tmp_path: Path) -> None:
    path, out, err = tmp_path / "pack.zip", io.StringIO(), io.StringIO()
    path.write_bytes(pack_of(evening))
    call_command("verify_pack", str(path), stdout=out, stderr=err)
    assert "verifies" in out.getvalue()
    assert hashlib.sha256(path.read_bytes()).hexdigest() in out.getvalue()
    path.write_bytes(path.read_bytes().replace(b"A001", b"A007", 1))
    with pytest.raises(SystemExit) as failed:
        call_command("verify_pack", str(path), stdout=out, stderr=err)
    assert failed.value.code == 1
    assert "calls.csv" in err.getvalue()


def test_a_pack_is_one_company_s(evening: Cast) -> None:
    with pytest.raises(UnusableInput, match="--company is missing"):
        plan_export(report="proofs", since=date(2026, 11, 1), today=TODAY)


def _peak(cast: Cast, rows: int) -> int:
    """The memory that a pack of so many calls takes at most, its own check included."""
    many = type(REPORTS["proofs"])()
    many.tables = (  # type: ignore[misc]
        Table(
            "calls.csv",
            (Column("verdict", "'kept'"), Column("x", "repeat('é', 200)")),
            f"FROM generate_series(1, {rows}) i",
        ),
        Table("judged_days.csv", (Column("number", "1"), Column("day", "2"), Column("kept", f"{rows}")), ""),
    )
    many.totals = f"SELECT 'kept', {rows}"  # type: ignore[misc]
    plan = plan_export(report="proofs", company=cast.company, today=TODAY)
    tracemalloc.start()
    with open(os.devnull, "wb") as out:
        assert write_export(replace(plan, report=many), out) == rows + 1
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def test_ten_times_the_calls_take_no_more_memory(cast: Cast) -> None:
    _peak(cast, 10)
    assert _peak(cast, 50_000) <= 1.2 * _peak(cast, 5_000)
