"""What a request by video or text costs as it goes on, as the same price as by voice, and what it has come to."""

from dataclasses import dataclass
from datetime import date, datetime

from agents.rules.guarantee import PROMISE_MS
from billing.models import Tariff
from billing.rules.rating import price_of
from illico_platform.lib.periods import paris_day
from numbers.models import ChannelRequest, PremiumNumber
from numbers.rules.channel_clock import Reading, read


@dataclass(frozen=True)
class Standing:
    """A request's clock and its price so far; the night has the last word on the promise.

    Args:
        price_micros: of a minute; 0 when a sponsor pays, None when no price is in force.
        charge_micros: for the caller, so far; 0 where the promise is broken or nothing is charged.
        is_broken: the wait was, or is by now, as long as the promise or longer.
    """

    clock: Reading
    price_micros: int | None
    charge_micros: int
    is_broken: bool


def standing_of(request: ChannelRequest, *, now: datetime) -> Standing:
    """Where a request stands at this instant."""
    clock = read(request.moments, now)
    price = price_on(number=request.number, day=paris_day(request.entered_at))
    is_broken = clock.wait_ms >= PROMISE_MS
    charged = 0 if is_broken or not price else price_of(price, clock.charged_ms)
    return Standing(clock, price, charged, is_broken)


def price_on(*, number: PremiumNumber, day: date) -> int | None:
    """What a minute costs the caller on a day."""
    if number.payer == PremiumNumber.Payer.SPONSOR:
        return 0
    rows = Tariff.objects.filter(number=number, valid_from__lte=day).exclude(valid_until__lte=day)
    return rows.values_list("price_micros", flat=True).first()
