"""Addresses and links of the administration's pages: for the operator's edges only, never for a company's space."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.admin import site
from django.db.models import Model
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from illico_platform.web.show import NONE


def admin_url(obj: Model) -> str | None:
    """The address of an object's page, None when its model has none."""
    return row_url(type(obj), obj.pk) if site.is_registered(type(obj)) else None


def row_url(model: type[Model], key: Any) -> str:
    """The address of a row's page, by its key alone."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[key])


def object_link(obj: Model | None, text: str | None = None) -> SafeString | str:
    """A link to an object's page, or its name alone when it has none."""
    if obj is None:
        return NONE
    address = admin_url(obj)
    label = str(obj) if text is None else text
    return format_html('<a href="{}">{}</a>', address, label) if address else label


def list_url(model: type[Model], **filters: Any) -> str:
    """The address of a model's list, narrowed by these look-ups."""
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    return f"{address}?{urlencode(filters)}" if filters else address
