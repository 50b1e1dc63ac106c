"""French VAT numbers: what passes, and the sentence for what does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from numbers.rules.siren import siren_fault
from numbers.rules.vat_number import vat_fault, vat_of


@pytest.mark.parametrize(
    "written", ["FR44732829320", "fr 44 732 829 320", "FR83404833048", "FR40303265045", "FRK7399859412"]
)
def test_a_true_number_has_no_fault(written: str) -> None:
    assert vat_fault(written) == ""


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("", "manque"),
        ("FR45732829320", "« 45 », ne correspond pas au SIREN 732829320"),
        ("44732829320", "commence par « 44 »"),
        ("DE136695976", "commence par « DE »"),
        ("FR4473282932", "celui-ci en a 12"),
        ("FR447328293200", "celui-ci en a 14"),
        ("FR44 73282932O", "« O » n’est pas un chiffre"),
        ("FR44732829321", "ne correspond pas"),
    ],
)
def test_a_false_number_is_explained(written: str, sentence: str) -> None:
    assert sentence in vat_fault(written)


def test_the_number_of_another_company_is_refused_with_the_right_one() -> None:
    assert vat_fault("FR44732829320", of_siren="732 829 320") == ""
    assert "c’est FR83404833048" in vat_fault("FR44732829320", of_siren="404833048")


@given(st.text())
def test_any_text_is_judged_without_an_error(written: str) -> None:
    assert isinstance(vat_fault(written), str)


@given(st.integers(0, 99_999_999), st.integers(0, 9))
def test_the_proposed_number_is_a_true_one(stem: int, key: int) -> None:
    siren = f"{stem:08d}{key}"
    if not siren_fault(siren):
        assert vat_fault(vat_of(siren), of_siren=siren) == ""
