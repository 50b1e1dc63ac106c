"""The fixed cast: one company with the evening's numbers, its rival, an outsider, an agent in Lille and one abroad."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from agents.models import Agent, Contract, LocationProof, PbxName, Site
from billing.models import SharePolicy, Tariff, WagePolicy
from billing.services.load_reference import load_reference
from numbers.models import Company, Membership, OpeningHours, PremiumNumber, Source, User

START = date(2026, 1, 1)
PROVEN_FROM = datetime(2025, 12, 31, 23, tzinfo=UTC)  # midnight in Paris
PROVEN_UNTIL = datetime(2027, 12, 31, 23, tzinfo=UTC)
SIREN, RIVAL_SIREN = "999999006", "999999105"


@dataclass
class Cast:
    """Who plays. ``company`` has pbx1, 0892690001 and 0892690002 at 0.60, A001 to A006; the rival has one number.

    ``people`` are the company's, one a role; owner and accountant have no second factor yet.
    """

    company: Company
    rival: Company
    source: Source
    rival_source: Source
    numbers: dict[str, PremiumNumber]
    agents: dict[str, Agent] = field(default_factory=dict)
    owner: User | None = None
    rival_owner: User | None = None
    outsider: User | None = None
    accountant: User | None = None
    admin: User | None = None
    people: dict[str, User] = field(default_factory=dict)


def make_cast() -> Cast:
    """Create the cast in the test's database; every agent has a contract, everyone but A900 (abroad) a proof."""
    load_reference()
    make_policies()
    company = Company.objects.create(name="Allô Conseil", siren=SIREN)
    rival = Company.objects.create(name="Rivale", siren=RIVAL_SIREN)
    cast = Cast(
        company,
        rival,
        Source.objects.create(name="pbx1", company=company),
        Source.objects.create(name="rival-pbx", company=rival),
        {},
    )
    for digits, owner in (("0892690001", company), ("0892690002", company), ("0892690009", rival)):
        cast.numbers[digits] = make_number(owner, digits)
    for name in ("A001", "A002", "A003", "A004", "A005", "A006"):
        cast.agents[name] = make_agent(cast.source, name)
    cast.agents["A900"] = make_agent(cast.source, "A900", proven=False)
    _make_people(cast)
    return cast


def make_policies() -> None:
    """The policy of DESIGN's worked table: carriers keep 25 % of S, our fee 5 % of S HT, 60 % of S HT to wages."""
    SharePolicy.objects.create(name="2026", payer="caller", carriers_bp=2500, fee_bp=500, valid_from=START)
    SharePolicy.objects.create(name="2026", payer="sponsor", carriers_bp=0, fee_bp=500, valid_from=START)
    WagePolicy.objects.create(name="60 %", valid_from=START)


def make_number(company: Company, digits: str, *, price_micros: int = 600_000) -> PremiumNumber:
    """A live number open at all hours, with one tariff since the start."""
    number = PremiumNumber.objects.create(
        company=company, digits=digits, use_case="PAID_ADVICE", family="premium", status="live", label=digits
    )
    OpeningHours.objects.bulk_create(
        OpeningHours(number=number, weekday=day, opens_s=0, closes_s=86_400, valid_from=START) for day in range(7)
    )
    Tariff.objects.create(number=number, price_micros=price_micros, valid_from=START)
    return number


def make_agent(source: Source, name: str, *, proven: bool = True) -> Agent:
    """An agent in Lille with a contract since the start; without ``proven`` nobody knows where they sit."""
    assert source.company is not None
    agent = Agent.objects.create(company=source.company, employee_number=name, display_name=f"Agent {name}")
    PbxName.objects.create(source=source, name=name, agent=agent, valid_from=START)
    Contract.objects.create(agent=agent, starts_on=START)
    if proven:
        site, _ = Site.objects.get_or_create(company=source.company, name="Lille", defaults={"commune_insee": "59350"})
        prove(agent, site=site)
    return agent


def prove(agent: Agent, *, site: Site | None = None) -> LocationProof:
    """A proof of workplace over the cast's years, on a site or at home in Lille."""
    return LocationProof.objects.create(
        agent=agent,
        place="site" if site else "home",
        site=site,
        commune_insee="59350",
        method="lease" if site else "annex",
        valid_from=PROVEN_FROM,
        valid_until=PROVEN_UNTIL,
    )


def _make_people(cast: Cast) -> None:
    people = {
        "owner": (cast.company, "owner"),
        "rival_owner": (cast.rival, "owner"),
        "accountant": (cast.company, "accountant"),
        "outsider": (None, None),
    }
    for name, (company, role) in people.items():
        user = User.objects.create_user(f"{name}@example.org", "un mot de passe long")
        if company:
            Membership.objects.create(user=user, company=company, role=role)
        setattr(cast, name, user)
    cast.people = {"owner": cast.owner, "accountant": cast.accountant}
    for role in ("manager", "supervisor", "agent"):
        user = User.objects.create_user(f"{role}@example.org", "un mot de passe long")
        Membership.objects.create(user=user, company=cast.company, role=role)
        cast.people[role] = user
    cast.admin = User.objects.create_superuser("admin@example.org", "un mot de passe long")


def give_second_factor(user: User) -> str:
    """An authenticator application for the person; answers with its secret."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret
