"""The pages that the demo shows, each with somebody who may see it: what the pictures are taken of."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from agents.models import (
    Agent,
    Attendance,
    Contract,
    Course,
    LocationProof,
    PayrollMonth,
    PayrollUpload,
    PbxName,
    Site,
    TeleworkAgreement,
    TrainingSession,
    Verdict,
    WorkDay,
)
from agents.selectors_pay import unmatched_payslips
from billing.models import Finding
from numbers.models import Company, Enrolment, Intake, Membership, PremiumNumber, Source, User
from numbers.selectors_enrolment import search_numbers
from numbers.services import keep_enrolment

MANAGER, OPERATOR, SIREN = "responsable@renfort-ecoute.example", "admin@illico.example", "999999105"
AGENT, AGENTS_SIREN = "a001@allo-conseil.example", "999999006"
NOBODY = ""
STEPS = {
    "usage": "what the line is for",
    "droit": "what the law allows",
    "numero": "the number",
    "prix": "the price",
    "horaires": "the hours",
    "annuaire": "the directory",
    "agents": "the agents",
    "viabilite": "does it pay",
    "pieces": "the documents",
}
_NINE, _NOON, _TWO, _SIX = (hour * 3600 for hour in (9, 12, 14, 18))
# What a company could answer at each step but that of the number.
ANSWERS: dict[str, dict[str, Any]] = {
    "usage": {"use_cases": ["PAID_ADVICE"]},
    "droit": {"choice": "caller"},
    "prix": {"price_micros": 600_000},
    "horaires": {"week": [[[_NINE, _NOON], [_TWO, _SIX]]] * 5 + [[[_NINE, _NOON]], []], "holidays": "closed"},
    "annuaire": {
        "label": "Conseil en jardinage",
        "purpose": "Une jardinière répond à vos questions, sept jours sur sept.",
        "provider_name": "Renfort Écoute",
        "provider_address": "12 rue des Lilas, 59000 Lille",
        "complaint_contact": "reclamations@renfort-ecoute.example",
    },
    "viabilite": {
        "calls_per_day": 200, "calls_busiest_hour": 30, "talk_s": 276, "wrap_s": 24, "target_bp": 9500,
        "hourly_micros": 12_310_000, "other_micros": 3_000_000,
    },
}  # fmt: skip


@dataclass(frozen=True)
class DemoPage:
    """One page: its short name, what it shows, where it is, who looks (``NOBODY``: anonymous)."""

    name: str
    title: str
    path: str
    who: str = MANAGER


def public_pages(company: Company) -> list[DemoPage]:
    """What anybody sees, and the pages of one's own account."""
    number = PremiumNumber.objects.filter(company=company, status="live").order_by("-pk").first()
    own = [] if number is None else [reverse("public_number", args=[number.digits])]
    signed = (
        PremiumNumber.objects.filter(status="live", channels__valid_until=None).exclude(channels=None).order_by("pk")
    )
    doors = [reverse("visio", args=[each.digits]) for each in signed.distinct()[:1]]
    open_to_all = [
        ("home", "Home: look a number up", reverse("home")),
        *[("number", "A number, as its callers see it", path) for path in own],
        *[("video-door", "The door for who signs or writes", path) for path in doors],
        ("sign-in", "Sign-in", reverse("account_login")),
        ("sign-up", "Sign-up", reverse("account_signup")),
        ("password-forgotten", "A forgotten password", reverse("account_reset_password")),
    ]
    account = [
        ("person", "My account", "person"),
        ("addresses", "My e-mail addresses", "account_email"),
        ("second-factor", "My second factor", "mfa_index"),
        ("sessions", "Where I am signed in", "usersessions_list"),
        ("second-factor-wanted", "The second factor that a role asks for", "second_factor_wanted"),
        ("company-new", "A new company", "new_company"),
    ]
    return [DemoPage(*page, who=NOBODY) for page in open_to_all] + [
        DemoPage(name, title, reverse(route)) for name, title, route in account
    ]


def space_pages(company: Company, draft: Enrolment) -> list[DemoPage]:
    """What a company's manager sees; pages about something that the demo has none of are left out."""
    found = []
    for name, title, route, question, parts in [
        *_promise(company),
        *_staff(company),
        *_work(company),
        *_money(company),
        *_rest(company),
    ]:
        if None not in parts.values():
            path = reverse(f"portal:{route}", kwargs={"siren": company.siren, **parts})
            found.append(DemoPage(name, title, path + question))
    return found + list(_enrolment(company, draft))


def own_pages() -> list[DemoPage]:
    """What an agent sees of themselves."""
    of = {"siren": AGENTS_SIREN}
    return [
        DemoPage("my-day", "An agent's day", reverse("portal:my_day", kwargs=of), AGENT),
        DemoPage("video", "An agent's queue by video and text", reverse("portal:visio", kwargs=of), AGENT),
        DemoPage("my-file", "What is kept about an agent", reverse("portal:my_file", kwargs=of), AGENT),
        DemoPage("dispute", "An agent contests", reverse("portal:dispute", kwargs=of), AGENT),
    ]


