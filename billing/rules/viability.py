"""Will a line pay the people who answer it? A first estimate from a company's own figures. Pure.

Money is exact integers; staff is an estimate (Erlang C) rounded up to tenths of an hour. It promises nothing: calls
that break the promise, quiet weeks and training are not in it, and each figure is shown with how it was made.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from agents.rules.erlang import StaffedHour, agents_for_promise
from billing.rules.shares import Cents, DayTotals, cents_of, exact_of
from illico_platform.lib.money import divide_half_up

_BP = 10_000
_WEEKS, _MONTHS = 52, 12
LEAVE_BP = 11_000  # a worked hour costs its pay and the paid leave it earns, about one tenth (L.3141-3)
ON_PHONE_BP = 8730  # of a paid hour: a tenth of pauses and training, 3 % of hours lost in rosters


class Outcome(StrEnum):
    """What the estimate says, in a word."""

    HOLDS = "holds"
    TIGHT = "tight"
    FAILS = "fails"


@dataclass(frozen=True)
class EmployerRates:
    """Employer's contributions from a day on: full rate, and the degressive relief that low pay gets back."""

    since: date
    full_bp: int
    relief_floor: float
    relief_top: float
    source: str


# Source: openfisca-france at a7038ee, firms under 50 people; the full rate is a sum of usual items, not of one firm.
EMPLOYER_RATES = (EmployerRates(date(2026, 1, 1), 4270, 0.02, 0.3781, "réduction générale 2026, moins de 50 salariés"),)


@dataclass(frozen=True)
class Expectation:
    """What the company expects, and what it will pay.

    Args:
        calls_per_day, calls_busiest_hour: of an ordinary open day.
        talk_s, wrap_s: seconds of conversation that are billed, and of notes after it that are not.
        open_s_per_week, open_days_per_week: from the opening hours.
        target_bp: share of calls to answer within 60 s.
        hourly_micros: gross pay of an hour; other_micros: seat, tools, telephone, supervision, per paid hour.
    """

    calls_per_day: int
    calls_busiest_hour: int
    talk_s: int
    wrap_s: int
    open_s_per_week: int
    open_days_per_week: int
    target_bp: int
    hourly_micros: int
    other_micros: int


@dataclass(frozen=True)
class Terms:
    """The dated rows that hold on the day of the estimate: price, VAT, shares, wage policy, minimum wage."""

    price_micros: int
    vat_bp: int
    carriers_bp: int
    fee_bp: int
    wage_bp: int
    wage_base: str
    minimum_micros: int
    on: date


@dataclass(frozen=True)
class Estimate:
    """A month, in whole cents and tenths of hours; ``per_hour`` figures are micro-euros of a paid hour."""

    outcome: Outcome
    calls_month: int
    billed_s_month: int
    money: Cents
    usual: StaffedHour
    busiest: StaffedHour
    paid_hours_tenths: int
    share_per_hour: int
    wage_share_per_hour: int
    pay_per_hour: int
    cost_per_hour: int
    employer_bp: int
    pays_minimum: bool

    @property
    def company_share(self) -> int:
        """What the company receives in a month, wage hold included, in cents."""
        return self.money.hold + self.money.available


