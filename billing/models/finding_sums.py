"""A finding whose sum was worked out tells it line by line, in the reader's language."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from illico_platform.lib.money import MICROS_PER_CENT
from illico_platform.web import show


def sum_of(kind: str, facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The lines of a sum, each its words and its amount; empty for a finding without one.

    Args:
        facts: the finding's ``detail``.
    """
    if kind != "below_minimum_wage":
        return []
    lines = [
        (_("Brut du mois, sans heures supplémentaires ni rappels"), _euros(facts["pay_cents"])),
        (_("Heures payées, sans heures supplémentaires"), f"{show.decimal(Decimal(facts['hours']), 2)} h"),
        *(_rate(rate) for rate in facts["rates"]),
        (_("Minimum pour ces heures"), _euros(facts["least_cents"])),
    ]
    return [*lines, (_("Il manque"), _euros(facts["missing_cents"]))]


def _rate(rate: Mapping[str, Any]) -> tuple[str, str]:
    days = ngettext("Salaire minimum, %(days)s jour", "Salaire minimum, %(days)s jours", rate["days"])
    words = days % {"days": show.whole(rate["days"])}
    if not rate["verified"]:
        words = _("%(words)s (pas encore comparé au Journal officiel)") % {"words": words}
    return words, _("%(price)s/h") % {"price": show.price(rate["hourly_micros"])}


def _euros(cents: int) -> str:
    return show.micros(cents * MICROS_PER_CENT, 2)
