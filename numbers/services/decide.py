"""Decide on a number's life: approve, send back, put into service, suspend, resume, cease, quarantine.

Every step checks the life cycle, the role and, before callers may pay, eligibility and directory; it is then
recorded with who, when and why. Nothing else writes a number's status.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from illico_platform.lib.errors import IllicoError
from illico_platform.lib.periods import paris_day
from illico_platform.web import show
from illico_platform.web.words import said
from numbers.access import actors_of
from numbers.models import DirectoryRecord, NumberTransition, PremiumNumber, User
from numbers.rules.directory import directory_faults
from numbers.rules.eligibility import Answer, Assessment, Payer, UseCase, assess
from numbers.rules.lifecycle import NoSuchStep, Status, check_step
from numbers.rules.plan import normalise


class DecisionRefused(IllicoError):
    """The step exists and the person may take it, but something about the number forbids it."""


class NotEligible(DecisionRefused):
    """The eligibility matrix denies the number's use; ``assessment`` has code and source."""

    def __init__(self, assessment: Assessment) -> None:
        self.assessment = assessment
        reason = assessment.reason_en if show.is_english() else assessment.reason_fr
        super().__init__(f"{reason} ({show.pair(assessment.code, assessment.source)})")


class DirectoryIncomplete(DecisionRefused):
    """The directory could not publish what the law wants; the sentences say what is missing."""


class ReasonMissing(DecisionRefused):
    """A step needs a reason that a person can read later."""


# Steps towards callers paying: each looks again, because rules have dates and records change.
_CHECKED = frozenset([Status.SUBMITTED, Status.APPROVED, Status.LIVE])


def take_step(
    *,
    number: PremiumNumber,
    to_status: Status,
    by: User | None,
    now: datetime,
    reason: str,
    only_from: Status | None = None,
) -> PremiumNumber:
    """Move a number to a status and record the step; nothing changes when it is refused.

    Args:
        number: read again under lock, so a stale object does no harm; its status is refreshed.
        by: who decides; None is the platform itself, acting as the operator.
        now: the instant recorded; its Paris day decides which rules hold.
        reason: why, in words; may not be blank.
        only_from: the status a verb starts from, where several lead to the same one.
    Raises:
        NoSuchStep, NotAllowed: from the life cycle.
        ReasonMissing, NotEligible, DirectoryIncomplete: named refusals.
    """
    with transaction.atomic():
        locked = PremiumNumber.objects.select_for_update(of=("self",)).select_related("company").get(pk=number.pk)
        from_status = Status(locked.status)
        check_step(from_status, to_status, actors=actors_of(by, locked.company))
        if only_from not in (None, from_status):
            raise NoSuchStep(
                _("Ce numéro est « %(state)s » : cette décision ne s’y applique pas.")
                % {"state": locked.get_status_display()}
            )
        if not reason.strip():
            raise ReasonMissing(_("Donnez le motif de la décision."))
        if to_status in _CHECKED:
            check_number(locked, now=now)
        locked.status = to_status.value
        locked.save(update_fields=["status"])
        NumberTransition.objects.create(
            number=locked,
            from_status=from_status.value,
            to_status=to_status.value,
            by=by,
            reason=reason.strip(),
            at=now,
        )
    number.status = locked.status
    return number


def check_number(number: PremiumNumber, *, now: datetime) -> Assessment:
    """What eligibility says of a number today, when it may serve callers.

    Returns:
        The assessment: ``allow``, or ``warn`` with the condition that a person must check.
    Raises:
        NumberRefused: the digits are no value-added number.
        NotEligible: the matrix denies it.
        DirectoryIncomplete: the number's record, or for want of one the company's, lacks something.
    """
    # The plan says the family, not the record: digits may have been typed into the admin.
    family = normalise(number.digits).family
    assessment = assess(UseCase(number.use_case), family, Payer(number.payer), paris_day(now))
    if assessment.answer is Answer.DENY:
        raise NotEligible(assessment)
    company = number.company
    record = DirectoryRecord.objects.filter(number=number).first()
    faults = directory_faults(
        name=record.provider_name if record else company.name,
        address=record.provider_address if record else company.address,
        complaint_contact=record.complaint_contact if record else company.complaint_contact,
        needs_free_alternative=assessment.needs_free_alternative,
    )
    if faults:
        raise DirectoryIncomplete(" ".join(map(said, faults)))
    return assessment


def approve(*, number: PremiumNumber, by: User | None, now: datetime, reason: str) -> PremiumNumber:
    """submitted -> approved. Raises as ``take_step``."""
    return take_step(number=number, to_status=Status.APPROVED, by=by, now=now, reason=reason)


def send_back(*, number: PremiumNumber, by: User | None, now: datetime, reason: str) -> PremiumNumber:
    """submitted -> draft, for the company to mend. Raises as ``take_step``."""
    return take_step(number=number, to_status=Status.DRAFT, by=by, now=now, reason=reason)


def go_live(*, number: PremiumNumber, by: User | None, now: datetime, reason: str) -> PremiumNumber:
    """approved -> live: callers may reach it. Raises as ``take_step``."""
    return take_step(number=number, to_status=Status.LIVE, by=by, now=now, reason=reason, only_from=Status.APPROVED)


def suspend(*, number: PremiumNumber, by: User | None, now: datetime, reason: str) -> PremiumNumber:
    """live -> suspended. Raises as ``take_step``."""
    return take_step(number=number, to_status=Status.SUSPENDED, by=by, now=now, reason=reason)


def resume(*, number: PremiumNumber, by: User | None, now: datetime, reason: str) -> PremiumNumber:
    """suspended -> live. Raises as ``take_step``."""
    return take_step(number=number, to_status=Status.LIVE, by=by, now=now, reason=reason, only_from=Status.SUSPENDED)


def cease(*, number: PremiumNumber, by: User | None, now: datetime, reason: str) -> PremiumNumber:
    """approved, live or suspended -> ceased; its quarantine runs from now. Raises as ``take_step``."""
    return take_step(number=number, to_status=Status.CEASED, by=by, now=now, reason=reason)


def quarantine(*, number: PremiumNumber, by: User | None, now: datetime, reason: str) -> PremiumNumber:
    """ceased -> quarantined: the file is closed, the digits rest. Raises as ``take_step``."""
    return take_step(number=number, to_status=Status.QUARANTINED, by=by, now=now, reason=reason)
