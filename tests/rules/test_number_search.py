"""Numbers of a range: those that hold the digits asked for, in their own part, never one that is taken."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from numbers.rules.number_search import ease, free_numbers

BLOCK = ("0892690000", "0892699999")


@pytest.mark.parametrize(
    ("holding", "found"),
    [
        ("4545", ["0892694545"]),
        ("45 45", ["0892694545"]),
        ("94545", ["0892694545"]),  # the shared 9 and four digits of its own
        ("0892694545", ["0892694545"]),
        ("0892", ["0892690000", "0892690001", "0892690002", "0892690003"]),  # its first digits
        ("0820", ["0892690820"]),
        ("45450", []),
        ("08926945450", []),
        ("123", ["0892690123", "0892691123", "0892691230", "0892691231"]),
        ("", ["0892690000", "0892690001", "0892690002", "0892690003"]),
    ],
)
def test_what_a_search_finds(holding: str, found: list[str]) -> None:
    assert free_numbers(*BLOCK, holding=holding, limit=4) == found


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("1111", "1112"),
        ("1111", "1122"),
        ("1212", "1234"),
        ("1221", "1223"),
        ("1234", "1235"),
        ("4321", "4325"),
        ("5000", "5123"),
        ("4545", "4718"),
    ],
)
def test_which_of_two_is_easier_to_remember(better: str, worse: str) -> None:
    assert ease(f"089269{better}") > ease(f"089269{worse}")


def test_taken_numbers_are_passed_over_and_the_next_takes_their_place() -> None:
    assert free_numbers(*BLOCK, holding="777", taken={"0892690777", "0892691777"}, limit=2) == [
        "0892692777",
        "0892693777",
    ]


@pytest.mark.parametrize(
    ("first", "last"), [("0892690001", "0892690000"), ("3900", "0892690000"), ("0892600000", "0892699999")]
)
def test_what_is_no_range(first: str, last: str) -> None:
    with pytest.raises(ValueError, match="no range"):
        free_numbers(first, last)


@settings(deadline=None)
@given(
    holding=st.text("0123456789 .x", max_size=7) | st.sampled_from(["0893", "08937 1", "0820", "089", "0893710012"]),
    easy=st.booleans(),
    limit=st.integers(1, 40),
    taken=st.sets(st.integers(0, 999).map(lambda tail: f"0893710{tail:03d}"), max_size=30),
)
def test_a_search_never_returns_a_number_that_does_not_match(
    holding: str, easy: bool, limit: int, taken: set[str]
) -> None:
    found = free_numbers("0893710000", "0893710999", holding=holding, easy=easy, limit=limit, taken=taken)
    wanted = "".join(each for each in holding if each.isdigit())
    every = [f"0893710{tail:03d}" for tail in range(1000)]
    fitting = [
        each
        for each in every
        if each not in taken
        and (
            not wanted
            or any(each[at:].startswith(wanted) and at + len(wanted) > 7 for at in range(10))
            or (wanted[0] == "0" and len(wanted) > 3 and each.startswith(wanted))
        )
    ]
    assert len(found) == min(limit, len(fitting))
    assert len(set(found)) == len(found)
    assert set(found) <= set(fitting)
    if easy:
        scores = [ease(each) for each in found]
        assert scores == sorted(scores, reverse=True)
        assert not found or scores[0] == max(map(ease, fitting))
    else:
        assert found == fitting[:limit]
