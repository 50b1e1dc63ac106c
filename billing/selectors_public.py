"""What anybody may know of the numbers in service: who, what for, price, hours, how well the promise was kept.

Values only, never models: what is not named here cannot reach a public page.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl
from django.db import connection
from django.db.models import F, Func, Max, Q, QuerySet, Sum, TextField, Value
from django.db.models.functions import Coalesce, Concat, Lower, NullIf

from agents.models import JudgedDay
from agents.rules.promise_rate import PromiseRate, promise_rate
from billing.models import Tariff
from billing.selectors_channels import ChannelLine, counts_by_number, lines_of
from numbers.models import HolidayRule, OpeningException, OpeningHours, PremiumNumber
from numbers.rules.hours import EXCEPTIONS_SCHEMA, HOURS_SCHEMA, POLICIES_SCHEMA, spans_of_days, with_holidays
from numbers.rules.lifecycle import Status
from numbers.rules.opening import Run, Span, runs_of
from numbers.selectors_channels import channel_spans, offers_of

RATE_DAYS = 30
HORIZON_DAYS = 15  # how far ahead « opens at » looks, and public holidays are announced; a company's own days always
COUNTED = ("kept", "late", "unproven", "unanswered", "abandoned")  # verdicts that the promise covers
_ACCENTED, _PLAIN = "àâäçéèêëîïôöùûüÿœæ’", "aaaceeeeiioouuuyoa'"
# The histories are written by triggers: no way of editing escapes them, so their last row dates the directory.
_HISTORIES = (
    "numbers_premiumnumberevent",
    "numbers_companyevent",
    "numbers_directoryrecordevent",
    "numbers_openinghoursevent",
    "numbers_openingexceptionevent",
    "numbers_holidayruleevent",
    "numbers_accesschannelevent",
    "numbers_accessopeningevent",
    "billing_tariffevent",
)
# A row taken away leaves no history.
_SHRINKING = (
    "numbers_openinghours",
    "numbers_openingexception",
    "numbers_holidayrule",
    "numbers_accesschannel",
    "numbers_accessopening",
)
_FIELDS = {
    "title": Coalesce(NullIf("label", Value("")), "directory__purpose", Value("")),
    "purpose": Coalesce("directory__purpose", Value("")),
    "provider": Coalesce("directory__provider_name", "company__name"),
    "address": Coalesce("directory__provider_address", "company__address", output_field=TextField()),
    "siren": F("company__siren"),
    "complaint_contact": Coalesce("directory__complaint_contact", "company__complaint_contact"),
    "website": Coalesce("directory__website", Value("")),
    "deaf_access": Coalesce("directory__deaf_access", Value("")),
}


@dataclass(frozen=True)
class PublicChannel:
    """A channel that a number offers beside voice: its week, and its opening spans of today and the days ahead."""

    channel: str
    is_same: bool
    week: list[list[tuple[int, int]]]
    spans: list[Span]


@dataclass(frozen=True)
class PublicNumber:
    """One number in service as the directory shows it.

    Args:
        price_micros: for the caller, per minute, VAT included; 0 when a sponsor pays, None when no price is in force.
        counts: calls of the last ``RATE_DAYS`` days by verdict (``COUNTED``); rate: what the promise became of them.
        spans: opening spans of today and the days ahead; dated: the days to come with hours of their own.
        channels: offered today beside voice; by_channel: the same calls a line a channel, empty where voice is alone.
    """

    digits: str
    family: str
    payer: str
    use_case: str
    title: str
    purpose: str
    provider: str
    address: str
    siren: str
    complaint_contact: str
    website: str
    deaf_access: str
    price_micros: int | None
    counts: dict[str, int]
    rate: PromiseRate
    spans: list[Span] = field(default_factory=list)
    dated: list[Run] = field(default_factory=list)
    week: list[list[tuple[int, int]]] = field(default_factory=list)
    channels: list[PublicChannel] = field(default_factory=list)
    by_channel: list[ChannelLine] = field(default_factory=list)


def directory_stamp() -> str:
    """Changes whenever a number in the directory, its company, hours or price does; one cheap query."""
    last = [f"(SELECT max(pgh_id) FROM {table})" for table in _HISTORIES]
    columns = ", ".join(last + [f"(SELECT count(*) FROM {table})" for table in _SHRINKING])
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns}")
        return "-".join(str(each or 0) for each in cursor.fetchone())


def live_numbers(*, words: Sequence[str] = (), digits: str = "", use_case: str = "") -> QuerySet[Any, dict[str, Any]]:
    """The numbers in service as values, in the order of their digits.

    Args:
        words: each must stand in the service's name, purpose or provider; case and accents do not matter.
        digits: part of the number.
        use_case: only numbers of this use.
    """
    rows = PremiumNumber.objects.filter(status=Status.LIVE, company__is_active=True)
    if digits:
        rows = rows.filter(digits__contains=digits)
    if use_case:
        rows = rows.filter(use_case=use_case)
    if words:
        said = Concat(
            "label", Value(" "), _FIELDS["purpose"], Value(" "), _FIELDS["provider"], output_field=TextField()
        )
        rows = rows.annotate(said=_folded(said))
        for word in words:
            rows = rows.filter(said__contains=fold(word))
    return _values(rows)


def own_numbers(*, company_id: int) -> QuerySet[Any, dict[str, Any]]:
    """A company's numbers in whatever state, as values for ``described``: what it sees is what callers will see."""
    return _values(PremiumNumber.objects.filter(company_id=company_id))


