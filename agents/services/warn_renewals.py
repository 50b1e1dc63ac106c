"""Tell by mail, 30, 7 and 1 days before, that a proof, a home agreement or a compulsory certificate ends."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import override

from agents.models import ExpiryNotice
from agents.selectors_renewals import Renewal, renewals
from numbers.models import Company, Membership, User
from numbers.services.locks import lock_in_transaction

log = structlog.get_logger()

MANAGE_STAFF = ("owner", "manager")


@dataclass
class WarnCounts:
    """What a night's warnings came to: mails that went out, and those that a server refused and a later night sends."""

    sent: int = 0
    failed: int = 0


@dataclass
class Letter:
    """One mail to one account: what is told, whether it is about the reader's own, and its rows."""

    reader: User
    is_own: bool
    told: list[Renewal] = field(default_factory=list)
    notices: list[ExpiryNotice] = field(default_factory=list)


def warn_renewals(*, now: datetime) -> WarnCounts:
    """Send the warnings of all companies that have come to a step; sending again sends nothing.

    A row of each warning is stored before its mail goes out. A mail that is refused loses its rows, so that the next
    night tries again; a break between the two warns once too few rather than twice.
    """
    counts = WarnCounts()
    for company in Company.objects.filter(is_active=True).order_by("pk"):
        due = [each for each in renewals(company_id=company.pk, now=now) if each.step is not None]
        for letter in _claim(company, due, now) if due else ():
            if _send(company, letter):
                counts.sent += 1
                ExpiryNotice.objects.filter(pk__in=[each.pk for each in letter.notices]).update(sent_at=now)
            else:
                counts.failed += 1
                ExpiryNotice.objects.filter(pk__in=[each.pk for each in letter.notices]).delete()
    return counts


def _claim(company: Company, due: list[Renewal], now: datetime) -> list[Letter]:
    """The letters that nobody wrote yet, with their rows stored."""
    with transaction.atomic():
        lock_in_transaction("warn", company.pk)
        told = set(
            ExpiryNotice.objects.filter(agent__in={each.agent.pk for each in due}).values_list(
                "agent_id", "recipient_id", "subject", "course_id", "expires_on", "step"
            )
        )
        letters = []
        for letter in _letters(company, due):
            for each in letter.told:
                notice = ExpiryNotice(
                    agent=each.agent,
                    recipient=letter.reader,
                    subject=each.subject,
                    course=each.course,
                    expires_on=each.expires_on,
                    step=each.step,
                    claimed_at=now,
                )
                key = (each.agent.pk, letter.reader.pk, each.subject, notice.course_id, each.expires_on, each.step)
                if key not in told:
                    told.add(key)
                    letter.notices.append(notice)
            letter.told = [each for each in letter.told if _is_in(each, letter.notices)]
            if letter.notices:
                ExpiryNotice.objects.bulk_create(letter.notices)
                letters.append(letter)
    return letters


def _is_in(renewal: Renewal, notices: Iterable[ExpiryNotice]) -> bool:
    key = (renewal.agent.pk, renewal.subject, renewal.course and renewal.course.pk)
    return any((each.agent_id, each.subject, each.course_id) == key for each in notices)


def _letters(company: Company, due: list[Renewal]) -> list[Letter]:
    """One to each who manages staff, about everybody; one to each agent's account, about their own."""
    members = Membership.objects.filter(company=company, user__is_active=True).select_related("user")
    readers = {member.user_id: member for member in members.order_by("pk")}
    letters = [
        Letter(member.user, is_own=False, told=list(due)) for member in readers.values() if member.role in MANAGE_STAFF
    ]
    own: dict[int, list[Renewal]] = {}
    for each in due:
        if each.agent.user_id in readers:
            own.setdefault(each.agent.user_id, []).append(each)
    return letters + [Letter(readers[user].user, is_own=True, told=told) for user, told in own.items()]


def _send(company: Company, letter: Letter) -> bool:
    context = {"company": company, "told": letter.told, "is_own": letter.is_own}
    with override(letter.reader.language):
        subject = " ".join(render_to_string("mail/renewals_subject.txt", context).split())
        body = render_to_string("mail/renewals.txt", context)
    try:
        send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [letter.reader.email])
    except Exception as error:
        # A server's words may hold the address: only the kind of fault is logged.
        log.error("warning not sent", company=company.pk, fault=type(error).__name__)
        return False
    return True
