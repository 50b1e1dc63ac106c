"""Agents whose chain of evidence breaks: a week abroad, a proof over at midnight, a foreign network, late papers."""

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings

from agents.models import (
    Attendance,
    CheckIn,
    Contract,
    Course,
    EvidencePolicy,
    LocationProof,
    NetworkSighting,
    PresenceCheck,
    TeleworkAgreement,
    TrainingSession,
    Verdict,
    VerdictChange,
)
from agents.selectors_evidence import workplaces_of
from agents.services.check_in import (
    ROUND_S,
    answer_check,
    ask_who_is_there,
    check_in,
    check_out,
    correct_check_in,
    end_unanswered,
)
from agents.services.keep_staff import StaffRefused
from agents.services.locate import network_of
from agents.tasks import watch_presence
from billing.models import RatedCall
from illico_platform.lib.periods import day_start, paris_day
from numbers.services.take_rechecks import spread_rechecks
from tests.cast import START, Cast
from tests.scenarios.test_evening import all_stages
from tests.stored_calls import store_calls

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("check_deferred")]
MONDAY = date(2026, 11, 16)
NOW = datetime(2026, 11, 26, 1, 15, tzinfo=UTC)
FRENCH, MOROCCAN, OFFICE = "2.7.0.1", "196.200.128.1", "192.168.1.4"


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A time of a day in Paris."""
    return (day_start(day) + timedelta(hours=hour, minutes=minute)).astimezone(UTC)


def call(cast: Cast, offered_at: datetime, agent: str = "A001") -> str:
    """One call of a minute that the agent answers after two seconds."""
    name = f"{agent}.{offered_at:%m%d%H%M%S}"
    store_calls(
        cast.source,
        [
            {
                "external_id": name,
                "number": "0892690001",
                "offered_at": offered_at,
                "outcome": "answered",
                "wait_ms": 2_000,
                "talk_ms": 60_000,
                "agent": agent,
            }
        ],
    )
    return name


def reasons() -> dict[str, str]:
    """Why each call fell as it did, by the name it was given."""
    rows = Verdict.objects.raw(
        "SELECT v.*, c.external_id FROM agents_verdict v JOIN numbers_call c ON c.id = v.call_id AND c.month = v.month"
    )
    return {row.external_id: row.reason for row in rows}


def judged(cast: Cast, *, now: datetime = NOW) -> dict[str, str]:
    spread_rechecks(stage="judge")
    all_stages(cast.company.pk, now=now)
    return reasons()


def ask_for(**needs: Any) -> EvidencePolicy:
    return EvidencePolicy.objects.create(valid_from=MONDAY, note="essai", **needs)


def sign_in(cast: Cast, now: datetime, *, agent: str = "A001", address: str = FRENCH) -> CheckIn:
    who = cast.agents[agent]
    return check_in(
        agent=who,
        workplace=workplaces_of(agent=who, now=now)[0],
        network=network_of(address, day=paris_day(now)),
        now=now,
    )


def work_from_home(cast: Cast, name: str) -> None:
    cast.agents[name].proofs.update(place="home", site=None, method="annex")


def test_an_agent_abroad_for_a_week_is_unproven_that_week(cast: Cast) -> None:
    ask_for(needs_network=True)
    week = [MONDAY + timedelta(days=days) for days in range(-1, 8)]
    for day in week:
        NetworkSighting.objects.create(
            company=cast.company,
            agent=cast.agents["A001"],
            source=cast.source,
            seen_at=at(day, 8),
            country="MA" if MONDAY <= day < MONDAY + timedelta(days=7) else "FR",
        )
    names = {call(cast, at(day, 10)): day for day in week}
    found = judged(cast)
    for name, day in names.items():
        abroad = MONDAY <= day < MONDAY + timedelta(days=7)
        assert found[name] == ("network_abroad" if abroad else "kept"), day
    assert RatedCall.objects.exclude(ttc_micros=0).count() == 2  # the day before the policy, and the day back


def test_a_proof_that_expires_at_midnight_holds_until_midnight_in_paris(cast: Cast) -> None:
    cast.agents["A001"].proofs.update(valid_until=day_start(MONDAY + timedelta(days=1)))
    # Two seconds of wait: the answer, not the offer, must fall before midnight.
    before = call(cast, at(MONDAY, 23, 59))
    across = call(cast, at(MONDAY, 23, 59) + timedelta(seconds=58))
    found = judged(cast)
    assert (found[before], found[across]) == ("kept", "no_proof")


def test_an_agreement_three_days_late_turns_calls_to_kept_money_follows_history_stays(cast: Cast) -> None:
    ask_for(needs_agreement=True)
    work_from_home(cast, "A001")
    name = call(cast, at(MONDAY, 10))
    assert judged(cast) == {name: "no_agreement"}
    TeleworkAgreement.objects.create(
        agent=cast.agents["A001"], basis="individual", basis_on=START, consent_on=START, commune_insee="59350",
        starts_on=MONDAY, contact_from="09:00", contact_until="18:00", time_control="pointage signé",
    )  # fmt: skip
    assert judged(cast, now=NOW + timedelta(days=3)) == {name: "kept"}
    verdict, change = Verdict.objects.get(), VerdictChange.objects.get()
    assert verdict.agreement_id == TeleworkAgreement.objects.get().pk
    assert (change.old_reason, change.new_reason) == ("no_agreement", "kept")
    assert RatedCall.objects.get().ttc_micros == 600_000


def test_an_agreement_that_ends_takes_the_calls_after_it(cast: Cast) -> None:
    ask_for(needs_agreement=True)
    work_from_home(cast, "A001")
    agreement = TeleworkAgreement.objects.create(
        agent=cast.agents["A001"], basis="charter", basis_on=START, consent_on=START, commune_insee="59350",
        starts_on=START, contact_from="09:00", contact_until="18:00", time_control="pointage signé",
    )  # fmt: skip
    monday, tuesday = call(cast, at(MONDAY, 10)), call(cast, at(MONDAY + timedelta(days=1), 10))
    assert judged(cast) == {monday: "kept", tuesday: "kept"}
    agreement.ends_on = MONDAY + timedelta(days=1)
    agreement.save()
    assert judged(cast) == {monday: "kept", tuesday: "no_agreement"}


def test_a_home_agent_on_a_foreign_network_is_unproven_and_an_office_network_is_not(cast: Cast) -> None:
    ask_for(needs_check_in=True, needs_network=True)
    work_from_home(cast, "A002")
    sign_in(cast, at(MONDAY, 9), agent="A001", address=OFFICE)
    sign_in(cast, at(MONDAY, 9), agent="A002", address=MOROCCAN)
    office, home = call(cast, at(MONDAY, 10)), call(cast, at(MONDAY, 10, 1), agent="A002")
    assert judged(cast) == {office: "kept", home: "network_abroad"}


def test_a_private_network_at_home_proves_no_country(cast: Cast) -> None:
    ask_for(needs_network=True)
    work_from_home(cast, "A001")
    sign_in(cast, at(MONDAY, 9), address=OFFICE)
    name = call(cast, at(MONDAY, 10))
    assert judged(cast) == {name: "no_network"}


def test_what_is_kept_of_an_address_is_a_country_and_a_hash(cast: Cast) -> None:
    found = sign_in(cast, at(MONDAY, 9))
    assert (found.country, found.is_private, found.commune_insee) == ("FR", False, "59350")
    assert len(found.network_hash) == 32
    check_out(agent=cast.agents["A001"], now=at(MONDAY, 10))
    again = sign_in(cast, at(MONDAY, 11))
    other = sign_in(cast, at(date(2026, 12, 1), 9))
    assert again.network_hash == found.network_hash != other.network_hash


def test_a_check_in_holds_from_its_signature_to_the_exit(cast: Cast) -> None:
    ask_for(needs_check_in=True)
    early = call(cast, at(MONDAY, 8, 59))
    first = sign_in(cast, at(MONDAY, 9))
    during = call(cast, at(MONDAY, 9, 1))
    with pytest.raises(StaffRefused, match="déjà au travail"):
        sign_in(cast, at(MONDAY, 10))
    check_out(agent=cast.agents["A001"], now=at(MONDAY, 12))
    after = call(cast, at(MONDAY, 12, 1))
    with pytest.raises(StaffRefused, match="Aucun pointage"):
        check_out(agent=cast.agents["A001"], now=at(MONDAY, 12, 2))
    assert judged(cast) == {early: "no_check_in", during: "kept", after: "no_check_in"}
    kept = Verdict.objects.get(verdict="kept")
    assert kept.check_in_id == first.pk


def test_a_forgotten_exit_ends_with_the_policy_s_hours_and_a_correction_is_judged_again(cast: Cast) -> None:
    ask_for(needs_check_in=True, check_in_hours=8)
    running = sign_in(cast, at(MONDAY, 9))
    late = call(cast, at(MONDAY, 17, 30))
    assert judged(cast) == {late: "no_check_in"}
    with pytest.raises(StaffRefused, match="motif"):
        correct_check_in(check_in=running, started_at=at(MONDAY, 9), ends_at=at(MONDAY, 18), by="x", reason=" ")
    correct_check_in(
        check_in=running, started_at=at(MONDAY, 9), ends_at=at(MONDAY, 18), by="superviseur@example.org",
        reason="heure de plus demandée",
    )  # fmt: skip
    assert judged(cast) == {late: "kept"}
    ends = list(CheckIn.pgh_event_model.objects.order_by("pgh_id").values_list("ends_at", flat=True))  # type: ignore[attr-defined]
    assert ends == [at(MONDAY, 17), at(MONDAY, 18)]


def test_who_does_not_answer_a_question_in_time_is_not_there(cast: Cast) -> None:
    ask_for(needs_check_in=True, recheck_bp=10_000, recheck_minutes=15)
    sign_in(cast, at(MONDAY, 9))
    sign_in(cast, at(MONDAY, 9), agent="A002")
    always = random.Random()
    always.random = lambda: 0.0  # type: ignore[method-assign]
    assert ask_who_is_there(now=at(MONDAY, 9, 10), chance=always) == 0  # nobody is asked right after signing in
    assert ask_who_is_there(now=at(MONDAY, 10), chance=always) == 2
    assert ask_who_is_there(now=at(MONDAY, 10, 1), chance=always) == 0
    answer_check(check=PresenceCheck.objects.get(check_in__agent=cast.agents["A001"]), now=at(MONDAY, 10, 14))
    silent = PresenceCheck.objects.get(check_in__agent=cast.agents["A002"])
    with pytest.raises(StaffRefused, match="délai"):
        answer_check(check=silent, now=at(MONDAY, 10, 15))
    assert (end_unanswered(now=at(MONDAY, 10, 16)), end_unanswered(now=at(MONDAY, 10, 17))) == (1, 0)
    names = {who: call(cast, at(MONDAY, 10, 20), agent=who) for who in ("A001", "A002")}
    before = call(cast, at(MONDAY, 10, 14), agent="A002")
    assert judged(cast) == {names["A001"]: "kept", names["A002"]: "no_check_in", before: "kept"}


def test_the_clock_ends_what_nobody_answered_for(cast: Cast) -> None:
    ask_for(needs_check_in=True)
    running = sign_in(cast, at(MONDAY, 9))
    PresenceCheck.objects.create(check_in=running, asked_at=at(MONDAY, 10), due_at=at(MONDAY, 10, 15))
    with time_machine.travel(at(MONDAY, 10, 16), tick=False):
        watch_presence()
    running.refresh_from_db()
    assert (running.ends_at, running.ending) == (at(MONDAY, 10, 15), CheckIn.Ending.UNANSWERED)
    assert settings.CELERY_BEAT_SCHEDULE["presence"]["schedule"] == ROUND_S


def test_the_questions_of_a_day_come_to_the_share_that_the_policy_says(cast: Cast) -> None:
    ask_for(recheck_bp=5_000, check_in_hours=8)
    chance, asked = random.Random(7), 0
    for number in range(40):
        agent = cast.agents["A001"]
        day = MONDAY + timedelta(days=number)
        CheckIn.objects.create(
            company=cast.company, agent=agent, started_at=at(day, 9), ends_at=at(day, 17), place="site",
            commune_insee="59350", signature="session",
        )  # fmt: skip
        asked += sum(ask_who_is_there(now=at(day, 9) + timedelta(minutes=each), chance=chance) for each in range(480))
    assert 8 <= asked <= 32  # half of forty, less who is left in peace at first: the draw is seeded


def test_an_expired_certificate_blocks_until_the_new_one(cast: Cast) -> None:
    ask_for(needs_training=True)
    course = Course.objects.create(title="Accueil", kind="initial", hours=7, required_from=MONDAY)
    session = TrainingSession.objects.create(company=cast.company, course=course, starts_on=START, last_day=START)
    held = Attendance.objects.create(
        session=session, agent=cast.agents["A001"], hours=7, certified_on=START, expires_on=MONDAY + timedelta(days=1)
    )
    monday, tuesday = call(cast, at(MONDAY, 10)), call(cast, at(MONDAY + timedelta(days=1), 10))
    colleague = call(cast, at(MONDAY, 11), agent="A002")
    assert judged(cast) == {monday: "kept", tuesday: "untrained", colleague: "untrained"}
    held.expires_on = None
    held.save()
    assert judged(cast) == {monday: "kept", tuesday: "kept", colleague: "untrained"}


def test_overseas_departments_count_or_not_as_the_policy_says(cast: Cast) -> None:
    LocationProof.objects.filter(agent=cast.agents["A001"]).update(commune_insee="97411")
    name = call(cast, at(MONDAY, 10))
    assert judged(cast) == {name: "kept"}
    policy = ask_for(counts_overseas=False)
    assert judged(cast) == {name: "overseas"}
    policy.counts_overseas = True
    policy.save()
    assert judged(cast) == {name: "kept"}


def test_two_contracts_in_one_month_and_a_day_between_them(cast: Cast) -> None:
    agent = cast.agents["A001"]
    agent.contracts.update(ends_on=MONDAY)
    Contract.objects.create(agent=agent, starts_on=MONDAY + timedelta(days=1))
    names = [call(cast, at(MONDAY + timedelta(days=days), 10)) for days in (-1, 0, 1)]
    assert judged(cast) == dict(zip(names, ["kept", "no_contract", "kept"], strict=True))
    contracts = Verdict.objects.filter(verdict="kept").order_by("call_id").values_list("contract_id", flat=True)
    assert len(set(contracts)) == 2
