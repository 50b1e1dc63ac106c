"""Keep a file of an enrolment, step by step: nothing that was answered is lost, nothing is decided here."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from illico_platform.lib.errors import IllicoError
from illico_platform.web.private_files import forget_file, keep_file
from numbers.access import require_role
from numbers.models import Company, Enrolment, EnrolmentDocument, PortRequest, User
from numbers.rules.lifecycle import Actor
from numbers.rules.papers import paper_type
from numbers.rules.plan import display, normalise
from numbers.selectors_enrolment import block_of, taken_numbers
from numbers.services.reserve import NotFree, release, reserve

FOLDER = "dossiers"
MOST_PAPERS = 12
DRAFT_KEPT_FOR = timedelta(days=180)  # the operator's choice; the page of the files says so


class FileClosed(IllicoError):
    """The file was submitted and waits for the operator, or was accepted: it is read, not written."""


class FileGone(IllicoError):
    """The file was thrown away by somebody else meanwhile."""


class PaperRefused(IllicoError):
    """The document cannot be kept; the sentence says why."""


class AlreadyOurs(IllicoError):
    """The number that was to be brought is one of the operator's own."""


def start(*, company: Company, by: User, now: datetime) -> Enrolment:
    """A new, empty file; several may be open at once.

    Raises:
        RoleMissing: neither owner nor manager.
    """
    require_role(by, company, Actor.OWNER, Actor.MANAGER)
    return Enrolment.objects.create(company=company, created_at=now, saved_at=now, saved_by=by.email)


def save_step(*, enrolment: Enrolment, step: str, answers: dict[str, Any], by: User, now: datetime) -> Enrolment:
    """Keep the answers of one step; those of the others stay as they are, also when a colleague writes them now.

    Args:
        answers: JSON values only.
    Raises:
        FileClosed, RoleMissing.
    """
    with _writing(enrolment, by, now) as file:
        file.answers = file.answers | {step: answers}
    return file


def choose_number(*, enrolment: Enrolment, step: str, digits: str, by: User, now: datetime) -> Enrolment:
    """Reserve a number of the operator's for this file, and give back the one it held before.

    Raises:
        ReservationRefused: by its named kinds; the file keeps the number it had.
        FileClosed, RoleMissing.
    """
    with _writing(enrolment, by, now) as file:
        if file.digits and file.digits != digits:
            release(company=file.company, digits=file.digits, now=now)
        if file.number is None or file.number.digits != digits:  # a file that was sent back has its own number still
            reserve(company=file.company, digits=digits, now=now)
        PortRequest.objects.filter(enrolment=file).delete()
        file.digits = digits
        file.answers = file.answers | {step: {"origin": "block"}}
    return file


def bring_number(*, enrolment: Enrolment, step: str, written: str, rio: str, by: User, now: datetime) -> Enrolment:
    """Note that this file brings a number from another operator; it stays a draft until the number arrived.

    Args:
        written: in any form that ``plan.normalise`` reads.
        rio: the code that names the line at its operator, or empty until it is known.
    Raises:
        NumberRefused: no value-added number; AlreadyOurs, NotFree: named refusals. FileClosed, RoleMissing.
    """
    number = normalise(written)
    if block_of(number.digits) is not None:
        raise AlreadyOurs(
            _("Le %(number)s est l’un de nos numéros : cherchez-le dans la liste.") % {"number": display(number.digits)}
        )
    with _writing(enrolment, by, now) as file:
        own = file.number.digits if file.number else ""
        if number.digits != own and number.digits in taken_numbers(
            number.digits, number.digits, company=file.company, now=now
        ):
            raise NotFree(
                _("Le %(number)s est déjà inscrit ou en quarantaine chez nous.") % {"number": display(number.digits)}
            )
        if file.digits and file.digits != number.digits:
            release(company=file.company, digits=file.digits, now=now)
        PortRequest.objects.update_or_create(enrolment=file, defaults={"digits": number.digits, "rio": rio})
        file.digits = number.digits
        file.answers = file.answers | {step: {"origin": "port"}}
    return file


