"""Pages of a list of calls, read with what the roll-ups tell: how many rows there are, and on which days they lie."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.core.paginator import Page
from django.db.models import QuerySet
from django.utils.functional import cached_property

from billing.portal.filters import SORTS, CallFilter
from billing.selectors_calls import calls_by_price, wait_bound
from illico_platform.web.pages import CappedPaginator

Read = Callable[[int, int], Any]  # the rows from one rank to another


class KnownPaginator(CappedPaginator):
    """Rows that are counted beforehand, and read by a way of their own."""

    def __init__(self, *args: Any, seen: int, read: Read, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._known, self._read = seen, read

    @cached_property
    def _seen(self) -> int:
        return self._known

    def page(self, number: int | str) -> Page:
        number = self.validate_number(number)
        start = (number - 1) * self.per_page
        end = min(start + self.per_page, self.count)
        return self._get_page(self._read(start, end) if start < end else [], number, self)


def reader_of(chosen: CallFilter, sort: str, in_order: Callable[[QuerySet], QuerySet]) -> Read:
    """How pages of these calls are read in this order.

    Args:
        chosen: calls whose number on each day is known.
        in_order: puts a query set into the order.
    """
    name = sort.removeprefix("-") if sort.removeprefix("-") in SORTS else "heure"
    if name == "heure":
        return _by_time(chosen, chosen.days if sort == "heure" else chosen.days[::-1], in_order)

    def read(start: int, end: int) -> Any:
        rows = chosen.qs
        if name == "attente" and chosen.is_only_by_day:
            least, below = wait_bound(days=chosen.called, rows=end, is_longest=sort.startswith("-"))
            bounds = {"wait_ms__gte": least, "wait_ms__lt": below}
            rows = rows.filter(**{bound: wait for bound, wait in bounds.items() if wait is not None})
        if name == "prix" and (chosen.is_only_by_day or chosen.is_only_charged):
            ids = calls_by_price(days=chosen.called, start=start, end=end, is_highest=sort.startswith("-"))
            if ids is not None:
                return in_order(rows.filter(pk__in=ids))
        return in_order(rows)[start:end]

    return read


def _by_time(chosen: CallFilter, days: Sequence[tuple[date, int]], in_order: Callable[[QuerySet], QuerySet]) -> Read:
    """A page opens the days that it shows, no others: in this order the days follow one another."""

    def read(start: int, end: int) -> QuerySet:
        shown, before, reached = [], 0, 0
        for day, calls in days:
            if reached + calls <= start:
                before += calls
            elif reached < end:
                shown.append(day)
            reached += calls
        return in_order(chosen.of_days(min(shown), max(shown)))[start - before : end - before]

    return read
