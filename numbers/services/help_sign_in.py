"""Help somebody who lost their second factor, on the operator's word and with a reason that stays."""

from allauth.mfa.models import Authenticator
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.utils.translation import gettext as _

from illico_platform.lib.errors import IllicoError
from numbers.access import RoleMissing, sees_all
from numbers.models import User


class HelpRefused(IllicoError):
    """Nothing was removed; the sentence says why."""


def remove_second_factor(*, user: User, by: User, reason: str) -> int:
    """Remove every second factor of a person and write down who did it and why.

    Returns:
        How many there were.
    Raises:
        RoleMissing: only the operator's staff may. HelpRefused: no reason, nothing to remove, or one's own.
    """
    if not sees_all(by):
        raise RoleMissing(_("Votre rôle ne permet pas cette action."))
    if user.pk == by.pk:
        raise HelpRefused(_("Une autre personne de l’exploitation doit le faire pour vous."))
    if not reason.strip():
        raise HelpRefused(_("Donnez le motif : il reste dans l’historique de la personne."))
    with transaction.atomic():
        count, _by_model = Authenticator.objects.filter(user=user).delete()
        if not count:
            raise HelpRefused(_("Cette personne n’a pas de deuxième clé."))
        LogEntry.objects.log_actions(
            by.pk, [user], CHANGE, change_message=f"Deuxième clé retirée : {reason.strip()}", single_object=True
        )
    return count
