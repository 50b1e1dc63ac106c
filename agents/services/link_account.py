"""Tie an agent to the account with which they sign in, so that their own page shows their own work."""

from django.db import transaction
from django.utils.translation import gettext as _

from agents.models import Agent
from agents.services.keep_staff import StaffRefused
from numbers.models import Membership
from numbers.services.locks import lock_in_transaction


def link_account(*, agent: Agent, membership: Membership | None) -> None:
    """Tie the agent to a member of their company with the role « agent », or to nobody.

    Raises:
        StaffRefused: the member is of another company or role, or is another agent already.
    """
    with transaction.atomic():
        lock_in_transaction("staff", agent.company_id)
        if membership is not None:
            if membership.company_id != agent.company_id or membership.role != Membership.Role.AGENT:
                raise StaffRefused("membership", _("Choisissez une personne de l’équipe qui a le rôle d’agent."))
            others = Agent.objects.filter(company_id=agent.company_id, user_id=membership.user_id)
            if others.exclude(pk=agent.pk).exists():
                raise StaffRefused("membership", _("Ce compte est déjà celui d’un autre agent."))
        agent.user_id = membership and membership.user_id
        agent.save()