def uses_offered() -> list[str]:
    """The uses that some number in service has."""
    rows = PremiumNumber.objects.filter(status=Status.LIVE, company__is_active=True)
    return sorted(rows.order_by().values_list("use_case", flat=True).distinct())


def addresses() -> list[tuple[str, datetime | None]]:
    """The digits of every number in service, and when it was put there, where that is recorded."""
    step = Max("transitions__at", filter=Q(transitions__to_status=Status.LIVE))
    rows = PremiumNumber.objects.filter(status=Status.LIVE, company__is_active=True)
    return list(rows.order_by("digits").annotate(since=step).values_list("digits", "since"))


def described(rows: Iterable[dict[str, Any]], *, day: date) -> list[PublicNumber]:
    """Each row of ``live_numbers`` with its price, hours and guarantee rate on a day; never more queries for more."""
    rows = list(rows)
    ids = [row["id"] for row in rows]
    prices, counts, hours = _prices(ids, day), _counts(ids, day), _Hours(rows, day)
    by_channel = counts_by_number(ids, first=day - timedelta(days=RATE_DAYS), last=day - timedelta(days=1))
    found = []
    for row in rows:
        number_id = row.pop("id")
        mine = counts.get(number_id, dict.fromkeys(COUNTED, 0))
        found.append(
            PublicNumber(
                **row,
                price_micros=0 if row["payer"] == "sponsor" else prices.get(number_id),
                counts=mine,
                rate=promise_rate(**mine),
                spans=hours.spans.get(number_id, []),
                dated=hours.dated.get(number_id, []),
                week=hours.weeks.get(number_id, []),
                channels=hours.channels.get(number_id, []),
                by_channel=lines_of(by_channel.get(number_id, {}), mine),
            )
        )
    return found


def state_of(*, digits: str) -> str:
    """Where a number stands that is not in the directory: suspended, ceased, or empty for all that nobody may know."""
    states = set(PremiumNumber.objects.filter(digits=digits).values_list("status", "company__is_active"))
    known = {status for status, _ in states}
    if Status.SUSPENDED in known or (Status.LIVE, False) in states:
        return "suspended"
    return "ceased" if known & {Status.CEASED, Status.QUARANTINED} else ""


def fold(text: str) -> str:
    """Lower case without the accents of French: how words are compared.

    >>> fold("Écoute")
    'ecoute'
    """
    return text.lower().translate(str.maketrans(_ACCENTED, _PLAIN))


def _values(rows: QuerySet[PremiumNumber]) -> QuerySet[Any, dict[str, Any]]:
    return rows.order_by("digits").values("id", "digits", "family", "payer", "use_case", **_FIELDS)


def _folded(expression: Any) -> Func:
    return Func(Lower(expression), Value(_ACCENTED), Value(_PLAIN), function="translate", output_field=TextField())


