"""Will a line pay the people who answer it? A first estimate from a company's own figures. Pure.

Money is exact integers; staff is an estimate (Erlang C) rounded up to tenths of an hour. It promises nothing: calls
that break the promise, quiet weeks and training are not in it, and each figure is shown with how it was made.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from agents.rules.erlang import StaffedHour, agents_for_promise
from billing.rules.shares import Cents, DayTotals, cents_of, exact_of
from illico_platform.lib.money import divide_half_up

_BP = 10_000
_WEEKS, _MONTHS = 52, 12
ON_PHONE_BP = 8730  # the operator's planning figures: a tenth of pauses and training, 3 % of hours lost in rosters


class Outcome(StrEnum):
    """What the estimate says, in a word."""

    HOLDS = "holds"
    TIGHT = "tight"
    FAILS = "fails"


@dataclass(frozen=True)
class EmployerRates:
    """What an hour costs above its gross pay from a day on: paid leave, contributions, and the relief on low pay.

    Args:
        leave_bp: pay of an hour worked with the paid leave that it earns, basis points of the hour.
        full_bp: contributions before relief, basis points of gross pay.
        relief_floor, relief_top: of the degressive relief; together its highest share of pay.
        verified: whether somebody compared the row with the texts themselves.
    """

    since: date
    leave_bp: int
    full_bp: int
    relief_floor: float
    relief_top: float
    source: str
    verified: bool


# The full rate is a sum of usual items, not of one firm; the leave is 2.5 working days a month, taken as one tenth.
EMPLOYER_RATES: tuple[EmployerRates, ...] = (
    EmployerRates(
        since=date(2026, 1, 1),
        leave_bp=11_000,
        full_bp=4270,
        relief_floor=0.02,
        relief_top=0.3781,
        source="réduction générale 2026, moins de 50 salariés (openfisca-france a7038ee) ; congés, C. trav. L.3141-3",
        verified=False,
    ),
)


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
    rates = employer_rates_on(terms.on)
    employer_bp = employer_rate_bp(pay_micros=expected.hourly_micros, minimum_micros=terms.minimum_micros, rates=rates)
    pay = divide_half_up(expected.hourly_micros * rates.leave_bp, _BP)
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


def employer_rates_on(on: date, *, rows: Iterable[EmployerRates] = EMPLOYER_RATES) -> EmployerRates:
    """The row that holds on a day.

    Raises:
        ValueError: none does.
    """
    held = [row for row in rows if row.since <= on]
    if not held:
        raise ValueError(f"no employer's rates known on {on}")
    return max(held, key=lambda row: row.since)


def employer_rate_bp(*, pay_micros: int, minimum_micros: int, rates: EmployerRates) -> int:
    """Employer's contributions after relief, basis points of gross pay, at least zero.

    Args:
        pay_micros, minimum_micros: gross pay of an hour and the minimum wage that day.
    Raises:
        ValueError: no pay.
    Source: degressive relief of 2026, as in openfisca-france at a7038ee; nothing from three minimum wages on.

    >>> wage = 12_310_000
    >>> employer_rate_bp(pay_micros=wage, minimum_micros=wage, rates=EMPLOYER_RATES[0])
    289
    """
    if pay_micros <= 0:
        raise ValueError("an hour without pay has no contributions")
    above = max(0.0, (3 * minimum_micros / pay_micros - 1) / 2)
    relief = rates.relief_floor + round(rates.relief_top * above**1.75, 4) if above else 0.0
    relief_bp = round(min(relief, rates.relief_floor + rates.relief_top) * _BP)
    return max(0, rates.full_bp - relief_bp)


def _money(billed_s: int, terms: Terms) -> Cents:
    ttc = terms.price_micros * billed_s // 60
    ht = divide_half_up(ttc * _BP, _BP + terms.vat_bp)
    totals = DayTotals(ttc, ht, terms.vat_bp, terms.carriers_bp, terms.fee_bp, terms.wage_bp, terms.wage_base)
    return cents_of(exact_of(totals))


def _staff(expected: Expectation) -> tuple[StaffedHour, StaffedHour]:
    """Who must be there in an ordinary open hour, and in the busiest of the day."""
    usual = -(-expected.calls_per_day * expected.open_days_per_week * 3600 // expected.open_s_per_week)
    handle_s = expected.talk_s + expected.wrap_s
    found = [
        agents_for_promise(calls_per_hour=calls, handle_s=handle_s, target_bp=expected.target_bp)
        for calls in (usual, max(usual, expected.calls_busiest_hour))
    ]
    return found[0], found[1]


def _paid_hours_tenths(expected: Expectation, usual: StaffedHour, busiest: StaffedHour) -> int:
    """Paid hours of a month, tenths: the usual staff at all hours, the busiest hour's once a day, pauses included."""
    busiest_s = min(expected.open_s_per_week, 3600 * expected.open_days_per_week)
    phone_s = usual.agents * expected.open_s_per_week + (busiest.agents - usual.agents) * busiest_s
    numerator = phone_s * _WEEKS * 10 * _BP
    return max(1, -(-numerator // (_MONTHS * 3600 * ON_PHONE_BP)))
