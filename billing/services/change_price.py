"""Plan a price for a live number, and take it back while that is possible."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from billing.models import Tariff
from billing.rules.price_ceiling import highest_price_of
from billing.rules.price_change import (
    PricePeriod,
    last_day_to_cancel,
    may_cancel,
    starts_allowed,
    with_price,
    without_price,
)
from billing.selectors_enrolment import price_on, price_periods
from illico_platform.lib.errors import IllicoError
from illico_platform.lib.money import MICROS_PER_CENT
from illico_platform.lib.periods import paris_day
from illico_platform.web import show
from numbers.access import require_role
from numbers.models import PremiumNumber, User
from numbers.rules.eligibility import Payer
from numbers.rules.lifecycle import Actor
from numbers.selectors import plan_ceilings
from numbers.selectors_enrolment import block_of


class PriceRefused(IllicoError):
    """The price cannot be planned or taken back; the sentence, in French, says why."""


def highest_price_on(number: PremiumNumber, on: date) -> int | None:
    """The highest price a minute that a number may carry on a day, micro-euros; None: no ceiling is known."""
    block = block_of(number.digits)
    return highest_price_of(
        number.digits,
        payer=Payer(number.payer),
        on=on,
        ceilings=plan_ceilings(),
        block_micros=block.ceiling_micros if block else None,
    )


def plan_price(*, number: PremiumNumber, price_micros: int, start: date, by: User, now: datetime) -> None:
    """Let a price hold from a first of the month on; one planned for that day is replaced.

    Raises:
        PriceRefused: the day, the price or the number does not allow it. RoleMissing.
    """
    require_role(by, number.company, Actor.OWNER, Actor.MANAGER)
    with transaction.atomic():
        locked = PremiumNumber.objects.select_for_update(of=("self",)).get(pk=number.pk)
        if locked.status != PremiumNumber.Status.LIVE:
            raise PriceRefused(_("Le prix se change quand le numéro est en service."))
        if start not in starts_allowed(paris_day(now)):
            raise PriceRefused(_("Un prix commence un 1er du mois, au moins sept jours après la demande."))
        _refuse_price(locked, price_micros, start)
        periods = price_periods(locked)
        eve = price_on(periods, start - timedelta(days=1))
        if eve is not None and eve.price_micros == price_micros:
            raise PriceRefused(_("C’est déjà le prix à cette date : il n’y a rien à changer."))
        try:
            wanted = with_price(periods, start=start, price_micros=price_micros)
        except ValueError:
            raise PriceRefused(
                _("Ce numéro n’a pas de prix la veille : l’exploitant doit d’abord en poser un.")
            ) from None
        _store(locked, periods, wanted)


def cancel_price(*, number: PremiumNumber, start: date, by: User, now: datetime) -> None:
    """Take back a price that is to start, up to seven days before: the price before it goes on.

    Raises:
        PriceRefused: no such price, or too late. RoleMissing.
    """
    require_role(by, number.company, Actor.OWNER, Actor.MANAGER)
    with transaction.atomic():
        locked = PremiumNumber.objects.select_for_update(of=("self",)).get(pk=number.pk)
        if not may_cancel(start, today=paris_day(now)):
            raise PriceRefused(
                _(
                    "Ce prix pouvait s’annuler jusqu’au %(day)s : les opérateurs l’ont reçu depuis. "
                    "Prévoyez-en un autre pour le mois suivant."
                )
                % {"day": date_format(last_day_to_cancel(start), "DATE_FORMAT")}
            )
        periods = price_periods(locked)
        try:
            wanted = without_price(periods, start=start)
        except ValueError:
            raise PriceRefused(_("Aucun prix prévu ne commence ce jour-là.")) from None
        _store(locked, periods, wanted)


def _refuse_price(number: PremiumNumber, price_micros: int, start: date) -> None:
    if price_micros <= 0 or price_micros % MICROS_PER_CENT:
        raise PriceRefused(
            _("Un prix est un nombre entier de centimes, au moins %(least)s par minute.")
            % {"least": show.price(MICROS_PER_CENT)}
        )
    highest = highest_price_on(number, start)
    if highest is None:
        raise PriceRefused(
            _("Le plafond de ce numéro n’est pas connu : écrivez à l’exploitant avant de fixer un prix.")
        )
    if price_micros > highest:
        raise PriceRefused(_("Ce numéro peut coûter au plus %(price)s par minute.") % {"price": show.price(highest)})


def _store(number: PremiumNumber, before: list[PricePeriod], after: list[PricePeriod]) -> None:
    """Make the rows what they should be, touching those that change only: each touch has prices looked at again."""
    kept = {each.since: each for each in before}
    wanted = {each.since: each for each in after}
    Tariff.objects.filter(number=number, valid_from__in=kept.keys() - wanted.keys()).delete()
    # Shorten before adding, add before nothing: two rows of a number never overlap, not even for a moment.
    for since, each in sorted(wanted.items()):
        if since in kept and kept[since] != each:
            Tariff.objects.filter(number=number, valid_from=since).update(
                valid_until=each.until, price_micros=each.price_micros
            )
    Tariff.objects.bulk_create(
        Tariff(number=number, price_micros=each.price_micros, valid_from=since, valid_until=each.until)
        for since, each in sorted(wanted.items())
        if since not in kept
    )
