"""Members with an open session, for a benchmark that reads pages as they do."""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from agents.models import Agent
from numbers.models import Company, Membership, PremiumNumber, User


def make_readers(*, count: int, last: date) -> list[dict[str, Any]]:
    """Managers: half of them of the first, big company, each other of a company of their own."""
    companies = list(Company.objects.order_by("pk")[: 1 + count // 2])
    people = []
    for rank in range(count):
        company = companies[0] if rank < count // 2 else companies[1 + rank - count // 2]
        user, _ = User.objects.get_or_create(email=f"reader{rank}@bench.example")
        Membership.objects.get_or_create(user=user, company=company, role=Membership.Role.MANAGER)
        agents = list(Agent.objects.filter(company=company).order_by("pk").values_list("pk", flat=True))
        numbers = list(PremiumNumber.objects.filter(company=company).order_by("pk"))
        people.append(
            {
                "session": _open_session(user),
                "siren": company.siren,
                "agent": agents[rank % len(agents)],
                "number": numbers[rank % len(numbers)].digits,
                "number_id": numbers[rank % len(numbers)].pk,
                "since": str(last - timedelta(days=30)),
                "last": str(last),
                "month": f"{last:%Y-%m}",
            }
        )
    return people


def _open_session(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return session.session_key
