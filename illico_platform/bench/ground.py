"""The companies that a benchmark's calls belong to: numbers, agents with contracts and proofs, a PBX each."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from django.db import transaction

from agents.models import Agent, Contract, LocationProof, PbxName, Site
from billing.models import SharePolicy, Tariff, WagePolicy
from billing.services.load_reference import load_reference
from illico_platform.generate import generate_queue_log
from numbers.models import Company, OpeningHours, PremiumNumber, Source

FIRST_DAY = date(2026, 9, 7)  # a Monday; the nights lie in September
SINCE = date(2025, 1, 1)
NOW = datetime(2026, 10, 1, 0, 15, tzinfo=UTC)
NUMBERS, AGENTS = 5, 40  # of each company


def name_of(company: int) -> str:
    """The name of a company's PBX."""
    return f"bench-pbx{company}"


def numbers_of(company: int) -> list[str]:
    """The digits of a company's numbers."""
    return [f"0892{690_100 + company * NUMBERS + index:06d}" for index in range(NUMBERS)]


def agents_of(company: int) -> list[str]:
    """The names of a company's agents, in its PBX as on its payslips."""
    return [f"B{company:02d}{index:03d}" for index in range(AGENTS)]


@dataclass(frozen=True)
class Night:
    """Calls of one company in one file, over some days."""

    company: int
    path: Path
    seed: int
    first_day: date
    days: int
    calls_per_day: int

    def write(self) -> dict[str, int]:
        """Write the file; returns what must be found in it."""
        return generate_queue_log(
            self.path,
            seed=self.seed,
            start=datetime.combine(self.first_day, datetime.min.time(), UTC) + timedelta(hours=12),
            days=self.days,
            calls_per_day=self.calls_per_day,
            numbers=numbers_of(self.company),
            agents=agents_of(self.company),
        )


@transaction.atomic
def lay_ground(*, companies: int) -> None:
    """Create the companies: numbers at 0.60 EUR a minute open from 08:00 to 22:00, every agent proven in Lille."""
    load_reference()
    SharePolicy.objects.create(name="bench", payer="caller", carriers_bp=2500, fee_bp=500, valid_from=SINCE)
    WagePolicy.objects.create(name="bench", valid_from=SINCE)
    for company in range(companies):
        owner = Company.objects.create(name=f"Bench {company}", siren=f"9{company:08d}")
        source = Source.objects.create(name=name_of(company), company=owner)
        _make_numbers(owner, numbers_of(company))
        _make_agents(owner, source, agents_of(company))


def _make_numbers(owner: Company, digits: list[str]) -> None:
    numbers = PremiumNumber.objects.bulk_create(
        PremiumNumber(company=owner, digits=one, use_case="PAID_ADVICE", family="premium", status="live", label=one)
        for one in digits
    )
    OpeningHours.objects.bulk_create(
        OpeningHours(number=number, weekday=day, opens_s=28_800, closes_s=79_200, valid_from=SINCE)
        for number in numbers
        for day in range(7)
    )
    Tariff.objects.bulk_create(Tariff(number=number, price_micros=600_000, valid_from=SINCE) for number in numbers)


def _make_agents(owner: Company, source: Source, names: list[str]) -> None:
    site = Site.objects.create(company=owner, name="Lille", commune_insee="59350")
    agents = Agent.objects.bulk_create(Agent(company=owner, employee_number=name) for name in names)
    PbxName.objects.bulk_create(
        PbxName(source=source, name=agent.employee_number, agent=agent, valid_from=SINCE) for agent in agents
    )
    Contract.objects.bulk_create(Contract(agent=agent, starts_on=SINCE) for agent in agents)
    LocationProof.objects.bulk_create(
        LocationProof(
            agent=agent,
            place="site",
            site=site,
            commune_insee="59350",
            method="lease",
            valid_from=datetime(2025, 1, 1, tzinfo=UTC),
            valid_until=datetime(2028, 1, 1, tzinfo=UTC),
        )
        for agent in agents
    )
