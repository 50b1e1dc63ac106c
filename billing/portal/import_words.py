"""What imports say, in the reader's words: fields and values of refused lines, events that say nothing of a call."""

import re

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from illico_platform.web import show

FIELDS: dict[str, str | Promise] = {
    "line": _("ligne entière"),
    "time": _("heure"),
    "callid": _("identifiant de l’appel"),
    "event": _("événement"),
    "wait": _("attente"),
    "talk": _("conversation"),
    "number": _("numéro appelé"),
    "external_id": _("identifiant de l’appel"),
    "outcome": _("issue de l’appel"),
    "offered_at": _("heure de l’appel"),
    "start": _("début"),
    "answer": _("réponse"),
    "end": _("fin"),
    "duration": _("durée"),
    "billsec": _("durée de conversation"),
    "uniqueid": _("identifiant du canal"),
    "linkedid": _("identifiant de l’appel"),
}
# What the readers of files expect, as they say it.
EXPECTED: dict[str, str | Promise] = {
    "ten digits of seconds since 1970, between 2000 and 2100, within seven days of the channel's start": _(
        "dix chiffres, les secondes depuis 1970, à moins de sept jours du début du canal"
    ),
    "the channel's unique id": _("l’identifiant unique du canal"),
    "the call's linked id": _("l’identifiant commun aux canaux de l’appel"),
    "the name of an event in capitals as fifth field": _("un nom d’événement en capitales, en cinquième position"),
    "whole seconds, at most six digits": _("des secondes entières, six chiffres au plus"),
    "whole seconds": _("des secondes entières"),
    "whole seconds, no more than the duration": _("des secondes entières, pas plus que la durée"),
    "an identifier of at most 128 characters": _("un identifiant de 128 signes au plus"),
    "a value that the mapping knows": _("une issue que la correspondance des colonnes connaît"),
    "a time of the mapping's format that exists in the zone": _(
        "une heure au format prévu, qui existe dans le fuseau de la source"
    ),
    "ten digits, or a short code": _("dix chiffres, ou un numéro court"),
    "a duration of the mapping's unit, not negative": _("une durée dans l’unité prévue, pas négative"),
    "a local time YYYY-MM-DD HH:MM:SS that exists in the source's zone": _(
        "une heure AAAA-MM-JJ HH:MM:SS qui existe dans le fuseau de la source"
    ),
    "empty or a local time YYYY-MM-DD HH:MM:SS that exists in the source's zone": _(
        "rien, ou une heure AAAA-MM-JJ HH:MM:SS qui existe dans le fuseau de la source"
    ),
    "a local time YYYY-MM-DD HH:MM:SS that exists in the source's zone, not before start": _(
        "une heure AAAA-MM-JJ HH:MM:SS qui existe dans le fuseau de la source, pas avant le début"
    ),
    "as many fields as the header": _("autant de champs que l’en-tête"),
    "text without NUL bytes": _("du texte, sans octet nul"),
}

# Why nothing of a file could be used, as the readers of files say it (English, for the terminal), and our sentence.
REFUSALS: list[tuple[str, str | Promise]] = [
    (r".* is empty, expected at least one line", _("Le fichier est vide : il faut au moins une ligne.")),
    (
        r".* is no queue_log: line 1 is '(?P<found>.*)', expected .*",
        _("Ce n’est pas un queue_log : la ligne 1 est « %(found)s ». Attendu : epoch|callid|file|agent|ÉVÉNEMENT|…"),
    ),
    (
        r".* is no CDR: line 1 is '(?P<found>.*)', expected .*",
        _(
            "Ce n’est pas un CDR : la ligne 1 est « %(found)s ». Attendu : un Master.csv d’au moins 17 colonnes, "
            "avec début, réponse, fin et identifiant unique (loguniqueid=yes)."
        ),
    ),
    (
        r".* has a (?:line|row) of more than (?P<size>\d+) MB, expected .*",
        _("Une ligne dépasse %(size)s Mo : ce n’est pas un texte fait de lignes."),
    ),
    (
        r".* is packed as (?P<packing>\w+), expected .*",
        _("C’est une archive %(packing)s. Sortez-en le journal et déposez-le tel quel, ou compressé en gzip."),
    ),
    (r".* cannot be unpacked: .*", _("Le fichier compressé ne s’ouvre pas : il est coupé ou abîmé.")),
    (
        r".* has no column (?P<missing>.*); line 1 names: (?P<there>.*)",
        _("Il manque les colonnes %(missing)s. La ligne 1 nomme : %(there)s."),
    ),
    (
        r".* names the column '(?P<name>.*)' twice in line 1, .*",
        _("La ligne 1 nomme deux fois la colonne « %(name)s » : chaque nom doit n’y être qu’une fois."),
    ),
    (
        r".* is no text, expected a CSV with a header line",
        _("Ce n’est pas un texte. Attendu : un CSV avec une ligne d’en-tête."),
    ),
    (r".* cannot be read as (?P<encoding>[^:]+): .*", _("Le texte ne se lit pas en %(encoding)s, l’encodage prévu.")),
    (
        r"(?:(?:delimiter|encoding) is .* in )?the source's column mapping(?: cannot be used for|, expected) .*",
        _("La correspondance des colonnes de la source ne convient pas : demandez à l’exploitant de la revoir."),
    ),
    (
        r"the source's queue pattern .*",
        _("Le motif des files de la source ne convient pas : demandez à l’exploitant de le revoir."),
    ),
]


def refusal_words(error: str) -> str:
    """Why nothing of a file came in, in the reader's language; what stands in no line above as it was written."""
    for pattern, sentence in REFUSALS:
        if found := re.fullmatch(pattern, error, re.DOTALL):
            return str(sentence) % found.groupdict() if found.groupdict() else str(sentence)
    return gettext(error)


def field_words(field: str) -> str:
    """The name of a field as people call it."""
    return str(FIELDS.get(field, field))


def expected_words(expected: str, *, is_number: bool) -> str:
    """What would have been accepted."""
    if is_number:
        return str(_("un de vos numéros, ou un nom de file rattaché à l’un d’eux"))
    if longest := re.fullmatch(r"at most (\d+) bytes", expected):
        return gettext("au plus %(most)s octets") % {"most": show.whole(int(longest[1]))}
    return str(EXPECTED.get(expected, expected))


def ignored_words(cause: str) -> str:
    """Why lines of this cause say nothing of a call."""
    if cause == "drop":
        return str(_("lignes que la correspondance des colonnes de la source écarte"))
    if cause.isupper():
        return str(_("événement que ce format ne connaît pas ; il ne change aucun appel"))
    return gettext(cause)
