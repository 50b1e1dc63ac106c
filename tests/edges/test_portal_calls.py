"""The calls list: what the address asks for, no more, in its order, as a page and as a file."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agents.models import Verdict
from billing.models import RatedCall
from illico_platform.lib.periods import day_start
from numbers.models import Call, Intake
from tests.admin_rows import run_stages, store_day
from tests.cast import RIVAL_SIREN, SIREN, Cast
from tests.edges.portal import EVENING, THAT_NIGHT, look, play_evening, signed_in, text_of
from tests.stored_calls import store_calls

DAY = {"du": EVENING, "au": EVENING}


def calls(cast: Cast, **filters: Any) -> HttpResponse:
    return look(cast.people["supervisor"], "calls", query=urlencode(filters, doseq=True))


def shown(page: HttpResponse) -> list[Call]:
    return [row.call for row in page.context["rows"]]


def file_of(cast: Cast, **filters: Any) -> list[dict[str, str]]:
    page = look(cast.people["supervisor"], "calls_file", query=urlencode(filters, doseq=True))
    assert page["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in page["Content-Disposition"]
    return list(csv.DictReader(io.StringIO(b"".join(page.streaming_content).decode())))


def test_the_last_seven_days_with_calls_are_shown_first(cast: Cast) -> None:
    store_day(cast, day=EVENING - timedelta(days=6))
    store_day(cast, day=EVENING - timedelta(days=7))
    play_evening(cast)
    page = calls(cast)
    assert page.context["paginator"].count == 94 + 8
    assert [page.context["filter"].first, page.context["filter"].last] == [EVENING - timedelta(days=6), EVENING]
    text = text_of(page)
    assert "102 appels" in text
    assert 'value="2026-11-19"' in text


def by_verdict(kinds: list[str]) -> set[int]:
    return set(Verdict.objects.filter(verdict__in=kinds).values_list("call_id", flat=True))


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"promesse": "late"}, lambda cast: by_verdict(["late"])),
        ({"promesse": ["late", "unanswered"]}, lambda cast: by_verdict(["late", "unanswered"])),
        (
            {"numero": "0892690002"},
            lambda cast: set(Call.objects.filter(number__digits="0892690002").values_list("pk", flat=True)),
        ),
        (
            {"agent": "A003"},
            lambda cast: set(Verdict.objects.filter(agent__employee_number="A003").values_list("call_id", flat=True)),
        ),
        ({"issue": "timeout"}, lambda cast: set(Call.objects.filter(outcome="timeout").values_list("pk", flat=True))),
        ({"facture": "oui"}, lambda cast: set(RatedCall.objects.values_list("call_id", flat=True))),
        (
            {"facture": "non"},
            lambda cast: (
                set(Call.objects.values_list("pk", flat=True))
                - set(RatedCall.objects.values_list("call_id", flat=True))
            ),
        ),
        ({"attente": "30"}, lambda cast: set(Call.objects.filter(wait_ms__gte=30_000).values_list("pk", flat=True))),
        (
            {"promesse": "kept", "attente": "20", "numero": "0892690001"},
            lambda cast: (
                by_verdict(["kept"])
                & set(
                    Call.objects.filter(wait_ms__gte=20_000, number__digits="0892690001").values_list("pk", flat=True)
                )
            ),
        ),
    ],
    ids=lambda each: urlencode(each, doseq=True) if isinstance(each, dict) else "",
)
def test_each_filter_finds_what_the_rows_say(
    cast: Cast, filters: dict[str, Any], expected: Callable[[Cast], set[int]]
) -> None:
    play_evening(cast)
    wanted = expected(cast)
    asked = dict(filters)
    if "numero" in asked:
        asked["numero"] = cast.numbers[asked["numero"]].pk
    if "agent" in asked:
        asked["agent"] = cast.agents[asked["agent"]].pk
    page = calls(cast, **DAY, **asked)
    found = {call.pk for call in shown(page)}
    if len(wanted) > 50:
        found |= {call.pk for call in shown(calls(cast, **DAY, **asked, page=2))}
    assert wanted
    assert found == wanted
    assert page.context["paginator"].count == len(wanted)
    # The file holds the same calls.
    ids = dict(Call.objects.values_list("external_id", "pk"))
    assert {ids[row["external_id"]] for row in file_of(cast, **DAY, **asked)} == wanted


def test_an_imports_calls_are_shown_alone_and_all_of_them_whatever_their_days(cast: Cast) -> None:
    play_evening(cast)
    row = {"number": "0892690001", "outcome": "abandoned", "wait_ms": 2_000, "talk_ms": None, "agent": ""}
    days = [EVENING - timedelta(days=70), EVENING - timedelta(days=35), EVENING]
    store_calls(
        cast.source,
        [row | {"external_id": str(day), "offered_at": day_start(day) + timedelta(hours=21)} for day in days],
    )
    intake = Intake.objects.latest("pk")
    Intake.objects.filter(pk=intake.pk).update(first_day=days[0], last_day=days[-1], file_name="trois-jours.log")
    page = calls(cast, fichier=intake.pk)
    assert [call.external_id for call in shown(page)] == [str(day) for day in reversed(days)]
    assert "trois-jours.log" in text_of(page)
    assert f'name="fichier" value="{intake.pk}"' in text_of(page)
    assert "Choisissez au plus" not in text_of(calls(cast, fichier=intake.pk, du=days[0], au=days[-1]))
    assert [call.external_id for call in shown(calls(cast, fichier=intake.pk, au=days[1]))] == [
        str(days[1]),
        str(days[0]),
    ]
    assert [row["external_id"] for row in file_of(cast, fichier=intake.pk)] == [str(day) for day in days]
    [other] = Intake.objects.exclude(pk=intake.pk)
    assert calls(cast, fichier=other.pk).context["paginator"].count == 94


def test_a_rivals_import_is_no_choice(cast: Cast) -> None:
    play_evening(cast)
    theirs = Intake.objects.create(
        source=cast.rival_source, connector="c", file_name="f", size=0, started_at=THAT_NIGHT
    )
    page = calls(cast, fichier=theirs.pk)
    assert "Cet import n’existe pas." in text_of(page)
    assert page.context["paginator"].count == 94


@pytest.mark.parametrize("name", ["heure", "attente", "conversation", "prix"])
@pytest.mark.parametrize("sign", ["", "-"])
def test_each_order_holds_with_the_unknown_last(cast: Cast, name: str, sign: str) -> None:
    play_evening(cast)
    prices = dict(RatedCall.objects.values_list("call_id", "ttc_micros"))
    value = {
        "heure": lambda call: call.offered_at,
        "attente": lambda call: call.wait_ms,
        "conversation": lambda call: call.talk_ms,
        "prix": lambda call: prices.get(call.pk),
    }[name]
    order = [call for page in (1, 2) for call in shown(calls(cast, **DAY, tri=f"{sign}{name}", page=page))]
    assert len(order) == 94
    values = [value(call) for call in order]
    known = [each for each in values if each is not None]
    assert values[: len(known)] == known
    assert known == sorted(known, reverse=bool(sign))


def test_a_row_says_wait_promise_and_price_and_leads_to_the_passport(cast: Cast) -> None:
    play_evening(cast)
    page = calls(cast, **DAY, promesse="kept", tri="heure")
    text = text_of(page)
    row = next(each for each in page.context["rows"] if each.call.external_id == "1795598659.0")
    assert (row.outcome.verdict, row.agent, row.price.replace("\u202f", " "), row.wait_share) == (
        "kept", "A001", "0,18 €", 5,
    )  # fmt: skip
    assert reverse("portal:call", kwargs={"siren": SIREN, "pk": row.call.pk}) in text
    late = calls(cast, **DAY, promesse="late").context["rows"][0]
    assert (late.price, late.wait_share) == ("offert", 100)
    assert "0,00 €" not in text


@pytest.mark.parametrize(
    ("filters", "sentence"),
    [
        ({"du": "2026-11-26", "au": "2026-11-25"}, "Le premier jour est après le dernier."),
        ({"du": "2026-01-01", "au": "2026-11-25"}, "Choisissez au plus 31 jours."),
        ({"du": "hier"}, "Saisissez une date valide."),
        ({"numero": "999999"}, "Sélectionnez un choix valide."),
        ({"promesse": "parfaite"}, "Sélectionnez un choix valide."),
        ({"attente": "-1"}, "supérieure ou égale à 0"),
        ({"attente": "longue"}, "Saisissez un nombre."),
    ],
)
def test_a_filter_that_makes_no_sense_is_said_and_the_list_still_stands(
    cast: Cast, filters: dict[str, str], sentence: str
) -> None:
    play_evening(cast)
    page = calls(cast, **filters)
    assert page.status_code == 200
    assert sentence in text_of(page)
    assert shown(page)


def test_a_rivals_number_or_agent_is_no_choice(cast: Cast) -> None:
    play_evening(cast)
    text = text_of(calls(cast, numero=cast.numbers["0892690009"].pk))
    assert "Sélectionnez un choix valide." in text
    assert "0 892 69 00 09" not in text


def test_no_answer_teaches_the_way_back(cast: Cast) -> None:
    play_evening(cast)
    assert "Aucun appel ne répond à ces filtres." in text_of(calls(cast, **DAY, attente=3_000))


def test_before_the_first_call_it_says_what_will_stand_there(cast: Cast) -> None:
    assert "dès le premier journal importé" in text_of(calls(cast))


def test_a_cell_of_the_file_never_starts_a_formula(cast: Cast) -> None:
    row = {
        "external_id": "=1+1", "number": "0892690001", "offered_at": day_start(EVENING) + timedelta(hours=10),
        "outcome": "answered", "wait_ms": 2_000, "talk_ms": 9_000, "agent": "@SUM(A1)",
    }  # fmt: skip
    store_calls(cast.source, [row])
    run_stages(cast, until=EVENING)
    for narrowed in ({}, {"promesse": "unproven"}):
        [found] = file_of(cast, **DAY, **narrowed)
        assert (found["external_id"], found["agent"]) == ("'=1+1", "'@SUM(A1)")


def test_the_file_agrees_with_the_sample(cast: Cast) -> None:
    rows = play_evening(cast)
    found = {row["external_id"]: row for row in file_of(cast, **DAY)}
    assert set(found) == {row["external_id"] for row in rows}
    assert sum(int(row["service_ttc_micros"] or 0) for row in found.values()) == 8_660_000


@pytest.mark.parametrize("route", ["calls", "calls_file"])
def test_who_may_and_who_finds_nothing(cast: Cast, route: str) -> None:
    play_evening(cast)
    for role, status in {"owner": 200, "manager": 200, "supervisor": 200, "accountant": 200, "agent": 403}.items():
        assert look(cast.people[role], route).status_code == status
    assert look(cast.rival_owner, route).status_code == 404
    own = look(cast.rival_owner, "calls", siren=RIVAL_SIREN)
    assert own.context["paginator"].count == 0


def test_english_prices(cast: Cast) -> None:
    play_evening(cast)
    with signed_in(cast.people["manager"], language="en") as client:
        text = text_of(client.get(f"/espace/{SIREN}/appels/?du={EVENING}&au={EVENING}&promesse=kept"))
    assert "€0.18" in text
    assert "0,18" not in text


@pytest.mark.parametrize("query", ["", "promesse=kept&facture=oui&tri=-prix"])
def test_the_queries_name_their_months(cast: Cast, query: str) -> None:
    play_evening(cast)
    with signed_in(cast.people["manager"]) as client, CaptureQueriesContext(connection) as queries:
        assert client.get(f"/espace/{SIREN}/appels/?{query}").status_code == 200
    facts = [query["sql"] for query in queries if 'FROM "numbers_call"' in query["sql"]]
    assert facts
    assert all('"numbers_call"."month" IN' in sql and '"numbers_call"."day" BETWEEN' in sql for sql in facts)