def estimate(expected: Expectation, terms: Terms) -> Estimate:
    """A month of the line: revenue, shares, staff for the promise, and what an hour brings against what it costs.

    It holds when the company's share of a paid hour covers pay, contributions and the other costs; it is tight when it
    covers pay and contributions only.

    Raises:
        ValueError: no call, no opening hour, or a target beyond reach.
    Source: shares as posted every night (``shares``); minimum wage and relief, see ``EMPLOYER_RATES``.
    """
    if min(expected.calls_per_day, expected.talk_s, expected.open_s_per_week, expected.open_days_per_week) <= 0:
        raise ValueError("an estimate needs calls, conversations and opening hours")
    calls = expected.calls_per_day * expected.open_days_per_week * _WEEKS // _MONTHS
    money = _money(calls * expected.talk_s, terms)
    usual, busiest = _staff(expected)
    tenths = _paid_hours_tenths(expected, usual, busiest)
    employer_bp = employer_rate_bp(pay_micros=expected.hourly_micros, minimum_micros=terms.minimum_micros, on=terms.on)
    pay = divide_half_up(expected.hourly_micros * LEAVE_BP, _BP)
    loaded = divide_half_up(pay * (_BP + employer_bp), _BP)
    share = divide_half_up((money.hold + money.available) * 100_000, tenths)
    covered = Outcome.TIGHT if share >= loaded else Outcome.FAILS
    return Estimate(
        outcome=Outcome.HOLDS if share >= loaded + expected.other_micros else covered,
        calls_month=calls,
        billed_s_month=calls * expected.talk_s,
        money=money,
        usual=usual,
        busiest=busiest,
        paid_hours_tenths=tenths,
        share_per_hour=share,
        wage_share_per_hour=divide_half_up(money.hold * 100_000, tenths),
        pay_per_hour=pay,
        cost_per_hour=loaded + expected.other_micros,
        employer_bp=employer_bp,
        pays_minimum=expected.hourly_micros >= terms.minimum_micros,
    )


def employer_rate_bp(*, pay_micros: int, minimum_micros: int, on: date) -> int:
    """Employer's contributions after relief, basis points of gross pay, at least zero.

    Args:
        pay_micros, minimum_micros: gross pay of an hour and the minimum wage that day.
    Raises:
        ValueError: no pay, or no rates known on that day.

    >>> wage, day = 12_310_000, date(2026, 11, 25)
    >>> employer_rate_bp(pay_micros=wage, minimum_micros=wage, on=day)
    289
    """
    held = [row for row in EMPLOYER_RATES if row.since <= on]
    if not held or pay_micros <= 0:
        raise ValueError(f"no employer's rates for this pay on {on}")
    row = held[-1]
    above = max(0.0, (3 * minimum_micros / pay_micros - 1) / 2)
    relief = row.relief_floor + round(row.relief_top * above**1.75, 4) if above else 0.0
    relief_bp = round(min(relief, row.relief_floor + row.relief_top) * _BP)
    return max(0, row.full_bp - relief_bp)


def _money(billed_s: int, terms: Terms) -> Cents:
    ttc = terms.price_micros * billed_s // 60
    ht = divide_half_up(ttc * _BP, _BP + terms.vat_bp)
    totals = DayTotals(ttc, ht, terms.vat_bp, terms.carriers_bp, terms.fee_bp, terms.wage_bp, terms.wage_base)
    return cents_of(exact_of(totals))


def _staff(expected: Expectation) -> tuple[StaffedHour, StaffedHour]:
    """Who must be there in an ordinary open hour, and in the busiest of the day."""
    hours_per_day = max(1, divide_half_up(expected.open_s_per_week, expected.open_days_per_week * 3600))
    usual = -(-expected.calls_per_day // hours_per_day)
    handle_s = expected.talk_s + expected.wrap_s
    found = [
        agents_for_promise(calls_per_hour=calls, handle_s=handle_s, target_bp=expected.target_bp)
        for calls in (usual, max(usual, expected.calls_busiest_hour))
    ]
    return found[0], found[1]


def _paid_hours_tenths(expected: Expectation, usual: StaffedHour, busiest: StaffedHour) -> int:
    """Paid hours of a month, tenths: the usual staff at all hours, the busiest hour's once a day, pauses included."""
    phone_s = usual.agents * expected.open_s_per_week
    phone_s += (busiest.agents - usual.agents) * 3600 * expected.open_days_per_week
    numerator = phone_s * _WEEKS * 10 * _BP
    return max(1, -(-numerator // (_MONTHS * 3600 * ON_PHONE_BP)))
