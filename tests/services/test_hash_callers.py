"""Callers as hashes and masks: the same person always the same, in every written form, and nobody in clear."""

import hmac
from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from numbers.services.hash_callers import hash_caller, seal_callers, sealed_text

NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)
KEYS = {NOVEMBER: b"n" * 32, DECEMBER: b"d" * 32}
WRITTEN = st.none() | st.text(max_size=20) | st.from_regex(r"(\+33|0033|33|0)?[1-9]([ .\-]?[0-9]){8}", fullmatch=True)


def seal(*callers: tuple[str | None, date]) -> list[tuple[str | None, str | None]]:
    frame = pl.DataFrame(callers, schema={"caller": pl.String, "month": pl.Date}, orient="row")
    return seal_callers(frame, keys=KEYS).select("caller_hash", "caller_mask").rows()


@pytest.mark.parametrize("form", ["0639980044", "+33 6 39 98 00 44", "0033639980044", "33639980044", "06.39.98.00.44"])
def test_every_written_form_of_a_number_is_one_caller(form: str) -> None:
    digest = hmac.digest(KEYS[NOVEMBER], b"0639980044", "sha256")[:16]
    assert seal((form, NOVEMBER)) == [("\\x" + digest.hex(), "06 39 ** ** 44")]


@pytest.mark.parametrize("withheld", [None, "", "anonymous", "~", "~12"])
def test_who_withholds_the_number_has_neither_hash_nor_mask(withheld: str | None) -> None:
    assert seal((withheld, NOVEMBER)) == [(None, None)]


@given(st.lists(st.tuples(WRITTEN, st.sampled_from([NOVEMBER, DECEMBER])), max_size=8))
def test_callers_of_a_block_are_sealed_as_each_alone(callers: list[tuple[str | None, date]]) -> None:
    for (caller, month), (sealed, mask) in zip(callers, seal(*callers), strict=True):
        assert (sealed is None) == (mask is None)
        if sealed is not None:
            assert caller is not None
            assert sealed == "\\x" + hash_caller(caller, key=KEYS[month]).hex()


@given(st.lists(st.tuples(WRITTEN, st.sampled_from([NOVEMBER, DECEMBER])), min_size=1, max_size=8))
def test_a_sealed_caller_stays_as_sealed(callers: list[tuple[str | None, date]]) -> None:
    frame = pl.DataFrame(callers, schema={"caller": pl.String, "month": pl.Date}, orient="row")
    once = seal_callers(frame, keys=KEYS)
    again = seal_callers(once.select("month", caller=sealed_text()), keys=KEYS)
    assert again.select("caller_hash", "caller_mask").equals(once.select("caller_hash", "caller_mask"))


def test_a_caller_who_only_looks_sealed_is_hashed() -> None:
    """What a PBX writes after a tilde is no hash of ours: it would be stored in clear."""
    ((sealed, mask),) = seal(("~0639980044", NOVEMBER))
    assert sealed is not None
    assert mask is not None
    assert "0639980044" not in sealed + mask
