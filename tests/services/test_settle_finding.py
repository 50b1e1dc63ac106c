"""A finding's life between people and nights: what holds, what opens it again, who may, and who has left."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection

from billing.models import Finding, FindingNote
from billing.models.finding import BACK_AGAIN, FACTS_CHANGED, NO_LONGER_THEIRS
from billing.rules.checks import FindingDraft, draft
from billing.services.record_findings import Checked, FindingCounts, record_findings, watched_findings
from billing.services.settle_finding import FindingRefused, assign, comment, release_of_leavers, reopen, resolve
from numbers.access import RoleMissing
from numbers.models import Company, Membership, User
from tests.cast import Cast

DAY = date(2026, 11, 25)
NOW = datetime(2026, 11, 26, 2, 15, tzinfo=UTC)
NOVEMBER = date(2026, 11, 1)
KINDS = ["unpriced", "wage_short"]


def seen(calls: int = 3) -> FindingDraft:
    return draft("unpriced", 1, "2026-11", month=NOVEMBER, number="0892690001", calls=calls, days=["2026-11-25"])


def night(
    company: Company | None, *drafts: FindingDraft, after: int = 0, months: list[date] | None = None
) -> FindingCounts:
    """One night some days later, whose checks found these."""
    checked = [Checked(KINDS, drafts, [NOVEMBER] if months is None else months)]
    wait = timedelta(days=after)
    return record_findings(company_id=company and company.pk, checked=checked, day=DAY + wait, now=NOW + wait)


def found() -> Finding:
    return Finding.objects.get()


def steps() -> list[tuple[str, str]]:
    return list(FindingNote.objects.order_by("id").values_list("kind", "text"))


@pytest.fixture
def manager(cast: Cast) -> User:
    return cast.people["manager"]


@pytest.fixture
def settled(cast: Cast, manager: User) -> Finding:
    """A finding that a person resolved by hand."""
    night(cast.company, seen())
    resolve(finding=found(), reason="Tarif en cours de correction.", by=manager, now=NOW)
    return found()


# ---- Nights ---------------------------------------------------------------------------------------------------


def test_what_a_person_resolved_stays_while_its_facts_stay(cast: Cast, settled: Finding) -> None:
    for after in (1, 2):
        counts = night(cast.company, seen(), after=after)
        assert (counts.seen, counts.opened, counts.reopened, counts.resolved) == (1, 0, 0, 0)
    assert (found().resolved_at, found().settled) == (settled.resolved_at, settled.settled)
    assert found().last_seen_on == DAY + timedelta(days=2)
    assert [kind for kind, _ in steps()] == ["resolved"]


def test_other_facts_open_it_again_once(cast: Cast, settled: Finding) -> None:
    assert night(cast.company, seen(4), after=1).reopened == 1
    assert (found().resolved_at, found().settled) == (None, None)
    assert night(cast.company, seen(4), after=2).reopened == 0
    assert steps()[1:] == [("reopened", FACTS_CHANGED)]
    assert FindingNote.objects.latest("id").by is None


def test_what_a_person_resolved_and_then_vanished_is_news_when_it_comes_back(cast: Cast, settled: Finding) -> None:
    assert night(cast.company, after=1).resolved == 0
    assert (found().resolved_at, found().last_seen_on) == (settled.resolved_at, DAY)
    assert night(cast.company, after=2).resolved == 0
    assert night(cast.company, seen(), after=3).reopened == 1
    assert (found().resolved_at, found().settled) == (None, None)
    assert steps()[1:] == [("reopened", BACK_AGAIN)]


def test_what_a_person_resolved_has_not_vanished_because_nobody_looked(cast: Cast, settled: Finding) -> None:
    night(cast.company, after=1, months=[date(2026, 12, 1)])
    assert night(cast.company, seen(), after=2).reopened == 0
    assert found().resolved_at == settled.resolved_at


def test_what_vanishes_by_itself_is_resolved_by_the_night_and_comes_back_open(cast: Cast) -> None:
    night(cast.company, seen())
    assert night(cast.company, after=1).resolved == 1
    assert (found().resolved_at, found().settled) == (NOW + timedelta(days=1), None)
    assert night(cast.company, seen(), after=2).reopened == 1
    assert (found().resolved_at, found().first_seen_on) == (None, DAY)
    assert steps() == []


def test_the_night_looks_again_at_what_is_open_and_at_what_a_person_resolved(cast: Cast, settled: Finding) -> None:
    watched = {"company_id": cast.company.pk, "kinds": KINDS, "field": "month"}
    assert watched_findings(**watched) == {"2026-11"}
    night(cast.company, after=1)  # gone: nothing is left to look at
    assert watched_findings(**watched) == set()
    night(cast.company, seen(), after=2)
    assert watched_findings(**watched) == {"2026-11"}
    night(cast.company, after=3)
    assert watched_findings(**watched) == set()


def test_a_rivals_night_touches_nothing(cast: Cast, settled: Finding) -> None:
    night(cast.rival, after=1)
    night(None, after=1)
    assert night(cast.company, seen(), after=2).reopened == 0


@pytest.mark.django_db(transaction=True)
def test_two_nights_at_once_find_one_thing_once(cast: Cast) -> None:
    night(cast.company, seen())
    resolve(finding=found(), reason="Vu.", by=cast.people["manager"], now=NOW)
    start = Barrier(3)

    def one(calls: int) -> FindingCounts:
        try:
            start.wait()
            return night(cast.company, seen(calls), after=1)
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        counts = list(pool.map(one, (4, 4, 4)))
    assert sum(each.reopened for each in counts) == 1
    assert steps()[1:] == [("reopened", FACTS_CHANGED)]
    assert found().resolved_at is None


# ---- People ---------------------------------------------------------------------------------------------------


def test_a_person_opens_again_what_they_resolved_and_the_night_leaves_it_open(
    cast: Cast, settled: Finding, manager: User
) -> None:
    reopen(finding=settled, reason="Pas encore corrigé.", by=manager, now=NOW)
    night(cast.company, seen(), after=1)
    assert (found().resolved_at, found().settled) == (None, None)
    with pytest.raises(FindingRefused):
        reopen(finding=found(), reason="Encore.", by=manager, now=NOW)


def test_what_the_night_resolved_can_be_opened_and_is_resolved_again_once_looked_at(cast: Cast, manager: User) -> None:
    night(cast.company, seen())
    night(cast.company, after=1)
    reopen(finding=found(), reason="Je vérifie.", by=manager, now=NOW)
    assert found().resolved_at is None
    assert night(cast.company, after=2).resolved == 1


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_step_without_words_is_refused(cast: Cast, settled: Finding, manager: User, reason: str) -> None:
    with pytest.raises(FindingRefused):
        reopen(finding=settled, reason=reason, by=manager, now=NOW)
    with pytest.raises(FindingRefused):
        comment(finding=settled, text=reason, by=manager, now=NOW)
    assert len(steps()) == 1


def test_only_those_who_may_act_do(cast: Cast, settled: Finding) -> None:
    for person in (cast.people["agent"], cast.rival_owner, cast.outsider, cast.accountant):
        with pytest.raises(RoleMissing):
            reopen(finding=settled, reason="Non.", by=person, now=NOW)
    assert found().resolved_at == settled.resolved_at


def test_pay_is_the_accountants_and_not_the_supervisors(cast: Cast) -> None:
    night(cast.company, draft("wage_short", cast.company.pk, "2026-11", month=NOVEMBER, missing_cents=100))
    with pytest.raises(RoleMissing):
        resolve(finding=found(), reason="Non.", by=cast.people["supervisor"], now=NOW)
    with pytest.raises(FindingRefused):
        assign(finding=found(), to=cast.people["supervisor"].pk, by=cast.accountant, now=NOW)
    assign(finding=found(), to=cast.accountant.pk, by=cast.accountant, now=NOW)
    resolve(finding=found(), reason="Complément versé.", by=cast.accountant, now=NOW)
    assert found().resolved_at == NOW


def test_a_finding_of_the_platform_is_not_a_companys(cast: Cast, manager: User) -> None:
    night(None, seen())
    with pytest.raises(FindingRefused):
        resolve(finding=found(), reason="Vu.", by=manager, now=NOW)


# ---- Whoever leaves -------------------------------------------------------------------------------------------


@pytest.fixture
def given(cast: Cast, manager: User) -> Finding:
    """An open finding that a supervisor was given."""
    night(cast.company, seen())
    assign(finding=found(), to=cast.people["supervisor"].pk, by=manager, now=NOW)
    return found()


def test_the_night_takes_a_finding_from_somebody_who_left(cast: Cast, given: Finding) -> None:
    later = {"company_id": cast.company.pk, "now": NOW + timedelta(days=1)}
    assert release_of_leavers(**later) == 0
    Membership.objects.filter(user=cast.people["supervisor"]).delete()
    assert release_of_leavers(**later) == 1
    assert release_of_leavers(**later) == 0
    assert found().assigned_to is None
    assert steps()[1:] == [("assigned", NO_LONGER_THEIRS)]


def test_the_night_takes_a_finding_from_somebody_whose_role_shows_it_no_more(cast: Cast, given: Finding) -> None:
    Membership.objects.filter(user=cast.people["supervisor"]).update(role="agent")
    assert release_of_leavers(company_id=cast.rival.pk, now=NOW) == 0
    assert release_of_leavers(company_id=cast.company.pk, now=NOW) == 1


def test_who_did_what_stays_known_after_they_left(cast: Cast, given: Finding) -> None:
    supervisor = cast.people["supervisor"]
    resolve(finding=given, reason="Réglé.", by=supervisor, now=NOW)
    Membership.objects.filter(user=supervisor).delete()
    assert release_of_leavers(company_id=cast.company.pk, now=NOW) == 0
    assert found().assigned_to == supervisor
    assert FindingNote.objects.latest("id").by == supervisor
