"""IBANs: what passes, and the sentence for what does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from numbers.rules.bank import iban_fault, iban_mask, iban_signs


@pytest.mark.parametrize(
    "written",
    [
        "FR1420041010050500013M02606",
        "FR14 2004 1010 0505 0001 3M02 606",
        "fr14 2004 1010 0505 0001 3m02 606",
        "FR76 3000 6000 0112 3456 7890 189",
        "MC58 1122 2000 0101 2345 6789 030",
        "DE89 3704 0044 0532 0130 00",
        "BE68 5390 0754 7034",
        "GB29 NWBK 6016 1331 9268 19",
    ],
)
def test_a_true_iban_has_no_fault(written: str) -> None:
    assert iban_fault(written) == ""


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("", "manque"),
        ("   ", "manque"),
        ("FR76 3000 6000 0112 3456 7890 188", "sa clé, « 76 », ne correspond pas"),
        ("FR67 3000 6000 0112 3456 7890 189", "sa clé, « 67 », ne correspond pas"),
        ("FR76 3000 6000 0112 3456 7890 18", "compte 27 signes ; celui-ci en a 26"),
        ("FR76 3000 6000 0112 3456 7890 1890", "compte 27 signes ; celui-ci en a 28"),
        ("FR76 3000/6000 0112 3456 7890 189", "« / », en position 9"),
        ("FR７6 3000 6000 0112 3456 7890 189", "en position 3"),
        ("30006000011234567890189", "deux lettres de pays"),
        ("FRAB3000600001123456789018", "deux lettres de pays"),
        ("F", "deux lettres de pays"),
        ("XX76 3000 6000 0112 3456 7890 189", "« XX » n’en reçoit pas"),
        ("TR33 0006 1005 1978 6457 8413 26", "« TR » n’en reçoit pas"),
        ("BE31 4354 1116 1156", "ne correspond pas"),
    ],
)
def test_a_false_iban_is_explained(written: str, sentence: str) -> None:
    assert sentence in iban_fault(written)


def test_the_mask_shows_country_key_and_four_signs() -> None:
    assert iban_mask(iban_signs("FR76 3000 6000 0112 3456 7890 189")) == "FR76 **** **** 0189"


@given(st.text())
def test_any_text_is_judged_without_an_error(written: str) -> None:
    assert isinstance(iban_fault(written), str)


@given(st.from_regex(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{0,30}", fullmatch=True))
def test_any_iban_like_text_is_judged_without_an_error(written: str) -> None:
    assert isinstance(iban_fault(written), str)


@given(st.integers(0, 26), st.sampled_from("0123456789"))
def test_one_digit_mistyped_is_always_seen(place: int, digit: str) -> None:
    true = "FR7630006000011234567890189"
    typed = true[:place] + digit + true[place + 1 :]
    assert bool(iban_fault(typed)) == (typed != true)