def admin_pages(company: Company) -> list[DemoPage]:
    """What the operator sees."""
    call = _latest(Verdict.objects.filter(company=company, verdict="kept"), "-day", "-call_id")
    return [
        DemoPage("pack", "An auditor's pack", reverse("portal:pack", args=[company.siren]), OPERATOR),
        DemoPage("admin-home", "Administration, home", reverse("admin:index"), OPERATOR),
        DemoPage("admin-call", "Administration, a call", reverse("admin:numbers_call_change", args=[call]), OPERATOR),
        DemoPage("admin-enrolments", "Administration, files", reverse("admin:numbers_enrolment_changelist"), OPERATOR),
    ]


@contextmanager
def drafted(company: Company, by: User) -> Iterator[Enrolment]:
    """A file of an enrolment, answered but for its documents, that is thrown away afterwards."""
    now = timezone.now()
    draft = keep_enrolment.start(company=company, by=by, now=now)
    try:
        agents = list(Agent.objects.filter(company=company, is_active=True).order_by("pk").values_list("pk", flat=True))
        for step, answers in {**ANSWERS, "agents": {"agents": agents[:6]}}.items():
            keep_enrolment.save_step(enrolment=draft, step=step, answers=answers, by=by, now=now)
        offered = search_numbers(family="premium", holding="", easy=True, company=company, now=now)
        # The dearest block is the last: the demo's price is the highest that the promise allows.
        for _block, (digits, *_others) in offered[-1:]:
            keep_enrolment.choose_number(enrolment=draft, step="numero", digits=digits, by=by, now=now)
        draft.refresh_from_db()
        yield draft
    finally:
        keep_enrolment.discard(enrolment=draft, by=by, now=timezone.now())


# Name, title, route, question, parts of the address: a part that is None is something the demo has none of.
Row = tuple[str, str, str, str, dict[str, Any]]


def _promise(company: Company) -> list[Row]:
    calls = Verdict.objects.filter(company=company)
    kept, late = (_latest(calls.filter(verdict=verdict), "-day", "-call_id") for verdict in ("kept", "late"))
    number = _latest(PremiumNumber.objects.filter(company=company, status="live"))
    finding = _latest(Finding.objects.filter(company=company, resolved_at=None))
    return [
        ("dashboard", "Dashboard, one day", "dashboard", "", {}),
        ("dashboard-30", "Dashboard, thirty days", "dashboard", "?periode=30", {}),
        ("calls", "Calls", "calls", "", {}),
        ("calls-late", "Calls that came late", "calls", "?promesse=late", {}),
        ("passport", "A call that kept the promise", "call", "", {"pk": kept}),
        ("passport-late", "A call that came late", "call", "", {"pk": late}),
        ("numbers", "Numbers", "numbers", "", {}),
        ("number-space", "A number, as its company sees it", "number", "", {"pk": number}),
        ("hours", "A number's hours", "hours", "", {"pk": number}),
        ("channels", "How deaf callers reach a number", "channels", "", {"pk": number}),
        ("days", "A number's special days", "days", "", {"pk": number}),
        ("days", "A number's particular days and public holidays", "days", "", {"pk": number}),
        ("prices", "A number's prices", "prices", "", {"pk": number}),
        ("findings", "Findings to work on", "findings", "", {}),
        ("finding", "A finding", "finding", "", {"pk": finding}),
    ]


