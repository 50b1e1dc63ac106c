"""The house style's figures, chips, addresses and form fields as template filters and tags."""

from typing import Any

from django import template
from django.forms import BoundField
from django.urls import reverse
from django.utils.safestring import SafeString

from illico_platform.web import show

register = template.Library()
for name in ("whole", "euros", "micros", "price", "percent_bp", "seconds", "duration", "hours"):
    register.filter(name, getattr(show, name))
register.simple_tag(show.colon)

_CLASSES = {"select": "form-select", "checkbox": "form-check-input", "radio": "form-check-input"}


@register.simple_tag
def chip(kind: str, text: str) -> str:
    """A word with its sign and hue."""
    return show.chip(kind, text)


@register.simple_tag(takes_context=True)
def space(context: dict[str, Any], route: str, **kwargs: Any) -> str:
    """The address of a page of the company's space: ``{% space "call" pk=call.pk %}``."""
    return reverse(f"portal:{route}", kwargs={"siren": context["company"].siren, **kwargs})


@register.filter
def styled(field: BoundField) -> SafeString:
    """A field's widget with Bootstrap's class, bound to its fault for those who hear the page."""
    kind = getattr(field.field.widget, "input_type", "") or ""
    # What to write stands under the label, where it stays; a placeholder goes with the first letter.
    attrs: dict[str, Any] = {"placeholder": False}
    if kind not in ("radio", "checkbox") or not field.use_fieldset:
        attrs["class"] = " ".join(
            filter(None, [field.field.widget.attrs.get("class"), _CLASSES.get(kind, "form-control")])
        )
    if field.errors:
        described = [f"{field.auto_id}_helptext"] if field.help_text else []
        attrs["aria-describedby"] = " ".join([*described, f"{field.auto_id}_fault"])
    return field.as_widget(attrs=attrs)


@register.filter
def of_hundred(value: int | float | None) -> int:
    """A share as a whole number from 0 to 100, for the classes ``at-0`` to ``at-100``."""
    return max(0, min(100, round(value or 0)))
