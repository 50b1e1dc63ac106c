"""Sentences of the rules: French, and still able to be said in another language by an edge."""


class Sentence(str):
    """A French sentence made of a template and its parts; both are kept, so that a page may translate it.

    >>> fault = Sentence("Un %(name)s compte %(count)d chiffres.", name="SIREN", count=9)
    >>> str(fault), fault.template
    ('Un SIREN compte 9 chiffres.', 'Un %(name)s compte %(count)d chiffres.')
    """

    template: str
    parts: dict[str, object]

    def __new__(cls, template: str, **parts: object) -> "Sentence":
        made = super().__new__(cls, template % parts if parts else template)
        made.template, made.parts = template, parts
        return made


def gettext_noop(template: str) -> str:
    """The template as it is; the name tells the translators' tools to take it."""
    return template
