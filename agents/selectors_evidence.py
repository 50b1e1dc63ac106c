"""The evidence behind a company's agents over some days, as the rule of the guarantee takes it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl
from django.db.models import Q

from agents.models import Agent, Attendance, CheckIn, Course, EvidencePolicy, LocationProof, NetworkSighting
from agents.models import TeleworkAgreement as Agreement
from agents.rules.evidence import POLICY, Evidence
from agents.rules.network import FRANCE, seen_spans
from agents.rules.spans import SPAN
from agents.rules.training import Certificate, Required, training_gaps
from illico_platform.lib.periods import day_start

_AGENT = {"agent_id": pl.Int64}
LONGEST_CHECK_IN = timedelta(hours=16)


@dataclass(frozen=True)
class Workplace:
    """Where an agent may sign in: a place that a proof or a home agreement stands for at that moment."""

    place: str
    site_id: int | None
    commune_insee: str
    label: str

    @property
    def key(self) -> str:
        """What a form sends back for it."""
        return f"{self.place}-{self.site_id or self.commune_insee}"


@dataclass(frozen=True)
class Asked:
    """What a kept call must rest on beyond name, contract and workplace, as the public is told.

    Args:
        links: names of the policy's columns that ask for something, each with the first day it is asked from.
        counts_overseas: whether overseas departments count; ``overseas_since``: from which day it is so, None when it
            was never otherwise.
    """

    links: dict[str, date]
    counts_overseas: bool
    overseas_since: date | None


LINKS = ("needs_agreement", "needs_check_in", "needs_passkey", "needs_network", "needs_training")


def asked_on(day: date) -> Asked:
    """What is asked on a day, and since when without a break."""
    policies = list(EvidencePolicy.objects.filter(valid_from__lte=day).order_by("-valid_from"))

    def since(name: str, value: bool) -> date | None:
        first = None
        for policy in policies:
            if getattr(policy, name) is not value:
                return first
            first = policy.valid_from
        # Before the first policy nothing was asked, and the overseas departments counted.
        return first if value is not EvidencePolicy._meta.get_field(name).get_default() else None

    counts = policies[0].counts_overseas if policies else True
    found = {name: since(name, True) for name in LINKS}
    return Asked({name: first for name, first in found.items() if first}, counts, since("counts_overseas", counts))


def policy_on(day: date) -> EvidencePolicy:
    """What is asked on a day; nothing, where no policy has begun."""
    found = EvidencePolicy.objects.filter(valid_from__lte=day).order_by("-valid_from").first()
    return found or EvidencePolicy(valid_from=day)


def workplaces_of(*, agent: Agent, now: datetime) -> list[Workplace]:
    """The places that an agent's valid proofs stand for now, sites first."""
    proofs = agent.proofs.filter(valid_from__lte=now, valid_until__gt=now, revoked_at=None).select_related("site")
    found = {
        (proof.place, proof.site_id, proof.commune_insee): Workplace(
            proof.place,
            proof.site_id,
            proof.commune_insee,
            proof.site.name if proof.site else proof.get_place_display(),
        )
        for proof in proofs
    }
    return sorted(found.values(), key=lambda each: (each.place != LocationProof.Place.SITE, each.label))


def running_check_in(*, agent_id: int, now: datetime) -> CheckIn | None:
    """The agent's check-in that holds now."""
    return CheckIn.objects.filter(agent_id=agent_id, started_at__lte=now, ends_at__gt=now).order_by("-pk").first()


