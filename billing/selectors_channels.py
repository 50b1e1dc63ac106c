"""How the promise was kept by each channel: voice, sign language, cued speech, text. It only reads."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet, Sum

from agents.models import ChannelDay
from agents.models.verdict import VerdictKind
from agents.rules.promise_rate import PromiseRate
from billing.selectors_home import rate_of
from numbers.models import Channel

Counts = Mapping[str, int]


@dataclass(frozen=True)
class ChannelLine:
    """The calls of one channel by verdict, and what the promise became of them."""

    channel: str
    counts: dict[str, int]
    rate: PromiseRate

    @property
    def label(self) -> str:
        """The channel's name in the reader's language, also where the line was kept for another."""
        return str(Channel(self.channel).label)


def channel_lines(*, first: date, last: date, whole: Counts, **of: Any) -> list[ChannelLine]:
    """A line a channel over days, both included, voice first; empty where voice alone was used.

    Args:
        whole: the calls of all channels by verdict; what no other channel has is voice's.
        of: what narrows the days: ``company_id``, ``number_id``.
    """
    rows = ChannelDay.objects.filter(day__range=(first, last), **of)
    others = {row["channel"]: row["counts"] for row in _summed(rows, "channel")}
    return lines_of(others, whole)


def counts_by_number(number_ids: Sequence[int], *, first: date, last: date) -> dict[int, dict[str, Counts]]:
    """The calls by verdict of each channel beside voice, of each of these numbers that had any."""
    found: dict[int, dict[str, Counts]] = {}
    rows = ChannelDay.objects.filter(number_id__in=number_ids, day__range=(first, last))
    for row in _summed(rows, "number_id", "channel"):
        found.setdefault(row["number_id"], {})[row["channel"]] = row["counts"]
    return found


def _summed(rows: QuerySet[ChannelDay], *by: str) -> Iterator[dict[str, Any]]:
    sums = {f"{kind}_sum": Sum(kind) for kind in VerdictKind.values}
    for row in rows.order_by(*by).values(*by).annotate(**sums):
        counts = {kind: row[f"{kind}_sum"] for kind in VerdictKind.values}
        yield {name: row[name] for name in by} | {"counts": counts}


def lines_of(others: Mapping[str, Counts], whole: Counts) -> list[ChannelLine]:
    """The lines of these channels, and on top that of voice, which is what remains of the whole."""
    if not others:
        return []
    rest = {kind: calls - sum(counts[kind] for counts in others.values()) for kind, calls in whole.items()}
    found = {Channel.VOICE.value: rest, **others}
    return [ChannelLine(channel, dict(counts), rate_of(counts)) for channel, counts in found.items()]
