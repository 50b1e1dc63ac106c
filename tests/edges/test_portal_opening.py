"""When a number is open, in the space: its week, its own days, holidays; who changes them, and what is asked first."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from numbers.models import DirectoryRecord, HolidayRule, OpeningException, OpeningHours, PremiumNumber
from tests.cast import SIREN, Cast
from tests.edges.portal import THAT_NIGHT, look, signed_in, text_of

TODAY, TOMORROW, START = date(2026, 11, 25), date(2026, 11, 26), date(2026, 12, 1)
WEEK = {f"d{day}": "9:00-12:30, 14:00-18:00" for day in range(5)} | {"start": START.isoformat()}
CLOSING = {"days-first": "2026-12-24", "days-last": "2026-12-31", "days-spans": "fermé", "days-reason": "Congés"}


@pytest.fixture
def number(cast: Cast) -> PremiumNumber:
    return PremiumNumber.objects.get(company=cast.company, digits="0892690001")


def send(
    cast: Cast, number: PremiumNumber, route: str, answers: dict[str, str], person: str = "manager"
) -> tuple[int, HttpResponse]:
    with signed_in(cast.people[person]) as client:
        page = client.post(reverse(f"portal:{route}", kwargs={"siren": SIREN, "pk": number.pk}), answers)
        return page.status_code, page


def hidden(page: HttpResponse, form: str = "form") -> dict[str, str]:
    """What the browser sends again of what the page named, with the box ticked."""
    asked = page.context[form]
    return {asked["named"].html_name: asked["named"].value(), asked["agree"].html_name: "on"}


def hours(number: PremiumNumber, day: date) -> list[tuple[int, int, int]]:
    rows = OpeningHours.objects.filter(number=number, valid_from__lte=day).exclude(valid_until__lte=day)
    return sorted(rows.values_list("weekday", "opens_s", "closes_s"))


def days(number: PremiumNumber) -> list[tuple[Any, ...]]:
    return list(OpeningException.objects.filter(number=number).order_by("day", "opens_s").values_list("day", "opens_s"))


# ---- The week -------------------------------------------------------------------------------------------------


def test_new_hours_hold_from_their_day_and_leave_the_days_before(cast: Cast, number: PremiumNumber) -> None:
    before = hours(number, TODAY)
    assert send(cast, number, "hours", WEEK)[0] == 302
    assert hours(number, START - timedelta(days=1)) == before
    morning, afternoon = (32_400, 45_000), (50_400, 64_800)
    assert hours(number, START) == sorted((day, *span) for day in range(5) for span in (morning, afternoon))
    rows = OpeningHours.objects.filter(number=number).count()
    assert send(cast, number, "hours", WEEK)[0] == 302
    assert OpeningHours.objects.filter(number=number).count() == rows


def test_planned_hours_are_named_and_replaced_only_when_agreed(cast: Cast, number: PremiumNumber) -> None:
    send(cast, number, "hours", WEEK)
    other = WEEK | {"d0": "8:00-20:00", "start": "2026-11-30"}
    status, page = send(cast, number, "hours", other)
    text = text_of(page)
    assert (status, page.context["form"]["d0"].value()) == (422, "8:00-20:00")
    assert "Les horaires prévus à partir du 1 décembre 2026 seraient remplacés." in text.replace("1er", "1")
    assert '<input type="checkbox" name="agree"' in text
    assert OpeningHours.objects.filter(number=number, valid_from=START).exists()
    assert send(cast, number, "hours", other | hidden(page))[0] == 302
    assert [row for row in hours(number, START) if row[0] == 0] == [(0, 28_800, 72_000)]
    assert not OpeningHours.objects.filter(number=number, valid_from=START).exists()


def test_an_agreement_is_good_for_what_was_named_and_nothing_else(cast: Cast, number: PremiumNumber) -> None:
    send(cast, number, "hours", WEEK)
    other = WEEK | {"d0": "8:00-20:00", "start": "2026-11-30"}
    _, page = send(cast, number, "hours", other)
    send(cast, number, "hours", WEEK | {"d0": "10:00-11:00", "start": "2026-12-10"})
    status, page = send(cast, number, "hours", other | hidden(page))
    assert (status, "10 décembre 2026" in text_of(page)) == (422, True)
    assert OpeningHours.objects.filter(number=number, valid_from=START).exists()
    status, _ = send(cast, number, "hours", other | {"agree": "on", "named": "tout"})
    assert status == 422


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"start": "2026-11-24"}, "Choisissez demain ou un jour plus tard"),
        ({"start": "2026-11-25"}, "Choisissez demain ou un jour plus tard"),
        ({f"d{day}": "" for day in range(5)}, "Donnez au moins un jour d’ouverture"),
        ({"d0": "9:00-12:00, 11:00-13:00"}, "Lundi"),
        ({"d0": "neuf heures"}, "Lundi"),
    ],
)
def test_hours_that_cannot_hold_are_refused_in_words(
    cast: Cast, number: PremiumNumber, answers: dict[str, str], said: str
) -> None:
    before = hours(number, START)
    status, page = send(cast, number, "hours", WEEK | answers)
    assert (status, said in text_of(page)) == (422, True)
    assert hours(number, START) == before


# ---- Days of its own --------------------------------------------------------------------------------------------


def test_a_closing_is_told_on_every_page_of_the_number_and_to_callers(
    cast: Cast, number: PremiumNumber, client: Client
) -> None:
    assert send(cast, number, "days", CLOSING)[0] == 302
    assert days(number) == [(date(2026, 12, day), None) for day in range(24, 32)]
    told = "du 24 décembre 2026 au 31 décembre 2026"
    for route in ("number", "days"):
        page = text_of(look(cast.people["manager"], route, pk=number.pk))
        assert all(words in page for words in (told, "Fermé", "Congés", "Retirer"))
    assert "Retirer" not in text_of(look(cast.people["supervisor"], "number", pk=number.pk))
    cache.clear()
    with signed_in(None) as caller:
        page = text_of(caller.get("/numero/0892690001/"))
    assert all(words in page for words in (told, "fermé", "Congés"))


def test_days_to_come_are_taken_back_and_days_that_passed_are_not(cast: Cast, number: PremiumNumber) -> None:
    OpeningException.objects.create(number=number, day=TODAY - timedelta(days=2), reason="Grève")
    send(cast, number, "days", CLOSING)
    assert send(cast, number, "days_remove", {"first": "2026-12-24", "last": "2026-12-31"})[0] == 302
    assert days(number) == [(TODAY - timedelta(days=2), None)]
    page = text_of(look(cast.people["manager"], "days", pk=number.pk))
    assert "Passés, depuis un an" in page
    assert "Grève" in page
    assert "Retirer" not in page
    with signed_in(cast.people["manager"]) as client:
        address = reverse("portal:days_remove", kwargs={"siren": SIREN, "pk": number.pk})
        answer = client.post(address, {"first": "2026-11-23", "last": "2026-11-23"}, follow=True)
        assert "un jour commencé garde les horaires" in text_of(answer)
        assert client.post(address, {"first": "hier"}).status_code == 404
    assert len(days(number)) == 1


def test_days_already_given_are_named_and_asked_for(cast: Cast, number: PremiumNumber) -> None:
    send(cast, number, "days", CLOSING)
    longer = CLOSING | {"days-first": "2026-12-20", "days-spans": "10h-12h", "days-reason": "Horaires d’hiver"}
    status, page = send(cast, number, "days", longer)
    assert (status, "seraient remplacés : du 24 décembre 2026 au 31 décembre 2026." in text_of(page)) == (422, True)
    assert len(days(number)) == 8
    assert send(cast, number, "days", longer | hidden(page))[0] == 302
    assert days(number) == [(date(2026, 12, day), 36_000) for day in range(20, 32)]


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"days-first": "2026-11-24"}, "les jours passés gardent leurs horaires"),
        ({"days-first": ""}, "Ce champ est obligatoire"),
        ({"days-last": "2026-12-23"}, "Le dernier jour est avant le premier"),
        ({"days-last": "2028-01-01"}, "Un an au plus"),
        ({"days-spans": "midi"}, "n’est pas un intervalle"),
        ({"days-spans": "22:00-2:00"}, "de minuit à minuit"),
        ({"days-reason": ""}, "Donnez le motif"),
    ],
)
def test_days_that_cannot_hold_are_refused_in_words(
    cast: Cast, number: PremiumNumber, answers: dict[str, str], said: str
) -> None:
    status, page = send(cast, number, "days", CLOSING | answers)
    [(field, faults)] = page.context["days_form"].errors.items()
    assert (status, said in text_of(page), said in str(faults)) == (422, True, True)
    assert f"days-{field}" in answers
    assert page.context["days_form"]["reason"].value() == (CLOSING | answers)["days-reason"]
    assert days(number) == []


# ---- Holidays ---------------------------------------------------------------------------------------------------


def test_a_choice_for_holidays_begins_on_its_day(cast: Cast, number: PremiumNumber) -> None:
    HolidayRule.objects.create(number=number, valid_from=date(2026, 1, 1))
    asked = {"holidays-policy": "closed", "holidays-alsace_moselle": "on", "holidays-start": START.isoformat()}
    assert send(cast, number, "holidays", asked)[0] == 302
    rows = HolidayRule.objects.order_by("valid_from").values_list("policy", "alsace_moselle", "valid_from")
    assert list(rows) == [("usual", False, date(2026, 1, 1)), ("closed", True, START)]
    page = text_of(look(cast.people["manager"], "number", pk=number.pk))
    assert "Ouvert comme d’habitude" in page
    assert "décembre 2026, fermé, avec ceux d’Alsace-Moselle" in page
    status, refused = send(cast, number, "holidays", asked | {"holidays-policy": "sunday"})
    assert (status, "seraient" in text_of(refused) or "serait remplacé" in text_of(refused)) == (422, True)
    again = asked | {"holidays-policy": "sunday"} | hidden(refused)
    assert send(cast, number, "holidays", again)[0] == 302
    assert HolidayRule.objects.get(valid_from=START).policy == "sunday"


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"holidays-start": TODAY.isoformat()}, "Choisissez demain"),
        ({"holidays-policy": "toujours"}, "toujours"),
        ({"holidays-start": "bientôt"}, "date"),
    ],
)
def test_a_choice_that_cannot_hold_is_refused(
    cast: Cast, number: PremiumNumber, answers: dict[str, str], said: str
) -> None:
    asked = {"holidays-policy": "closed", "holidays-start": START.isoformat()}
    status, page = send(cast, number, "holidays", asked | answers)
    assert status == 422
    assert said in " ".join(str(each) for each in page.context["holidays_form"].errors.values())
    assert not HolidayRule.objects.exists()


def test_holidays_soon_to_come_are_announced_to_callers(cast: Cast, number: PremiumNumber) -> None:
    HolidayRule.objects.create(number=number, policy="closed", valid_from=date(2026, 1, 1))
    cache.clear()
    with signed_in(None, at=THAT_NIGHT + timedelta(days=20)) as caller:
        page = text_of(caller.get("/numero/0892690001/"))
    assert "vendredi 25 décembre 2026" in page
    assert "jour férié" in page


# ---- Who ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("route", ["hours", "days", "holidays", "days_remove"])
def test_who_may_change_when_a_number_is_open(cast: Cast, number: PremiumNumber, route: str) -> None:
    OpeningException.objects.create(number=number, day=START)
    answers = {
        "hours": WEEK,
        "days": CLOSING,
        "holidays": {"holidays-policy": "closed", "holidays-start": START.isoformat()},
        "days_remove": {"first": START.isoformat(), "last": START.isoformat()},
    }[route]
    before = (hours(number, START), days(number))
    for person in ("supervisor", "accountant", "agent"):
        assert send(cast, number, route, answers, person)[0] == 403
    with signed_in(cast.rival_owner) as client:
        address = reverse(f"portal:{route}", kwargs={"siren": SIREN, "pk": number.pk})
        assert client.post(address, answers).status_code == 404
    with signed_in(cast.admin) as client:
        assert client.post(address, answers).status_code == 403
    assert (hours(number, START), days(number), HolidayRule.objects.count()) == (*before, 0)
    assert send(cast, number, route, answers)[0] == 302


def test_the_rival_reads_nothing_of_it_under_its_own_roof(cast: Cast, number: PremiumNumber) -> None:
    for route in ("hours", "days"):
        assert look(cast.rival_owner, route, siren="999999105", pk=number.pk).status_code == 404
        assert look(cast.people["manager"], route, pk=number.pk).status_code == 200


def test_a_number_with_an_access_for_deaf_callers_recalls_its_hours(cast: Cast, number: PremiumNumber) -> None:
    said = "aux mêmes heures que la voix"
    assert said not in text_of(look(cast.people["manager"], "hours", pk=number.pk))
    DirectoryRecord.objects.create(
        number=number, purpose="p", provider_name="n", provider_address="a", complaint_contact="c",
        deaf_access="Langue des signes par visio", confirmed_on=START,
    )  # fmt: skip
    for route in ("hours", "days"):
        assert said in text_of(look(cast.people["manager"], route, pk=number.pk))


@pytest.mark.parametrize("route", ["number", "hours", "days"])
def test_a_page_costs_the_same_whatever_is_planned(cast: Cast, number: PremiumNumber, route: str) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert look(cast.people["manager"], route, pk=number.pk).status_code == 200
        return len(seen)

    queries()
    few = queries()
    for rank in range(1, 20):
        day, after = TODAY + timedelta(days=rank), TODAY + timedelta(days=rank + 1)
        OpeningException.objects.create(number=number, day=day, reason=f"Motif {rank}")
        OpeningException.objects.create(number=number, day=TODAY - timedelta(days=rank), reason=f"Motif {rank}")
        OpeningHours.objects.create(
            number=number, weekday=0, opens_s=0, closes_s=rank, valid_from=day, valid_until=after
        )
        HolidayRule.objects.create(number=number, policy="closed", valid_from=day, valid_until=after)
    assert queries() == few
