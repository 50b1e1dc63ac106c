"""Communes as people look for them: by code, by name, by postal code."""

from django.db.models import Q, QuerySet

from agents.models import Commune
from agents.rules.commune import commune_code, search_form

SHOWN = 12


def is_list_loaded() -> bool:
    """Whether INSEE's list is there to check against."""
    return Commune.objects.exists()


def find_communes(written: str) -> QuerySet[Commune]:
    """What a person may mean: a code, the beginning of a name, or a postal code, which is several communes' mostly.

    Districts stand beside their whole city; communes that were merged are found by their code alone.
    """
    code, name = commune_code(written), search_form(written)
    asked = Q(code=code)
    if code.isdigit():
        asked |= Q(postal_codes__contains=[code])
    elif len(name) >= 2:
        asked |= Q(search_name__startswith=name)
    present = ~Q(kind=Commune.Kind.FORMER) | Q(code=code)
    # A whole name before longer ones that begin with it.
    return Commune.objects.filter(asked, present, is_listed=True).order_by("search_name", "code")
