"""An agent's own pages: sign in and out, the day's calls and what they earned, what is kept, what is contested."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from agents.models import CheckIn, EvidencePolicy, PresenceCheck, Verdict
from billing.models import Finding, Line
from numbers.models import Membership, User
from tests.cast import START, Cast, prove
from tests.edges.portal import EVENING, THAT_NIGHT, play_evening, signed_in, text_of

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 11, 25, 8, tzinfo=UTC)


def at(cast: Cast, route: str, **parts: Any) -> str:
    return reverse(f"portal:{route}", kwargs={"siren": cast.company.siren, **parts})


@pytest.fixture
def me(cast: Cast) -> User:
    """A001's own account."""
    user = cast.people["agent"]
    cast.agents["A001"].user = user
    cast.agents["A001"].save()
    return user


def sign(client: Client, cast: Cast, do: str, *, address: str = "2.7.0.1", **more: str) -> Any:
    data = {"do": do, **more}
    return client.post(at(cast, "check_in"), data, follow=True, REMOTE_ADDR=address)


def arrive(client: Client, cast: Cast, **more: Any) -> Any:
    site = cast.company.sites.get()
    return sign(client, cast, "in", workplace=f"site-{site.pk}", **more)


def test_the_day_begins_and_ends_with_a_signature(cast: Cast, me: User) -> None:
    with signed_in(me, at=MORNING) as client:
        assert "Vous n’êtes pas au travail" in text_of(client.get(at(cast, "my_day")))
        assert "Arrivée signée." in text_of(arrive(client, cast))
        page = text_of(client.get(at(cast, "my_day")))
    assert "Vous êtes au travail" in page
    check_in = CheckIn.objects.get()
    assert (check_in.agent, check_in.country, check_in.signature) == (cast.agents["A001"], "FR", "session")
    assert check_in.ends_at - check_in.started_at == timedelta(hours=12)
    assert "2.7.0.1" not in str(CheckIn.objects.values().get())
    with signed_in(me, at=MORNING + timedelta(hours=4)) as client:
        assert "Sortie signée." in text_of(sign(client, cast, "out"))
    check_in.refresh_from_db()
    assert (check_in.ends_at, check_in.ending) == (MORNING + timedelta(hours=4), "out")


def test_a_place_that_is_not_proven_is_refused(cast: Cast, me: User) -> None:
    with signed_in(me, at=MORNING) as client:
        for workplace in ("home-59350", "site-0", ""):
            assert "Choisissez un lieu de travail qui est prouvé." in text_of(
                sign(client, cast, "in", workplace=workplace)
            )
        cast.agents["A001"].proofs.all().delete()
        assert "Aucune preuve de votre lieu de travail ne vaut" in text_of(client.get(at(cast, "my_day")))
    assert not CheckIn.objects.exists()


def test_a_question_is_answered_on_the_page(cast: Cast, me: User) -> None:
    EvidencePolicy.objects.create(valid_from=START, recheck_minutes=15)
    with signed_in(me, at=MORNING) as client:
        arrive(client, cast)
    asked_at = MORNING + timedelta(hours=1)
    question = PresenceCheck.objects.create(
        check_in=CheckIn.objects.get(), asked_at=asked_at, due_at=asked_at + timedelta(minutes=15)
    )
    with signed_in(me, at=asked_at + timedelta(minutes=5)) as client:
        assert "Êtes-vous toujours là ?" in text_of(client.get(at(cast, "my_day")))
        sign(client, cast, "here")
        assert "Êtes-vous toujours là ?" not in text_of(client.get(at(cast, "my_day")))
    question.refresh_from_db()
    assert question.answered_at == asked_at + timedelta(minutes=5)


def test_the_day_s_wages_of_all_agents_are_what_the_books_hold(cast: Cast) -> None:
    play_evening(cast)
    earned = Decimal(0)
    for name, agent in cast.agents.items():
        user = User.objects.create_user(f"{name}@example.org", "un mot de passe long")
        Membership.objects.create(user=user, company=cast.company, role="agent")
        agent.user = user
        agent.save()
        with signed_in(user) as client:
            day = client.get(at(cast, "my_day")).context["my_day"]
        assert day.answered == Verdict.objects.filter(agent=agent, day=EVENING).count()
        assert day.kept == Verdict.objects.filter(agent=agent, day=EVENING, verdict="kept").count()
        earned += Decimal(day.wage_micros) / 1_000_000
    held = sum(line.credit - line.debit for line in Line.objects.filter(account_id="4672"))
    assert abs(earned - held) < Decimal("0.01")  # the books round each number's day once, not each call


