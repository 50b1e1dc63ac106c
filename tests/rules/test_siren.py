"""SIREN and SIRET: what passes, and the sentence for what does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from numbers.rules.siren import siren_digits, siren_fault, siret_fault


@pytest.mark.parametrize("written", ["732829320", "732 829 320", "732.829.320", " 404833048 ", "356000000"])
def test_a_true_siren_has_no_fault(written: str) -> None:
    assert siren_fault(written) == ""
    assert len(siren_digits(written)) == 9


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("", "manque"),
        ("  ", "manque"),
        ("73282932", "en a 8"),
        ("73282932000074", "en a 14"),
        ("732829321", "clé de contrôle"),
        ("73282932X", "que des chiffres"),
        ("７３２８２９３２０", "que des chiffres"),
        ("73282932²", "que des chiffres"),
    ],
)
def test_a_false_siren_is_explained(written: str, sentence: str) -> None:
    assert sentence in siren_fault(written)


@pytest.mark.parametrize(
    "written",
    [
        "73282932000074",
        "732 829 320 00074",
        "35600000000048",  # La Poste's head office follows Luhn
        "35600000049837",  # its post offices add up to a multiple of five
    ],
)
def test_a_true_siret_has_no_fault(written: str) -> None:
    assert siret_fault(written) == ""


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("73282932000079", "clé de contrôle"),
        ("35600000049838", "clé de contrôle"),
        ("732829320", "en a 9"),
        ("", "manque"),
        ("7328293200007é", "que des chiffres"),
    ],
)
def test_a_false_siret_is_explained(written: str, sentence: str) -> None:
    assert sentence in siret_fault(written)


def test_a_siret_of_another_company_is_refused() -> None:
    assert siret_fault("73282932000074", of_siren="732 829 320") == ""
    assert "commencer par 404833048" in siret_fault("73282932000074", of_siren="404833048")


@given(st.text())
def test_any_text_is_judged_without_an_error(written: str) -> None:
    assert isinstance(siren_fault(written), str)
    assert isinstance(siret_fault(written), str)


@given(st.integers(0, 99_999_999), st.integers(0, 9))
def test_one_key_in_ten_is_true(stem: int, key: int) -> None:
    keys = [digit for digit in range(10) if not siren_fault(f"{stem:08d}{digit}")]
    assert len(keys) == 1


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        (siren_fault("73282932X"), "« X », en position 9"),
        (siren_fault("7A2829320"), "« A », en position 2"),
        (siret_fault("7328293200007e"), "« e », en position 14"),
        (siret_fault("35600000A48"), "« A », en position 9"),
    ],
)
def test_a_letter_is_named_with_its_place(sentence: str, words: str) -> None:
    assert words in sentence


@pytest.mark.parametrize("written", ["35600000000048", "35600000049837", "356 000 000 49837", "35600000012346"])
def test_la_poste_is_accepted(written: str) -> None:
    assert siret_fault(written, of_siren="356000000") == ""
