"""Take a payroll file in: keep its declarations, say which are in force, link its payslips to agents."""

import hashlib
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from django.db import transaction

from agents.connectors.base import (
    PAYROLL_CONNECTORS,
    DeclarationRecord,
    PayrollFileRecord,
    PayslipRecord,
    UnusablePayrollFile,
)
from agents.models import PayrollDeclaration, PayrollFile, Payslip
from agents.rules.payroll import Declared, Weight, in_force, missing_fractions
from agents.services.match_payslips import bump_months, link_payslips
from illico_platform.lib.errors import Reject, UnusableInput
from illico_platform.lib.money import euros_of_cents
from numbers.models import Company, User
from numbers.services.locks import lock_in_transaction

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class PayrollReport:
    """What taking a payroll file in did.

    Args:
        read: rubrics or rows of the file.
        declarations: declarations newly stored; ``payslips`` those in them.
        matched, unmatched: the file's new payslips in force, by whether they name an agent.
        duplicates: declarations that were known already.
        rejected: rows refused, listed in ``rejects``.
        months: months declared, as 2026-11.
        companies: ids of the companies whose pay the file declares.
        replaced: ids of declarations that were in force and are no longer.
        file_id: the file as kept, also when it was taken in before; None when it was refused.
        unknown: one sentence for each unmatched payslip.
        notes: one sentence for anything else that a person should know.
    """

    read: int = 0
    payslips: int = 0
    matched: int = 0
    unmatched: int = 0
    duplicates: int = 0
    rejected: int = 0
    declarations: int = 0
    months: list[str] = field(default_factory=list)
    companies: list[int] = field(default_factory=list)
    replaced: list[int] = field(default_factory=list)
    file_id: int | None = None
    rejects: list[Reject] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


Slot = tuple[int, str, date]  # company, SIRET, month: where declarations compete


def declare_payroll(
    *,
    connector: str,
    path: Path,
    now: datetime,
    by: User | None = None,
    name: str | None = None,
    company: Company | None = None,
) -> PayrollReport:
    """Store what a payroll file declares, all or nothing; the same file again changes nothing and says so.

    The pay of a month follows from the set of its declarations alone, in whatever order the files come. Nothing is
    deleted: what was replaced is kept with ``in_force`` false.

    Args:
        connector: key of a payroll connector.
        path: the file; ``name`` is what the user calls it when that differs.
        now: aware instant; it numbers declarations whose format has no order number.
        by: who brought it, if a person did.
        company: the only one whose pay the file may declare; any enrolled one when absent.
    Raises:
        UnusableInput: the file cannot be read or is faulty as a whole, or names a SIREN that is not enrolled or,
            with ``company``, is not that company's.
    """
    name = name or path.name
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UnusableInput(f"{path} cannot be read: {error.strerror or error}") from error
    record = PAYROLL_CONNECTORS[connector].read(name, data)
    report = PayrollReport(
        read=record.read,
        rejected=len(record.rejects),
        rejects=list(record.rejects),
        months=sorted({f"{one.month:%Y-%m}" for one in record.declarations}),
        notes=_notes(record),
    )
    companies = _companies(name, record, company)
    report.companies = sorted(company.pk for company in companies.values())
    sha256 = hashlib.sha256(data).hexdigest()
    with transaction.atomic():
        lock_in_transaction("payroll-file", sha256)
        for company_id in report.companies:
            lock_in_transaction("payroll", company_id)
        known = PayrollFile.objects.filter(sha256=sha256).first()
        if known:
            report.file_id = known.pk
            report.duplicates = len(record.declarations)
            report.notes.append(f"{name} was taken in before, on {known.received_at:%Y-%m-%d}: nothing changed")
            return report
        file = PayrollFile.objects.create(
            connector=connector, file_name=name[:255], sha256=sha256, received_at=now, by=by
        )
        report.file_id = file.pk
        _store(file, record, companies, report)
    return report


def _companies(name: str, record: PayrollFileRecord, only: Company | None) -> dict[str, Company]:
    """The companies a file speaks of, by SIREN."""
    wanted = {one.siren for one in record.declarations}
    # Asked before the rest: a company's answer must not tell it who else is enrolled.
    for siren in sorted(wanted - {only.siren}) if only else ():
        raise UnusablePayrollFile(Reject(name, 0, "SIREN", siren, f"{only.siren}: a company declares its own pay only"))
    found = {company.siren: company for company in Company.objects.filter(siren__in=wanted)}
    for siren in sorted(wanted - found.keys()):
        raise UnusablePayrollFile(Reject(name, 0, "SIREN", siren, "the SIREN of an enrolled company"))
    return found


def _store(file: PayrollFile, record: PayrollFileRecord, companies: dict[str, Company], report: PayrollReport) -> None:
    slots: set[Slot] = set()
    for one in record.declarations:
        company = companies[one.siren]
        if _is_known(company, one):
            report.duplicates += 1
            continue
        declaration = _keep(file, company, one)
        slots.add((company.pk, one.siret, one.month))
        report.declarations += 1
        report.payslips += Payslip.objects.filter(declaration=declaration).count()
    by_id = {company.pk: company for company in companies.values()}
    months: defaultdict[int, set[date]] = defaultdict(set)
    for slot in sorted(slots):
        months[slot[0]].add(slot[2])
    changed = {slot for slot in slots if _settle(slot, report)}
    for company_id, touched in months.items():
        company = by_id[company_id]
        moved = {month for owner, _, month in changed if owner == company_id}
        bump_months(company, moved | link_payslips(company, months=touched))
    _count_people(file, report)


