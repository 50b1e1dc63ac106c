"""The house style's figures and chips as template filters."""

from django import template

from illico_platform.web import show

register = template.Library()
for name in ("whole", "euros", "micros", "price", "percent_bp", "seconds", "duration", "object_link"):
    register.filter(name, getattr(show, name))


@register.simple_tag
def chip(kind: str, text: str) -> str:
    """A word with its sign and hue."""
    return show.chip(kind, text)
