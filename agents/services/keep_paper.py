"""The paper behind what is said of agents: known by its content, kept, and forgotten when what it proves is refused."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.files import File
from django.utils.translation import gettext as _

from agents.services.keep_staff import StaffRefused
from illico_platform.web.private_files import forget_file, keep_file

PAPER_MAX_BYTES = 10 * 1024 * 1024
# The first bytes of the files that are taken, and what they are served as.
PAPER_KINDS = {
    b"%PDF-": ("application/pdf", "pdf"),
    b"\xff\xd8\xff": ("image/jpeg", "jpg"),
    b"\x89PNG\r\n\x1a\n": ("image/png", "png"),
}


@contextmanager
def kept_paper(evidence: File) -> Iterator[dict[str, str]]:
    """Keep a paper for what the block stores; the values of that row's ``evidence_`` columns.

    When the block fails, nothing of the paper stays.

    Raises:
        StaffRefused: it is none that is taken.
    """
    kind_of_evidence(evidence)
    kept = keep_file("evidence", evidence)
    try:
        yield {
            "evidence_sha256": kept.sha256,
            "evidence_file": kept.name,
            "evidence_name": (evidence.name or "")[:120],
        }
    except BaseException:
        forget_file(kept.name)
        raise


def kind_of_evidence(evidence: File) -> tuple[str, str]:
    """(media type, extension) of a paper, by its content: what its name says is not believed.

    Raises:
        StaffRefused: it is too large, empty, or of another kind.
    """
    if (evidence.size or 0) > PAPER_MAX_BYTES:
        raise StaffRefused("evidence", _("Ce fichier dépasse 10 Mo : réduisez-le ou déposez un extrait."))
    evidence.seek(0)
    start = evidence.read(8)
    evidence.seek(0)
    for sign, kind in PAPER_KINDS.items():
        if start.startswith(sign):
            return kind
    raise StaffRefused(
        "evidence", _("Ce fichier n’est ni un PDF, ni un JPEG, ni un PNG : déposez la pièce dans un de ces formats.")
    )
