"""A monthly DSN written from a few facts, with invented people: for the demonstration and for round-trip tests.

Each line has the form that norm P26V01 gives it, but this is no declaration to send: contributions, addresses and the
like are left out or invented.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from illico_platform.lib.money import euros_of_cents
from illico_platform.lib.periods import Month

FULL_TIME_HOURS = 15_167
MOST_PEOPLE = 12 * 999  # as many invented NIR as one birth year has here


@dataclass(frozen=True)
class WrittenEmployee:
    """One person to declare; gross in cents, hours in hundredths, the workplace as an INSEE commune.

    ``overtime_hours`` are among the paid ones, ``overtime_cents`` is part of the gross. ``contributions`` are cents by
    base code and contribution code, as in 02/131.
    """

    employee_number: str
    gross_cents: int
    hours_paid: int = FULL_TIME_HOURS
    commune_insee: str = "75101"
    postal_code: str = "75001"
    family_name: str = "EXEMPLE"
    first_name: str = "Alex"
    correction_cents: int = 0
    nature: str = "01"
    scheme: str = "99"
    overtime_hours: int = 0
    overtime_cents: int = 0
    contributions: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class WrittenDeclaration:
    """What kind of declaration: see ``DeclarationRecord`` for ``kind``, ``fraction``, ``order`` and ``replaces``."""

    kind: str = "01"
    fraction: str = "11"
    order: int = 1
    replaces: str = ""
    is_test: bool = False


def write_dsn(
    *,
    siren: str,
    nic: str,
    month: date,
    employees: list[WrittenEmployee],
    declaration: WrittenDeclaration | None = None,
) -> bytes:
    """The bytes of a DSN file that declares these people's month at one establishment.

    Args:
        siren: nine digits of the employer.
        nic: five digits of the establishment.
        month: any day of the declared month.
        employees: in the order of the file; ``correction_cents`` is pay of the month before, on top of the gross.
        declaration: a normal, whole, real first declaration when absent.
    Raises:
        ValueError: more people than there are invented numbers.

    >>> write_dsn(siren="999999006", nic="00011", month=date(2026, 11, 1), employees=[])[:23]
    b"S10.G00.00.001,'ILLICO'"
    """
    if len(employees) > MOST_PEOPLE:
        raise ValueError(f"{len(employees)} people, at most {MOST_PEOPLE} can be invented")
    what, period = declaration or WrittenDeclaration(), Month.of(month)
    lines = _sender(siren, nic, what) + _declaration(period, what) + _employer(siren, nic)
    for rank, employee in enumerate(employees):
        lines += _person(rank, employee) + _contract(rank, siren + nic, employee) + _pay(rank, period, employee)
    for commune, postal_code in dict.fromkeys((one.commune_insee, one.postal_code) for one in employees):
        lines += _workplace(_place(siren + nic, commune), commune, postal_code)
    lines += [("S90.G00.90.001", str(len(lines) + 2)), ("S90.G00.90.002", "1")]
    return "".join(f"{rubric},'{value}'\r\n" for rubric, value in lines).encode("iso-8859-1")


Lines = list[tuple[str, str]]


def _sender(siren: str, nic: str, what: WrittenDeclaration) -> Lines:
    head = {
        "001": "ILLICO",
        "002": "ILLICO",
        "003": "1.0",
        "005": "01" if what.is_test else "02",
        "006": "P26V01",
        "007": "01",
        "008": "02" if what.kind in ("02", "05") else "01",
    }
    sender = {
        "001": siren,
        "002": nic,
        "003": "SERVICE PAIE FICTIF",
        "004": "1 RUE DE LA DEMO",
        "005": "75001",
        "006": "PARIS",
    }
    contact = {"001": "02", "002": "CONTACT FICTIF", "004": "contact@example.org", "005": "0199000001"}
    return _block("S10.G00.00", head) + _block("S10.G00.01", sender) + _block("S10.G00.02", contact)


def _declaration(period: Month, what: WrittenDeclaration) -> Lines:
    declared = {
        "001": "01",
        "002": what.kind,
        "003": what.fraction,
        "004": str(what.order),
        "005": _day(period.first),
        "006": what.replaces,
        "007": _day(period.next.first + timedelta(days=4)),  # monthly payers deposit by the 5th
        "008": "01",
        "010": "01",
    }
    contact = {"001": "CONTACT FICTIF", "002": "0199000002", "003": "paie@example.org", "004": "08"}
    return _block("S20.G00.05", declared) + _block("S20.G00.07", contact)


def _employer(siren: str, nic: str) -> Lines:
    address = {"003": "10 AVENUE DE LA DEMO", "004": "75001", "005": "PARIS"}
    company = {"001": siren, "002": nic, "003": "8220Z", "004": "10 AVENUE DE LA DEMO", "005": "75001", "006": "PARIS"}
    company["015"] = "2120"
    return _block("S21.G00.06", company) + _block(
        "S21.G00.11", {"001": nic, "002": "8220Z", **address, "022": company["015"]}
    )


def _person(rank: int, employee: WrittenEmployee) -> Lines:
    month, number = divmod(rank, 999)
    person = {
        # Born in a country that does not exist (99 999): nobody has this number.
        "001": f"199{month + 1:02}99999{number + 1:03}",
        "002": employee.family_name,
        "004": employee.first_name,
        "006": f"01{month + 1:02}1999",
        "007": "PARIS",
        "008": f"{rank + 1} RUE FICTIVE",
        "009": "75001",
        "010": "PARIS",
        "014": "75",
        "015": "FR",
        "019": employee.employee_number,
    }
    return _block("S21.G00.30", person)


def _contract(rank: int, siret: str, employee: WrittenEmployee) -> Lines:
    contract = {
        "001": "01012024",
        "002": "06",
        "003": "04",
        "004": "546d",
        "006": "TELECONSEILLER",
        "007": employee.nature,
        "008": employee.scheme,
        "009": _contract_number(rank),
        "011": "10",
        "012": "151.67",
        "013": "151.67",
        "014": "10",
        "016": "99",
        "017": "2120",
        "018": "200",
        "019": _place(siret, employee.commune_insee),
        "020": "200",
        "024": "99",
        "026": "99",
        "036": "01",
        "037": "01",
        "039": "200",
        "040": "748KA",
        "043": "1.10",
    }
    return [*_block("S21.G00.40", contract), ("S21.G00.71.002", "RUAA")]


def _pay(rank: int, period: Month, employee: WrittenEmployee) -> Lines:
    net = _amount((employee.gross_cents + employee.correction_cents) * 78 // 100)
    payment = {"001": _day(period.last), "002": net, "003": "01", "004": net, "006": "0.00", "007": "13", "009": "0.00"}
    lines = _block("S21.G00.50", payment)
    lines += _pay_of(period, rank, employee.gross_cents, employee.hours_paid)
    if employee.correction_cents:
        lines += _pay_of(period.previous, rank, employee.correction_cents, 0)
    if employee.overtime_hours:
        lines += _overtime(period, rank, employee)
    lines += _contributions(period, rank, employee)
    seniority = {"001": "07", "002": "01", "003": "24", "005": _contract_number(rank)}
    return lines + _block("S21.G00.86", seniority)


def _pay_of(period: Month, rank: int, cents: int, hours: int) -> Lines:
    lines: Lines = []
    for type_ in ("001", "002", "003", "010"):
        pay = {
            "001": _day(period.first),
            "002": _day(period.last),
            "010": _contract_number(rank),
            "011": type_,
            "013": _amount(cents),
        }
        lines += _block("S21.G00.51", pay)
        if type_ == "001":
            lines += _block("S21.G00.53", {"001": "01", "002": f"{period.last.day}.00", "003": "40"})
        if type_ == "002":
            lines += _block("S21.G00.53", {"001": "01", "002": _amount(hours), "003": "10"})
    return lines


def _overtime(period: Month, rank: int, employee: WrittenEmployee) -> Lines:
    pay = {
        "001": _day(period.first),
        "002": _day(period.last),
        "010": _contract_number(rank),
        "011": "017",
        "012": _amount(employee.overtime_hours),
        "013": _amount(employee.overtime_cents),
    }
    return _block("S21.G00.51", pay)


def _contributions(period: Month, rank: int, employee: WrittenEmployee) -> Lines:
    """Each base with the contributions on it, in the order in which the bases are first named."""
    lines: Lines = []
    for base in dict.fromkeys(code.split("/")[0] for code, _ in employee.contributions):
        gross = _amount(employee.gross_cents)
        span = {"001": base, "002": _day(period.first), "003": _day(period.last), "004": gross}
        lines += _block("S21.G00.78", {**span, "006": _contract_number(rank)})
        for code, cents in employee.contributions:
            if code.startswith(f"{base}/"):
                lines += _block("S21.G00.81", {"001": code.split("/")[1], "003": gross, "004": _amount(cents)})
    return lines


def _workplace(identifier: str, commune: str, postal_code: str) -> Lines:
    place = {"001": identifier, "002": "8220Z", "003": "1 RUE DU LIEU", "004": postal_code, "005": "VILLE FICTIVE"}
    return _block("S21.G00.85", {**place, "010": "01", "011": commune})


def _block(code: str, rubrics: dict[str, str]) -> Lines:
    # A rubric without a value is left out: the norm knows no empty ones.
    return [(f"{code}.{number}", value) for number, value in rubrics.items() if value]


def _place(siret: str, commune: str) -> str:
    return siret if commune == "75101" else f"LT-{commune}"


def _contract_number(rank: int) -> str:
    return f"{rank + 1:05}"


def _day(day: date) -> str:
    return f"{day:%d%m%Y}"


def _amount(hundredths: int) -> str:
    return f"{euros_of_cents(hundredths):.2f}"
