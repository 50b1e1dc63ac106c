"""Rows of every model, as the stages leave them, for tests of the admin's pages."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.core.files.base import ContentFile

from agents.models import (
    Attendance,
    ChannelDay,
    CheckIn,
    Commune,
    Course,
    EvidencePolicy,
    ExpiryNotice,
    LocationProof,
    NetworkSighting,
    PayrollDeclaration,
    PayrollFile,
    PayrollMonth,
    PayrollNumber,
    PayrollUpload,
    Payslip,
    PresenceCheck,
    Shift,
    Skill,
    TeleworkAgreement,
    TrainingSession,
    WorkCorrection,
    WorkDay,
    WorkingTimeRule,
)
from agents.services.judge import judge_company
from billing.models import Finding, FindingNote, JobMonth, Period, Run, RunStage
from billing.services.post import post_company
from billing.services.rate import rate_company
from billing.services.release_fund import release_company
from billing.services.seal import seal_entries
from illico_platform.web.private_files import keep_file
from numbers.models import (
    AccessChannel,
    AccessOpening,
    CallerKey,
    CallUpload,
    ChannelRequest,
    DirectoryRecord,
    Enrolment,
    EnrolmentDecision,
    EnrolmentDocument,
    HolidayRule,
    Intake,
    Invitation,
    NumberAlias,
    NumberBlock,
    NumberReservation,
    NumberTransition,
    OpenCall,
    OpeningException,
    PayoutAccount,
    PortRequest,
    PremiumNumber,
    Recheck,
    RejectedRow,
    RoomSignal,
    StaffEvent,
    User,
)
from tests.cast import Cast, give_second_factor, prove
from tests.stored_calls import store_calls

DAY, NUMBER = date(2026, 11, 24), "0892690001"
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
SINCE = date(2026, 1, 1)
# What became of the calls of one day: identifier, outcome, wait and conversation in seconds, name in the source.
STORY = [
    ("kept.1", "answered", 2, 18, "A001"),
    ("kept.2", "answered", 59, 60, "A002"),
    ("late.1", "answered", 60, 30, "A003"),
    ("unproven.1", "answered", 4, 60, "A900"),
    ("unproven.2", "answered", 4, 60, "ZZ99"),
    ("unanswered.1", "timeout", 61, None, ""),
    ("abandoned.1", "abandoned", 8, None, ""),
    ("incomplete.1", "incomplete", None, None, ""),
]


def store_day(cast: Cast, *, day: date = DAY, number: str = NUMBER, copies: int = 1) -> None:
    """The calls of ``STORY`` on one day, so many times over."""
    start = datetime(day.year, day.month, day.day, 10, tzinfo=UTC)
    rows = [
        {
            "external_id": name
            if (day, number, copy) == (DAY, NUMBER, 0)
            else f"{name}.{number[-2:]}.{day:%m%d}.{copy}",
            "number": number,
            "offered_at": start + timedelta(minutes=10 * copy + rank),
            "outcome": outcome,
            "wait_ms": None if wait is None else wait * 1000,
            "talk_ms": None if talk is None else talk * 1000,
            "agent": agent,
        }
        for copy in range(copies)
        for rank, (name, outcome, wait, talk, agent) in enumerate(STORY)
    ]
    store_calls(cast.source, rows)


def run_stages(cast: Cast, *, until: date = DAY, now: datetime = NOW) -> None:
    """Judge, rate, post, release and seal what is there."""
    company_id = cast.company.pk
    judge_company(company_id=company_id, since=SINCE, now=now)
    rate_company(company_id=company_id, since=SINCE, now=now)
    post_company(company_id=company_id, until=until, since=SINCE, now=now)
    release_company(company_id=company_id, until=until, since=SINCE, now=now)
    seal_entries()


def declare_pay(cast: Cast, *, gross: str = "1.00", agents: tuple[str, ...] = ("A001", "A002")) -> None:
    """A declaration of the month in force with one payslip an agent; a name that is no agent's stays unmatched."""
    file = PayrollFile.objects.create(
        connector="csv", file_name="paie.csv", sha256=f"{PayrollFile.objects.count()}", received_at=NOW
    )
    month = DAY.replace(day=1)
    declaration = PayrollDeclaration.objects.create(
        file=file, company=cast.company, siret="99999900600011", month=month, kind="01"
    )
    for name in agents:
        Payslip.objects.create(
            declaration=declaration,
            company=cast.company,
            month=month,
            agent=cast.agents.get(name),
            employee_number=name,
            gross=Decimal(gross),
            gross_current_month=Decimal(gross),
        )
    PayrollMonth.objects.get_or_create(company=cast.company, month=month)


