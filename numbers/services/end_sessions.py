"""End a person's sessions: when their way in changes, who came in before must come in again."""

from typing import Any

from allauth.usersessions.models import UserSession
from django.http import HttpRequest

from numbers.models import User


def end_sessions(*, user: User, but: str | None = None) -> None:
    """End every session of a person; ``but`` is the key of one that goes on."""
    for session in UserSession.objects.filter(user=user).exclude(session_key=but or ""):
        session.end()


def end_others(sender: Any, *, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Receiver of « a second factor was added »: a session of the password alone would go on past it."""
    end_sessions(user=user, but=request.session.session_key)
