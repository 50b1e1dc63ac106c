"""Recompute the hashes of the sealed entries of the open months and follow the chain."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Min, QuerySet

from billing.models import Entry, JournalYear
from billing.rules.checks import FindingDraft
from billing.rules.checks_ledger import ChainLink, check_chain
from billing.services.record_findings import Checked
from billing.services.seal import entry_hash

_CHUNK = 2000  # entries held in memory at once


def chain_checked(*, since: date) -> list[Checked]:
    """The first broken entry of each journal and year, from the first entry of the open months to the end."""
    drafts = [found for state in JournalYear.objects.order_by("journal", "year") for found in _check(state, since)]
    return [Checked(["chain_broken"], drafts)]


def _check(state: JournalYear, since: date) -> list[FindingDraft]:
    sealed = Entry.objects.filter(journal_id=state.journal_id, year=state.year).exclude(hash=None)
    first = sealed.filter(effective_on__gte=since).aggregate(first=Min("number"))["first"]
    if first is None:
        return []
    before = sealed.filter(number__lt=first).order_by("-number").values_list("number", "hash").first()
    number, prev_hash = before or (0, "")
    links = _links(sealed.filter(number__gte=first, number__lte=state.last_number))
    return check_chain(links, number=number, prev_hash=prev_hash, last=(state.last_number, state.last_hash))


def _links(sealed: QuerySet[Entry]) -> Iterator[ChainLink]:
    for entry in sealed.order_by("number").prefetch_related("lines").iterator(chunk_size=_CHUNK):
        computed = entry_hash(entry, number=entry.number, prev_hash=entry.prev_hash)
        yield ChainLink(entry.pk, entry.journal_id, entry.year, entry.number, entry.prev_hash, entry.hash, computed)