def record_night(cast: Cast, *, status: str = "done") -> Run:
    """A run of the day with a stage of the company and one of the platform, and one open finding a severity."""
    run = Run.objects.create(day=DAY, status=status, started_at=NOW, ended_at=NOW, companies=1)
    for company, stage in ((cast.company, "judge"), (None, "seal")):
        RunStage.objects.create(
            run=run, company=company, stage=stage, status="done", counts={"days": 3}, started_at=NOW, ended_at=NOW
        )
    for kind, severity in (("unpriced", "error"), ("no_proof", "warning"), ("paid_silent", "info")):
        Finding.objects.get_or_create(
            key=f"{kind}:{cast.company.pk}",
            defaults={
                "kind": kind,
                "severity": severity,
                "company": cast.company,
                "title": f"Constat {kind}",
                "detail": {
                    "number": "0892690001",
                    "day": str(DAY),
                    "agent": cast.agents["A001"].pk,
                    "days": [str(DAY)],
                },
                "action": "Regarder.",
                "first_seen_on": DAY,
                "last_seen_on": DAY,
            },
        )
    return run


def keep_papers(cast: Cast) -> None:
    """The paper behind A001's workplace, in the folder of files."""
    paper = keep_file("proofs", ContentFile(b"%PDF-1.7 bail"))
    LocationProof.objects.filter(agent=cast.agents["A001"]).update(
        evidence_file=paper.name, evidence_sha256=paper.sha256, evidence_name="bail.pdf"
    )


def fill_evidence(cast: Cast) -> None:
    """A policy that asks for nothing, and one row of each further link of A001's chain of evidence."""
    EvidencePolicy.objects.create(valid_from=DAY)
    Commune.objects.create(code="59350", name="Lille", kind="commune", search_name="lille", postal_codes=["59000"])
    agent, start = cast.agents["A001"], datetime(2026, 11, 24, 8, tzinfo=UTC)
    agent.user = cast.people["agent"]
    agent.save()
    TeleworkAgreement.objects.create(
        agent=agent, basis="charter", basis_on=SINCE, consent_on=SINCE, commune_insee="59350", starts_on=SINCE,
        contact_from=time(9), contact_until=time(18), time_control="badge",
    )  # fmt: skip
    check_in = CheckIn.objects.create(
        company=cast.company, agent=agent, started_at=start, ends_at=start + timedelta(hours=9), place="site",
        commune_insee="59350", country="FR", signature="session",
    )  # fmt: skip
    PresenceCheck.objects.create(check_in=check_in, asked_at=start, due_at=start + timedelta(minutes=15))
    NetworkSighting.objects.create(company=cast.company, agent=agent, source=cast.source, seen_at=start, country="FR")
    course = Course.objects.create(company=cast.company, title="Badge 7", kind="initial", hours=7, required_from=SINCE)
    session = TrainingSession.objects.create(company=cast.company, course=course, starts_on=DAY, last_day=DAY)
    Attendance.objects.create(session=session, agent=agent, hours=7, certified_on=DAY)
    Skill.objects.create(agent=agent, kind="lsf", level="B1", since=DAY)
    WorkingTimeRule.objects.get_or_create(valid_from=SINCE)
    ExpiryNotice.objects.create(
        agent=agent, recipient=cast.people["manager"], subject="certificate", course=course, expires_on=DAY, step=7,
        claimed_at=NOW, sent_at=NOW,
    )  # fmt: skip
    StaffEvent.objects.create(source=cast.source, at=start, agent_name="A001", queue="q", kind="in", place=0)
    end = start + timedelta(hours=8)
    WorkDay.objects.create(
        company=cast.company, agent=agent, day=DAY, logged_ms=28_800_000, paused_ms=0, first_in=start, last_out=end
    )
    Shift.objects.create(company=cast.company, agent=agent, starts_at=start, ends_at=end)
    WorkCorrection.objects.create(agent=agent, day=DAY, started_at=start, ended_at=end, by="a@b.example", reason="x")


def sign_in_once(user: User) -> None:
    """What a person's sign-in leaves: an address proven, a second factor, a session."""
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    give_second_factor(user)
    UserSession.objects.create(user=user, ip="192.0.2.1", session_key=f"s{user.pk}", user_agent="Firefox")


