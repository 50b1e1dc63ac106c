"""What pages show of work from home: agreements by whether they run, and who works from home without one."""

from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from agents.models import Agent, LocationProof, TeleworkAgreement
from agents.selectors_staff import SOON, staff
from illico_platform.lib.periods import paris_day


def agreements_of(*, company_id: int) -> QuerySet[TeleworkAgreement]:
    """A company's agreements, those that began last first."""
    rows = TeleworkAgreement.objects.filter(agent__company_id=company_id).select_related("agent")
    return rows.order_by("-starts_on", "agent__employee_number", "pk")


def in_span(rows: QuerySet[TeleworkAgreement], state: str, *, today: date) -> QuerySet[TeleworkAgreement]:
    """Of agreements those that are ``running``, ``ending`` (running, over within 30 days), ``coming`` or ``ended``."""
    if state == "coming":
        return rows.filter(starts_on__gt=today)
    if state == "ended":
        return rows.filter(ends_on__lte=today)
    running = rows.filter(Q(ends_on=None) | Q(ends_on__gt=today), starts_on__lte=today)
    return running.filter(ends_on__lte=today + timedelta(days=SOON.days)) if state == "ending" else running


def at_home_without(*, company_id: int, now: datetime) -> QuerySet[Agent]:
    """The present agents whose workplace is proven to be their home today, and who have no running agreement."""
    today = paris_day(now)
    homes = LocationProof.objects.filter(
        agent=OuterRef("pk"), place="home", revoked_at=None, valid_from__lte=now, valid_until__gt=now
    )
    running = in_span(TeleworkAgreement.objects.filter(agent=OuterRef("pk")), "running", today=today)
    present = staff(company_id=company_id, now=now).filter(has_left=False)
    return present.filter(Exists(homes), ~Exists(running)).order_by("employee_number")
