"""Sources of a company and what their names stand for: made by the company itself."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from illico_platform.lib.errors import IllicoError
from numbers.models import Company, NumberAlias, PremiumNumber, Source


class NameTaken(IllicoError):
    """The name is already in use; the sentence, for the person, says so."""


def add_source(*, company: Company, name: str, timezone: str) -> Source:
    """A PBX of a company.

    Args:
        name: a slug; no two sources of the platform share one.
        timezone: an IANA zone.
    Raises:
        NameTaken: the name is in use.
    """
    try:
        with transaction.atomic():
            return Source.objects.create(company=company, name=name, timezone=timezone)
    except IntegrityError:
        raise NameTaken(_("Ce nom est déjà pris : choisissez-en un autre.")) from None


def name_number(*, source: Source, name: str, number: PremiumNumber) -> NumberAlias:
    """Say which number a queue or line name of a source stands for; said again, it changes."""
    alias, _created = NumberAlias.objects.update_or_create(source=source, name=name, defaults={"number": number})
    return alias