def fill(cast: Cast) -> None:
    """At least one row of every model, among them a verdict and a price that changed after a late proof."""
    store_day(cast)
    run_stages(cast)
    prove(cast.agents["A900"])
    run_stages(cast)
    declare_pay(cast, agents=("A001", "X1"))
    record_night(cast)
    PayrollNumber.objects.create(company=cast.company, number="P1", agent=cast.agents["A001"])
    PayrollUpload.objects.create(
        company=cast.company, connector="dsn", file_name="novembre.dsn", uploaded_at=NOW, by=cast.owner
    )
    number = cast.numbers["0892690001"]
    NumberTransition.objects.create(
        number=number, from_status="approved", to_status="live", by=cast.admin, reason="complet", at=NOW
    )
    fill_enrolment(cast, number)
    fill_evidence(cast)
    keep_papers(cast)
    sign_in_once(cast.people["agent"])
    NumberAlias.objects.create(source=cast.source, name="file-1", number=number)
    OpeningException.objects.create(number=number, day=DAY)
    HolidayRule.objects.create(number=number, policy="closed", valid_from=DAY)
    access = AccessChannel.objects.create(number=number, channel="lsf", opening="own", valid_from=SINCE)
    AccessOpening.objects.create(access=access, weekday=1, opens_s=32_400, closes_s=64_800)
    ChannelDay.objects.create(
        company=cast.company, number=number, day=DAY, channel="lsf", calls=2, answered=1, kept=1, late=0, unanswered=0,
        unproven=0, abandoned=1, incomplete=0, closed=0, charged_ms=60_000, free_setup_ms=12_000,
    )  # fmt: skip
    fill_requests(cast, number)
    OpenCall.objects.create(source=cast.source, external_id="open.1", events=[], last_event_at=NOW, connector="t")
    CallerKey.objects.get_or_create(month=DAY.replace(day=1), defaults={"key": b"k"})
    Recheck.objects.create(stage="judge", company=cast.company, since=DAY, cause="test")
    Period.objects.get_or_create(month=date(2026, 1, 1))
    Invitation.objects.create(
        company=cast.company,
        email="invitee@example.org",
        role="supervisor",
        token_hash="0" * 64,
        invited_by=cast.owner,
        invited_by_email="owner@example.org",
        created_at=NOW,
        expires_at=NOW + timedelta(days=7),
    )
    JobMonth.objects.create(company=cast.company, month=DAY.replace(day=1), number=number, place="59", hours=151)
    PayoutAccount.objects.create(
        company=cast.company, iban_sealed=b"s", iban_mask="FR76 **** **** 0189", changed_by=cast.owner, changed_at=NOW
    )
    FindingNote.objects.create(finding=Finding.objects.latest("id"), kind="comment", by=cast.owner, text="vu", at=NOW)
    CallUpload.objects.create(
        company=cast.company, source=cast.source, connector="asterisk-queue-log", file_name="queue_log", size=10,
        sha256="0" * 64, by=cast.owner, created_at=NOW,
    )  # fmt: skip
    RejectedRow.objects.create(
        intake=Intake.objects.latest("id"), line=12, field="wait", value="douze", expected="whole seconds"
    )


def fill_requests(cast: Cast, number: PremiumNumber) -> None:
    """A conversation by video that A001 had, and somebody who waits."""
    past, request = NOW - timedelta(hours=1), {"company": cast.company, "number": number, "channel": "lsf"}
    ChannelRequest.objects.create(
        key="0" * 64, entered_at=past, answered_at=past, ready_at=past, ended_at=past, ended_by="agent", stored_at=past,
        agent_name=f"agent-{cast.agents['A001'].pk}", caller_seen_at=past, agent_seen_at=past, **request,
    )  # fmt: skip
    waiting = ChannelRequest.objects.create(key="1" * 64, entered_at=NOW, caller_seen_at=NOW, **request)
    RoomSignal.objects.create(request=waiting, round=0, sender="caller", kind="text", payload="{}", sent_at=NOW)


def fill_enrolment(cast: Cast, number: PremiumNumber) -> Enrolment:
    """A file with a paper, a decision, a request to bring a number, and what stands around it."""
    NumberBlock.objects.create(prefix="089269", family="premium", ceiling_micros=800_000, source="ARCEP")
    NumberReservation.objects.create(
        company=cast.company, digits="0892690100", reserved_at=NOW, expires_at=NOW + timedelta(hours=48)
    )
    DirectoryRecord.objects.create(
        number=number, purpose="Conseil", provider_name="Allô Conseil", provider_address="Paris", confirmed_on=DAY
    )
    file = Enrolment.objects.create(
        company=cast.company, number=number, digits=number.digits, created_at=NOW, saved_at=NOW, submitted_at=NOW
    )
    EnrolmentDocument.objects.create(enrolment=file, kind="company", name="kbis.pdf", size=3, path="x", added_at=NOW)
    EnrolmentDecision.objects.create(enrolment=file, kind="changes", reason="Kbis trop ancien", by=cast.admin, at=NOW)
    PortRequest.objects.create(enrolment=file, digits=number.digits)
    return file
