"""From where agents' phones were registered: read from Asterisk's security log and from CSV, kept as a country."""

import gzip
import io
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from agents.models import EvidencePolicy, NetworkSighting, PbxName
from agents.services.locate import network_of
from agents.services.take_sightings import take_sightings
from illico_platform.lib.errors import UnusableInput
from numbers.models import Recheck
from tests.cast import Cast
from tests.edges.portal import signed_in, text_of
from tests.scenarios.test_evidence import FRENCH, MOROCCAN, OFFICE, at, call, judged, sign_in, work_from_home

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 16)


def line(when: str, account: str, address: str, *, event: str = "SuccessfulAuth", service: str = "PJSIP") -> str:
    return (
        f'[2026-11-16 09:00:00.123] SECURITY[2912] res_security_log.c: SecurityEvent="{event}",EventTV="{when}",'
        f'Severity="Informational",Service="{service}",EventVersion="1",AccountID="{account}",SessionID="a\\"b",'
        f'LocalAddress="IPV4/UDP/10.0.0.1/5060",RemoteAddress="{address}",UsingPassword="1"'
    )


LOG = "\n".join(
    [
        "[2026-11-16 08:59:59] NOTICE[1] loader.c: 300 modules will be loaded.",
        line("2026-11-16T08:59:59.000+0100", "A001", f"IPV4/UDP/{FRENCH}/5060", event="ChallengeSent"),
        line("2026-11-16T09:00:00.123+0100", "A001", f"IPV4/UDP/{FRENCH}/5060"),
        line("2026-11-16T09:01:00.123+0100", "A001", f"IPV4/UDP/{FRENCH}/5061"),  # the same network: one run
        line("1794818400-5", "A001", f"IPV4/TLS/{MOROCCAN}/5061"),  # 09:40 in Paris, as old versions write it
        line("2026-11-16T11:00:00.000+0100", "A001", f"IPV4/UDP/{FRENCH}/5060"),
        line("2026-11-16T09:30:00.000+0100", "7002", f"IPV4/WSS/{OFFICE}/5060"),  # known as PJSIP/7002
        line("2026-11-16T09:30:00.000+0100", "A003", "IPV6/TCP/[2a01:cb00::1]/5060"),
        line("2026-11-16T09:30:00.000+0100", "lobby", f"IPV4/UDP/{FRENCH}/5060"),
        line("2026-11-16T09:30:00.000+0100", "admin", f"IPV4/TCP/{FRENCH}/5038", service="AMI"),
        line("yesterday", "A001", f"IPV4/UDP/{FRENCH}/5060"),
        line("2026-11-16T09:30:00.000+0100", "", f"IPV4/UDP/{FRENCH}/5060"),
        line("2026-11-16T09:30:00.000+0100", "A001", "IPV4/UDP/2.7.0.300/5060"),
        line("2026-11-16T09:30:00.000+0100", "A001", "somewhere"),
    ]
)
ROWS = [
    ("A001", "2026-11-16T08:00:00.123000", "FR", False),
    ("A001", "2026-11-16T08:40:00.000005", "MA", False),
    ("A001", "2026-11-16T10:00:00", "FR", False),
    ("A002", "2026-11-16T08:30:00", "", True),
    ("A003", "2026-11-16T08:30:00", "FR", False),
]


@pytest.fixture
def floor(cast: Cast) -> Cast:
    PbxName.objects.create(
        source=cast.source, name="PJSIP/7002", agent=cast.agents["A002"], valid_from=MONDAY - timedelta(days=1)
    )
    return cast


def kept() -> list[tuple[str, str, str, bool]]:
    rows = NetworkSighting.objects.order_by("agent__employee_number", "seen_at").select_related("agent")
    return [
        (r.agent.employee_number, r.seen_at.replace(tzinfo=None).isoformat(), r.country, r.is_private) for r in rows
    ]


def take(cast: Cast, path: Path, connector: str = "asterisk-security"):
    return take_sightings(connector=connector, path=path, source=cast.source)


def test_asterisk_s_log_goes_in_once_and_every_bad_line_is_named(floor: Cast, tmp_path: Path) -> None:
    path = tmp_path / "security.log"
    path.write_text(LOG)
    report = take(floor, path)
    assert kept() == ROWS
    assert (report.read, report.seen, report.stored, report.known, report.ignored) == (14, 7, 5, 0, 3)
    assert [str(reject) for reject in report.rejects] == [
        "security.log, line 11: EventTV is 'yesterday', expected an instant such as 2026-11-25T09:00:00.123+0100",
        "security.log, line 12: AccountID is '', expected the name of an account",
        "security.log, line 13: address is '2.7.0.300', expected an IP address",
        "security.log, line 14: RemoteAddress is 'somewhere', expected an address such as IPV4/UDP/192.0.2.1/5060",
    ]
    assert report.rejected == 4
    assert report.unknown == {"lobby": 1}
    rechecks = Recheck.objects.count()
    packed = tmp_path / "again.log.gz"
    packed.write_bytes(gzip.compress(LOG.encode()))
    again = take(floor, packed)
    assert (again.stored, again.known, kept()) == (0, 5, ROWS)
    assert Recheck.objects.count() == rechecks


def test_no_address_is_kept_and_none_can_be_told_from_the_hash_of_another_month(floor: Cast, tmp_path: Path) -> None:
    path = tmp_path / "security.log"
    path.write_text(LOG)
    take(floor, path)
    written = " ".join(str(value) for row in NetworkSighting.objects.values_list() for value in row)
    assert not [address for address in (FRENCH, MOROCCAN, OFFICE, "2a01:cb00") if address in written]
    same = network_of(FRENCH, day=MONDAY).digest
    assert NetworkSighting.objects.filter(network_hash=same).count() == 2
    assert network_of(FRENCH, day=date(2026, 12, 1)).digest != same
    assert network_of("2.70.1.1", day=MONDAY).digest != network_of("27.0.1.1", day=MONDAY).digest


