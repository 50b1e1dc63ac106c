"""Columns of list pages: amounts and counts on the right, links to neighbours, chips. Made from a model's fields."""

from collections.abc import Callable
from typing import Any

from django.db.models import Model
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString

from illico_platform.web import show
from illico_platform.web.admin_links import object_link

Column = Callable[[Any], Any]


class Columns:
    """Columns over the fields of one model; each keeps the field's name for sorting and its French label.

    A column of figures has a name that starts with ``n_``, by which the style sheet sets it on the right.
    """

    def __init__(self, model: type[Model]) -> None:
        self.model = model

    def euros(self, field: str) -> Column:
        return self._figure(field, show.euros)

    def price(self, field: str) -> Column:
        return self._figure(field, show.price)

    def decimal(self, field: str) -> Column:
        return self._figure(field, lambda value: show.NONE if value is None else show.decimal(value, 2))

    def whole(self, field: str) -> Column:
        return self._figure(field, show.whole)

    def percent(self, field: str) -> Column:
        return self._figure(field, show.percent_bp)

    def seconds(self, field: str) -> Column:
        return self._figure(field, show.seconds)

    def duration(self, field: str) -> Column:
        return self._figure(field, show.duration, unit=" (ms)")

    def link(self, field: str) -> Column:
        """The neighbour that a foreign key points at; the list must ``select_related`` it."""
        return self._column(field, field, lambda obj: object_link(getattr(obj, field)))

    def chip(self, field: str) -> Column:
        """The label of a choice, with the sign and hue of its value."""
        return self._column(
            field, field, lambda obj: show.chip(getattr(obj, field), getattr(obj, f"get_{field}_display")())
        )

    def french(self, field: str) -> Column:
        """Words of the law, which stay French in every language and are read aloud as such."""
        return self._column(field, field, lambda obj: format_html('<span lang="fr">{}</span>', getattr(obj, field)))

    def month(self, field: str = "month") -> Column:
        """A month as mm/yyyy."""
        return self._column(field, field, lambda obj: f"{getattr(obj, field):%m/%Y}")

    def _figure(self, field: str, write: Callable[[Any], str], *, unit: str = "") -> Column:
        """``unit`` is what the field's label says of its storage and the cell no longer shows."""

        def cell(obj: Any) -> SafeString:
            return format_html('<span class="num">{}</span>', write(getattr(obj, field)))

        column = self._column(field, f"n_{field}", cell)
        column.short_description = lazy(lambda label: str(label).removesuffix(unit), str)(column.short_description)  # type: ignore[attr-defined]
        return column

    def _column(self, field: str, name: str, cell: Column) -> Column:
        def column(obj: Any) -> Any:
            return cell(obj)

        column.__name__ = name
        column.short_description = self.model._meta.get_field(field).verbose_name  # type: ignore[attr-defined]
        column.admin_order_field = field  # type: ignore[attr-defined]
        return column
