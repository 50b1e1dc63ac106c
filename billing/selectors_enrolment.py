"""What a file of an enrolment amounts to: its answers as the rules judge them, its estimate, its people, its prices."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from agents.models import Agent, Contract, LocationProof
from billing.models import MinimumWage, SharePolicy, Tariff, VatRate, WagePolicy
from billing.rules.enrolment_check import File, Step
from billing.rules.price_change import PricePeriod
from billing.rules.viability import Estimate, Expectation, Terms, estimate
from illico_platform.lib.periods import paris_day
from numbers.models import Company, Enrolment, PortRequest, PremiumNumber
from numbers.rules.eligibility import Payer, UseCase
from numbers.rules.eligibility_choices import KINDS
from numbers.rules.opening_text import Span, open_seconds
from numbers.selectors import plan_ceilings
from numbers.selectors_enrolment import block_of, reservation_of, taken_numbers

_PAYERS = {key: payer for key, _, payer in KINDS}


@dataclass(frozen=True)
class Hours:
    """The weekly hours of a file: intervals of each weekday, Monday first, and what holidays do."""

    week: tuple[tuple[Span, ...], ...] = ((),) * 7
    holidays: str = "usual"
    alsace_moselle: bool = False

    @property
    def open_s(self) -> int:
        return sum(open_seconds(list(spans)) for spans in self.week)

    @property
    def open_days(self) -> int:
        return sum(bool(spans) for spans in self.week)

    @property
    def count(self) -> int:
        return sum(len(spans) for spans in self.week)


def step_answers(enrolment: Enrolment, step: Step) -> dict[str, Any]:
    """What was answered at a step; empty when it never was."""
    found = enrolment.answers.get(step.value, {})
    return found if isinstance(found, dict) else {}


def use_cases_of(enrolment: Enrolment) -> list[UseCase]:
    """The uses of the line, in the order they were answered."""
    return [UseCase(each) for each in step_answers(enrolment, Step.USE).get("use_cases", []) if each in set(UseCase)]


def payer_of(enrolment: Enrolment) -> Payer:
    """Who pays, by the kind of number chosen; the caller until then."""
    return _PAYERS.get(step_answers(enrolment, Step.LAW).get("choice", ""), Payer.CALLER)


def hours_of(enrolment: Enrolment) -> Hours:
    """The hours answered so far."""
    answers = step_answers(enrolment, Step.HOURS)
    week = answers.get("week") or [[]] * 7
    return Hours(
        tuple(tuple((opens, closes) for opens, closes in day) for day in week),
        answers.get("holidays", "usual"),
        answers.get("alsace_moselle", False),
    )


def price_of(enrolment: Enrolment) -> int | None:
    """The price answered, micro-euros a minute."""
    return step_answers(enrolment, Step.PRICE).get("price_micros")


def file_of(enrolment: Enrolment, *, now: datetime) -> File:
    """The file as ``enrolment_check`` judges it, with what is free, held and proven now."""
    company, digits, on = enrolment.company, enrolment.digits, paris_day(now)
    own = enrolment.number.digits if enrolment.number else ""
    directory = step_answers(enrolment, Step.DIRECTORY)
    chosen = chosen_agents(enrolment)
    block = block_of(digits) if digits else None
    found = estimate_of(enrolment, on=on)
    port = PortRequest.objects.filter(enrolment=enrolment).first()
    return File(
        on=on,
        use_cases=use_cases_of(enrolment),
        choice=step_answers(enrolment, Step.LAW).get("choice", ""),
        digits=digits,
        is_free=bool(digits)
        and (digits == own or digits not in taken_numbers(digits, digits, company=company, now=now)),
        is_held=digits == own or (bool(digits) and reservation_of(digits, company=company, now=now) is not None),
        is_port=step_answers(enrolment, Step.NUMBER).get("origin") == "port",
        in_block=block is not None,
        block_micros=block.ceiling_micros if block else None,
        rio=port.rio if port else "",
        price_micros=price_of(enrolment),
        ceilings=plan_ceilings(),
        spans=hours_of(enrolment).count,
        **{name: directory.get(name, "") for name in _DIRECTORY_FIELDS},
        agents=len(chosen),
        proven=sum(agent.is_proven for agent in agents_with_proof(company, now=now).filter(pk__in=chosen)),
        has_estimate=bool(step_answers(enrolment, Step.VIABILITY)),
        balance=found.outcome if found else None,
        papers=frozenset(enrolment.documents.values_list("kind", flat=True)),
    )


_DIRECTORY_FIELDS = ("label", "purpose", "provider_name", "provider_address", "complaint_contact")


def chosen_agents(enrolment: Enrolment) -> list[int]:
    """Ids of the agents chosen who still are the company's, and active."""
    wanted = step_answers(enrolment, Step.AGENTS).get("agents", [])
    return list(
        Agent.objects.filter(company=enrolment.company, is_active=True, pk__in=wanted).values_list("pk", flat=True)
    )