def add_paper(*, enrolment: Enrolment, kind: str, content: File, name: str, by: User, now: datetime) -> None:
    """Keep a document of the file: a PDF, JPEG or PNG by its content, at most 10 MB, once.

    Raises:
        PaperRefused, FileClosed, RoleMissing.
    """
    head = content.read(16)
    content.seek(0)
    media_type = paper_type(head, size=content.size)
    with _writing(enrolment, by, now) as file:
        if file.documents.count() >= MOST_PAPERS:
            raise PaperRefused(_("Un dossier tient %(most)s pièces : retirez-en une d’abord.") % {"most": MOST_PAPERS})
        kept = keep_file(FOLDER, content)
        if file.documents.filter(sha256=kept.sha256).exists():
            forget_file(kept.name)
            raise PaperRefused(_("Cette pièce est déjà dans le dossier."))
        EnrolmentDocument.objects.create(
            enrolment=file,
            kind=kind,
            name=name[-120:],
            media_type=media_type,
            size=content.size,
            sha256=kept.sha256,
            path=kept.name,
            added_at=now,
            added_by=by.email,
        )


def remove_paper(*, enrolment: Enrolment, paper_id: int, by: User, now: datetime) -> None:
    """Take a document out of an open file; one that is gone changes nothing.

    Raises:
        FileClosed, RoleMissing.
    """
    with _writing(enrolment, by, now) as file:
        for paper in file.documents.filter(pk=paper_id):
            paper.delete()
            transaction.on_commit(lambda path=paper.path: forget_file(path))


def discard(*, enrolment: Enrolment, by: User, now: datetime) -> None:
    """Throw away a file that never was submitted, with its papers and its reservation.

    Raises:
        FileClosed: it was submitted once, so what was decided on it is kept. RoleMissing.
    """
    with transaction.atomic():
        file = locked_file(enrolment, by)
        if file.number is not None:
            raise FileClosed(_("Ce dossier a déjà été déposé : il est gardé avec ce qui a été décidé."))
        release(company=file.company, digits=file.digits, now=now)
        _delete(file)


def forget_drafts(*, now: datetime) -> int:
    """Delete files that nobody saved for long and nobody ever submitted, with their papers; returns how many.

    They hold identity papers of people who may never have heard of us: those are not kept for later.
    """
    forgotten = 0
    left = Enrolment.objects.filter(number=None, saved_at__lte=now - DRAFT_KEPT_FOR)
    for pk in list(left.values_list("pk", flat=True)):
        with transaction.atomic():
            # Read again under lock: somebody may save it at this very moment.
            file = left.select_for_update(of=("self",)).select_related("company").filter(pk=pk).first()
            if file is not None:
                release(company=file.company, digits=file.digits, now=now)
                _delete(file)
                forgotten += 1
    return forgotten


@contextmanager
def _writing(enrolment: Enrolment, by: User, now: datetime) -> Iterator[Enrolment]:
    """The file under lock, saved at the end with who wrote it and when; refused when it is closed."""
    with transaction.atomic():
        file = locked_file(enrolment, by)
        if not file.is_open:
            raise FileClosed(
                _("Ce dossier est déposé : il ne se modifie plus tant que l’exploitant ne l’a pas renvoyé.")
            )
        yield file
        file.saved_at, file.saved_by = now, by.email
        file.save(update_fields=["answers", "digits", "saved_at", "saved_by"])


def locked_file(enrolment: Enrolment, by: User) -> Enrolment:
    """The file as it is now, kept from others until the transaction ends, for a person who may write it.

    Raises:
        FileGone: a colleague threw it away meanwhile. RoleMissing.
    """
    # Nothing is joined: a joined row would be that of before the wait, beside the file of after it.
    file = Enrolment.objects.select_for_update().filter(pk=enrolment.pk).first()
    if file is None:
        raise FileGone(_("Ce dossier a été supprimé entre-temps."))
    require_role(by, file.company, Actor.OWNER, Actor.MANAGER)
    return file


def _delete(file: Enrolment) -> None:
    paths = list(file.documents.values_list("path", flat=True))
    file.delete()
    transaction.on_commit(lambda: [forget_file(path) for path in paths])
