"""Blocks of one DSN declaration to payslips: what each amount and hour counts for. The tree is ``dsn_tree``'s."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime

from illico_platform.lib.errors import Reject

from .base import (
    ContractRecord,
    Correction,
    DeclarationRecord,
    PayslipRecord,
    UnusablePayrollFile,
    WorkedSpan,
    Workplace,
)
from .dsn_tree import Block

HOUR = "10"
PAID, ABSENT = "01", "02"
GROSS, UNEMPLOYMENT_GROSS, BASE = "001", "002", "010"
OVERTIME = ("017", "018")
NIL_KINDS, CANCEL = ("02", "05"), "04"


def read_declaration(root: Block, *, is_test: bool) -> DeclarationRecord:
    """One monthly declaration as a record.

    Args:
        root: its S20.G00.05 block, with all below.
        is_test: the sender's flag of the file.
    Raises:
        UnusablePayrollFile: a rubric that pay needs is absent, or a nil declaration names people.
    """
    kind = root.required("002", "a type of declaration")
    month = _date(root, "005")
    company = _only(root, "S21.G00.06")
    place = _only(company, "S21.G00.11")
    siren = company.required("001", "the SIREN of the employer")
    workplaces = tuple(
        Workplace(block.text("001"), block.text("004"), block.text("011")) for block in root.of("S21.G00.85")
    )
    people = list(place.of("S21.G00.30"))
    if kind in NIL_KINDS and people:
        raise root.lines["002"].refusal("a type with people (01 or 03), or no S21.G00.30 below")
    communes = {workplace.identifier: workplace.commune_insee for workplace in workplaces}
    return DeclarationRecord(
        nature=root.text("001"),
        kind=kind,
        fraction=root.required("003", "a fraction, 11 for 1 of 1"),
        order=int(root.required("004", "an order number")),
        month=month,
        siren=siren,
        siret=siren + place.required("001", "the NIC of the establishment"),
        replaces=root.text("006"),
        is_test=is_test,
        postal_code=place.text("004"),
        workplaces=workplaces,
        payslips=() if kind == CANCEL else tuple(_payslip(person, month, communes) for person in people),
    )


def _payslip(person: Block, month: date, communes: dict[str, str]) -> PayslipRecord:
    payments = list(person.of("S21.G00.50"))
    pay = [line for payment in payments for line in payment.of("S21.G00.51")]
    corrections = _corrections(pay, month)
    gross = _sum(pay, "013", GROSS)
    contracts = tuple(_contract(person, block) for block in person.of("S21.G00.40"))
    places = (communes.get(contract.workplace, "") for contract in contracts)
    return PayslipRecord(
        employee_number=_own_number(person, person.text("019")),
        initials=_initials(person),
        gross_cents=gross,
        gross_current_month_cents=gross - sum(correction.gross_cents for correction in corrections),
        hours_paid=_hours(pay, PAID),
        contracts=contracts,
        base_cents=_sum(pay, "013", BASE),
        hours_absent=_hours(pay, ABSENT),
        overtime_hours=_sum(pay, "012", *OVERTIME),
        bonuses_cents=sum(_hundredths(bonus.text("002")) for payment in payments for bonus in payment.of("S21.G00.52")),
        net_paid_cents=sum(_hundredths(payment.text("004")) for payment in payments),
        contributions=_contributions(payments),
        corrections=corrections,
        workplaces=tuple(dict.fromkeys(commune for commune in places if commune)),
        worked=_worked(pay, month),
    )


def _sum(pay: list[Block], number: str, *types: str) -> int:
    # 001, 002, 003 and 010 repeat the same money: each is summed alone, never together.
    return sum(_hundredths(line.text(number)) for line in pay if line.required("011", "a type of pay") in types)


def _hours(pay: list[Block], activity: str) -> int | None:
    """Hundredths of hours under the 002 lines, None when no line counts in hours (days of a yearly agreement)."""
    found = [_hundredths(block.text("002")) for _, block in _activity(pay, activity)]
    return sum(found) if found else None


def _activity(pay: list[Block], activity: str) -> Iterator[tuple[Block, Block]]:
    """Each measure in hours with its line of pay; calendar days (unit 40, under 001) are no hours."""
    for line in pay:
        if line.text("011") == UNEMPLOYMENT_GROSS:
            for block in line.of("S21.G00.53"):
                if block.text("001") == activity and block.text("003") == HOUR:
                    yield line, block


def _worked(pay: list[Block], month: date) -> tuple[WorkedSpan, ...]:
    """Paid hours of spans that do not end before the declared month, one row a span."""
    hours: Counter[tuple[date, date]] = Counter()
    overtime: Counter[tuple[date, date]] = Counter()
    overtime_cents: Counter[tuple[date, date]] = Counter()
    for line, block in _activity(pay, PAID):
        hours[_span(line)] += _hundredths(block.text("002"))
    for line in pay:
        if line.text("011") in OVERTIME:
            overtime[_span(line)] += _hundredths(line.text("012"))
            overtime_cents[_span(line)] += _hundredths(line.text("013"))
    spans = sorted(span for span in {*hours, *overtime} if span[1] >= month)
    return tuple(WorkedSpan(*span, hours[span], overtime[span], overtime_cents[span]) for span in spans)


def _span(line: Block) -> tuple[date, date]:
    return _date(line, "001"), _date(line, "002")


def _corrections(pay: list[Block], month: date) -> tuple[Correction, ...]:
    """Gross of periods that ended before the declared month, one per period."""
    cents: Counter[tuple[date, date]] = Counter()
    for line in pay:
        if line.text("011") == GROSS:
            line.required("013", "an amount")
            period = _span(line)
            if period[1] < month:
                cents[period] += _hundredths(line.text("013"))
    return tuple(Correction(*period, amount) for period, amount in sorted(cents.items()))


def _contributions(payments: list[Block]) -> tuple[tuple[str, int], ...]:
    cents: Counter[str] = Counter()
    for payment in payments:
        for base in payment.of("S21.G00.78"):
            for contribution in base.of("S21.G00.81"):
                if contribution.text("004"):
                    code = f"{base.text('001')}/{contribution.text('001')}"
                    cents[code] += _hundredths(contribution.text("004"))
    return tuple(cents.items())


def _contract(person: Block, block: Block) -> ContractRecord:
    return ContractRecord(
        number=_own_number(person, block.text("009")),
        nature=_code(block.text("007")),
        starts_on=_date(block, "001") if block.text("001") else None,
        workplace=block.text("019"),
        scheme=_code(block.text("008")),
    )


def _code(text: str) -> str:
    """A code of two digits; whatever else stands there is not kept."""
    return text if len(text) == 2 and text.isascii() and text.isdigit() else ""


def _own_number(person: Block, number: str) -> str:
    """The number, unless it gives the NIR or the temporary number away: some payroll software uses it as one."""
    digits = "".join(number.split())
    secrets = (person.text("001"), person.text("020"))
    return "" if any(secret and secret in digits for secret in secrets) else number


def _initials(person: Block) -> str:
    names = person.text("004"), person.text("003") or person.text("002")
    return " ".join(f"{name[0].upper()}." for name in names if name)


def _only(block: Block, code: str) -> Block:
    """The one block of that code: an establishment of a company, a company of a declaration (1..1 in the norm)."""
    found = list(block.of(code))
    if len(found) == 1:
        return found[0]
    at = found[1].first if found else block.first
    expected = f"one block {code} in each {block.first.block}"
    raise UnusablePayrollFile(Reject(at.file, at.at, f"{code}.001", f"{len(found)} blocks", expected))


def _date(block: Block, number: str) -> date:
    text = block.required(number, "a date written JJMMAAAA")
    try:
        return datetime.strptime(text, "%d%m%Y").date()  # noqa: DTZ007  a calendar day has no zone
    except ValueError:
        raise block.lines[number].refusal("a day that exists, written JJMMAAAA") from None


def _hundredths(text: str) -> int:
    """Cents or hundredths of an hour of a written number, absent being zero. Its form was checked before.

    >>> _hundredths("-150.05"), _hundredths("")
    (-15005, 0)
    """
    return int(text.replace(".", "")) if text else 0
