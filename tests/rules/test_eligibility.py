"""The eligibility matrix: every cell of the published table, its dates, payers, kept ranges, mixed uses."""

from datetime import date, timedelta
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from numbers.rules.eligibility import Answer, Payer, PriceClass, UseCase, assess, assess_mixed, price_class_of
from numbers.rules.eligibility_matrix import RULES
from numbers.rules.plan import Family

TODAY = date(2026, 11, 25)
PAGE = Path(__file__).resolve().parents[2] / "docs/eligibility.md"

# One number of each column of the table, with the payer it goes with.
COLUMNS = [
    [(Family.PREMIUM, Payer.CALLER), (Family.GENERALIST_SHORT, Payer.CALLER)],
    [(Family.STANDARD, Payer.SPONSOR), (Family.GENERALIST_SHORT, Payer.SPONSOR)],
    [(Family.FREE, Payer.SPONSOR), (Family.FREE_SHORT, Payer.SPONSOR)],
]


def _published() -> dict[UseCase, list[str]]:
    """Rows of the page's matrix: use -> the three answers, code, since."""
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {UseCase(row[0]): row[1:] for row in cells if row[0] in UseCase.__members__}


MATRIX = _published()


def test_the_page_has_a_row_for_every_use() -> None:
    assert set(MATRIX) == set(UseCase)


@pytest.mark.parametrize("use_case", list(UseCase))
def test_every_published_cell_is_what_the_rule_answers(use_case: UseCase) -> None:
    *answers, code, since = MATRIX[use_case]
    day = date.fromisoformat(since) if since else TODAY
    for answer, column in zip(answers, COLUMNS, strict=True):
        for family, payer in column:
            found = assess(use_case, family, payer, day)
            assert found.answer == answer
            assert found.code == (code if answer != "allow" else "")
            assert bool(found.reason_fr and found.reason_en and found.source) == (answer != "allow")


@pytest.mark.parametrize("use_case", [use_case for use_case, row in MATRIX.items() if row[-1]])
def test_the_day_before_a_rule_starts_everything_is_allowed(use_case: UseCase) -> None:
    eve = date.fromisoformat(MATRIX[use_case][-1]) - timedelta(days=1)
    for column in COLUMNS:
        for family, payer in column:
            assert assess(use_case, family, payer, eve).answer is Answer.ALLOW


def test_every_rule_stands_on_the_page() -> None:
    published = {(use, row[-2], row[-1]) for use, row in MATRIX.items() if row[-2]}
    assert published == {(use, rule.code, str(rule.since or "")) for rule in RULES for use in rule.use_cases}


@pytest.mark.parametrize(
    ("family", "payer"),
    [
        (Family.FREE, Payer.CALLER),
        (Family.STANDARD, Payer.CALLER),
        (Family.FREE_SHORT, Payer.CALLER),
        (Family.PREMIUM, Payer.SPONSOR),
    ],
)
def test_the_payer_must_fit_the_range(family: Family, payer: Payer) -> None:
    found = assess(UseCase.PAID_ADVICE, family, payer, TODAY)
    assert (found.answer, found.code) == (Answer.DENY, "PAYER")
    assert "service" in found.reason_fr


def test_the_law_on_the_use_is_named_before_the_payer() -> None:
    assert assess(UseCase.CONSUMER_COMPLAINT, Family.PREMIUM, Payer.SPONSOR, TODAY).code == "LME87"


@pytest.mark.parametrize(
    ("use_case", "family", "payer", "answer", "code"),
    [
        (UseCase.TELECOM_HOTLINE, Family.OPERATOR_SHORT, Payer.SPONSOR, Answer.WARN, "CHATEL"),
        (UseCase.TELECOM_HOTLINE, Family.OPERATOR_SHORT, Payer.CALLER, Answer.DENY, "CHATEL"),
        (UseCase.PAID_ADVICE, Family.OPERATOR_SHORT, Payer.CALLER, Answer.DENY, "RANGE_10"),
        (UseCase.LISTED_SOCIAL_SERVICE, Family.SOCIAL, Payer.SPONSOR, Answer.ALLOW, ""),
        (UseCase.INFORMATION, Family.SOCIAL, Payer.SPONSOR, Answer.DENY, "RANGE_116"),
        (UseCase.INFORMATION, Family.DIRECTORY, Payer.CALLER, Answer.DENY, "RANGE_118"),
    ],
)
def test_kept_ranges_serve_one_use(use_case: UseCase, family: Family, payer: Payer, answer: Answer, code: str) -> None:
    found = assess(use_case, family, payer, TODAY)
    assert (found.answer, found.code) == (answer, code)