def _is_known(company: Company, one: DeclarationRecord) -> bool:
    """Whether this very declaration is here already. Without an order number, only the one in force can tell."""
    same = PayrollDeclaration.objects.filter(company=company, digest=_digest(one))
    return same.filter(in_force=True).exists() if one.order is None else same.exists()


def _digest(one: DeclarationRecord) -> str:
    return hashlib.sha256(repr(one).encode()).hexdigest()


def _keep(file: PayrollFile, company: Company, one: DeclarationRecord) -> PayrollDeclaration:
    order = (file.received_at - EPOCH) // timedelta(microseconds=1) if one.order is None else one.order
    declaration = PayrollDeclaration.objects.create(
        file=file,
        company=company,
        siret=one.siret,
        month=one.month,
        kind=one.kind,
        fraction=one.fraction,
        order=str(order),
        identifier=f"{one.month:%d%m%Y}{order}",
        replaces=one.replaces,
        is_test=one.is_test,
        digest=_digest(one),
        in_force=False,
    )
    Payslip.objects.bulk_create(_payslip(declaration, slip) for slip in one.payslips)
    return declaration


def _payslip(declaration: PayrollDeclaration, slip: PayslipRecord) -> Payslip:
    return Payslip(
        declaration=declaration,
        company_id=declaration.company_id,
        month=declaration.month,
        employee_number=slip.employee_number,
        contract_numbers=list(slip.contract_numbers),
        initials=slip.initials,
        gross=euros_of_cents(slip.gross_cents),
        gross_current_month=euros_of_cents(slip.gross_current_month_cents),
        hours_paid=_decimal(slip.hours_paid),
        hours_absent=_decimal(slip.hours_absent),
        overtime_hours=_decimal(slip.overtime_hours),
        bonuses=_decimal(slip.bonuses_cents),
        net_paid=_decimal(slip.net_paid_cents),
        contributions={code: str(euros_of_cents(cents)) for code, cents in slip.contributions},
        corrections=[
            {"from": f"{past.starts_on}", "to": f"{past.ends_on}", "gross": str(euros_of_cents(past.gross_cents))}
            for past in slip.corrections
        ],
        workplaces=list(slip.workplaces),
        contracts=[{"nature": contract.nature, "scheme": contract.scheme} for contract in slip.contracts],
        worked=[
            {
                "from": f"{span.starts_on}",
                "to": f"{span.ends_on}",
                "hours": str(euros_of_cents(span.hours)),
                "overtime": str(euros_of_cents(span.overtime)),
                "overtime_pay": str(euros_of_cents(span.overtime_cents)),
            }
            for span in slip.worked
        ],
    )


def _decimal(hundredths: int | None) -> Decimal | None:
    return None if hundredths is None else euros_of_cents(hundredths)


def _settle(slot: Slot, report: PayrollReport) -> bool:
    """Say which declarations of an establishment and month are in force; whether that changed."""
    company_id, siret, month = slot
    competing = list(
        PayrollDeclaration.objects.filter(company_id=company_id, siret=siret, month=month).select_related("file")
    )
    counted = in_force(_declared(declaration) for declaration in competing)
    changed = [declaration for declaration in competing if declaration.in_force != (declaration.pk in counted)]
    report.replaced += [declaration.pk for declaration in changed if declaration.in_force]
    for declaration in changed:
        declaration.in_force = not declaration.in_force
    PayrollDeclaration.objects.bulk_update(changed, ["in_force"])
    missing = missing_fractions(declaration.fraction for declaration in competing if declaration.in_force)
    for fraction in missing:
        report.notes.append(f"{siret}, {month:%Y-%m}: fraction {fraction[0]} of {fraction[1]} has not come yet")
    return bool(changed)


def _declared(declaration: PayrollDeclaration) -> Declared:
    official = PAYROLL_CONNECTORS[declaration.file.connector].is_official
    names_own_month = declaration.replaces[:8] == f"{declaration.month:%d%m%Y}"
    return Declared(
        key=declaration.pk,
        kind=declaration.kind,
        fraction=declaration.fraction,
        order=int(declaration.order or 0),
        named=int(declaration.replaces[8:]) if names_own_month else None,
        weight=Weight.TABLE if not official else Weight.TEST if declaration.is_test else Weight.REAL,
        digest=declaration.digest,
    )


def _count_people(file: PayrollFile, report: PayrollReport) -> None:
    payslips = Payslip.objects.filter(declaration__file=file, declaration__in_force=True).select_related("company")
    for payslip in payslips.order_by("month", "pk"):
        if payslip.agent_id:
            report.matched += 1
            continue
        report.unmatched += 1
        numbers = payslip.employee_number or " ".join(["contract", *payslip.contract_numbers])
        who = f"{numbers} {payslip.initials}".strip()
        report.unknown.append(f"{payslip.month:%Y-%m}: no agent of {payslip.company} for the payslip of {who}")


def _notes(record: PayrollFileRecord) -> list[str]:
    notes = []
    if record.ignored:
        notes.append(f"{record.ignored} declarations of events say nothing of pay and were passed over")
    if any(one.is_test for one in record.declarations):
        notes.append(
            "the sender marked this file as a test: it counts only until a real declaration of the month comes"
        )
    return notes
