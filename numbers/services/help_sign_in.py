"""Help somebody who lost their second factor, on the operator's word: who asked, how they were known, and why stay."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from illico_platform.lib.errors import IllicoError
from numbers.access import RoleMissing, sees_all
from numbers.models import User
from numbers.services.end_sessions import end_sessions


class HelpRefused(IllicoError):
    """Nothing was removed; the sentence says why."""


def may_help(*, user: User, by: User) -> bool:
    """Whether one of the operator's people may help that person: never themselves, staff only as a superuser."""
    return sees_all(by) and by.pk != user.pk and (by.is_superuser or not sees_all(user))


def remove_second_factor(*, user: User, by: User, asked_by: str, identity: str, reason: str) -> int:
    """Remove every second factor of a person, end their sessions, tell them, and write down who did it and why.

    Args:
        asked_by: who asked, and by which way; identity: how it was made sure that it is them.
    Returns:
        How many second factors there were.
    Raises:
        RoleMissing: only the operator's staff may, and only a superuser for staff.
        HelpRefused: something is not told, there is nothing to remove, or it is one's own.
    """
    if user.pk == by.pk:
        raise HelpRefused(_("Une autre personne de l’exploitation doit le faire pour vous."))
    if not may_help(user=user, by=by):
        raise RoleMissing(_("Votre rôle ne permet pas cette action."))
    told = [part.strip() for part in (asked_by, identity, reason)]
    if not all(told):
        raise HelpRefused(_("Dites qui le demande, comment c’est vérifié et le motif : ils restent dans l’historique."))
    with transaction.atomic():
        removed = list(Authenticator.objects.select_for_update().filter(user=user))
        if not removed:
            raise HelpRefused(_("Cette personne n’a pas de deuxième clé."))
        Authenticator.objects.filter(user=user).delete()
        end_sessions(user=user)
        note = "Deuxième clé retirée. Demandé par : {}. Identité vérifiée : {}. Motif : {}".format(*told)
        LogEntry.objects.log_actions(by.pk, [user], CHANGE, change_message=note, single_object=True)
        _tell(user)
    return len(removed)


def _tell(user: User) -> None:
    with override(user.language):
        subject = " ".join(render_to_string("mail/second_factor_removed_subject.txt").split())
        body = render_to_string("mail/second_factor_removed.txt", {"user": user})
    transaction.on_commit(lambda: send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [user.email]))
