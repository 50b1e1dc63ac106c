"""What an enrolment asks of the numbers: which are the operator's, which are free, who holds one."""

from collections.abc import Iterator
from datetime import datetime

from django.db import connection
from django.db.models import QuerySet

from illico_platform.lib.periods import paris_day
from numbers.models import Company, Enrolment, NumberBlock, NumberReservation
from numbers.rules.lifecycle import quarantine_end
from numbers.rules.number_search import free_numbers


def block_of(digits: str) -> NumberBlock | None:
    """The operator's block that a number stands in, the longest prefix first; None: it is not the operator's."""
    prefixes = [digits[:length] for length in range(1, len(digits) + 1)]
    found = [block for block in NumberBlock.objects.filter(prefix__in=prefixes) if block.length == len(digits)]
    return max(found, key=lambda block: len(block.prefix), default=None)


def taken_numbers(first: str, last: str, *, company: Company | None, now: datetime) -> set[str]:
    """Numbers of a range that this company cannot have now: in use, resting, or held by another company."""
    return {
        digits
        for digits, kind, ceased_at in _not_free(first, last, company, now)
        if kind != "ceased" or ceased_at is None or paris_day(now) < quarantine_end(ceased_at)
    }


def ceasings_of(digits: str, *, now: datetime) -> list[datetime | None]:
    """When each earlier record of these digits was ceased, whoever had it; None: it was not recorded."""
    return [ceased_at for _, kind, ceased_at in _not_free(digits, digits, None, now) if kind == "ceased"]


def is_held_by_another(digits: str, *, company: Company, now: datetime) -> bool:
    """Whether another company has a reservation of this number that still runs."""
    return any(kind == "reserved" for _, kind, _ in _not_free(digits, digits, company, now))


def search_numbers(
    *, family: str, holding: str, easy: bool, company: Company, now: datetime, limit: int = 24
) -> list[tuple[NumberBlock, list[str]]]:
    """Free numbers of a family, block by block in the order asked for; ``limit`` is shared, so that each block shows.

    A number's block decides its highest price, so a dear block must not hide a cheap one.
    """
    blocks = list(NumberBlock.objects.filter(family=family, is_offered=True).order_by("-ceiling_micros", "prefix"))
    found = []
    for block in blocks:
        taken = taken_numbers(block.first, block.last, company=company, now=now)
        share = -(-limit // len(blocks))
        numbers = free_numbers(block.first, block.last, taken=taken, holding=holding, easy=easy, limit=share)
        found.append((block, numbers))
    return [(block, numbers) for block, numbers in found if numbers]


def reservation_of(digits: str, *, company: Company, now: datetime) -> NumberReservation | None:
    """The company's reservation of a number that runs now."""
    return running_reservations(company=company, now=now).filter(digits=digits).first()


def running_reservations(*, company: Company, now: datetime) -> QuerySet[NumberReservation]:
    """The company's reservations that run now."""
    return NumberReservation.objects.filter(company=company, reserved_at__lte=now, expires_at__gt=now)


def open_enrolments(company: Company) -> list[Enrolment]:
    """The company's files, last saved first, with the number each became."""
    return list(Enrolment.objects.filter(company=company).select_related("number").order_by("-saved_at")[:200])


def _not_free(
    first: str, last: str, company: Company | None, now: datetime
) -> Iterator[tuple[str, str, datetime | None]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT digits, kind, ceased_at FROM illico_taken_numbers(%s, %s, %s, %s)",
            [first, last, now, company.pk if company else None],
        )
        yield from cursor.fetchall()