def evidence_of(*, company_id: int, first: date, last: date) -> Evidence:
    """Everything that the verdicts of these days may rest on beyond name, contract and workplace.

    One query where no policy asks for more, which is how a platform begins.
    """
    policies = _policies(last)
    if policies.is_empty():
        return Evidence()
    since, until = day_start(first), day_start(last + timedelta(days=2))
    check_ins = _check_ins(company_id, since, until)
    seen = pl.concat([check_ins.drop("check_in_id", "is_by_passkey"), _sightings(company_id, since, until)])
    spans = ["agent_id", "start", "end"]
    return Evidence(
        policies=policies,
        agreements=_agreements(company_id),
        check_ins=check_ins.select("agent_id", "check_in_id", "start", "end"),
        by_passkey=check_ins.filter("is_by_passkey").select("agent_id", "check_in_id", "start", "end"),
        networks=seen.filter("is_french").select(spans),
        abroad=seen.filter("is_abroad").select(spans),
        untrained=_untrained(company_id),
    )


def _policies(last: date) -> pl.DataFrame:
    rows = EvidencePolicy.objects.filter(valid_from__lte=last).values_list("valid_from", *list(POLICY)[1:])
    return pl.DataFrame([(day_start(day), *needs) for day, *needs in rows], schema=POLICY, orient="row")


def _agreements(company_id: int) -> pl.DataFrame:
    rows = Agreement.objects.filter(agent__company_id=company_id).values_list("agent_id", "pk", "starts_on", "ends_on")
    return pl.DataFrame(
        [(agent, pk, day_start(first), end and day_start(end)) for agent, pk, first, end in rows],
        schema={**_AGENT, "agreement_id": pl.Int64, **SPAN},
        orient="row",
    )


def _check_ins(company_id: int, since: datetime, until: datetime) -> pl.DataFrame:
    of_days = CheckIn.objects.filter(
        company_id=company_id, started_at__gte=since - LONGEST_CHECK_IN, started_at__lt=until
    )
    rows = of_days.annotate(is_by_passkey=Q(assertion__isnull=False)).values_list(
        "agent_id", "pk", "started_at", "ends_at", "country", "is_private", "place", "is_by_passkey"
    )
    return pl.DataFrame(
        [
            # Inside a site's own network the address says nothing of a country: the site's proof does.
            (agent, pk, start, end, country in FRANCE or (private and place == LocationProof.Place.SITE),
             bool(country) and country not in FRANCE, by_passkey)
            for agent, pk, start, end, country, private, place, by_passkey in rows
        ],
        schema={
            **_AGENT, "check_in_id": pl.Int64, **SPAN, "is_french": pl.Boolean, "is_abroad": pl.Boolean,
            "is_by_passkey": pl.Boolean,
        },
        orient="row",
    )  # fmt: skip


def _sightings(company_id: int, since: datetime, until: datetime) -> pl.DataFrame:
    rows = NetworkSighting.objects.filter(company_id=company_id, seen_at__gte=since, seen_at__lt=until).values_list(
        "agent_id", "seen_at", "country"
    )
    frame = pl.DataFrame(
        [
            (agent, seen_at, country in FRANCE, bool(country) and country not in FRANCE)
            for agent, seen_at, country in rows
        ],
        schema={**_AGENT, "start": SPAN["start"], "is_french": pl.Boolean, "is_abroad": pl.Boolean},
        orient="row",
    )
    return seen_spans(frame).select(*_AGENT, *SPAN, "is_french", "is_abroad")


def _untrained(company_id: int) -> pl.DataFrame:
    of_company = Q(company_id=company_id) | Q(company=None)
    required = [
        Required(pk, since)
        for pk, since in Course.objects.filter(of_company)
        .exclude(required_from=None)
        .values_list("pk", "required_from")
    ]
    held = Attendance.objects.filter(agent__company_id=company_id).exclude(certified_on=None)
    certificates = held.values_list("agent_id", "session__course_id", "certified_on", "expires_on")
    agents = Agent.objects.filter(company_id=company_id).values_list("pk", flat=True)
    gaps = training_gaps(agents, required, [Certificate(*each) for each in certificates])
    return pl.DataFrame(
        [(agent, day_start(first), end and day_start(end)) for agent, first, end in gaps],
        schema={**_AGENT, **SPAN},
        orient="row",
    )
