"""The sentences of rules in the reader's language."""

from django.utils.translation import gettext

from illico_platform.lib.errors import IllicoError
from illico_platform.lib.sentence import Sentence


def said(text: str) -> str:
    """A rule's sentence in the language of the page; any other text as it is.

    >>> said("Autre chose."), said(Sentence("%(count)d signes", count=3))
    ('Autre chose.', '3 signes')
    """
    if not isinstance(text, Sentence):
        return text
    translated = gettext(text.template)
    return translated % text.parts if text.parts else translated


def told(refusal: IllicoError) -> str:
    """Why something is refused, in the language of the page.

    >>> told(IllicoError(Sentence("%(count)d signes", count=3))), told(IllicoError("Autre chose."))
    ('3 signes', 'Autre chose.')
    """
    return said(refusal.args[0]) if refusal.args and isinstance(refusal.args[0], str) else str(refusal)
