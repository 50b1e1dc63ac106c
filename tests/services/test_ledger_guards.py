"""The ledger's guards, in the database itself: append-only, balanced, gapless, chained, closed periods closed."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError

from billing.models import Entry, Line, Period
from billing.services.seal import entry_hash, seal_entries
from billing.services.write_entries import EntryDraft, write_entries
from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 11, 26, 1, 15, tzinfo=UTC)
REFUSED = (IntegrityError, InternalError)


def draft(cast: Cast, key: str, lines: Sequence[tuple[str, int, int]], *, on: date = date(2026, 11, 25)) -> EntryDraft:
    return EntryDraft(
        journal="VE", kind="day", effective_on=on, label="essai", piece_ref="P", company_id=cast.company.pk,
        line_number_id=None, subject_month=on.replace(day=1), subject_day=on, corrects_id=None, source_key=key,
        inputs_hash="0", lines=lines,
    )  # fmt: skip


def write(cast: Cast, key: str = "a", *, on: date = date(2026, 11, 25)) -> Entry:
    with transaction.atomic():
        return write_entries([draft(cast, key, [("411", 500, 0), ("4671", 0, 500)], on=on)], now=NOW)[0]


@pytest.mark.parametrize("lines", [[("411", 500, 0)], [("411", 500, 0), ("4671", 0, 499)], []])
def test_an_entry_that_does_not_balance_is_refused_at_commit(cast: Cast, lines: list[tuple[str, int, int]]) -> None:
    with pytest.raises(REFUSED, match="does not balance"), transaction.atomic():
        write_entries([draft(cast, "a", lines)], now=NOW)
    assert not Entry.objects.exists()


def test_a_line_has_one_side_only(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        write_entries([draft(cast, "a", [("411", 500, 500), ("4671", 500, 500)])], now=NOW)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE billing_line SET debit = debit + 1 WHERE debit > 0",
        "DELETE FROM billing_line",
        "DELETE FROM billing_entry",
        "UPDATE billing_entry SET label = 'autre'",
        "UPDATE billing_entry SET number = 1, prev_hash = '', hash = 'x', label = 'autre'",
    ],
)
@pytest.mark.parametrize("sealed", [False, True])
def test_nothing_is_edited_or_deleted(cast: Cast, statement: str, sealed: bool) -> None:
    write(cast)
    if sealed:
        seal_entries()
    with pytest.raises(REFUSED, match="append-only"), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("tables", ["billing_entry, billing_line", "billing_line", "billing_account CASCADE"])
def test_nothing_is_truncated(cast: Cast, tables: str) -> None:
    write(cast)
    statements = f"SET LOCAL illico.allow_truncate = ''; TRUNCATE {tables}"
    with pytest.raises(REFUSED, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statements)
    assert Line.objects.count() == 2


def test_no_line_joins_a_sealed_entry(cast: Cast) -> None:
    entry = write(cast)
    seal_entries()
    with pytest.raises(REFUSED, match="append-only"), transaction.atomic():
        Line.objects.create(entry=entry, position=9, account_id="411", debit=1)


def test_a_closed_period_refuses_entries(cast: Cast) -> None:
    Period.objects.create(month=date(2026, 10, 1), closed_at=NOW)
    with pytest.raises(REFUSED, match="2026-10 is closed"):
        write(cast, on=date(2026, 10, 31))
    write(cast, on=date(2026, 11, 1))


def test_the_same_source_key_is_written_once(cast: Cast) -> None:
    write(cast, "day:1")
    with pytest.raises(IntegrityError, match="source_key"):
        write(cast, "day:1")


def test_numbers_have_no_gap_and_hashes_chain(cast: Cast) -> None:
    for key in "abc":
        write(cast, key)
    assert seal_entries() == 3
    write(cast, "d")
    assert seal_entries() == 1
    entries = list(Entry.objects.order_by("number").prefetch_related("lines"))
    assert [entry.number for entry in entries] == [1, 2, 3, 4]
    previous = ""
    for entry in entries:
        assert entry.prev_hash == previous
        previous = entry_hash(entry, number=entry.number, prev_hash=previous)
        assert entry.hash == previous


@pytest.mark.parametrize(("number", "prev_hash"), [(3, "x"), (2, "wrong")])
def test_a_seal_that_skips_or_breaks_the_chain_is_refused(cast: Cast, number: int, prev_hash: str) -> None:
    write(cast, "a")
    seal_entries()
    later = write(cast, "b")
    with pytest.raises(REFUSED, match="does not follow"), transaction.atomic():
        Entry.objects.filter(pk=later.pk).update(number=number, prev_hash=prev_hash, hash="y")
