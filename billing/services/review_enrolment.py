"""The operator's answer to a file: accepted, refused, to be completed, put into service; told to the company."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial

from django.core.mail import EmailMessage
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from illico_platform.lib.errors import IllicoError
from numbers.models import Enrolment, EnrolmentDecision, Membership, PortRequest, PremiumNumber, User
from numbers.services import decide

Kind = EnrolmentDecision.Kind

_STEPS: dict[str, Callable[..., PremiumNumber]] = {
    Kind.CHANGES: decide.send_back,
    Kind.REFUSED: decide.send_back,  # the file stays the company's to mend or to leave
    Kind.APPROVED: decide.approve,
    Kind.LIVE: decide.go_live,
}
_SUBJECTS = {
    Kind.CHANGES: gettext_lazy("votre dossier est à compléter"),
    Kind.REFUSED: gettext_lazy("votre dossier est refusé"),
    Kind.APPROVED: gettext_lazy("votre dossier est accepté"),
    Kind.LIVE: gettext_lazy("votre numéro est en service"),
}


class NotSubmitted(IllicoError):
    """There is no number to decide on: the file was never handed in."""


class FileChanged(IllicoError):
    """The file was decided on, or submitted anew, since the page was opened: it is not what was read."""


class ChecklistIncomplete(IllicoError):
    """A file is accepted when every point was looked at."""


class StillElsewhere(IllicoError):
    """A number that is to be brought has not arrived: nobody can call it here."""


def decide_on(
    *,
    enrolment: Enrolment,
    kind: str,
    reason: str,
    checklist: Mapping[str, bool],
    by: User,
    now: datetime,
    address: str,
    seen: datetime | None,
) -> EnrolmentDecision:
    """Take the number's step, keep the decision with its checklist, and write to the company.

    Args:
        kind: of ``EnrolmentDecision.Kind``.
        reason: what the company reads; may not be blank.
        checklist: point to whether it was found good.
        address: of the file's page in the company's space, for the message.
        seen: when the file that was read had been submitted.
    Raises:
        NotSubmitted, FileChanged, ChecklistIncomplete, StillElsewhere: named refusals; else as ``decide.take_step``.
    """
    if kind == Kind.APPROVED and not all(checklist.values()):
        raise ChecklistIncomplete(
            "Un dossier s’accepte quand chaque point est coché : sinon, demandez de le compléter."
        )
    with transaction.atomic():
        file = _locked(enrolment, kind, seen)
        if kind == Kind.LIVE:
            _refuse_elsewhere(file)
        _STEPS[kind](number=file.number, by=by, now=now, reason=reason)
        decision = EnrolmentDecision.objects.create(
            enrolment=file, kind=kind, reason=reason.strip(), checklist=dict(checklist), by=by, at=now
        )
        file.answer = Enrolment.Answer.APPROVED if kind == Kind.LIVE else kind
        file.save(update_fields=["answer"])
        for message in _messages(file, decision, address):
            transaction.on_commit(partial(message.send, fail_silently=True))
    return decision


def _locked(enrolment: Enrolment, kind: str, seen: datetime | None) -> Enrolment:
    """The file as it is now, kept from others until the decision is written, if it still is what was read."""
    # Nothing is joined: a joined row would be that of before the wait, beside the file of after it.
    file = Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    if file.number is None:
        raise NotSubmitted("Ce dossier n’est pas déposé : il n’y a rien à décider.")
    wanted = PremiumNumber.Status.APPROVED if kind == Kind.LIVE else PremiumNumber.Status.SUBMITTED
    if file.number.status != wanted or file.submitted_at != seen:
        raise FileChanged(
            "Ce dossier a changé depuis que vous avez ouvert la page : un collègue y a répondu, ou l’entreprise l’a"
            " déposé de nouveau. Relisez-le, puis décidez."
        )
    return file


def _refuse_elsewhere(enrolment: Enrolment) -> None:
    port = PortRequest.objects.filter(enrolment=enrolment).first()
    if port is not None and port.state != PortRequest.State.DONE:
        raise StillElsewhere(
            f"La portabilité est « {port.get_state_display()} » : le numéro s’ouvre quand elle est faite."
        )


def _messages(enrolment: Enrolment, decision: EnrolmentDecision, address: str) -> list[EmailMessage]:
    """To the owners and managers of the company, none of whom sees the others: one message a language."""
    to = Membership.objects.filter(company=enrolment.company, role__in=["owner", "manager"], user__is_active=True)
    readers: dict[str, list[str]] = {}
    for language, email in to.values_list("user__language", "user__email"):
        readers.setdefault(language, []).append(email)
    messages = []
    for language, emails in readers.items():
        with override(language):
            title = _("Dossier « %(title)s », %(company)s") % {
                "title": enrolment.title,
                "company": enrolment.company.name,
            }
            onward = _("Le dossier et la suite : %(address)s") % {"address": address}
            subject = _("Illico : %(answer)s") % {"answer": _SUBJECTS[Kind(decision.kind)]}
        messages.append(EmailMessage(subject, f"{title}\n\n{decision.reason}\n\n{onward}\n", bcc=emails))
    return messages
