"""Enrol a number: from what somebody wrote to a draft, and from a draft to a file that the operator can decide on."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from illico_platform.lib.errors import IllicoError
from illico_platform.lib.periods import paris_day
from numbers import selectors_enrolment
from numbers.access import require_role
from numbers.models import Company, PremiumNumber, User
from numbers.rules.eligibility import Answer, Assessment, Payer, UseCase, assess
from numbers.rules.lifecycle import Actor, NoSuchStep, Status, quarantine_end
from numbers.rules.plan import normalise
from numbers.services.decide import NotEligible, take_step


class EnrolmentRefused(IllicoError):
    """The number cannot be enrolled; the sentence, in French, says why."""


class NumberTaken(EnrolmentRefused):
    """Somebody has it in use or in their file."""


class NumberResting(EnrolmentRefused):
    """It was ceased and its quarantine has not ended."""


class CompanyInactive(EnrolmentRefused):
    """The company is deactivated."""


def create_draft(
    *,
    company: Company,
    written: str,
    use_case: UseCase,
    payer: Payer,
    by: User | None,
    now: datetime,
    label: str = "",
) -> tuple[PremiumNumber, Assessment]:
    """A draft of the number somebody wrote, for this use and payer, with what eligibility says of it.

    Args:
        written: in any form that ``plan.normalise`` reads.
        by: an owner or manager of the company, or the operator; None is the platform itself.
        now: decides which rules and quarantines hold.
    Raises:
        NumberRefused: no value-added number of the French plan.
        NotEligible: the matrix denies this use on this number.
        NumberTaken, NumberResting, CompanyInactive: named refusals.
        RoleMissing: the person may not act for the company.
    """
    draft = PremiumNumber(company=company, status=Status.DRAFT.value)
    return draft, write_draft(draft=draft, written=written, use_case=use_case, payer=payer, by=by, now=now, label=label)


def write_draft(
    *,
    draft: PremiumNumber,
    written: str,
    use_case: UseCase,
    payer: Payer,
    by: User | None,
    now: datetime,
    label: str = "",
) -> Assessment:
    """Write what a draft is: its number too may change as long as nobody has decided on it.

    Raises:
        NoSuchStep: it is a draft no more; otherwise as ``create_draft``.
    """
    company = draft.company
    require_role(by, company, Actor.OWNER, Actor.MANAGER)
    if draft.status != Status.DRAFT:
        raise NoSuchStep(_("Ce numéro n’est plus un brouillon : il ne se modifie plus ici."))
    if not company.is_active:
        raise CompanyInactive(
            _("L’entreprise %(name)s est désactivée : elle ne peut pas inscrire de numéro.") % {"name": company.name}
        )
    number = normalise(written)
    assessment = assess(use_case, number.family, payer, paris_day(now))
    if assessment.answer is Answer.DENY:
        raise NotEligible(assessment)
    _refuse_resting(number.digits, now)
    if selectors_enrolment.is_held_by_another(number.digits, company=company, now=now):
        raise NumberTaken(_("Le numéro %(number)s est réservé par une autre entreprise.") % {"number": written})
    draft.digits, draft.e164, draft.family = number.digits, number.e164, number.family.value
    draft.payer, draft.use_case, draft.label = payer.value, use_case.value, label
    try:
        with transaction.atomic():
            draft.save()
    except IntegrityError:
        # The unique constraint decides between two who enrol the same number at once.
        raise NumberTaken(_("Le numéro %(number)s est déjà inscrit.") % {"number": written}) from None
    return assessment


def submit(*, number: PremiumNumber, by: User | None, now: datetime, reason: str = "Dépôt du dossier") -> PremiumNumber:
    """Hand a draft to the operator: eligible, and with all that the directory must publish.

    Raises:
        NotEligible, DirectoryIncomplete, NoSuchStep, NotAllowed: see ``decide.take_step``.
    """
    return take_step(number=number, to_status=Status.SUBMITTED, by=by, now=now, reason=reason)


def _refuse_resting(digits: str, now: datetime) -> None:
    for ceased_at in selectors_enrolment.ceasings_of(digits, now=now):
        if ceased_at is None:
            raise NumberResting(
                _("Le numéro %(number)s a été résilié à une date inconnue : sa quarantaine ne finit pas.")
                % {"number": digits}
            )
        free_on = quarantine_end(ceased_at)
        if paris_day(now) < free_on:
            raise NumberResting(
                _("Le numéro %(number)s est en quarantaine : il est libre à partir du %(day)s.")
                % {"number": digits, "day": date_format(free_on, "DATE_FORMAT")}
            )
