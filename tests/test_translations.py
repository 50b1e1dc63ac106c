"""Every visible text has its English, and the compiled catalogue is the one that people read."""

import string

import polib
import pytest

from illico_platform.management.commands.translations import (
    CATALOGUE,
    from_python,
    from_template,
    messages,
    untranslated,
)

MESSAGES = messages()


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    return polib.pofile(str(CATALOGUE))


def test_the_catalogue_holds_the_messages_of_the_sources(catalogue: polib.POFile) -> None:
    kept = {(entry.msgctxt or "", entry.msgid) for entry in catalogue}
    assert len(MESSAGES) > 200
    assert sorted(set(MESSAGES) - kept) == [], "run manage.py translations, then translate"
    assert sorted(kept - set(MESSAGES)) == [], "run manage.py translations: these texts are gone"


def test_every_message_has_its_english(catalogue: polib.POFile) -> None:
    assert [entry.msgid for entry in untranslated(catalogue)] == []


def test_translations_keep_the_places_of_their_values(catalogue: polib.POFile) -> None:
    faults = []
    for entry in catalogue.translated_entries():
        wanted = _places(entry.msgid) | _places(entry.msgid_plural)
        for text in entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]:
            if not _places(text) <= wanted or (not entry.msgid_plural and _places(text) != wanted):
                faults.append((entry.msgid, text))
    assert faults == []


def test_the_compiled_catalogue_is_the_written_one(catalogue: polib.POFile) -> None:
    compiled = polib.mofile(str(CATALOGUE.with_suffix(".mo")))
    assert {entry.msgid: entry.msgstr for entry in compiled} == {
        entry.msgid: entry.msgstr for entry in catalogue.translated_entries()
    }


def test_messages_of_a_template_are_found() -> None:
    code = " _('un') \n ngettext('%(n)s appel', '%(n)s appels', n) \n pgettext('mois', 'mai') "
    assert list(from_template(code)) == [
        ("", "un", ""),
        ("", "%(n)s appel", "%(n)s appels"),
        ("mois", "mai", ""),
    ]


def test_messages_of_a_module_are_found_by_whatever_name_it_calls() -> None:
    code = "from django.utils.translation import gettext as say, ngettext_lazy\nsay('un')\nngettext_lazy('a', 'b', 'n')"
    assert list(from_python(code)) == [("", "un", ""), ("", "a", "b")]


def _places(text: str) -> set[str]:
    """Names in ``%(name)s`` and ``{name}``."""
    named = {piece.partition(")")[0] for piece in text.split("%(")[1:]}
    try:
        return named | {name for _, name, _, _ in string.Formatter().parse(text) if name}
    except ValueError:
        return named
