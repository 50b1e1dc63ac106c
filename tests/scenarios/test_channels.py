"""Calls by sign language and text, from the call's row to verdict, price, wage share and every line of a report."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from agents.models import ChannelDay, JudgedDay, Verdict
from agents.services.judge import judge_company
from billing.models import FundMonth, RatedCall, RatedDay
from numbers.models import AccessChannel, AccessOpening
from numbers.services.take_rechecks import spread_rechecks
from tests.cast import START, Cast
from tests.exported import table
from tests.scenarios.test_evening import NOW, all_stages
from tests.stored_calls import store_calls

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("check_deferred")]
NUMBER = "0892690001"
TUESDAY = date(2026, 11, 24)
TEN = datetime(2026, 11, 24, 9, tzinfo=UTC)
# What becomes of each: identifier, channel, outcome, wait, talk and set-up in seconds, name in the source.
STORY: list[tuple[str, str, str, int, int | None, int | None, str]] = [
    ("voice.kept", "voice", "answered", 2, 60, None, "A001"),
    ("voice.left", "voice", "abandoned", 9, None, None, ""),
    ("lsf.kept", "lsf", "answered", 20, 75, 15, "A001"),
    ("lsf.never_ready", "lsf", "answered", 20, 30, 30, "A002"),
    ("lsf.late", "lsf", "answered", 60, 75, 15, "A001"),
    ("lsf.unproven", "lsf", "answered", 5, 75, 15, "A900"),
    ("text.kept", "text", "answered", 3, 60, None, "A003"),
    ("text.left", "text", "abandoned", 30, None, None, ""),
    ("text.sent_away", "text", "timeout", 600, None, None, ""),
]
MINUTE = 600_000  # micro-euros of a minute at the cast's price


def row(offered_at: datetime, rank: int, story: tuple[Any, ...]) -> dict[str, Any]:
    name, channel, outcome, wait, talk, setup, agent = story
    return {
        "external_id": f"{name}.{offered_at:%d}",
        "number": NUMBER,
        "offered_at": offered_at + timedelta(minutes=rank),
        "outcome": outcome,
        "wait_ms": wait * 1000,
        "talk_ms": None if talk is None else talk * 1000,
        "agent": agent,
        "channel": channel,
        "setup_ms": None if setup is None else setup * 1000,
    }


def offer(cast: Cast, channel: str, **more: Any) -> AccessChannel:
    return AccessChannel.objects.create(number=cast.numbers[NUMBER], channel=channel, valid_from=START, **more)


def tell(cast: Cast) -> Cast:
    """The story of a Tuesday from ten o'clock, judged, rated and posted."""
    offer(cast, "lsf")
    offer(cast, "text")
    store_calls(cast.source, [row(TEN, rank, each) for rank, each in enumerate(STORY)])
    all_stages(cast.company.pk)
    return cast


@pytest.fixture
def told(cast: Cast) -> Cast:
    return tell(cast)


def verdicts() -> dict[str, tuple[str, int | None]]:
    rows = Verdict.objects.raw(
        "SELECT v.*, c.external_id FROM agents_verdict v JOIN numbers_call c ON c.id = v.call_id AND c.month = v.month"
    )
    return {row.external_id.rsplit(".", 1)[0]: (row.verdict, row.charged_ms) for row in rows}


def test_a_channels_calls_are_judged_priced_and_shared_like_those_by_voice(told: Cast) -> None:
    assert verdicts() == {
        "voice.kept": ("kept", 60_000),
        "voice.left": ("abandoned", None),
        "lsf.kept": ("kept", 60_000),  # a minute of talk after fifteen seconds that set the interpreter up
        "lsf.never_ready": ("kept", 0),
        "lsf.late": ("late", None),
        "lsf.unproven": ("unproven", None),
        "text.kept": ("kept", 60_000),
        "text.left": ("abandoned", None),
        "text.sent_away": ("unanswered", None),
    }
    # A minute costs the same by every channel: no surcharge.
    assert sorted(RatedCall.objects.values_list("ttc_micros", flat=True)) == [0, MINUTE, MINUTE, MINUTE]
    day = RatedDay.objects.get()
    assert (day.calls, day.billed_ms, day.ttc_micros) == (4, 180_000, 3 * MINUTE)
    # 1.80 EUR with VAT is 1.50 without, of which 60 % are held for wages.
    fund = FundMonth.objects.get()
    assert [str(amount) for amount in (fund.base, fund.due, fund.held)] == ["1.50", "0.90", "0.90"]


