"""Queries per page of a company's space: within the committed budget, and no more of them with more rows."""

from collections.abc import Iterator
from datetime import timedelta

from django.urls import URLPattern, reverse

from agents.models import Agent, Attendance, Course, TeleworkAgreement, TrainingSession
from billing.models import Finding
from illico_platform.urls import SPACE
from numbers.access.places import PLACES
from numbers.models import ChannelRequest, Enrolment, Intake, Invitation, Membership, User
from tests.admin_rows import DAY, NOW, declare_pay, fill, run_stages, store_day
from tests.budgets import count_queries, hold_budgets, hold_growth
from tests.cast import SIREN, Cast, make_agent, make_number, prove
from tests.edges.portal import signed_in

# Beside every page that needs nothing but the company: lists by what their address asks, and a month's pages.
QUESTIONS = {
    "dashboard, 30 days": ("dashboard", {}, "periode=30"),
    "calls, kept": ("calls", {}, "promesse=kept"),
    "calls, every filter": ("calls", {}, "promesse=kept&facture=oui&issue=answered&attente=1&tri=-prix"),
    "calls, longest wait first": ("calls", {}, "tri=-attente"),
    "agents, proven": ("agents", {}, "etat=proven"),
    "findings, all": ("findings", {}, "etat=tous"),
    "payroll, a month": ("payroll_month", {"month": f"{DAY:%Y-%m}"}, ""),
    "wages, a month": ("wages_month", {"month": f"{DAY:%Y-%m}"}, ""),
}


def pages(*, own: bool) -> Iterator[tuple[str, str]]:
    """Name and address of each page: the company's, or an agent's own."""
    for included in SPACE:
        for each in included.url_patterns:
            if isinstance(each, URLPattern) and each.name and not each.pattern.regex.groups:
                view = each.callback.view_class
                if hasattr(view, "get") and PLACES[view.place].is_personal is own:
                    yield each.name, reverse(f"portal:{each.name}", kwargs={"siren": SIREN})
    if own:
        return
    for name, (route, more, query) in QUESTIONS.items():
        yield name, f"{reverse(f'portal:{route}', kwargs={'siren': SIREN, **more})}?{query}"


def measure(cast: Cast) -> dict[str, int]:
    with signed_in(cast.owner, at=NOW) as client:
        counts = count_queries(client, [*pages(own=False)])
    with signed_in(cast.people["agent"], at=NOW) as client:
        return counts | count_queries(client, [*pages(own=True)])


def work_from_home_and_learn(cast: Cast, agent: Agent, rank: int) -> None:
    """An agreement, and a session of a compulsory course whose certificate ends soon."""
    TeleworkAgreement.objects.create(
        agent=agent, basis="charter", basis_on=DAY, consent_on=DAY, commune_insee="59350", starts_on=DAY,
        ends_on=DAY + timedelta(days=20), contact_from="09:00", contact_until="18:00", time_control="badge",
    )  # fmt: skip
    course = Course.objects.create(
        company=cast.company, title=f"Cours {rank}", kind="other", hours=1, required_from=DAY
    )
    session = TrainingSession.objects.create(company=cast.company, course=course, starts_on=DAY, last_day=DAY)
    Attendance.objects.create(
        session=session, agent=agent, hours=1, certified_on=DAY, expires_on=DAY + timedelta(days=9)
    )


def add_rows(cast: Cast) -> None:
    """Several times the rows of ``fill``: days, numbers, agents, people, findings, imports, payslips, files."""
    for rank in range(12):
        agent = make_agent(cast.source, f"B{rank:03}")
        number = make_number(cast.company, f"08926910{rank:02}")
        prove(agent)
        work_from_home_and_learn(cast, agent, rank)
        user = User.objects.create_user(f"personne{rank}@example.org", "un mot de passe long")
        Membership.objects.create(user=user, company=cast.company, role="agent")
        Invitation.objects.create(
            company=cast.company, email=f"i{rank}@example.org", role="agent", token_hash=f"{rank}",
            invited_by=cast.owner, invited_by_email="o", created_at=NOW, expires_at=NOW + timedelta(days=7),
        )  # fmt: skip
        ChannelRequest.objects.create(
            company=cast.company, number=number, channel="lsf", key=f"{rank}", entered_at=NOW, caller_seen_at=NOW
        )
        Enrolment.objects.create(
            company=cast.company, number=number, digits=number.digits, created_at=NOW, saved_at=NOW
        )
        Finding.objects.create(
            key=f"k{rank}", kind="no_proof", severity="error", company=cast.company, title="t", action="a",
            detail={"agent": agent.pk}, first_seen_on=DAY, last_seen_on=DAY,
        )  # fmt: skip
        Intake.objects.create(
            source=cast.source, connector="asterisk-queue-log", file_name=f"f{rank}", sha256=f"{rank}", size=1,
            started_at=NOW,
        )  # fmt: skip
    for shift in range(1, 4):
        store_day(cast, day=DAY - timedelta(days=shift), copies=3)
    store_day(cast, number="0892690002", copies=4)
    declare_pay(cast, agents=("A002", "A003", "A004", "X2", "X3"))
    run_stages(cast)


def test_pages_keep_their_query_budget_however_many_rows(cast: Cast) -> None:
    fill(cast)
    few = measure(cast)
    hold_budgets("portal", few)
    add_rows(cast)
    hold_growth(few, measure(cast))
