"""Reads a company's team, and what is stored about one person."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession

from numbers.models import Company, Invitation, Membership, NumberTransition, User


@dataclass(frozen=True)
class Member:
    """One member as a page shows them."""

    pk: int
    user_id: int
    email: str
    name: str
    role: str
    role_label: str
    last_login: datetime | None
    has_second_factor: bool


def members(*, company: Company) -> list[Member]:
    """The company's members by role and address, in two queries."""
    rows = Membership.objects.filter(company=company).values_list(
        "pk", "user_id", "user__email", "user__first_name", "user__last_name", "role", "user__last_login"
    )
    factors = set(
        Authenticator.objects.filter(user_id__in=Membership.objects.filter(company=company).values("user_id"))
        .exclude(type=Authenticator.Type.RECOVERY_CODES)
        .values_list("user_id", flat=True)
    )
    ranks = {role: rank for rank, role in enumerate(Membership.Role.values)}
    found = [
        Member(
            pk,
            user_id,
            email,
            f"{first} {last}".strip(),
            role,
            str(Membership.Role(role).label),
            last_login,
            user_id in factors,
        )
        for pk, user_id, email, first, last, role, last_login in rows
    ]
    return sorted(found, key=lambda member: (ranks[member.role], member.email))


def pending_invitations(*, company: Company) -> list[Invitation]:
    """Invitations that were neither taken up nor revoked, the latest first; those that ran out among them."""
    return list(
        Invitation.objects.filter(company=company, accepted_at=None, revoked_at=None)
        .defer("token_hash")
        .order_by("-created_at")
    )


def stored_about(user: User) -> dict[str, Any]:
    """All that is stored about a person, without secrets, in plain values."""
    return {
        "person": {
            "email": user.email,
            "first_name": user.first_name,
            "last_name": user.last_name,
            "date_joined": user.date_joined,
            "last_login": user.last_login,
        },
        "email_addresses": list(EmailAddress.objects.filter(user=user).values("email", "verified", "primary")),
        "companies": list(
            Membership.objects.filter(user=user).values("company__name", "company__siren", "role").order_by("pk")
        ),
        "second_factors": list(
            Authenticator.objects.filter(user=user).values("type", "created_at", "last_used_at").order_by("pk")
        ),
        "sessions": list(
            UserSession.objects.filter(user=user).values("created_at", "ip", "user_agent").order_by("created_at")
        ),
        "invitations_received": list(
            Invitation.objects.filter(email=user.email).values(
                "company__name", "role", "created_at", "expires_at", "accepted_at", "revoked_at"
            )
        ),
        "invitations_sent": list(
            Invitation.objects.filter(invited_by=user).values("company__name", "email", "role", "created_at")
        ),
        "decisions_on_numbers": list(
            NumberTransition.objects.filter(by=user).values(
                "number__digits", "from_status", "to_status", "reason", "at"
            )
        ),
    }
