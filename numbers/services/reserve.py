"""Keep a free number of the operator's for a company while it fills in its file."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from illico_platform.lib.errors import IllicoError
from numbers.models import Company, NumberReservation
from numbers.rules.plan import display
from numbers.selectors_enrolment import block_of, reservation_of, running_reservations, taken_numbers
from numbers.services.locks import lock_in_transaction

HELD_FOR = timedelta(hours=48)
MOST_AT_ONCE = 5
KEPT_AFTER = timedelta(days=30)  # long enough to answer who had which number when


class ReservationRefused(IllicoError):
    """The number cannot be kept; the sentence, in French, says why and what to do."""


class NotOurs(ReservationRefused):
    """No offered block of the operator holds the number."""


class NotFree(ReservationRefused):
    """Somebody has it, holds it, or it rests."""


class TooMany(ReservationRefused):
    """The company holds as many numbers as one may at once."""


@transaction.atomic
def reserve(*, company: Company, digits: str, now: datetime) -> NumberReservation:
    """The company's reservation of this number, from now for 48 hours; one that runs already is given back as it is.

    Who asks for the same number at the same time waits until this transaction ends.

    Raises:
        NotOurs, NotFree, TooMany: named refusals.
    """
    # A file that is being submitted is not to be seen before it is done, when its reservation may just have ended.
    lock_in_transaction("number", digits)
    held = reservation_of(digits, company=company, now=now)
    if held is not None:
        return held
    block = block_of(digits)
    if block is None or not block.is_offered:
        raise NotOurs(
            _("Le %(number)s n’est pas un numéro que nous proposons : choisissez dans la liste.")
            % {"number": display(digits)}
        )
    if digits in taken_numbers(digits, digits, company=company, now=now):
        raise NotFree(
            _("Le %(number)s n’est plus libre : choisissez-en un autre dans la liste.") % {"number": display(digits)}
        )
    if running_reservations(company=company, now=now).count() >= MOST_AT_ONCE:
        raise TooMany(
            _("Vous tenez déjà %(most)s numéros réservés : libérez-en un avant d’en prendre un autre.")
            % {"most": MOST_AT_ONCE}
        )
    try:
        with transaction.atomic():
            return NumberReservation.objects.create(
                company=company, digits=digits, reserved_at=now, expires_at=now + HELD_FOR
            )
    except IntegrityError:
        # The other's began after our instant, though before our turn: only the constraint sees it.
        raise NotFree(
            _("Le %(number)s vient d’être réservé par une autre entreprise : choisissez-en un autre.")
            % {"number": display(digits)}
        ) from None


def release(*, company: Company, digits: str, now: datetime) -> None:
    """Give a number back; one that is not held changes nothing."""
    running_reservations(company=company, now=now).filter(digits=digits).update(expires_at=now)


def forget_expired(*, now: datetime) -> int:
    """Delete reservations that ended long ago; returns how many. The others hold nobody back once they ended."""
    deleted, _ = NumberReservation.objects.filter(expires_at__lte=now - KEPT_AFTER).delete()
    return deleted
