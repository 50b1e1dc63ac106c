"""What readers of files refuse, in English for the terminal, is said on the pages in the reader's language."""

import io

import pytest
from django.utils.translation import override

from billing.portal.import_words import EXPECTED, expected_words, field_words, ignored_words, refusal_words
from illico_platform.lib.errors import UnusableInput
from numbers.connectors import asterisk_cdr
from numbers.connectors.base import CONNECTORS, LONGEST_LINE, ReadOptions
from numbers.connectors.generic_csv import AMBIGUOUS
from numbers.rules import mapped_rows, queue_events
from numbers.services.intake import LATE

MAPPING = {
    "external_id": "id",
    "number": "number",
    "offered_at": {"columns": ["at"], "format": "%Y-%m-%d %H:%M:%S"},
    "outcome": {"column": "what", "values": {"ok": "answered"}},
}
FAULTS = {
    **queue_events._EXPECTED,
    **mapped_rows._EXPECTED,
    **asterisk_cdr._WANTED,
}


def refusal_of(connector: str, content: bytes, **options: object) -> str:
    given = ReadOptions(file="appels.log", zone="Europe/Paris", **options)
    with pytest.raises(UnusableInput) as refused:
        list(CONNECTORS[connector].read(io.BytesIO(content), given))
    return str(refused.value)


@pytest.mark.parametrize(
    ("connector", "content", "options", "french"),
    [
        ("asterisk-queue-log", b"", {}, "Le fichier est vide"),
        ("asterisk-queue-log", b"Bonjour\n", {}, "Ce n’est pas un queue_log : la ligne 1 est « Bonjour »"),
        ("asterisk-cdr", b"Bonjour\n", {}, "Ce n’est pas un CDR"),
        ("asterisk-queue-log", b"\x1f\x8bnot gzip", {}, "Le fichier compressé ne s’ouvre pas"),
        ("generic-csv", b"a;b\n1;2\n", {"mapping": MAPPING}, "Il manque les colonnes"),
        (
            "generic-csv",
            b"id,id,number,at,what\n",
            {"mapping": MAPPING},
            "La ligne 1 nomme deux fois la colonne",
        ),
        ("generic-csv", b"id,number\n", {"mapping": {}}, "La correspondance des colonnes"),
        (
            "generic-csv",
            b"id\n",
            {"mapping": MAPPING | {"encoding": "x"}},
            "La correspondance des colonnes",
        ),
        ("generic-csv", b"\xff\xfe\xff\n", {"mapping": MAPPING}, "Le texte ne se lit pas en"),
    ],
)
def test_a_refused_file_says_why(connector: str, content: bytes, options: dict, french: str) -> None:
    written = refusal_of(connector, content, **options)
    assert refusal_words(written).startswith(french), written
    with override("en"):
        english = refusal_words(written)
    assert not english.startswith(french)
    assert "%" not in english


def test_what_stands_in_no_line_is_shown_as_it_is() -> None:
    assert refusal_words("something new") == "something new"


@pytest.mark.parametrize("field", sorted(FAULTS))
def test_every_refused_line_says_what_was_expected(field: str) -> None:
    assert FAULTS[field] in EXPECTED
    assert field_words(field) != field


def test_lines_too_long_and_lines_without_effect_are_said() -> None:
    with override("en"):
        assert expected_words(f"at most {LONGEST_LINE} bytes", is_number=False).startswith("at most ")
        assert ignored_words(AMBIGUOUS) == "ambiguous hour taken as the first"
        assert ignored_words(LATE) == "return more than an hour after leaving the queue"