def agents_with_proof(company: Company, *, now: datetime) -> QuerySet[Agent]:
    """The company's active agents, each with ``is_proven`` (a workplace in France now) and ``is_employed``."""
    on = paris_day(now)
    proofs = LocationProof.objects.filter(
        agent=OuterRef("pk"), valid_from__lte=now, valid_until__gt=now, revoked_at=None
    )
    contracts = Contract.objects.filter(Q(ends_on=None) | Q(ends_on__gt=on), agent=OuterRef("pk"), starts_on__lte=on)
    active = Agent.objects.filter(company=company, is_active=True)
    return active.annotate(is_proven=Exists(proofs), is_employed=Exists(contracts)).order_by("employee_number")


def minimum_wage(on: date) -> MinimumWage | None:
    """The minimum wage of a day."""
    return _held(MinimumWage.objects.all(), on)


def terms_of(enrolment: Enrolment, *, on: date) -> Terms | None:
    """The dated rows that the estimate stands on; None while one of them, or the price, is missing."""
    price = price_of(enrolment)
    vat, wage, minimum = _held(VatRate.objects.all(), on), _held(WagePolicy.objects.all(), on), minimum_wage(on)
    shares = _held(SharePolicy.objects.filter(payer=payer_of(enrolment).value), on)
    if price is None or not (vat and wage and minimum and shares):
        return None
    return Terms(
        price_micros=price,
        vat_bp=vat.rate_bp,
        carriers_bp=shares.carriers_bp,
        fee_bp=shares.fee_bp,
        wage_bp=wage.share_bp,
        wage_base=wage.base,
        minimum_micros=minimum.hourly_micros,
        on=on,
    )


def estimate_of(enrolment: Enrolment, *, on: date) -> Estimate | None:
    """The estimate from the figures answered; None while something it needs is missing."""
    answers, hours = step_answers(enrolment, Step.VIABILITY), hours_of(enrolment)
    terms = terms_of(enrolment, on=on)
    if not answers or terms is None or not hours.count:
        return None
    expected = Expectation(open_s_per_week=hours.open_s, open_days_per_week=hours.open_days, **answers)
    try:
        return estimate(expected, terms)
    except ValueError:
        return None


def price_periods(number: PremiumNumber) -> list[PricePeriod]:
    """The prices of a number, oldest first."""
    rows = Tariff.objects.filter(number=number).order_by("valid_from")
    return [PricePeriod(row.valid_from, row.valid_until, row.price_micros) for row in rows]


def price_on(periods: Sequence[PricePeriod], on: date) -> PricePeriod | None:
    """The price that holds on a day."""
    return next((each for each in periods if each.since <= on and (each.until is None or on < each.until)), None)


def waiting_files() -> int:
    """How many files wait for the operator's decision."""
    return Enrolment.objects.filter(number__status=PremiumNumber.Status.SUBMITTED).count()


def _held(rows: QuerySet[Any], on: date) -> Any:
    """The row in force on a day, of a query set of dated rows."""
    return rows.filter(Q(valid_until=None) | Q(valid_until__gt=on), valid_from__lte=on).order_by("-valid_from").first()
