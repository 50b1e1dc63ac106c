"""Hours of its own for a day: what they do to the calls of that day, to those of today, and never to days before."""

from datetime import UTC, date, datetime, timedelta

import pytest

from agents.models import Verdict
from numbers.access import RoleMissing
from numbers.models import Call, HolidayRule, OpeningException, PremiumNumber, User
from numbers.rules.hours import HolidayPolicy
from numbers.services.set_days import set_days, take_days_back
from numbers.services.set_holidays import set_holidays
from numbers.services.set_hours import HoursRefused, WouldReplace
from tests.cast import START, Cast
from tests.scenarios.test_evening import all_stages
from tests.stored_calls import store_calls

NOW = datetime(2026, 11, 25, 13, 0, tzinfo=UTC)  # Wednesday, 14:00 in Paris
TODAY, TOMORROW = date(2026, 11, 25), date(2026, 11, 26)
NINE, NOON, SIX = 32_400, 43_200, 64_800
CALL = {"number": "0892690001", "outcome": "answered", "wait_ms": 1000, "talk_ms": 1000, "agent": "A001"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def number(cast: Cast) -> PremiumNumber:
    return cast.numbers["0892690001"]


@pytest.fixture
def boss(cast: Cast) -> User:
    return cast.people["manager"]


def judged(cast: Cast, **instants: datetime) -> dict[str, str]:
    """The verdicts of calls offered at these instants, now that all is judged."""
    store_calls(cast.source, [{**CALL, "external_id": name, "offered_at": at} for name, at in instants.items()])
    return verdicts(cast)


def verdicts(cast: Cast) -> dict[str, str]:
    all_stages(cast.company.pk)
    names = dict(Call.objects.values_list("id", "external_id"))
    return {names[call_id]: verdict for call_id, verdict in Verdict.objects.values_list("call_id", "verdict")}


def paris(day: date, clock: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}:00+01:00")


def test_a_call_on_a_closed_day_is_closed_and_its_neighbours_are_not(
    cast: Cast, number: PremiumNumber, boss: User
) -> None:
    set_days(number=number, first=TOMORROW, last=TOMORROW, spans=[], reason="Inventaire", by=boss, now=NOW)
    found = judged(
        cast,
        before=paris(TODAY, "23:59"),
        first=paris(TOMORROW, "00:00"),
        last=paris(TOMORROW, "23:59"),
        after=paris(TOMORROW + timedelta(days=1), "00:00"),
    )
    assert found == {"before": "kept", "first": "closed", "last": "closed", "after": "kept"}


def test_other_hours_of_a_day_decide_alone(cast: Cast, number: PremiumNumber, boss: User) -> None:
    spans = [(NINE, NOON)]
    set_days(number=number, first=TOMORROW, last=TOMORROW, spans=spans, reason="Réunion", by=boss, now=NOW)
    found = judged(cast, early=paris(TOMORROW, "08:59"), good=paris(TOMORROW, "09:00"), late=paris(TOMORROW, "12:00"))
    assert found == {"early": "closed", "good": "kept", "late": "closed"}


def test_closing_today_leaves_the_calls_already_received(cast: Cast, number: PremiumNumber, boss: User) -> None:
    assert judged(cast, morning=paris(TODAY, "10:00"), minute=paris(TODAY, "14:00")) == {
        "morning": "kept",
        "minute": "kept",
    }
    set_days(number=number, first=TODAY, last=TODAY, spans=[], reason="Panne", by=boss, now=NOW)
    assert judged(cast, evening=paris(TODAY, "14:01")) == {"morning": "kept", "minute": "kept", "evening": "closed"}


def test_opening_today_does_not_reach_back(cast: Cast, number: PremiumNumber, boss: User) -> None:
    OpeningException.objects.create(number=number, day=TODAY, reason="Fermé")
    assert judged(cast, morning=paris(TODAY, "10:00")) == {"morning": "closed"}
    set_days(
        number=number, first=TODAY, last=TODAY, spans=[(NINE, SIX)], reason="Ouvert", by=boss, now=NOW,
        agreed=frozenset([TODAY]),
    )  # fmt: skip
    assert judged(cast, evening=paris(TODAY, "16:00")) == {"morning": "closed", "evening": "kept"}


def test_a_day_taken_back_has_its_usual_hours_again(cast: Cast, number: PremiumNumber, boss: User) -> None:
    set_days(number=number, first=TOMORROW, last=TOMORROW, spans=[], reason="Congés", by=boss, now=NOW)
    assert judged(cast, call=paris(TOMORROW, "10:00")) == {"call": "closed"}
    take_days_back(number=number, first=TOMORROW, last=TOMORROW, by=boss, now=NOW)
    assert verdicts(cast) == {"call": "kept"}


def test_days_that_have_begun_are_not_taken_back(number: PremiumNumber, boss: User) -> None:
    week = [TODAY + timedelta(days=rank) for rank in (-1, 0, 1, 2)]
    OpeningException.objects.bulk_create(OpeningException(number=number, day=day) for day in week)
    take_days_back(number=number, first=week[0], last=week[-1], by=boss, now=NOW)
    assert list(OpeningException.objects.order_by("day").values_list("day", flat=True)) == week[:2]
    with pytest.raises(HoursRefused, match="un jour commencé garde les horaires"):
        take_days_back(number=number, first=week[0], last=week[-1], by=boss, now=NOW)


@pytest.mark.parametrize(
    ("first", "last", "spans", "reason", "said"),
    [
        (TODAY - timedelta(days=1), TOMORROW, [], "Congés", "les jours passés gardent leurs horaires"),
        (TOMORROW, TODAY, [], "Congés", "Le dernier jour est avant le premier"),
        (TOMORROW, TOMORROW + timedelta(days=366), [], "Congés", "Un an au plus"),
        (TOMORROW, TOMORROW, [(79_200, 7_200)], "Nuit", "de minuit à minuit"),
        (TOMORROW, TOMORROW, [], "  ", "Donnez le motif"),
    ],
)
def test_days_that_cannot_hold_are_refused(
    number: PremiumNumber, boss: User, first: date, last: date, spans: list[tuple[int, int]], reason: str, said: str
) -> None:
    with pytest.raises(HoursRefused, match=said):
        set_days(number=number, first=first, last=last, spans=spans, reason=reason, by=boss, now=NOW)
    assert not OpeningException.objects.exists()


def test_days_with_hours_of_their_own_are_replaced_when_that_was_agreed(number: PremiumNumber, boss: User) -> None:
    asked = {"number": number, "spans": [], "by": boss, "now": NOW}
    set_days(first=TOMORROW, last=TOMORROW, reason="Inventaire", **asked)
    last = TOMORROW + timedelta(days=2)
    with pytest.raises(WouldReplace) as refused:
        set_days(first=TOMORROW, last=last, reason="Congés", **asked)
    assert refused.value.days == [TOMORROW]
    set_days(first=TOMORROW, last=last, reason="Congés", agreed=frozenset([TOMORROW]), **asked)
    assert list(OpeningException.objects.values_list("reason", flat=True)) == ["Congés"] * 3


def test_only_who_runs_the_company_changes_days(cast: Cast, number: PremiumNumber) -> None:
    for person in (cast.people["supervisor"], cast.accountant, cast.rival_owner, cast.outsider):
        assert person is not None
        with pytest.raises(RoleMissing):
            set_days(number=number, first=TOMORROW, last=TOMORROW, spans=[], reason="Congés", by=person, now=NOW)
        with pytest.raises(RoleMissing):
            take_days_back(number=number, first=TOMORROW, last=TOMORROW, by=person, now=NOW)
        with pytest.raises(RoleMissing):
            set_holidays(
                number=number, policy=HolidayPolicy.CLOSED, alsace_moselle=False, start=TOMORROW, by=person, now=NOW
            )


CHRISTMAS = date(2026, 12, 25)


def test_a_choice_for_holidays_holds_from_its_day(cast: Cast, number: PremiumNumber, boss: User) -> None:
    asked = {"number": number, "by": boss, "now": NOW}
    HolidayRule.objects.create(number=number, valid_from=START)
    set_holidays(policy=HolidayPolicy.CLOSED, alsace_moselle=True, start=TOMORROW, **asked)
    found = judged(
        cast,
        armistice=paris(date(2026, 11, 11), "10:00"),
        christmas=paris(CHRISTMAS, "10:00"),
        stephen=paris(CHRISTMAS + timedelta(days=1), "10:00"),
        after=paris(CHRISTMAS + timedelta(days=2), "10:00"),
    )
    assert found == {"armistice": "kept", "christmas": "closed", "stephen": "closed", "after": "kept"}


def test_a_planned_choice_is_replaced_when_that_was_agreed(number: PremiumNumber, boss: User) -> None:
    asked = {"number": number, "by": boss, "now": NOW, "alsace_moselle": False}
    set_holidays(policy=HolidayPolicy.CLOSED, start=CHRISTMAS, **asked)
    set_holidays(policy=HolidayPolicy.CLOSED, start=CHRISTMAS, **asked)
    with pytest.raises(WouldReplace) as refused:
        set_holidays(policy=HolidayPolicy.SUNDAY, start=TOMORROW, **asked)
    assert refused.value.days == [CHRISTMAS]
    set_holidays(policy=HolidayPolicy.SUNDAY, start=TOMORROW, agreed=frozenset([CHRISTMAS]), **asked)
    rows = HolidayRule.objects.values_list("policy", "valid_from", "valid_until")
    assert list(rows) == [("sunday", TOMORROW, None)]
    with pytest.raises(HoursRefused, match="Choisissez demain"):
        set_holidays(policy=HolidayPolicy.CLOSED, start=TODAY, **asked)


def test_a_later_choice_ends_the_one_before(number: PremiumNumber, boss: User) -> None:
    asked = {"number": number, "by": boss, "now": NOW, "alsace_moselle": False}
    set_holidays(policy=HolidayPolicy.CLOSED, start=TOMORROW, **asked)
    set_holidays(policy=HolidayPolicy.USUAL, start=CHRISTMAS, **asked)
    rows = HolidayRule.objects.values_list("policy", "valid_from", "valid_until")
    assert list(rows) == [("closed", TOMORROW, CHRISTMAS), ("usual", CHRISTMAS, None)]
