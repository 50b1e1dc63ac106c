"""What a payroll connector gives: declarations and payslips, without NIR, IBAN or full names. It stores nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from illico_platform.lib.errors import Reject, UnusableInput
from illico_platform.lib.registry import Registry


class UnusablePayrollFile(UnusableInput):
    """A payroll file that cannot be used as a whole; ``reject`` says where and what was expected."""

    def __init__(self, reject: Reject) -> None:
        super().__init__(str(reject))
        self.reject = reject


@dataclass(frozen=True)
class Correction:
    """Gross pay of an earlier period, paid or taken back in the declared month, in cents."""

    starts_on: date
    ends_on: date
    gross_cents: int


@dataclass(frozen=True)
class WorkedSpan:
    """Hours paid for one span of the declared month, in hundredths; absences that are not paid are not in them.

    ``overtime`` are those of them that are paid as overtime, ``overtime_cents`` what is paid for these.
    """

    starts_on: date
    ends_on: date
    hours: int
    overtime: int = 0
    overtime_cents: int = 0


@dataclass(frozen=True)
class ContractRecord:
    """One contract of a person. ``number`` is unique for that person only: two people may share one.

    ``nature`` and ``scheme`` are codes of the norm: what sort of contract it is, which public policy it stands under.
    """

    number: str
    nature: str
    starts_on: date | None
    workplace: str
    scheme: str = ""


@dataclass(frozen=True)
class Workplace:
    """A place of work named by contracts. ``commune_insee`` tells whether it is in France; a postal code cannot."""

    identifier: str
    postal_code: str
    commune_insee: str


@dataclass(frozen=True)
class PayslipRecord:
    """One person's pay in one declaration. Money in cents, hours in hundredths; None where the format is silent.

    Args:
        employee_number: the employer's own number for the person, empty when not given.
        initials: all that is kept of the name, so that a person can recognise an unmatched payslip.
        gross_cents: gross pay, corrections of earlier months included.
        gross_current_month_cents: the same without those corrections.
        contributions: (base code/contribution code, cents), as declared.
        worked: hours paid of the declared month, span by span, corrections of earlier months left out.
        workplaces: INSEE communes of the person's workplaces.
        call_centre: the person counts as call-centre staff as far as the file can tell.
    """

    employee_number: str
    initials: str
    gross_cents: int
    gross_current_month_cents: int
    hours_paid: int | None
    contracts: tuple[ContractRecord, ...] = ()
    base_cents: int | None = None
    hours_absent: int | None = None
    overtime_hours: int | None = None
    bonuses_cents: int | None = None
    net_paid_cents: int | None = None
    contributions: tuple[tuple[str, int], ...] = ()
    corrections: tuple[Correction, ...] = ()
    workplaces: tuple[str, ...] = ()
    worked: tuple[WorkedSpan, ...] = ()
    call_centre: bool = True

    @property
    def contract_numbers(self) -> tuple[str, ...]:
        """The numbers of the person's contracts, each once."""
        return tuple(dict.fromkeys(contract.number for contract in self.contracts if contract.number))


@dataclass(frozen=True)
class DeclarationRecord:
    """One establishment's pay for one month (``month`` is its first day).

    Args:
        nature: 01 monthly (events are not kept).
        kind: 01 normal, 02 nil, 03 cancel and replace, 04 cancel, 05 replace by nil.
        fraction: "12" is the first of two.
        order: the declaration's number within its establishment and month; None where the format has none.
        replaces: identifier (JJMMAAAA and order) of the declaration that is replaced or cancelled.
        is_test: the sender flagged the file as a test.
    """

    nature: str
    kind: str
    fraction: str
    order: int | None
    month: date
    siren: str
    siret: str
    replaces: str = ""
    is_test: bool = False
    postal_code: str = ""
    workplaces: tuple[Workplace, ...] = ()
    payslips: tuple[PayslipRecord, ...] = ()


@dataclass(frozen=True)
class PayrollFileRecord:
    """A payroll file as read: ``read`` counts its lines, ``ignored`` the declarations that say nothing of pay."""

    declarations: tuple[DeclarationRecord, ...]
    read: int
    ignored: int = 0
    rejects: tuple[Reject, ...] = ()


class PayrollConnector(Protocol):
    """One payroll format. ``read`` is pure: bytes in, records out.

    ``is_official`` says that the format is what employers declare to the State; such a file outweighs any other.

    Raises:
        UnusablePayrollFile: nothing of the file can be used.
    """

    key: str
    label: str
    version: str
    is_official: bool

    def read(self, name: str, data: bytes) -> PayrollFileRecord: ...


PAYROLL_CONNECTORS: Registry[PayrollConnector] = Registry(
    "payroll connector", package="agents.connectors", required=("key", "label", "version", "is_official", "read")
)
