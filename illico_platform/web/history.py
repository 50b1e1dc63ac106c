"""Who changed what and when, from the history that the database's triggers keep. It reads, it writes nothing."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Field, ForeignKey, Model
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from pghistory.core import event_models

_KINDS = {"insert": _("création"), "update": _("modification"), "delete": _("suppression")}


@dataclass(frozen=True)
class FieldChange:
    """One field's old and new value, as shown; ``old`` is None when the object was created."""

    label: str
    old: str | None
    new: str


@dataclass(frozen=True)
class Change:
    """One change of one object: when, by whom (None: the platform itself), what."""

    at: datetime
    by: str | None
    kind: str
    fields: list[FieldChange]


def is_tracked(model: type[Model]) -> bool:
    """Whether changes of this model are kept."""
    return bool(event_models(tracks_model=model))


def changes_of(obj: Model, *, limit: int = 50) -> list[Change]:
    """The last changes of an object, newest first; empty when its model is not tracked.

    Five queries at most, however many changes there are, plus one per model that its foreign keys point at.
    """
    models = event_models(tracks_model=type(obj))
    if not models:
        return []
    events = list(
        models[0].objects.filter(pgh_obj_id=obj.pk).select_related("pgh_context").order_by("-pgh_id")[: limit + 1]
    )
    fields = [field for field in models[0]._meta.concrete_fields if not field.name.startswith("pgh_")]
    names, people = _names(events, fields), _people(events)
    steps = [*pairwise(events)]
    if events and len(events) <= limit:
        steps.append((events[-1], None))
    return [_change(new, old, fields, names, people) for new, old in steps]


def _change(new: Any, old: Any, fields: list[Field], names: dict, people: dict[str, str]) -> Change:
    changed = [
        FieldChange(
            str(field.verbose_name),
            None if old is None else _shown(old, field, names),
            _shown(new, field, names),
        )
        for field in fields
        if field.name != "id" and (old is None or getattr(new, field.attname) != getattr(old, field.attname))
    ]
    return Change(new.pgh_created_at, people.get(_user_of(new)), _KINDS.get(new.pgh_label, new.pgh_label), changed)


def _shown(event: Any, field: Field, names: dict) -> str:
    value = getattr(event, field.attname)
    if isinstance(field, ForeignKey):
        return names[field.related_model].get(value, "–" if value is None else f"n° {value}")
    if field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    if value is not None and (words := getattr(field, "words", None)):
        return str(words(value))
    if isinstance(value, bool):
        return gettext("oui") if value else gettext("non")
    if isinstance(value, datetime):
        return f"{value.astimezone():%d/%m/%Y %H:%M}"
    return "–" if value in (None, "") else str(value)


def _names(events: list[Any], fields: list[Field]) -> dict[type[Model], dict[Any, str]]:
    """The names of what the foreign keys of these events point at, one query per model."""
    wanted: dict[type[Model], set[Any]] = defaultdict(set)
    for field in fields:
        if isinstance(field, ForeignKey):
            wanted[field.related_model] |= {getattr(event, field.attname) for event in events}
    return {
        model: {pk: str(found) for pk, found in model._default_manager.in_bulk(keys - {None}).items()}
        for model, keys in wanted.items()
    }


def _user_of(event: Any) -> str:
    context = event.pgh_context
    return str(context.metadata.get("user") or "") if context else ""


def _people(events: list[Any]) -> dict[str, str]:
    keys = {key for event in events if (key := _user_of(event))}
    users = get_user_model()._default_manager.in_bulk(keys) if keys else {}
    return {str(pk): str(user) for pk, user in users.items()}
