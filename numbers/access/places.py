"""The places of a company's space, in the order of its menu, and which roles may enter each: the one list of it."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from numbers.models.company import Membership

OWNER, MANAGER, SUPERVISOR, ACCOUNTANT, AGENT = (str(role) for role in Membership.Role)
OPERATOR = "operator"  # the operator's staff looks over a shoulder: they read, they never write

EVERYBODY = frozenset([OWNER, MANAGER, SUPERVISOR, ACCOUNTANT])
RUNS_THE_FLOOR = frozenset([OWNER, MANAGER, SUPERVISOR])
RUNS_THE_COMPANY = frozenset([OWNER, MANAGER])
SEES_PAY = frozenset([OWNER, MANAGER, ACCOUNTANT])
ITS_OWN = frozenset([AGENT])
# Who moves money or people's pay signs in with a second factor.
SECOND_FACTOR = frozenset([OWNER, ACCOUNTANT])


@dataclass(frozen=True)
class Place:
    """One entry of the menu.

    Args:
        route: name of its address under ``portal:``.
        roles: who may enter; each page may ask for more.
        on_phone: the word for it in the phone's bottom bar; empty where it stands under « Plus ».
        after_rule: whether a line is drawn above it.
    """

    route: str
    label: str | Promise
    roles: frozenset[str]
    on_phone: str | Promise = ""
    after_rule: bool = False

    @property
    def is_personal(self) -> bool:
        """Whether each sees their own there, so that nobody looks over that shoulder, the operator neither."""
        return self.roles == ITS_OWN


PLACES = {
    place.route: place
    for place in (
        Place("dashboard", _("Tableau de bord"), EVERYBODY, on_phone=_("Tableau")),
        Place("calls", _("Appels"), EVERYBODY, on_phone=_("Appels")),
        Place("numbers", _("Numéros"), EVERYBODY, on_phone=_("Numéros")),
        Place("agents", _("Agents"), EVERYBODY, on_phone=_("Agents")),
        Place("presence", _("Présence"), EVERYBODY),
        Place("wages", _("Salaires"), SEES_PAY),
        Place("findings", _("À traiter"), EVERYBODY, after_rule=True),
        Place("imports", _("Imports"), RUNS_THE_FLOOR),
        Place("team", _("Équipe"), RUNS_THE_COMPANY),
        Place("settings", _("Réglages"), SEES_PAY),
        Place("my_day", _("Ma journée"), ITS_OWN, on_phone=_("Ma journée")),
        Place("visio", _("Visio et texte"), ITS_OWN, on_phone=_("Visio")),
        Place("my_file", _("Ce qui est gardé de moi"), ITS_OWN, on_phone=_("Mon dossier")),
    )
}


def places_of(role: str) -> list[Place]:
    """The menu of a role."""
    shown = PLACES.values()
    return [place for place in shown if role in place.roles or (role == OPERATOR and not place.is_personal)]


def sees_pay(role: str) -> bool:
    """Whether pages show this role what people are paid."""
    return role == OPERATOR or role in SEES_PAY
