"""Which documents a file accepts, told by their content and not by their name. Pure."""

from illico_platform.lib.errors import IllicoError
from illico_platform.lib.sentence import Sentence, gettext_noop

MOST_BYTES = 10 * 1024 * 1024
_STARTS = ((b"%PDF-", "application/pdf"), (b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))


class PaperUnusable(IllicoError):
    """The document is too heavy, empty, or of another kind; the sentence, in French, says which."""


def paper_type(head: bytes, *, size: int) -> str:
    """The media type of a document from its first bytes.

    Args:
        head: at least its first eight bytes.
        size: of the whole, bytes.
    Raises:
        PaperUnusable: no PDF, JPEG or PNG, empty, or above 10 MB.

    >>> paper_type(b"%PDF-1.7", size=1000)
    'application/pdf'
    """
    if size > MOST_BYTES:
        raise PaperUnusable(
            Sentence(gettext_noop("Ce fichier dépasse 10 Mo : réduisez-le, ou déposez-le en plusieurs pièces."))
        )
    if not size:
        raise PaperUnusable(Sentence(gettext_noop("Ce fichier est vide : déposez-le de nouveau.")))
    found = next((kind for start, kind in _STARTS if head.startswith(start)), None)
    if found is None:
        raise PaperUnusable(
            Sentence(
                gettext_noop("Ce fichier n’est ni un PDF, ni une image JPEG ou PNG : déposez l’un de ces formats.")
            )
        )
    return found