def _prices(ids: list[int], day: date) -> dict[int, int]:
    rows = Tariff.objects.filter(number_id__in=ids, valid_from__lte=day)
    return dict(rows.exclude(valid_until__lte=day).order_by().values_list("number_id", "price_micros"))


def _counts(ids: list[int], day: date) -> dict[int, dict[str, int]]:
    days = JudgedDay.objects.filter(number_id__in=ids, day__gte=day - timedelta(days=RATE_DAYS), day__lt=day)
    sums = days.order_by().values("number_id").annotate(**{f"{kind}_sum": Sum(kind) for kind in COUNTED})
    return {row["number_id"]: {kind: row[f"{kind}_sum"] for kind in COUNTED} for row in sums}


class _Hours:
    """Of each number: its spans from a day on, the days with hours of their own, and its usual week."""

    def __init__(self, rows: list[dict[str, Any]], day: date) -> None:
        ids = [row["id"] for row in rows]
        last = day + timedelta(days=HORIZON_DAYS - 1)
        weekly = OpeningHours.objects.filter(number_id__in=ids, valid_from__lte=last).exclude(valid_until__lte=day)
        own = OpeningException.objects.filter(number_id__in=ids, day__gte=day)
        choices = HolidayRule.objects.filter(number_id__in=ids, valid_from__lte=last).exclude(valid_until__lte=day)
        hours, dated = _frame(weekly, HOURS_SCHEMA), _frame(own, EXCEPTIONS_SCHEMA | {"reason": pl.String})
        exceptions = with_holidays(dated.drop("reason"), hours, _frame(choices, POLICIES_SCHEMA), first=day, last=last)
        numbers = pl.DataFrame({"number_id": ids}, schema={"number_id": pl.Int64})
        asked = numbers.join(pl.DataFrame({"day": pl.date_range(day, last, eager=True)}), how="cross")
        self.spans = _by_number(spans_of_days(asked, hours, exceptions).sort("number_id", "day", "opens_s").rows())
        reasons = dated.select("number_id", "day", "reason").unique(["number_id", "day"])
        self.dated = _runs(exceptions.join(reasons, on=["number_id", "day"], how="left"))
        self.weeks: dict[int, list[list[tuple[int, int]]]] = {number_id: [[] for _ in range(7)] for number_id in ids}
        for row in hours.filter(pl.col("valid_from") <= day).sort("number_id", "weekday", "opens_s").iter_rows():
            self.weeks[row[0]][row[1]].append((row[2], row[3]))
        self.channels = _channels(ids, asked, hours, exceptions, day)


def _channels(
    ids: list[int], days: pl.DataFrame, hours: pl.DataFrame, exceptions: pl.DataFrame, day: date
) -> dict[int, list[PublicChannel]]:
    """Of each number the channels that it offers on the day, with their week and the spans of the days ahead."""
    offers = offers_of(ids, day=day)
    spans: dict[tuple[int, str], list[Span]] = {}
    for number_id, channel, *span in channel_spans(days, hours, exceptions).iter_rows() if offers else ():
        spans.setdefault((number_id, channel), []).append(tuple(span))
    return {
        number_id: [
            PublicChannel(each.channel, each.is_same, each.week, spans.get((number_id, each.channel), []))
            for each in rows
        ]
        for number_id, rows in offers.items()
    }


def _runs(rows: pl.DataFrame) -> dict[int, list[Run]]:
    """Of each number its days with hours of their own; what has no reason comes of public holidays."""
    span = pl.concat_list("opens_s", "closes_s").filter(pl.col("opens_s").is_not_null())
    days = rows.sort("number_id", "day", "opens_s").group_by("number_id", "day").agg(span, pl.col("reason").first())
    told: dict[int, list[Any]] = {}
    for number_id, day, spans, reason in days.iter_rows():
        told.setdefault(number_id, []).append((day, tuple(tuple(each) for each in spans), reason))
    return {number_id: runs_of(each) for number_id, each in told.items()}


def _frame(rows: QuerySet[Any], schema: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows.order_by().values_list(*schema)), schema=schema, orient="row")


def _by_number(rows: Iterable[tuple[Any, ...]]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for number_id, *rest in rows:
        found.setdefault(number_id, []).append(tuple(rest))
    return found
