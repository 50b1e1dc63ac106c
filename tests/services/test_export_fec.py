"""The FEC of our books: accepted, complete, in order, whatever the texts hold."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db import connection

from billing.reports.fec import FecFormat, nearest
from billing.rules.fec_check import check_fec
from billing.services.export import plan_export, save_export
from tests.cast import SIREN, Cast
from tests.exported import OPERATOR, TODAY, draft, exported, paid_evening, seal, table, write

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def evening(cast: Cast) -> Cast:
    return paid_evening(cast)


def fec_lines(**asked: object) -> list[list[str]]:
    return [line.split("\t") for line in exported("fec", **asked).split("\r\n")[:-1]]


def test_the_fec_of_the_evening_is_accepted_by_the_tester(evening: Cast, tmp_path: Path) -> None:
    path, rows = save_export(plan_export(report="fec", today=TODAY), tmp_path, operator_siren=OPERATOR)
    assert path.name == "999999204FEC20261231.txt"
    result = check_fec(path.read_bytes(), file_name=path.name)
    assert (result.verdict.value, result.faults) == ("accept", [])
    assert result.lines == rows == 12


def test_the_fec_holds_eighteen_fields_with_the_auxiliary_on_467_only(evening: Cast) -> None:
    header, *lines = fec_lines()
    assert len(header) == 18
    first = next(line for line in lines if line[4] == "411")
    assert first[:6] == ["VE", "Ventes", "VE000001", "20261125", "411", "Opérateurs et annonceurs"]
    assert first[8].startswith("089269000")
    assert first[9:] == ["20261125", first[10], first[11], "0,00", "", "", "20261126", "", ""]
    auxiliaries = {(line[4][:3], line[6], line[7]) for line in lines}
    assert auxiliaries == {
        ("411", "", ""),
        ("706", "", ""),
        ("445", "", ""),
        ("467", SIREN, "Allô Conseil"),
    }


def test_hostile_texts_still_give_an_accepted_fec(cast: Cast) -> None:
    cast.company.name = "L’Œuvre\t|\r\n«d’Ștefan»\u202f… \\N \\.\x01\x85\u00a0日本"
    cast.company.save()
    seal(cast.company, {"label": " | ", "piece_ref": "\\"}, {"label": "-10 % \\t\t=A1", "piece_ref": "  "})
    text = exported("fec")
    data = text.encode("iso-8859-15")
    assert check_fec(data, file_name="999999204FEC20261231.txt").verdict.value != "reject"
    names = {line[7] for line in fec_lines()[1:] if line[7]}
    assert names == {"L'Œuvre    «d'Stefan» ... \\N \\.   ??"}


def test_entries_come_in_the_order_in_which_they_were_validated(cast: Cast) -> None:
    early, late = datetime(2026, 11, 20, 2, tzinfo=UTC), datetime(2026, 11, 22, 2, tzinfo=UTC)
    seal(cast.company, {"journal": "VE"}, {"journal": "OD"}, now=late)
    seal(cast.company, {"journal": "VE"}, now=early)  # prepared first, sealed last: valid when the chain reaches it
    seal(cast.company, {"journal": "BQ"}, now=early)
    order = list(dict.fromkeys((line[2], line[15]) for line in fec_lines()[1:]))
    assert order == [
        ("BQ000001", "20261120"),
        ("OD000001", "20261122"),
        ("VE000001", "20261122"),
        ("VE000002", "20261122"),
    ]
    assert check_fec(exported("fec").encode("iso-8859-15"), file_name="999999204FEC20261231.txt").faults == []


def test_the_fiscal_year_is_that_of_to_or_of_the_last_entry(cast: Cast) -> None:
    seal(cast.company, {"effective_on": date(2026, 12, 31)}, {"effective_on": date(2027, 1, 1)})
    assert {line[3] for line in fec_lines()[1:]} == {"20270101"}
    assert {line[3] for line in fec_lines(until=date(2026, 12, 31))[1:]} == {"20261231"}
    assert {line[3] for line in fec_lines(since=date(2026, 1, 1))[1:]} == {"20261231"}
    plan = plan_export(report="fec", until=date(2027, 1, 31), today=TODAY)
    name = plan.report.file_name(plan.scope, operator_siren=OPERATOR, extension="txt")
    assert name == "999999204FEC20271231.txt"


def test_numbers_above_a_million_keep_all_their_digits(cast: Cast) -> None:
    write([draft(cast.company, 1)])
    with connection.cursor() as cursor:  # the chain's start is made up, so its guard has to look away
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE billing_entry SET number = 1234567, hash = 'h', prev_hash = 'p'")
        cursor.execute("SET session_replication_role = DEFAULT")
    assert {line[2] for line in fec_lines()[1:]} == {"VE1234567"}
    assert {row["entry"] for row in table("ledger")} == {"VE-2026-1234567"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("déjà vu €", "déjà vu €"),
        ("l’œuvre “dite” – ½ ¼", 'l\'œuvre "dite" - 1/2 1/4'),
        ("Łódź, Iași, Ünal, ﬁn", "?ódz, Iasi, Ünal, fin"),
        ("Ω☎", "??"),
    ],
)
def test_what_iso_8859_15_lacks_becomes_its_nearest(text: str, expected: str) -> None:
    assert nearest(text) == expected


def test_every_character_there_is_can_be_written() -> None:
    for start in range(0, 0x30000, 0x800):
        signs = "".join(chr(code) for code in range(max(start, 1), start + 0x800) if not 0xD800 <= code < 0xE000)
        row = signs.replace("\\", "").replace("\n", "").replace("\t", "")
        line = FecFormat().encode(row.encode() + b"\n")
        assert line.endswith(b"\r\n")
        assert not set(line[:-2]) & {*range(0x20), 0x7F, *range(0x80, 0xA1), ord("|")}
