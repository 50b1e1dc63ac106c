"""A paginator that never counts a big table: past its cap it says « more than », and the list asks to be narrowed."""

from django.core.paginator import Paginator
from django.utils.functional import cached_property

CAP = 5_000


class CappedPaginator(Paginator):
    """Counts at most ``CAP`` rows and one: the cost of a page does not grow with the table."""

    @cached_property
    def _seen(self) -> int:
        rows = self.object_list
        if not hasattr(rows, "query"):
            return len(rows)
        return rows.order_by()[: CAP + 1].count()

    @cached_property
    def count(self) -> int:
        return min(self._seen, CAP)

    @cached_property
    def is_capped(self) -> bool:
        """Whether there are more rows than the last page shows."""
        return self._seen > CAP
