"""What the tests of exports stand on: a paid evening, entries of their own, and a report as text."""

import csv
import io
from datetime import date, datetime, time

from django.db import transaction

from agents.models import (
    Attendance,
    Course,
    PayrollDeclaration,
    PayrollFile,
    Payslip,
    Skill,
    TeleworkAgreement,
    TrainingSession,
)
from billing.models import Entry
from billing.services.export import plan_export, write_export
from billing.services.seal import seal_entries
from billing.services.write_entries import EntryDraft, write_entries
from numbers.models import Company
from tests.cast import START, Cast
from tests.scenarios.test_evening import NOW, all_stages, evening_rows
from tests.stored_calls import store_calls

TODAY = date(2026, 11, 26)
OPERATOR = "999999204"


def paid_evening(cast: Cast) -> Cast:
    """The evening up to the sealed ledger, with 3 euros of pay declared."""
    store_calls(cast.source, evening_rows())
    file = PayrollFile.objects.create(connector="csv", file_name="t", sha256="1", received_at=NOW)
    declaration = PayrollDeclaration.objects.create(
        file=file, company=cast.company, siret="99999900600011", month=date(2026, 11, 1), kind="01"
    )
    Payslip.objects.create(
        declaration=declaration,
        company=cast.company,
        month=date(2026, 11, 1),
        agent=cast.agents["A001"],
        gross=3,
        gross_current_month=3,
        hours_paid="151.67",
        workplaces=["59350"],
    )
    all_stages(cast.company.pk)
    return cast


def train_and_send_home(cast: Cast) -> None:
    """A002 works from home on an agreement; A001 holds a compulsory certificate, A002's has expired; skills."""
    at_home, on_site = cast.agents["A002"], cast.agents["A001"]
    at_home.proofs.update(place="home", site=None, method="annex")
    TeleworkAgreement.objects.create(
        agent=at_home, basis="charter", basis_on=START, consent_on=START, commune_insee="59350", starts_on=START,
        contact_from=time(9), contact_until=time(18), time_control="pointage signé",
    )  # fmt: skip
    badge = Course.objects.create(title="Badge national", kind="safety", hours=2, required_from=START)
    own = Course.objects.create(company=cast.company, title="=Accueil", kind="initial", hours=7)
    first, second = (
        TrainingSession.objects.create(company=cast.company, course=course, starts_on=day, last_day=day, trainer="AKTO")
        for course, day in ((badge, date(2026, 11, 2)), (own, date(2026, 11, 9)))
    )
    Attendance.objects.create(session=first, agent=on_site, hours=2, certified_on=date(2026, 11, 2))
    Attendance.objects.create(
        session=first, agent=at_home, hours=1.5, certified_on=date(2026, 11, 2), expires_on=date(2026, 11, 30)
    )
    Attendance.objects.create(session=second, agent=at_home, hours=7)
    Skill.objects.create(agent=on_site, kind="lsf", level="B1", since=START)
    Skill.objects.create(agent=on_site, kind="language", language="en", level="C1", since=START)


def exported(report: str, **asked: object) -> str:
    out = io.BytesIO()
    plan = plan_export(report=report, today=TODAY, **asked)  # type: ignore[arg-type]
    write_export(plan, out)
    return out.getvalue().decode(plan.format.charset)


def table(report: str, **asked: object) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(exported(report, **asked))))


def draft(company: Company, rank: int, **changes: object) -> EntryDraft:
    lines = [("411", 521, 0), ("706", 0, 29), ("44571", 0, 6), ("4672", 0, 347), ("4671", 0, 139)]
    return EntryDraft(
        **{
            "journal": "VE",
            "kind": "day",
            "effective_on": date(2026, 11, 25),
            "label": "Appels",
            "piece_ref": f"P{rank}",
            "company_id": company.pk,
            "line_number_id": None,
            "subject_month": date(2026, 11, 1),
            "subject_day": None,
            "corrects_id": None,
            "source_key": f"test:{rank}",
            "inputs_hash": "0",
            "lines": lines,
        }
        | changes  # type: ignore[arg-type]
    )


def write(drafts: list[EntryDraft], *, now: datetime = NOW) -> None:
    with transaction.atomic():  # an entry and its lines balance at commit
        write_entries(drafts, now=now)


def seal(company: Company, *drafts: dict[str, object], now: datetime = NOW) -> None:
    rank = Entry.objects.count()
    write([draft(company, rank + i, **changes) for i, changes in enumerate(drafts)], now=now)
    seal_entries()
