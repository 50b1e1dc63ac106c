"""Which declarations are in force, whatever the order in which they came, and whom a payslip names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.rules.payroll import Declared, PayslipNumbers, Weight, in_force, matching_numbers, missing_fractions


def said(
    key: int, kind: str, order: int, *, fraction: str = "11", named: int | None = None, weight: Weight = Weight.REAL
) -> Declared:
    return Declared(key, kind, fraction, order, named, weight, str(key))


@pytest.mark.parametrize(
    ("declared", "counts"),
    [
        ([said(1, "01", 1)], {1}),
        ([said(1, "01", 1), said(2, "03", 2, named=1)], {2}),
        ([said(1, "01", 1), said(2, "04", 2, named=1)], set()),
        ([said(1, "01", 1), said(2, "03", 2, named=1), said(3, "04", 3, named=1)], set()),
        ([said(1, "01", 1), said(2, "04", 2, named=1), said(3, "01", 3)], {3}),
        ([said(1, "02", 1)], {1}),
        ([said(1, "01", 1), said(2, "05", 2, named=1)], {2}),
        ([said(1, "01", 1), said(2, "01", 2)], {2}),
        # Software that starts its numbering again: what is named was there before.
        ([said(1, "01", 7), said(2, "03", 1, named=7)], {2}),
        ([said(1, "01", 1), said(2, "03", 1, named=1)], {2}),
        # What it replaces never came: it counts all the same.
        ([said(2, "03", 2, named=1)], {2}),
        ([], set()),
    ],
)
def test_the_latest_word_counts(declared: list[Declared], counts: set[int]) -> None:
    assert in_force(declared) == counts


@pytest.mark.parametrize(
    ("declared", "counts"),
    [
        ([said(1, "01", 1, fraction="12"), said(2, "01", 1, fraction="22")], {1, 2}),
        ([said(1, "01", 1, fraction="12"), said(2, "01", 1, fraction="22"), said(3, "03", 2, fraction="12")], {2, 3}),
        ([said(1, "01", 1, fraction="12"), said(2, "01", 1, fraction="22"), said(3, "03", 2)], {3}),
        ([said(1, "01", 1), said(2, "03", 2, fraction="12"), said(3, "03", 3, fraction="22")], {2, 3}),
        ([said(1, "01", 1, fraction="12"), said(2, "01", 1, fraction="22"), said(3, "04", 2, fraction="22")], {1}),
    ],
)
def test_fractions_stand_side_by_side(declared: list[Declared], counts: set[int]) -> None:
    assert in_force(declared) == counts


@pytest.mark.parametrize(
    ("declared", "counts"),
    [
        ([said(1, "01", 9, weight=Weight.TEST), said(2, "01", 1)], {2}),
        ([said(1, "01", 9, weight=Weight.TABLE), said(2, "01", 1)], {2}),
        ([said(1, "01", 9, weight=Weight.TEST), said(2, "01", 1, weight=Weight.TABLE)], {2}),
        ([said(1, "01", 9, weight=Weight.TEST), said(2, "01", 1), said(3, "04", 2)], set()),
        ([said(1, "01", 9, weight=Weight.TEST)], {1}),
    ],
)
def test_a_real_declaration_silences_tests_and_tables(declared: list[Declared], counts: set[int]) -> None:
    assert in_force(declared) == counts


DECLARED = st.lists(
    st.builds(
        said,
        st.integers(1, 10**6),
        st.sampled_from(["01", "02", "03", "04", "05"]),
        st.integers(0, 5),
        fraction=st.sampled_from(["11", "12", "22"]),
        named=st.none() | st.integers(0, 5),
        weight=st.sampled_from(Weight),
    ),
    unique_by=lambda one: one.key,
    max_size=8,
)


@given(DECLARED, st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(declared: list[Declared], random: st.DataObject) -> None:
    shuffled = list(declared)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert in_force(shuffled) == in_force(declared)


@given(DECLARED)
def test_never_two_of_one_fraction_nor_of_two_cuts_nor_a_cancel(declared: list[Declared]) -> None:
    counted = in_force(declared)
    standing = [one for one in declared if one.key in counted]
    assert len({one.fraction for one in standing}) == len(standing)
    assert len({one.fraction[1] for one in standing}) <= 1
    assert all(one.kind != "04" for one in standing)


@given(DECLARED, st.integers(0, 5))
def test_a_whole_replacement_in_last_place_stands_alone(declared: list[Declared], named: int) -> None:
    last = said(0, "03", 100, named=named)
    assert in_force([*declared, last]) == {0}


def test_missing_fractions_are_named() -> None:
    assert missing_fractions(["12"]) == ["22"]
    assert missing_fractions(["12", "22"]) == []


@pytest.mark.parametrize(
    ("payslips", "numbers"),
    [
        ([("A001", ("00001",)), ("", ("00002",))], ["A001", "00002"]),
        ([("", ("00001",)), ("", ("00001",))], ["", ""]),
        ([("", ("00003", "00004"))], [""]),  # two contracts: neither is the person's number
        ([("00001", ("00009",)), ("", ("00001",))], ["00001", ""]),  # another one's employee number
        ([("", ())], [""]),
    ],
)
def test_a_contract_number_names_a_person_only_when_nobody_shares_it(
    payslips: list[tuple[str, tuple[str, ...]]], numbers: list[str]
) -> None:
    assert matching_numbers([PayslipNumbers(*payslip) for payslip in payslips]) == numbers
