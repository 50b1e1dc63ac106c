"""Findings about the books: postings against rated days, rated days against calls, balance, chain. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from billing.rules.checks import FindingDraft, draft
from billing.rules.postings import ACCOUNTS
from billing.rules.shares import Exact, cents_of


@dataclass(frozen=True)
class PostedMonth:
    """One number's month: the exact totals of its posted days, and the cents that its entries sum to, per column."""

    number_id: int
    digits: str
    month: date
    exact: Exact
    posted: Mapping[str, int]


@dataclass(frozen=True)
class DaySums:
    """Sums over one number-day's calls: how many charged, milliseconds billed, micro-euros."""

    calls: int
    billed_ms: int
    ttc_micros: int
    ht_micros: int


@dataclass(frozen=True)
class AuditedDay:
    """One number-day: what its roll-up says and what its rated calls sum to.

    ``over_cap``: calls above 0.60 EUR a minute or above the price in their own row; ``kept``: calls that were judged
    kept and are not unpriced, None while the verdicts are newer than the prices.
    """

    number_id: int
    digits: str
    day: date
    rolled: DaySums
    summed: DaySums
    kept: int | None
    over_cap: int
    highest_price: int


@dataclass(frozen=True)
class ChainLink:
    """A sealed entry: what it says of itself and its predecessor, and its hash as recomputed now."""

    entry_id: int
    journal: str
    year: int
    number: int
    prev_hash: str
    hash: str
    computed: str


def check_posted(months: Sequence[PostedMonth]) -> list[FindingDraft]:
    """Number-months whose entries do not sum to the rounded month of their posted days, column by column."""
    drafts = []
    for each in months:
        cents = cents_of(each.exact)
        expected = {column: getattr(cents, column) for column in ACCOUNTS}
        differs = {c: (expected[c], each.posted.get(c, 0)) for c in ACCOUNTS if expected[c] != each.posted.get(c, 0)}
        if not differs:
            continue
        drafts.append(
            draft(
                "posted_differs",
                each.number_id,
                f"{each.month:%Y-%m}",
                month=each.month,
                number=each.digits,
                columns={
                    c: {"expected_cents": wanted, "posted_cents": found} for c, (wanted, found) in differs.items()
                },
            )
        )
    return drafts


def check_rated(days: Sequence[AuditedDay]) -> list[FindingDraft]:
    """Number-days whose roll-up does not equal the sum of their rated calls, or whose kept calls are not all priced."""
    drafts = []
    for each in days:
        missing = each.kept is not None and each.kept != each.rolled.calls
        if each.rolled == each.summed and not missing:
            continue
        drafts.append(
            draft(
                "rated_differs",
                each.number_id,
                each.day,
                month=each.day,
                number=each.digits,
                day=str(each.day),
                rolled=vars(each.rolled),
                summed=vars(each.summed),
                kept=each.kept,
            )
        )
    return drafts


def check_balance(entries: Iterable[tuple[int, date, int, int, int]]) -> list[FindingDraft]:
    """Entries that do not balance or have fewer than two lines.

    Args:
        entries: (entry id, month it speaks of, debit cents, credit cents, lines).
    """
    return [
        draft(
            "entry_unbalanced",
            entry_id,
            month=month,
            entry=entry_id,
            debit_cents=debit,
            credit_cents=credit,
            lines=lines,
        )
        for entry_id, month, debit, credit, lines in entries
        if debit != credit or lines < 2
    ]


def check_chain(
    links: Iterable[ChainLink], *, number: int, prev_hash: str, last: tuple[int, str]
) -> list[FindingDraft]:
    """The first entry of one journal's year that does not follow its predecessor or whose hash does not recompute.

    Args:
        links: the entries in order of number; nothing is read after the first that is broken.
        number, prev_hash: of the entry before the first link (0 and empty: none).
        last: number and hash where the journal says its chain ends.
    """
    link = None
    for link in links:
        broken = _broken(link, number, prev_hash)
        if broken:
            return [_chain_draft(link, broken, number + 1)]
        number, prev_hash = link.number, link.hash
    if link is not None and (number, prev_hash) != last:
        return [_chain_draft(link, "last", last[0])]
    return []


def _broken(link: ChainLink, number: int, prev_hash: str) -> str:
    """What is wrong with the entry after ``number``, in a word; empty when nothing is."""
    if link.number != number + 1:
        return "missing"
    if link.prev_hash != prev_hash:
        return "previous"
    return "" if link.hash == link.computed else "hash"


def _chain_draft(link: ChainLink, broken: str, awaited: int) -> FindingDraft:
    return draft(
        "chain_broken",
        link.journal,
        link.year,
        entry=link.entry_id,
        journal=link.journal,
        year=link.year,
        number=link.number,
        broken=broken,
        awaited=awaited,
    )
