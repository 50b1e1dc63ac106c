"""Files into calls, on the real database: the evening, the same file twice, cuts, overlaps, refusals, privacy."""

import bz2
import csv
import gzip
import io
import lzma
import random
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from illico_platform.lib.errors import UnusableInput
from numbers.models import Call, CallDay, Intake, OpenCall, PremiumNumber, RejectedRow, Source
from numbers.services.intake import IntakeReport, close_stale_calls, run_intake
from numbers.services.refuse_calls import replay_refused
from tests.cast import Cast, make_number

EVENING = Path(__file__).parents[2] / "sample" / "evening"
LOG = (EVENING / "queue_log").read_bytes()
NOW = datetime(2026, 11, 26, 2, 15, tzinfo=UTC)
QUEUE = "illico-0892690001"
FACTS = ("external_id", "number__digits", "offered_at", "outcome", "wait_ms", "talk_ms", "agent_name", "transferred")

pytestmark = pytest.mark.django_db


def take(source: Source, data: bytes, *, connector: str = "asterisk-queue-log") -> IntakeReport:
    return run_intake(connector=connector, path=io.BytesIO(data), source=source, now=NOW, name="log")


def zipped(data: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("queue_log", data)
    return file.getvalue()


def facts() -> list[tuple[Any, ...]]:
    return sorted(Call.objects.values_list(*FACTS))


def log(*lines: str) -> bytes:
    return "".join(line + "\n" for line in lines).encode()


def enter(at: int, name: str, *, caller: str = "0639980001", queue: str = QUEUE) -> str:
    return f"{at}|{name}|{queue}|NONE|ENTERQUEUE||{caller}|1"


def test_the_evening_is_stored_as_worked_out_by_hand(cast: Cast) -> None:
    report = take(cast.source, LOG)
    assert (report.calls, report.duplicates, report.rejected, report.open) == (94, 0, 0, 0)
    with (EVENING / "expected.csv").open() as file:
        wanted = [
            (
                row["uniqueid"],
                row["number"],
                datetime.fromtimestamp(int(row["entered_epoch"]), UTC),
                row["outcome"],
                int(row["wait_s"]) * 1000,
                int(row["talk_s"]) * 1000 if row["talk_s"] else None,
                row["agent"] or None,
                False,
            )
            for row in csv.DictReader(file)
        ]
    assert facts() == sorted(wanted)
    assert sorted(CallDay.objects.values_list("number__digits", "calls", "revision")) == [
        ("0892690001", 74, 1),
        ("0892690002", 20, 1),
    ]


def test_the_same_file_twice_changes_nothing(cast: Cast) -> None:
    take(cast.source, LOG)
    before, days = list(Call.objects.order_by("id").values()), list(CallDay.objects.values())
    report = take(cast.source, LOG)
    assert (report.calls, report.duplicates, report.revised) == (0, 94, 0)
    assert (list(Call.objects.order_by("id").values()), list(CallDay.objects.values())) == (before, days)


@pytest.mark.parametrize("cut", [1, 26, 5000, 5001, 5037, 12345, len(LOG) - 1, len(LOG) - 3])
def test_a_log_cut_in_two_gives_the_same_calls(cast: Cast, cut: int) -> None:
    take(cast.source, LOG[:cut])
    take(cast.source, LOG[cut:])
    cut_facts = facts()
    Call.objects.all()._raw_delete("default")
    OpenCall.objects.all().delete()
    cast.source.refresh_from_db()
    cast.source.tail = b""
    cast.source.save()
    take(cast.source, LOG)
    assert cut_facts == facts()


def test_overlapping_files_change_nothing(cast: Cast) -> None:
    lines = LOG.splitlines(keepends=True)
    take(cast.source, b"".join(lines[:200]))
    take(cast.source, b"".join(lines[100:]))
    take(cast.source, b"".join(lines[150:]))
    overlapped = facts()
    assert len(overlapped) == 94
    take(cast.source, LOG)
    assert facts() == overlapped


def test_a_gzip_of_it_reads_the_same(cast: Cast) -> None:
    assert take(cast.source, gzip.compress(LOG)).calls == 94
    with pytest.raises(UnusableInput, match="cannot be unpacked"):
        take(cast.source, gzip.compress(LOG)[:3000])
    assert Intake.objects.count() == 1


@pytest.mark.parametrize("packing", ["zip", "bzip2", "xz"])
def test_another_packing_is_refused_by_name_and_leaves_nothing(cast: Cast, packing: str) -> None:
    packed = {"bzip2": bz2.compress, "xz": lzma.compress, "zip": zipped}[packing](LOG)
    with pytest.raises(UnusableInput, match=f"is packed as {packing}, expected .* gzip"):
        take(cast.source, packed)
    assert not Intake.objects.exists()
    assert take(cast.source, LOG).rejected == 0


@pytest.mark.parametrize("seed", range(20))
def test_what_is_no_text_is_refused(cast: Cast, seed: int) -> None:
    noise = random.Random(seed).randbytes(5_000)
    for data in (noise, noise.replace(b"\n", b"\r"), b"\r\r" + noise):
        with pytest.raises(UnusableInput):
            take(cast.source, data)


def test_a_line_cut_by_one_format_is_not_joined_to_another(cast: Cast) -> None:
    lines = log(enter(1795600000, "1795600000.1"), "1795600007|1795600000.1|illico-0892690001|NONE|ABANDON|1|1|7")
    take(cast.source, lines[:-20])
    cdr = (EVENING / "Master.csv").read_bytes()
    alone = len(cdr.splitlines())
    report = take(cast.source, cdr, connector="asterisk-cdr")
    assert (report.read, report.rejected) == (alone, 0)
    assert take(cast.source, lines[-20:]).calls == 1
    assert Call.objects.get(external_id="1795600000.1").outcome == "abandoned"


def test_no_caller_is_stored_in_clear(cast: Cast) -> None:
    open_call = log(enter(1795600000, "1795600000.1", caller="0639987712"))
    take(cast.source, LOG + open_call + b"1795600001|1795600001.1|illico-0892690001|NONE|ENTERQUEUE||06399877")
    assert Call.objects.get(external_id="1795598659.0").caller_mask == "06 39 ** ** 44"
    assert len(bytes(Call.objects.get(external_id="1795598659.0").caller_hash)) == 16
    with connection.cursor() as cursor:
        for table in ("numbers_call", "numbers_opencall", "numbers_source", "numbers_rejectedrow"):
            cursor.execute(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM {table} t")
            text = cursor.fetchone()[0]
            assert "06399" not in text
            assert b"06399".hex() not in text


def test_one_caller_of_one_month_has_one_hash(cast: Cast) -> None:
    lines = []
    for at, written in ((1795600000, "0639980001"), (1795600100, "+33639980001"), (1795600200, "0033 6 39 98 00 01")):
        lines += [enter(at, f"{at}.1", caller=written), f"{at + 5}|{at}.1|{QUEUE}|NONE|ABANDON|1|1|5"]
    take(cast.source, log(*lines))
    assert len({bytes(value) for value in Call.objects.values_list("caller_hash", flat=True)}) == 1


def test_a_call_finished_by_a_later_file_is_one_call(cast: Cast) -> None:
    first = take(cast.source, log(enter(1795600000, "1795600000.1")))
    assert (first.calls, first.open) == (0, 1)
    end = log(
        f"1795600012|1795600000.1|{QUEUE}|A001|CONNECT|12|1795600001.2|3",
        f"1795600042|1795600000.1|{QUEUE}|A001|COMPLETECALLER|12|30|1",
    )
    assert take(cast.source, end).calls == 1
    assert facts()[0][3:7] == ("answered", 12_000, 30_000, "A001")
    assert not OpenCall.objects.exists()


def test_a_caller_sent_away_who_comes_back_within_the_hour_revises_the_call(cast: Cast) -> None:
    take(
        cast.source,
        log(enter(1795600000, "1795600000.1"), f"1795600060|1795600000.1|{QUEUE}|NONE|EXITWITHTIMEOUT|1|1|60"),
    )
    assert facts()[0][3:5] == ("timeout", 60_000)
    back = log(
        enter(1795600062, "1795600000.1"),
        f"1795600092|1795600000.1|{QUEUE}|A001|CONNECT|30|1795600062.2|3",
        f"1795600100|1795600000.1|{QUEUE}|A001|COMPLETEAGENT|30|8|1",
    )
    report = take(cast.source, back)
    assert (report.calls, report.revised) == (0, 1)
    assert facts()[0][3:7] == ("answered", 92_000, 8_000, "A001")
    assert CallDay.objects.get().calls == 1
    assert CallDay.objects.get().revision == 2


def test_a_caller_who_comes_back_later_than_that_is_ignored_and_counted(cast: Cast) -> None:
    away = [enter(1795600000, "1795600000.1"), f"1795600060|1795600000.1|{QUEUE}|NONE|EXITWITHTIMEOUT|1|1|60"]
    report = take(cast.source, log(*away, enter(1795600060 + 3601, "1795600000.1")))
    assert facts()[0][3:5] == ("timeout", 60_000)
    assert sum(report.ignored.values()) == 1


def test_a_restart_makes_open_calls_incomplete_until_their_end_is_read(cast: Cast) -> None:
    take(
        cast.source,
        log(
            enter(1795600000, "1795600000.1"),
            f"1795600005|1795600000.1|{QUEUE}|A001|CONNECT|5|1795600001.2|3",
            "1795600050|NONE|NONE|NONE|QUEUESTART|",
        ),
    )
    assert facts()[0][3:7] == ("incomplete", 5_000, None, "A001")
    report = take(cast.source, log(f"1795600065|1795600000.1|{QUEUE}|A001|COMPLETEAGENT|5|60|1"))
    assert report.revised == 1
    assert facts()[0][3:7] == ("answered", 5_000, 60_000, "A001")


def test_a_call_open_for_a_day_becomes_incomplete_and_may_still_be_finished(cast: Cast) -> None:
    take(cast.source, log(enter(1795600000, "1795600000.1")))
    assert close_stale_calls(now=datetime.fromtimestamp(1795600000, UTC) + timedelta(hours=23)) == 0
    assert close_stale_calls(now=datetime.fromtimestamp(1795600000, UTC) + timedelta(hours=25)) == 1
    assert close_stale_calls(now=datetime.fromtimestamp(1795600000, UTC) + timedelta(hours=26)) == 0
    assert facts()[0][3] == "incomplete"
    take(cast.source, log(f"1795600007|1795600000.1|{QUEUE}|NONE|ABANDON|1|1|7"))
    assert facts()[0][3:5] == ("abandoned", 7_000)


def test_a_log_that_begins_in_a_call_guesses_nothing_until_the_beginning_comes(cast: Cast) -> None:
    lines = LOG.splitlines(keepends=True)
    whole = log(
        enter(1795500000, "1795500000.1"),
        f"1795500005|1795500000.1|{QUEUE}|A001|CONNECT|5|1795500001.2|3",
        f"1795500065|1795500000.1|{QUEUE}|A001|COMPLETEAGENT|5|60|1",
    ).splitlines(keepends=True)
    report = take(cast.source, b"".join([*whole[1:], *lines[:1]]))
    assert (report.calls, facts()[0][3:6]) == (1, ("incomplete", None, None))
    take(cast.source, whole[0])
    assert facts()[0][3:7] == ("answered", 5_000, 60_000, "A001")


def test_a_number_nobody_has_is_refused_by_name_and_replayed_once_it_is_known(cast: Cast) -> None:
    lines = log(
        enter(1795600000, "1795600000.1", queue="illico-0892699999"),
        "1795600007|1795600000.1|illico-0892699999|NONE|ABANDON|1|1|7",
    )
    for _ in range(2):
        report = take(cast.source, lines)
        assert (report.calls, report.rejected) == (0, 1)
        assert (report.rejects[0].line, report.rejects[0].field, report.rejects[0].value) == (1, "number", "0892699999")
    assert RejectedRow.objects.count() == 1
    assert replay_refused(source=cast.source, now=NOW) == 0
    make_number(cast.company, "0892699999")
    assert replay_refused(source=cast.source, now=NOW) == 1
    assert facts()[0][1:5] == ("0892699999", datetime(2026, 11, 25, 9, 46, 40, tzinfo=UTC), "abandoned", 7_000)
    assert Call.objects.get().caller_mask == "06 39 ** ** 01"
    brought = Call.objects.get().intake
    assert brought == RejectedRow.objects.get().intake
    assert (brought.first_day, brought.last_day) == (date(2026, 11, 25), date(2026, 11, 25))
    assert replay_refused(source=cast.source, now=NOW) == 0


def test_another_companys_number_is_not_ours_to_fill(cast: Cast) -> None:
    lines = log(
        enter(1795600000, "1795600000.1", queue="illico-0892690009"), "1795600007|1795600000.1|q|NONE|ABANDON|1|1|7"
    )
    assert take(cast.source, lines).rejected == 1
    assert take(cast.rival_source, lines).calls == 1


def test_an_alias_gives_the_number_of_a_queue(cast: Cast) -> None:
    number = PremiumNumber.objects.get(digits="0892690002")
    cast.source.aliases.create(name="accueil", number=number)
    take(
        cast.source,
        log(enter(1795600000, "1795600000.1", queue="accueil"), "1795600007|1795600000.1|accueil|NONE|ABANDON|1|1|7"),
    )
    assert facts()[0][1] == "0892690002"


def test_bad_lines_are_refused_by_line_and_field_and_the_good_ones_go_in(cast: Cast) -> None:
    bad = log(
        "12|x|q|NONE|ENTERQUEUE||0639980001|1",
        f"1795600000|NONE|{QUEUE}|NONE|ENTERQUEUE||0639980001|1",
        f"1795600000|1795600000.9|{QUEUE}|A001|CONNECT|-4|1|1",
        f"1795600000|1795600000.9|{QUEUE}|A001|FOOBAR|1",
        "",
        "x" * 70_000,
    )
    odd = f"1795600000|1795600000.8|{QUEUE}|Hél\xe8ne|ADDMEMBER|\r\n".encode("latin-1") + b"a\0b\n"
    report = take(cast.source, bad + odd + LOG)
    assert report.calls == 94
    assert [(one.line, one.field) for one in report.rejects] == [
        (6, "line"), (8, "line"), (1, "time"), (2, "callid"), (3, "wait"),
    ]  # fmt: skip
    assert report.ignored == {"FOOBAR": 1}
    assert report.rejected == 5 == RejectedRow.objects.count()


@pytest.mark.parametrize(
    ("connector", "data", "said"),
    [
        ("asterisk-queue-log", b"", "is empty"),
        ("asterisk-queue-log", b"\x7fELF\x00\x01\x02\n\x00\n", "is no queue_log"),
        ("asterisk-queue-log", (EVENING / "Master.csv").read_bytes(), "is no queue_log"),
        ("asterisk-cdr", LOG, "is no CDR"),
        ("generic-csv", LOG, "column mapping"),
    ],
)
def test_a_file_of_another_kind_is_refused_whole(cast: Cast, connector: str, data: bytes, said: str) -> None:
    with pytest.raises(UnusableInput, match=said):
        take(cast.source, data, connector=connector)
    assert not Intake.objects.exists()


def test_the_cdr_alone_never_tells_more_than_the_queue_log(cast: Cast) -> None:
    cast.source.timezone = "UTC"
    cast.source.mapping = {"agents": {f"a00{n}": f"A00{n}" for n in range(1, 6)}}
    cast.source.save()
    cdr = (EVENING / "Master.csv").read_bytes()
    report = take(cast.source, cdr, connector="asterisk-cdr")
    assert report.calls == 94
    assert report.ignored == {"réponse non prouvée par le CDR seul": 31}
    alone = {call[0]: call for call in facts()}
    again = take(cast.source, cdr, connector="asterisk-cdr")
    assert (again.calls, again.revised) == (0, 0)
    after = take(cast.source, LOG)
    assert (after.calls, after.revised) == (0, 94)
    for call in facts():
        told = alone[call[0]]
        if call[3] == "answered":
            assert told[:5] == call[:5]
            assert told[6] == call[6]
            assert 0 < told[5] <= call[5]
        else:
            assert told[3:7] == ("incomplete", None, None, None)
    late = take(cast.source, cdr, connector="asterisk-cdr")
    assert (late.calls, late.revised, late.duplicates) == (0, 0, 94)
    assert CallDay.objects.get(number__digits="0892690001").calls == 74
