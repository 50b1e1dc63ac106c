"""How a number-day's price is shared: carriers, our fee, the company, the wage hold. Exact integers, rounded once."""

from __future__ import annotations

from dataclasses import dataclass, fields

from illico_platform.lib.money import cents_of_micros

_BP = 10_000


@dataclass(frozen=True)
class DayTotals:
    """A number-day's exact totals and the rates of that day.

    Args:
        ttc_micros, ht_micros: sums over the day's charged calls, micro-euros.
        vat_bp, carriers_bp, fee_bp, wage_bp: rates in basis points.
        wage_base: ``RETAIL_HT``, ``RETAIL_TTC`` or ``PAYOUT_HT``: what the wage share is a share of.
    """

    ttc_micros: int
    ht_micros: int
    vat_bp: int
    carriers_bp: int
    fee_bp: int
    wage_bp: int
    wage_base: str


@dataclass(frozen=True)
class Exact:
    """Exact column totals. Each unit is micro-euros times the scale in ``SCALES``; sums stay exact."""

    ttc: int = 0
    ht: int = 0
    receivable: int = 0
    fee: int = 0
    fee_gross: int = 0
    base: int = 0
    wage: int = 0

    def __add__(self, other: Exact) -> Exact:
        return Exact(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


SCALES = {"ttc": 1, "ht": 1, "receivable": _BP, "fee": _BP, "fee_gross": _BP * _BP, "base": _BP, "wage": _BP * _BP}


@dataclass(frozen=True)
class Cents:
    """The columns of a posting in whole cents; they tie by construction.

    ``vat`` is S TTC minus S HT; ``fee_vat`` is the rounded gross fee minus the rounded net fee; the hold never
    exceeds the company's share, and what is missing is ``shortfall``; ``available`` is what remains.
    """

    ttc: int
    ht: int
    vat: int
    receivable: int
    fee: int
    fee_vat: int
    base: int
    due: int
    hold: int
    shortfall: int
    available: int


def exact_of(day: DayTotals) -> Exact:
    """The exact columns of one number-day.

    Source: the operator's share policy: carriers keep a share of S TTC, our fee is a share of S HT plus VAT,
    the wage share is a share of the named base; PAYOUT_HT is S HT less what the carriers keep of it.

    >>> exact_of(DayTotals(1_710_000, 1_425_000, 2000, 2500, 500, 6000, "RETAIL_HT")).fee
    712500000
    """
    bases = {
        "RETAIL_HT": day.ht_micros * _BP,
        "RETAIL_TTC": day.ttc_micros * _BP,
        "PAYOUT_HT": day.ht_micros * (_BP - day.carriers_bp),
    }
    fee = day.ht_micros * day.fee_bp
    return Exact(
        ttc=day.ttc_micros,
        ht=day.ht_micros,
        receivable=day.ttc_micros * (_BP - day.carriers_bp),
        fee=fee,
        fee_gross=fee * (_BP + day.vat_bp),
        base=bases[day.wage_base],
        wage=bases[day.wage_base] * day.wage_bp,
    )


def cents_of(total: Exact) -> Cents:
    """Round each exact column once, half-up, and let what must tie follow from the rest.

    >>> cents = cents_of(exact_of(DayTotals(1_710_000, 1_425_000, 2000, 2500, 500, 6000, "RETAIL_HT")))
    >>> cents.receivable, cents.fee, cents.fee_vat, cents.hold, cents.available
    (128, 7, 2, 86, 33)
    """
    rounded = {name: cents_of_micros(getattr(total, name), scale=scale) for name, scale in SCALES.items()}
    fee_vat = rounded["fee_gross"] - rounded["fee"]
    share = rounded["receivable"] - rounded["fee"] - fee_vat
    hold = max(0, min(rounded["wage"], share))
    return Cents(
        ttc=rounded["ttc"],
        ht=rounded["ht"],
        vat=rounded["ttc"] - rounded["ht"],
        receivable=rounded["receivable"],
        fee=rounded["fee"],
        fee_vat=fee_vat,
        base=rounded["base"],
        due=rounded["wage"],
        hold=hold,
        shortfall=rounded["wage"] - hold,
        available=share - hold,
    )