@pytest.mark.parametrize(
    ("use_case", "family", "payer", "on", "needed"),
    [
        (UseCase.PAID_ADVICE, Family.PREMIUM, Payer.CALLER, TODAY, True),
        (UseCase.PRE_SALE, Family.GENERALIST_SHORT, Payer.CALLER, TODAY, True),
        (UseCase.PAID_ADVICE, Family.PREMIUM, Payer.CALLER, date(2009, 1, 1), True),
        (UseCase.PAID_ADVICE, Family.PREMIUM, Payer.CALLER, date(2008, 12, 31), False),
        (UseCase.B2B_ONLY, Family.PREMIUM, Payer.CALLER, TODAY, False),
        (UseCase.PAID_ADVICE, Family.FREE, Payer.SPONSOR, TODAY, False),
        (UseCase.CONSUMER_COMPLAINT, Family.PREMIUM, Payer.CALLER, TODAY, False),
    ],
)
def test_a_surcharged_consumer_line_needs_a_free_alternative(
    use_case: UseCase, family: Family, payer: Payer, on: date, needed: bool
) -> None:
    assert assess(use_case, family, payer, on).needs_free_alternative is needed


def test_a_price_class_is_known_for_every_family_and_payer() -> None:
    caller, sponsor = Payer.CALLER, Payer.SPONSOR
    found = {(family, payer): price_class_of(family, payer) for family, payer in product(Family, Payer)}
    assert found[Family.GENERALIST_SHORT, caller] is PriceClass.SURCHARGED
    assert found[Family.GENERALIST_SHORT, sponsor] is PriceClass.STANDARD
    assert found[Family.PREMIUM, sponsor] is found[Family.DIRECTORY, caller] is PriceClass.SURCHARGED
    assert found[Family.FREE, caller] is found[Family.SOCIAL, sponsor] is PriceClass.FREE
    assert found[Family.STANDARD, caller] is PriceClass.STANDARD


def test_mixed_uses_take_the_stricter_answer() -> None:
    found = assess_mixed([UseCase.PRE_SALE, UseCase.CONSUMER_AFTER_SALES], Family.PREMIUM, Payer.CALLER, TODAY)
    assert (found.answer, found.code, found.needs_free_alternative) == (Answer.DENY, "LME87", False)
    found = assess_mixed([UseCase.B2B_ONLY, UseCase.EXPERT], Family.PREMIUM, Payer.CALLER, TODAY)
    assert (found.answer, found.code, found.needs_free_alternative) == (Answer.WARN, "B2B", True)


def test_a_line_without_use_is_not_assessed() -> None:
    with pytest.raises(ValueError, match="at least one use"):
        assess_mixed([], Family.FREE, Payer.SPONSOR, TODAY)


@given(
    st.lists(st.sampled_from(list(UseCase)), min_size=1, max_size=4),
    st.sampled_from(list(Family)),
    st.sampled_from(list(Payer)),
    st.dates(date(2006, 1, 1), date(2030, 1, 1)),
)
def test_a_mix_is_never_milder_than_one_of_its_uses(
    uses: list[UseCase], family: Family, payer: Payer, on: date
) -> None:
    rank = {Answer.ALLOW: 0, Answer.WARN: 1, Answer.DENY: 2}
    mixed = assess_mixed(uses, family, payer, on)
    assert rank[mixed.answer] == max(rank[assess(use, family, payer, on).answer] for use in uses)
    assert bool(mixed.code) == bool(mixed.reason_fr) == (mixed.answer is not Answer.ALLOW)