def test_all_that_is_kept_stands_on_one_page(cast: Cast, me: User) -> None:
    play_evening(cast)
    with signed_in(me, at=THAT_NIGHT) as client:
        arrive(client, cast)
        page = text_of(client.get(at(cast, "my_file")))
    for kept in ("A001", "59350", "CDI", "FR", "Aucun enregistrement de conversation"):
        assert kept in page
    assert "A002" not in page


def test_the_file_counts_the_calls_of_thirty_days(cast: Cast, me: User) -> None:
    play_evening(cast)
    with signed_in(me, at=THAT_NIGHT) as client:
        calls = client.get(at(cast, "my_file")).context["calls"]
    answered = Verdict.objects.filter(agent=cast.agents["A001"])
    assert calls == {"calls": answered.count(), "kept": answered.filter(verdict="kept").count()}
    assert calls["calls"] > 0


def test_what_ends_soon_is_to_be_renewed_unless_something_follows(cast: Cast, me: User) -> None:
    agent, days = cast.agents["A001"], timedelta(days=1)
    proof = agent.proofs.get()
    proof.valid_until = MORNING + 10 * days
    proof.save()
    with signed_in(me, at=MORNING) as client:
        (renewal,) = client.get(at(cast, "my_day")).context["renewals"]
        assert (renewal.subject, renewal.last_day, renewal.is_over) == ("proof", proof.last_day, False)
        prove(agent)
        assert client.get(at(cast, "my_day")).context["renewals"] == []


def test_what_is_contested_lands_in_the_company_s_inbox(cast: Cast, me: User) -> None:
    with signed_in(me, at=MORNING) as client:
        assert client.post(at(cast, "dispute"), {"text": " "}).status_code == 422
        done = client.post(at(cast, "dispute"), {"text": "L’appel de 8 h 02 manque."}, follow=True)
    assert "transmise à votre entreprise" in text_of(done)
    finding = Finding.objects.get(kind="disputed")
    assert finding.said == "Agent A001 conteste : L’appel de 8 h 02 manque."
    assert (finding.company, finding.resolved_at) == (cast.company, None)
    with signed_in(cast.people["manager"], at=MORNING) as client:
        assert "L’appel de 8 h 02 manque." in text_of(client.get(at(cast, "finding", pk=finding.pk)))


def test_who_is_tied_to_no_agent_is_told_what_to_do(cast: Cast) -> None:
    with signed_in(cast.people["agent"], at=MORNING) as client:
        assert "relié à aucun agent" in text_of(client.get(at(cast, "my_day")))
        assert client.post(at(cast, "check_in"), {"do": "in"}).status_code == 404
        assert client.post(at(cast, "dispute"), {"text": "x"}).status_code == 404


@pytest.mark.parametrize("role", ["owner", "manager", "supervisor", "accountant"])
def test_nobody_else_opens_an_agent_s_own_pages(cast: Cast, me: User, role: str) -> None:
    with signed_in(cast.people[role], at=MORNING) as client:
        for route in ("my_day", "my_file", "dispute"):
            assert client.get(at(cast, route)).status_code == 403
    with signed_in(cast.admin, at=MORNING) as client:
        assert client.get(at(cast, "my_day")).status_code == 403
    with signed_in(cast.rival_owner, at=MORNING) as client:
        assert client.get(at(cast, "my_day")).status_code == 404


def test_a_manager_ties_an_account_to_one_agent_only(cast: Cast) -> None:
    member = Membership.objects.get(user=cast.people["agent"], company=cast.company)
    stranger = Membership.objects.get(user=cast.rival_owner)
    first, second = cast.agents["A001"], cast.agents["A002"]
    with signed_in(cast.people["manager"], at=MORNING) as client:
        page = client.get(at(cast, "agent_account", pk=first.pk))
        assert "agent@example.org" in page.content.decode()
        assert client.post(at(cast, "agent_account", pk=first.pk), {"membership": member.pk}).status_code == 302
        assert client.post(at(cast, "agent_account", pk=second.pk), {"membership": member.pk}).status_code == 422
        assert client.post(at(cast, "agent_account", pk=second.pk), {"membership": stranger.pk}).status_code == 422
        first.refresh_from_db()
        assert first.user == cast.people["agent"]
        assert client.post(at(cast, "agent_account", pk=first.pk), {"membership": ""}).status_code == 302
    first.refresh_from_db()
    assert first.user is None


def test_an_agent_s_door_leads_to_their_day(cast: Cast, me: User) -> None:
    with signed_in(me, at=MORNING) as client:
        assert client.get(reverse("portal_entry"))["Location"] == at(cast, "my_day")