def _staff(company: Company) -> list[Row]:
    agent = _latest(Agent.objects.filter(company=company))
    of = {"pk": agent}
    site = _latest(Site.objects.filter(company=company))
    agreement = _latest(TeleworkAgreement.objects.filter(agent__company=company))
    home = Agent.objects.filter(agreements=agreement).values_list("pk", flat=True).first()
    course = _latest(Course.objects.exclude(required_from=None), "pk")
    session = _latest(TrainingSession.objects.filter(company=company))
    there = _latest(Attendance.objects.filter(session__company=company))
    contract, proof, name = (
        _latest(model.objects.filter(agent_id=agent)) for model in (Contract, LocationProof, PbxName)
    )
    return [
        ("agents", "Agents", "agents", "", {}),
        ("agent", "An agent", "agent", "", of),
        ("agent-new", "A new agent", "agent_new", "", {}),
        ("agents-many", "A list of agents", "agents_many", "", {}),
        ("proofs-many", "One proof for several agents", "proofs_many", "", {}),
        ("agent-account", "An agent's own account", "agent_account", "", of),
        ("agent-edit", "An agent, edited", "agent_edit", "", of),
        ("contract-new", "A new contract", "contract_new", "", of),
        ("contract-end", "The end of a contract", "contract_end", "", {**of, "contract": contract}),
        ("proof-new", "A new proof of workplace", "proof_new", "", of),
        ("proof-revoke", "A proof revoked", "proof_revoke", "", {**of, "proof": proof}),
        ("name-new", "A name in the switch", "name_new", "", of),
        ("name-end", "The end of a name", "name_end", "", {**of, "name": name}),
        ("telework", "Telework agreements", "telework", "", {}),
        ("agreement-new", "A new telework agreement", "agreement_new", "", of),
        ("agreement-end", "The end of an agreement", "agreement_end", "", {"pk": home, "agreement": agreement}),
        ("homeshoring", "Home against site", "homeshoring", "", {}),
        ("training", "Training", "training", "", {}),
        ("training-hours", "Training hours of a year", "training_hours", "", {}),
        ("course", "A course, and who holds its certificate", "course", "", {"pk": course}),
        ("course-new", "A new course", "course_new", "", {}),
        ("training-session", "A training session", "training_session", "", {"pk": session}),
        ("session-new", "A new session", "session_new", "", {}),
        ("attendances-new", "Who followed a session", "attendances_new", "", {"pk": session}),
        ("certificate", "A certificate", "certificate", "", {"pk": there}),
        ("skill-new", "A new skill", "skill_new", "", of),
        ("sites", "Sites", "sites", "", {}),
        ("site", "A site", "site", "", {"pk": site}),
    ]


def _work(company: Company) -> list[Row]:
    worked = WorkDay.objects.filter(company=company).order_by("-day", "agent").first()
    day, agent = (worked.day, worked.agent_id) if worked else (None, None)
    return [
        ("presence", "Who is at work", "presence", f"?jour={day}", {}),
        ("presence-day", "An agent's day", "presence_day", "", {"pk": agent, "day": day}),
        ("presence-month", "A month of signed-in time", "presence_month", "", {}),
        ("roster", "A week's planned shifts", "roster", "", {}),
    ]


def _money(company: Company) -> list[Row]:
    paid = PayrollMonth.objects.filter(company=company).order_by("-month").first()
    month = {"month": f"{paid.month:%Y-%m}" if paid else None}
    slip = _latest(unmatched_payslips(company_id=company.pk))
    return [
        ("wages", "The wage share", "wages", "", {}),
        ("wages-month", "The wage share of a month", "wages_month", "", month),
        ("jobs", "The jobs that calls pay for", "jobs", "", {}),
        ("payroll", "Payroll", "payroll", "", {}),
        ("payroll-month", "A month of payroll", "payroll_month", "", month),
        (
            "payroll-upload", "A payroll file as it was read", "payroll_upload", "",
            {"pk": _latest(PayrollUpload.objects.filter(company=company))},
        ),
        ("payroll-unmatched", "Payslips of nobody known", "payroll_unmatched", "", {}),
        ("payroll-match", "A payslip matched by hand", "payroll_match", "", {"pk": slip}),
    ]  # fmt: skip


def _rest(company: Company) -> list[Row]:
    source = _latest(Source.objects.filter(company=company))
    member = _latest(Membership.objects.filter(company=company), "role")
    return [
        ("imports", "Imports", "imports", "", {}),
        ("import", "An import", "import", "", {"pk": _latest(Intake.objects.filter(source__company=company))}),
        ("import-new", "A log to import", "import_new", "", {}),
        ("source", "A source", "source", "", {"pk": source}),
        ("source-new", "A new source", "source_new", "", {}),
        ("team", "Team", "team", "", {}),
        ("member", "A member of the team", "member", "", {"pk": member}),
        ("settings", "Settings", "settings", "", {}),
    ]


def _enrolment(company: Company, draft: Enrolment) -> Iterator[DemoPage]:
    of = {"siren": company.siren, "pk": draft.pk}
    yield DemoPage("enrol", "Enrolment: the files", reverse("portal:enrol", kwargs={"siren": company.siren}))
    for rank, (step, title) in enumerate(STEPS.items(), start=1):
        path = reverse("portal:enrol_step", kwargs={**of, "step": step})
        yield DemoPage(f"enrol-{rank}-{step}", f"Enrolment, step {rank}: {title}", path)
    yield DemoPage(
        "enrol-check", "Enrolment, the check before it is handed in", reverse("portal:enrol_check", kwargs=of)
    )
    yield DemoPage("enrol-discard", "Enrolment, a file thrown away", reverse("portal:enrol_discard", kwargs=of))


def _latest(rows: QuerySet[Any], *order: str) -> Any:
    """The key of the first of the rows in this order, newest first unless said; None where there is none."""
    return rows.order_by(*(order or ("-pk",))).values_list("pk", flat=True).first()
