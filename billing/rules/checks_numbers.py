"""Findings about numbers: prices over the cap or the plan's ceiling, services that a number may not carry. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from billing.rules.checks import FindingDraft, draft
from billing.rules.checks_ledger import AuditedDay
from billing.rules.rating import CAP_MICROS_PER_MIN
from numbers.rules.access_duty import DutyRow, Week, duty_on, is_named_by_law, shortfall
from numbers.rules.eligibility import Answer, Assessment, Payer, UseCase, assess
from numbers.rules.plan import CeilingRow, Family, Unit, ceiling_on, family_of

_CENT_MICROS = 10_000
_NO_SERVICE_NUMBER = Assessment(
    Answer.DENY,
    "FAMILY",
    "Ce n’est pas un numéro de service à valeur ajoutée.",
    "This is no premium-rate service number.",
    source="Plan de numérotation, ARCEP",
)


@dataclass(frozen=True)
class PricedSpan:
    """A tariff of a number over the days [since, until); until None is open."""

    tariff_id: int
    digits: str
    payer: str
    price_micros: int
    since: date
    until: date | None


@dataclass(frozen=True)
class LiveNumber:
    """A number in service, as enrolled; an empty ``family`` is read from the digits."""

    number_id: int
    digits: str
    use_case: str
    family: str
    payer: str


@dataclass(frozen=True)
class AccessLine:
    """A number in service with the weeks in force of its voice line and of its channels, by channel.

    Args:
        has_other_access: the company published another way in for deaf callers.
    """

    number_id: int
    digits: str
    use_case: str
    is_large: bool
    has_other_access: bool
    voice: Week
    channels: Mapping[str, Week]


def check_cap(days: Sequence[AuditedDay]) -> list[FindingDraft]:
    """Number-days with a call above 0.60 EUR a minute or above its own price, by the calls themselves or their sum."""
    return [
        draft(
            "cap_exceeded",
            each.number_id,
            each.day,
            month=each.day,
            number=each.digits,
            day=str(each.day),
            calls=each.over_cap,
            highest_price_micros=each.highest_price,
        )
        for each in days
        if each.over_cap
        or each.highest_price > CAP_MICROS_PER_MIN
        or each.rolled.ttc_micros * 60_000 > CAP_MICROS_PER_MIN * each.rolled.billed_ms
    ]


def check_tariffs(tariffs: Sequence[PricedSpan], ceilings: Sequence[CeilingRow]) -> list[FindingDraft]:
    """Tariffs above the cap or the plan's ceiling on any of their days, or not a multiple of a cent.

    The plan limits what callers pay: a sponsor's price has only the operator's cap.
    """
    drafts = []
    for each in tariffs:
        limit, since, source = _lowest_limit(each, ceilings)
        if each.price_micros > limit:
            drafts.append(
                draft(
                    "tariff_above_ceiling",
                    each.tariff_id,
                    number=each.digits,
                    tariff=each.tariff_id,
                    price_micros=each.price_micros,
                    ceiling_micros=limit,
                    day=str(since),
                    source=source,
                )
            )
        if each.price_micros % _CENT_MICROS:
            drafts.append(
                draft(
                    "price_not_cents",
                    each.tariff_id,
                    number=each.digits,
                    tariff=each.tariff_id,
                    price_micros=each.price_micros,
                )
            )
    return drafts


def _lowest_limit(each: PricedSpan, ceilings: Sequence[CeilingRow]) -> tuple[int, date, str]:
    """The lowest limit on the tariff's days, the first day it holds, its source. Limits change on few days only."""
    cap = (CAP_MICROS_PER_MIN, each.since, "plafond de l’opérateur")
    if each.payer != Payer.CALLER:
        return cap
    starts = {row.valid_from for row in ceilings} | {row.valid_until for row in ceilings if row.valid_until}
    days = {each.since} | {day for day in starts if each.since <= day and (each.until is None or day < each.until)}
    rows = [(row, day) for day in days if (row := ceiling_on(ceilings, each.digits, unit=Unit.PER_MIN, on=day))]
    return min([(row.ceiling_micros, day, row.source) for row, day in rows] + [cap])


def check_eligibility(numbers: Sequence[LiveNumber], *, on: date) -> list[FindingDraft]:
    """Numbers in service whose use the matrix denies on a day (error), or allows under a condition (info)."""
    drafts = []
    for each in numbers:
        family = Family(each.family) if each.family else family_of(each.digits)
        found = assess(UseCase(each.use_case), family, Payer(each.payer), on) if family else _NO_SERVICE_NUMBER
        if found.answer is Answer.ALLOW:
            continue
        denied = found.answer is Answer.DENY
        drafts.append(
            draft(
                "not_eligible" if denied else "eligible_if",
                each.number_id,
                number=each.digits,
                use_case=each.use_case,
                family=family,
                payer=each.payer,
                code=found.code,
                reason=found.reason_fr,
                reason_en=found.reason_en,
                source=found.source,
            )
        )
    return drafts


def check_access(lines: Sequence[AccessLine], duties: Sequence[DutyRow], *, on: date) -> list[FindingDraft]:
    """Channels that are open less than the law asks on a day, and lines that it names and no deaf caller can reach.

    A channel that is offered without being asked for is held to the same hours: callers count on them.
    """
    duty = duty_on(duties, on)
    if duty is None:
        return []
    drafts = []
    for each in lines:
        named = is_named_by_law(UseCase(each.use_case), is_large=each.is_large)
        if named and not each.channels and not each.has_other_access:
            drafts.append(draft("access_missing", each.number_id, number=each.digits, use_case=each.use_case))
        for channel, week in sorted(each.channels.items()):
            short = shortfall(each.voice, week, least_bp=duty.least_share_bp)
            if short is not None:
                drafts.append(
                    draft(
                        "access_hours_short",
                        each.number_id,
                        channel,
                        number=each.digits,
                        channel=channel,
                        open_bp=short.open_bp,
                        least_bp=short.least_bp,
                        missing_s=short.missing_s,
                        weekdays=list(short.weekdays),
                        is_named_by_law=named,
                    )
                )
    return drafts