def test_each_channel_has_its_line_and_voice_is_what_remains(told: Cast) -> None:
    names = ("calls", "answered", "kept", "late", "unanswered", "unproven", "abandoned", "charged_ms", "free_setup_ms")
    lines = {each.channel: [getattr(each, name) for name in names] for each in ChannelDay.objects.all()}
    assert lines == {
        "lsf": [4, 4, 2, 1, 0, 1, 0, 60_000, 45_000],
        "text": [3, 1, 1, 0, 1, 0, 1, 60_000, 0],
    }
    whole = JudgedDay.objects.get()
    voice = [getattr(whole, name) - sum(line[rank] for line in lines.values()) for rank, name in enumerate(names[:7])]
    assert voice == [2, 1, 1, 0, 0, 0, 1]


def test_hours_of_a_channel_decide_over_its_calls_and_changed_hours_judge_them_again(told: Cast) -> None:
    access = AccessChannel.objects.get(channel="lsf")
    access.opening = "own"
    access.save()
    AccessOpening.objects.create(access=access, weekday=2, opens_s=0, closes_s=86_400)  # Wednesdays only
    spread_rechecks(stage="judge")
    all_stages(told.company.pk)
    assert {name for name, (verdict, _) in verdicts().items() if verdict == "closed"} == {
        "lsf.kept", "lsf.never_ready", "lsf.late", "lsf.unproven",
    }  # fmt: skip
    line = ChannelDay.objects.get(channel="lsf")
    assert (line.calls, line.closed, line.kept, line.charged_ms, line.free_setup_ms) == (4, 4, 0, 0, 0)
    assert sorted(RatedCall.objects.values_list("ttc_micros", flat=True)) == [MINUTE, MINUTE]
    AccessOpening.objects.create(access=access, weekday=1, opens_s=0, closes_s=86_400)
    spread_rechecks(stage="judge")
    all_stages(told.company.pk)
    assert verdicts()["lsf.kept"] == ("kept", 60_000)
    assert ChannelDay.objects.get(channel="lsf").kept == 2


def test_a_channel_that_the_number_does_not_offer_is_closed(cast: Cast) -> None:
    offer(cast, "text")
    store_calls(cast.source, [row(TEN, rank, each) for rank, each in enumerate(STORY)])
    all_stages(cast.company.pk)
    assert verdicts()["lsf.kept"] == ("closed", None)
    assert verdicts()["text.kept"] == ("kept", 60_000)


def test_the_report_of_channels_adds_up_to_the_days(told: Cast) -> None:
    names = ("calls", "kept", "abandoned", "charged_s", "free_setup_s", "ttc_micros")
    rows = {row["channel"]: [row[name] for name in names] for row in table("channels", company=told.company)}
    assert rows == {
        "voice": ["2", "1", "1", "60", "0", str(MINUTE)],
        "lsf": ["4", "2", "0", "60", "45", str(MINUTE)],
        "text": ["3", "1", "1", "60", "0", str(MINUTE)],
    }
    assert list(rows) == ["voice", "lsf", "text"]
    whole, rated = JudgedDay.objects.get(), RatedDay.objects.get()
    assert sum(int(row[0]) for row in rows.values()) == whole.calls
    assert sum(int(row[5]) for row in rows.values()) == rated.ttc_micros


def scans() -> int:
    """How often the tables of channels were read or sought in, in this transaction."""
    tables = ["numbers_accesschannel", "numbers_accessopening", "agents_channelday"]
    with connection.cursor() as cursor:
        cursor.execute(
            """WITH tables AS (SELECT unnest(%s::regclass[])::oid AS oid)
               SELECT sum(pg_stat_get_xact_numscans(oid))
                 FROM (TABLE tables UNION ALL SELECT indexrelid FROM pg_index JOIN tables ON indrelid = oid) AS read""",
            [tables],
        )
        return int(cursor.fetchone()[0])


def test_a_batch_of_voice_alone_asks_nothing_of_channels(cast: Cast) -> None:
    offer(cast, "lsf")
    told = [row(TEN, rank, each) for rank, each in enumerate(STORY)]
    for by_voice, asks in ((True, False), (False, True)):
        store_calls(cast.source, [each for each in told if (each["channel"] == "voice") is by_voice])
        before = scans()
        counts = judge_company(company_id=cast.company.pk, since=START, now=NOW)
        assert counts.calls > 0
        assert (scans() > before) is asks
