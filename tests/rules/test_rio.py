"""The RIO: the operators' own example, forms people write it in, its key against each slip, and its dated rows."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from numbers.rules.rio import SERVICE_NUMBERS, RioUnreadable, is_rio_of, read_rio, row_on

EXAMPLE, ITS_NUMBER = "01PEROY4P4TR", "0612345678"  # from the operators' description of the key
SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


@pytest.mark.parametrize(
    "written", ["01PEROY4P4TR", "01 P EROY4P 4TR", "01-P-EROY4P-4TR", " 01.p.eroy4p.4tr ", "01PEROY4P4TR\u00a0"]
)
def test_the_forms_people_write(written: str) -> None:
    assert read_rio(written) == EXAMPLE


@pytest.mark.parametrize(
    "written", ["", "court", "01PEROY4P4T", "01PEROY4P4TRX", "01PEROY4P4T!", "É1PEROY4P4TR", "3179"]
)
def test_what_is_none(written: str) -> None:
    with pytest.raises(RioUnreadable, match="douze lettres et chiffres"):
        read_rio(written)


def key_of(head: str, digits: str) -> str:
    """The key by powers of 1, 2 and 4, each sign weighed by how far it stands from the end."""
    alphabet = SIGNS + "+"
    places = [alphabet.index(sign) for sign in head + digits]
    last = len(places) - 1
    return "".join(
        alphabet[sum(place * weight ** (last - at) for at, place in enumerate(places)) % 37] for weight in (1, 2, 4)
    )


def test_the_operators_example() -> None:
    assert key_of(EXAMPLE[:9], ITS_NUMBER) == "4TR"
    assert is_rio_of(EXAMPLE, ITS_NUMBER)


heads = st.text(SIGNS, min_size=9, max_size=9)
numbers = st.text("0123456789", min_size=9, max_size=9).map(lambda digits: f"0{digits}")


@given(heads, numbers)
def test_the_key_agrees_with_powers_and_reads_back(head: str, digits: str) -> None:
    rio = head + key_of(head, digits)
    assert read_rio(rio.lower()) == rio
    assert is_rio_of(rio, digits)


@given(heads, numbers, st.integers(0, 18), st.sampled_from(SIGNS))
def test_one_wrong_sign_is_always_noticed(head: str, digits: str, at: int, sign: str) -> None:
    rio = head + key_of(head, digits)
    given = list(rio[:9] + digits)
    if given[at] == sign:
        return
    given[at] = sign
    assert not is_rio_of("".join(given[:9]) + rio[9:], "".join(given[9:]))


@given(heads, numbers, st.integers(0, 17))
def test_two_signs_that_changed_places_are_noticed(head: str, digits: str, at: int) -> None:
    rio = head + key_of(head, digits)
    given = list(rio[:9] + digits)
    if given[at] == given[at + 1]:
        return
    given[at], given[at + 1] = given[at + 1], given[at]
    assert not is_rio_of("".join(given[:9]) + rio[9:], "".join(given[9:]))


@pytest.mark.parametrize(
    ("on", "is_given"),
    [(date(2015, 10, 1), False), (date(2023, 11, 30), False), (date(2023, 12, 1), None), (date(2026, 11, 25), None)],
)
def test_what_is_known_of_service_numbers(on: date, is_given: bool | None) -> None:
    row = row_on(on)
    assert row is not None
    assert row.is_given is is_given
    assert row_on(date(2015, 9, 30)) is None
    assert all(row.source and not row.verified for row in SERVICE_NUMBERS)
