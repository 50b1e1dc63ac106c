"""Keep a file of an enrolment, step by step: nothing that was answered is lost, nothing is decided here."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.core.files import File
from django.db import transaction

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


class FileClosed(IllicoError):
    """The file was submitted and waits for the operator, or was accepted: it is read, not written."""


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
        raise AlreadyOurs(f"Le {display(number.digits)} est l’un de nos numéros : cherchez-le dans la liste.")
    with _writing(enrolment, by, now) as file:
        own = file.number.digits if file.number else ""
        if number.digits != own and number.digits in taken_numbers(
            number.digits, number.digits, company=file.company, now=now
        ):
            raise NotFree(f"Le {display(number.digits)} est déjà inscrit ou en quarantaine chez nous.")
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
            raise PaperRefused(f"Un dossier tient {MOST_PAPERS} pièces : retirez-en une d’abord.")
        kept = keep_file(FOLDER, content)
        if file.documents.filter(sha256=kept.sha256).exists():
            forget_file(kept.name)
            raise PaperRefused("Cette pièce est déjà dans le dossier.")
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
    with _writing(enrolment, by, now) as file:
        if file.number is not None:
            raise FileClosed("Ce dossier a déjà été déposé : il est gardé avec ce qui a été décidé.")
        paths = list(file.documents.values_list("path", flat=True))
        release(company=file.company, digits=file.digits, now=now)
        transaction.on_commit(lambda: [forget_file(path) for path in paths])
    file.delete()


@contextmanager
def _writing(enrolment: Enrolment, by: User, now: datetime) -> Iterator[Enrolment]:
    """The file under lock, saved at the end with who wrote it and when; refused when it is closed."""
    with transaction.atomic():
        file = (
            Enrolment.objects.select_for_update(of=("self",)).select_related("company", "number").get(pk=enrolment.pk)
        )
        require_role(by, file.company, Actor.OWNER, Actor.MANAGER)
        if not file.is_open:
            raise FileClosed("Ce dossier est déposé : il ne se modifie plus tant que l’exploitant ne l’a pas renvoyé.")
        yield file
        file.saved_at, file.saved_by = now, by.email
        file.save(update_fields=["answers", "digits", "saved_at", "saved_by"])
