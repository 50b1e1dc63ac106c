"""Who plays in the demo: two companies with numbers, agents, contracts, proofs, and the people who sign in."""

from dataclasses import dataclass, field
from datetime import date, datetime

from allauth.account.models import EmailAddress

from agents.models import Agent, Contract, LocationProof, PbxName, Site
from billing.models import SharePolicy, Tariff, WagePolicy
from billing.services.load_reference import load_reference
from illico_platform.lib.periods import day_start
from numbers.models import Company, Membership, NumberBlock, NumberTransition, OpeningHours, PremiumNumber, Source, User

START, END = date(2026, 1, 1), date(2028, 1, 1)
PASSWORD = "illico-demo"  # noqa: S105  a demo's password is printed; the demo refuses to run in production
ADMIN = "admin@illico.example"
# Owners and accountants are asked for a second factor when they first come; a manager is not.
MEMBERS = {
    "gerante@allo-conseil.example": ("999999006", "owner"),
    "responsable@allo-conseil.example": ("999999006", "manager"),
    "superviseur@allo-conseil.example": ("999999006", "supervisor"),
    "comptable@allo-conseil.example": ("999999006", "accountant"),
    "a001@allo-conseil.example": ("999999006", "agent"),
    "gerant@renfort-ecoute.example": ("999999105", "owner"),
    "responsable@renfort-ecoute.example": ("999999105", "manager"),
}


# Where the demo's people sit, by INSEE code.
COMMUNES = {
    "13055": "Marseille",
    "2A004": "Ajaccio",
    "35238": "Rennes",
    "59350": "Lille",
    "67482": "Strasbourg",
    "97411": "Saint-Denis",
}

# Blocks that the demo's operator could have: first digits, family, ceiling a minute of the range.
BLOCKS = [
    ("089269", "premium", 800_000),
    ("0893710", "premium", 800_000),
    ("082069", "premium", 200_000),
    ("080669", "standard", 0),
    ("080069", "free", 0),
]


@dataclass(frozen=True)
class Staff:
    """An agent of the demo: where they sit, and over which days it is proven (none: never)."""

    name: str
    first_name: str
    commune: str
    at_home: bool = False
    proven: tuple[date, date] | None = (START, END)


@dataclass(frozen=True)
class Cast:
    """A company of the demo as stored."""

    company: Company
    source: Source
    numbers: list[PremiumNumber] = field(default_factory=list)


def lay_reference() -> None:
    """Chart, VAT, plan, and the demo's policies: carriers keep 25 % of S, our fee 5 % of S HT, wages 60 % of S HT."""
    load_reference()
    for payer, carriers_bp in (("caller", 2500), ("sponsor", 0)):
        SharePolicy.objects.get_or_create(
            payer=payer, valid_from=START, defaults={"name": "Démo", "carriers_bp": carriers_bp, "fee_bp": 500}
        )
    WagePolicy.objects.get_or_create(valid_from=START, defaults={"name": "60 % du prix HT"})
    for prefix, family, ceiling_micros in BLOCKS:
        NumberBlock.objects.get_or_create(
            prefix=prefix,
            defaults={
                "family": family,
                "ceiling_micros": ceiling_micros,
                "source": "Attribution inventée",
            },
        )


def lay_company(name: str, siren: str, source: str, numbers: dict[str, str], *, opens_s: int, closes_s: int) -> Cast:
    """A company with a PBX and live numbers at 0.60 EUR a minute, open every day over one interval.

    Args:
        numbers: digits and the name of each service.
    """
    company, _ = Company.objects.get_or_create(
        siren=siren,
        defaults={
            "name": name,
            "siret": f"{siren}00011",
            "address": "12 rue de la Demo, 75001 Paris",
            "complaint_contact": f"reclamations@{source}.example",
        },
    )
    pbx, _ = Source.objects.get_or_create(name=source, defaults={"company": company})
    cast = Cast(company, pbx)
    for digits, label in numbers.items():
        number, created = PremiumNumber.objects.get_or_create(
            digits=digits,
            company=company,
            defaults={
                "e164": f"+33{digits[1:]}", "family": "premium", "payer": "caller", "use_case": "PAID_ADVICE",
                "status": "live", "label": label,
            },
        )  # fmt: skip
        if created:
            _open(number, opens_s, closes_s)
        cast.numbers.append(number)
    return cast


def _open(number: PremiumNumber, opens_s: int, closes_s: int) -> None:
    OpeningHours.objects.bulk_create(
        OpeningHours(number=number, weekday=day, opens_s=opens_s, closes_s=closes_s, valid_from=START)
        for day in range(7)
    )
    Tariff.objects.create(number=number, price_micros=600_000, valid_from=START)
    NumberTransition.objects.create(
        number=number, from_status="approved", to_status="live", reason="Mise en service pour la démonstration",
        at=day_start(START),
    )  # fmt: skip


def lay_staff(cast: Cast, staff: Staff) -> Agent:
    """An agent under the same name in the PBX and in payroll, with a contract and the proof that staff says."""
    agent, created = Agent.objects.get_or_create(
        company=cast.company, employee_number=staff.name, defaults={"display_name": staff.first_name}
    )
    if created:
        PbxName.objects.create(source=cast.source, name=staff.name, agent=agent, valid_from=START)
        Contract.objects.create(agent=agent, starts_on=START, ends_on=END)
        if staff.proven:
            prove(agent, staff, since=day_start(staff.proven[0]), until=day_start(staff.proven[1]))
    return agent


def prove(agent: Agent, staff: Staff, *, since: datetime, until: datetime) -> LocationProof:
    """A proof of workplace at the staff's commune: a lease for a site, a telework annex for a home."""
    site = None
    if not staff.at_home:
        site, _ = Site.objects.get_or_create(
            company=agent.company,
            name=f"Plateau de {COMMUNES[staff.commune]}",
            defaults={"commune_insee": staff.commune, "commune_name": COMMUNES[staff.commune]},
        )
    return LocationProof.objects.create(
        agent=agent,
        place="home" if staff.at_home else "site",
        site=site,
        commune_insee=staff.commune,
        method="annex" if staff.at_home else "lease",
        valid_from=since,
        valid_until=until,
    )


def lay_logins() -> None:
    """The people of the demo: an administrator, and the members of each company; their addresses count as verified."""
    if not User.objects.filter(email=ADMIN).exists():
        User.objects.create_superuser(ADMIN, PASSWORD)
    for email, (siren, role) in MEMBERS.items():
        user = User.objects.filter(email=email).first() or User.objects.create_user(email, PASSWORD)
        company = Company.objects.get(siren=siren)
        Membership.objects.get_or_create(user=user, company=company, defaults={"role": role})
        if role == Membership.Role.AGENT:
            number = email.partition("@")[0].upper()
            Agent.objects.filter(company=company, employee_number=number, user=None).update(user=user)
    for user in User.objects.filter(email__in=[ADMIN, *MEMBERS]):
        EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})


def logins() -> list[tuple[str, str]]:
    """Who may sign in: address, and who that is."""
    roles = dict(Membership.Role.choices)
    names = dict(Company.objects.values_list("siren", "name"))
    members = [(email, f"{names.get(siren, siren)}, {roles[role]}") for email, (siren, role) in MEMBERS.items()]
    return [(ADMIN, "administration"), *members]