def test_a_csv_goes_in_with_offsets_or_in_the_source_s_own_time(floor: Cast, tmp_path: Path) -> None:
    path = tmp_path / "seen.csv"
    path.write_text(
        "\ufeffagent;time;address\n"
        f"A001;2026-11-16T09:00:00.123;{FRENCH}\n"
        f"A001;2026-11-16 08:40:00.000005Z;{MOROCCAN}\n"
        f"A001;2026-11-16T11:00:00+01:00;{FRENCH}\n"
        f"PJSIP/7002;2026-11-16T09:30;{OFFICE}\n"
        f"PJSIP/7002;2026-11-16T09:30:00;{OFFICE}\n"
        "\n"
        "A003;2026-11-16T09:30:00;2a01:cb00::1\n"
        "A003;2026-11-16T09:30:00;\n"
        f";2026-11-16T09:30:00;{FRENCH}\n"
    )
    report = take(floor, path, "network-csv")
    assert kept() == ROWS
    assert [(reject.line, reject.field, reject.value) for reject in report.rejects] == [
        (5, "time", "2026-11-16T09:30"), (9, "address", ""), (10, "agent", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("connector", "content", "words"),
    [
        ("asterisk-security", "time,agent,address\n", "security.log, line 1: 'time,agent,address'"),
        ("asterisk-security", "", "is empty"),
        ("network-csv", "when,agent\n", "has no time, address"),
        ("nothing", "x", "asterisk-security, network-csv"),
    ],
)
def test_another_file_is_refused_whole(cast: Cast, tmp_path: Path, connector: str, content: str, words: str) -> None:
    path = tmp_path / "security.log"
    path.write_text(content)
    with pytest.raises(CommandError, match=words) as refused:
        call_command("sightings", connector, str(path), "--source", "pbx1", stdout=io.StringIO())
    assert refused.value.returncode == 2
    assert not NetworkSighting.objects.exists()


def test_a_line_that_the_file_ends_in_is_named_and_the_rest_goes_in(floor: Cast, tmp_path: Path) -> None:
    path, err, out = tmp_path / "security.log", io.StringIO(), io.StringIO()
    path.write_text(LOG.split("\n")[2] + "\n" + LOG.split("\n")[3][:-20])
    with pytest.raises(SystemExit) as needs:
        call_command("sightings", "asterisk-security", str(path), "--source", "pbx1", "--json", stdout=out, stderr=err)
    assert needs.value.code == 1
    assert "security.log, line 2: line is" in err.getvalue()
    assert '"stored": 1' in out.getvalue()
    with pytest.raises(CommandError, match="expected one of: pbx1, rival-pbx"):
        call_command("sightings", "asterisk-security", str(path), "--source", "pbx9")


def test_a_home_agent_on_a_foreign_vpn_is_unproven_while_the_switch_sees_it(floor: Cast, tmp_path: Path) -> None:
    """Signed in from France, then a VPN comes up: the check-in knows nothing of it, the switch does."""
    EvidencePolicy.objects.create(valid_from=MONDAY, needs_check_in=True, needs_network=True)
    work_from_home(floor, "A001")
    sign_in(floor, at(MONDAY, 8, 55))
    names = {minute: call(floor, at(MONDAY, 9, 0) + timedelta(minutes=minute)) for minute in (30, 50, 130)}
    assert set(judged(floor).values()) == {"kept"}
    path = tmp_path / "security.log"
    path.write_text(LOG)
    take(floor, path)
    assert judged(floor) == {names[30]: "kept", names[50]: "network_abroad", names[130]: "kept"}


def test_a_name_is_its_bearer_s_of_that_day(floor: Cast, tmp_path: Path) -> None:
    PbxName.objects.filter(name="A001").update(valid_until=MONDAY)
    PbxName.objects.create(source=floor.source, name="A001", agent=floor.agents["A006"], valid_from=MONDAY)
    path = tmp_path / "seen.csv"
    path.write_text(f"time,agent,address\n2026-11-15T23:59:59,A001,{FRENCH}\n2026-11-16T00:00:00,A001,{FRENCH}\n")
    take(floor, path, "network-csv")
    assert [row[0] for row in kept()] == ["A001", "A006"]
    assert NetworkSighting.objects.latest("seen_at").seen_at == datetime(2026, 11, 15, 23, tzinfo=UTC)
    with pytest.raises(UnusableInput, match="cannot be read"):
        take(floor, tmp_path / "nowhere.csv", "network-csv")


def test_the_operator_imports_a_log_from_the_administration(floor: Cast, tmp_path: Path) -> None:
    (tmp_path / "security.log").write_text(LOG)
    asked = {"connector": "asterisk-security", "source": floor.source.pk}
    address = reverse("admin:agents_networksighting_import")
    with signed_in(floor.admin) as client, (tmp_path / "security.log").open("rb") as file:
        page = text_of(client.post(address, asked | {"file": file}, follow=True))
    assert kept() == ROWS
    assert "5 réseaux vus gardés, 0 déjà connus, 4 lignes refusées." in page
    assert "security.log, line 13: address is '2.7.0.300'" in page
    assert "Noms qui ne sont d’aucun agent : lobby." in page
    with signed_in(floor.owner) as client:
        assert client.get(address).status_code == 302
