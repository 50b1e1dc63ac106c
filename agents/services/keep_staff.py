"""What a company says of its agents: who they are, under which contract, by which name in the switch."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from agents.models import Agent, Commune, Contract, PbxName
from agents.services.match_payslips import match_payslips
from illico_platform.lib.errors import IllicoError
from illico_platform.lib.periods import spans_meet
from numbers.models import Company, Source
from numbers.services.locks import lock_in_transaction


class StaffRefused(IllicoError):
    """What was said of an agent cannot stand; ``field`` is the answer to mend, empty when it is none alone."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


def commune_of(written: str, *, field: str = "commune_insee") -> str:
    """The code to keep of a commune in France.

    Raises:
        StaffRefused: it is none.
    """
    try:
        return Commune.checked(written)
    except ValidationError as error:
        raise StaffRefused(field, error.messages[0]) from error


def save_agent(
    *,
    company: Company,
    agent: Agent | None = None,
    employee_number: str,
    display_name: str,
    is_call_centre: bool,
    is_active: bool,
) -> Agent:
    """Take an agent on, or change what is known of one; payslips find their agents anew.

    Raises:
        StaffRefused: the employee number is another agent's.
    """
    with transaction.atomic():
        lock_in_transaction("staff", company.pk)
        same = Agent.objects.filter(company=company, employee_number=employee_number)
        if same.exclude(pk=agent and agent.pk).exists():
            raise StaffRefused(
                "employee_number", _("Ce matricule est déjà celui d’un autre agent : donnez celui de cette personne.")
            )
        agent = agent or Agent(company=company)
        agent.employee_number, agent.display_name = employee_number, display_name
        agent.is_call_centre, agent.is_active = is_call_centre, is_active
        agent.save()
        match_payslips(company)
    return agent


def add_contract(*, agent: Agent, kind: str, starts_on: date, ends_on: date | None, weekly_hours: object) -> Contract:
    """Add a contract over [starts_on, ends_on).

    Raises:
        StaffRefused: it ends before it starts, or another contract of the agent runs on one of its days.
    """
    with transaction.atomic():
        lock_in_transaction("staff", agent.company_id)
        if ends_on is not None and ends_on <= starts_on:
            raise StaffRefused("last_day", _("Le dernier jour précède le premier."))
        for other in agent.contracts.all():
            if spans_meet(starts_on, ends_on, other.starts_on, other.ends_on):
                raise StaffRefused(
                    "starts_on",
                    _("Un contrat %(kind)s court déjà dès le %(day)s : finissez-le avant le premier jour de celui-ci.")
                    % {"kind": other.get_kind_display(), "day": f"{other.starts_on:%d/%m/%Y}"},
                )
        return Contract.objects.create(
            agent=agent, kind=kind, starts_on=starts_on, ends_on=ends_on, weekly_hours=weekly_hours
        )


def end_contract(*, contract: Contract, ends_on: date) -> None:
    """Let a contract end before ``ends_on``.

    Raises:
        StaffRefused: that is before its first day, or on days of another contract.
    """
    with transaction.atomic():
        lock_in_transaction("staff", contract.agent.company_id)
        if ends_on <= contract.starts_on:
            raise StaffRefused("last_day", _("Le dernier jour précède le premier."))
        for other in contract.agent.contracts.exclude(pk=contract.pk):
            if spans_meet(contract.starts_on, ends_on, other.starts_on, other.ends_on):
                raise StaffRefused(
                    "last_day",
                    _("Un autre contrat commence le %(day)s : le dernier jour doit le précéder.")
                    % {"day": f"{other.starts_on:%d/%m/%Y}"},
                )
        contract.ends_on = ends_on
        contract.save()


def add_name(*, agent: Agent, source: Source, name: str, valid_from: date) -> PbxName:
    """Say under which name a source records an agent, from a day on.

    Raises:
        StaffRefused: the name is somebody's at that time: a call could not tell who answered.
    """
    with transaction.atomic():
        lock_in_transaction("staff", agent.company_id)
        for other in PbxName.objects.filter(source=source, name=name).select_related("agent"):
            if spans_meet(valid_from, None, other.valid_from, other.valid_until):
                raise StaffRefused(
                    "name",
                    _("Ce nom est celui de %(agent)s à ces dates : finissez-le d’abord, ou choisissez un jour d’après.")
                    % {"agent": other.agent},
                )
        return PbxName.objects.create(agent=agent, source=source, name=name, valid_from=valid_from)


def end_name(*, name: PbxName, valid_until: date) -> None:
    """Let a name in a source end before ``valid_until``.

    Raises:
        StaffRefused: that is before its first day.
    """
    if valid_until <= name.valid_from:
        raise StaffRefused("last_day", _("Le dernier jour précède le premier."))
    name.valid_until = valid_until
    name.save()
