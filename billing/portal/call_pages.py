"""Pages of a list of calls, cut by how many each day holds: a page opens the days that it shows, no others."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.core.paginator import Page
from django.db.models import QuerySet
from django.utils.functional import cached_property

from illico_platform.web.pages import CappedPaginator


class DayPaginator(CappedPaginator):
    """Calls whose number on each day is known; it counts none of them.

    Args:
        days: each day with how many of the calls it holds, in the order of the list.
        of_days: the calls from one of the days to another; None where the list is not in the order of time, in which
            the days follow one another.
    """

    def __init__(
        self,
        *args: Any,
        days: Sequence[tuple[date, int]],
        of_days: Callable[[date, date], QuerySet] | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._days, self._of_days = days, of_days

    @cached_property
    def _seen(self) -> int:
        return sum(calls for _, calls in self._days)

    def page(self, number: int | str) -> Page:
        number = self.validate_number(number)
        start = (number - 1) * self.per_page
        end = min(start + self.per_page, self.count)
        if self._of_days is None or start >= end:
            return super().page(number)
        shown, before = self._shown(start, end)
        rows = self._of_days(min(shown), max(shown))
        return self._get_page(rows[start - before : end - before], number, self)

    def _shown(self, start: int, end: int) -> tuple[list[date], int]:
        """The days that hold the rows from ``start`` to ``end``, and how many rows come before them."""
        shown, before, reached = [], 0, 0
        for day, calls in self._days:
            if reached + calls <= start:
                before += calls
            elif reached < end:
                shown.append(day)
            reached += calls
        return shown, before
