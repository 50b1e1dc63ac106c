"""The inbox: who sees which findings, what a finding says, and what people do about it."""

from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from billing.models import Finding, FindingNote
from billing.rules.checks import FindingDraft
from billing.services.record_findings import Checked, record_findings
from numbers.models import Membership, User
from tests.cast import RIVAL_SIREN, SIREN, Cast
from tests.edges.portal import look, signed_in, text_of

DAY = date(2026, 11, 25)
NOW = datetime(2026, 11, 26, 2, 30, tzinfo=UTC)


def draft(kind: str = "incomplete", *, calls: int = 1) -> FindingDraft:
    return FindingDraft(
        key=f"{kind}:1",
        kind=kind,
        severity="warning",
        detail={"calls": calls, "month": "2026-11", "day": "2026-11-25", "number": "0892690001"},
        action="Regarder.",
    )


def night(cast: Cast, *drafts: FindingDraft) -> None:
    kinds = {each.kind for each in drafts} | {"incomplete", "wage_short"}
    record_findings(company_id=cast.company.pk, checked=[Checked(kinds, drafts)], day=DAY, now=NOW)


def step(user: User | None, pk: int, **answers: object) -> tuple[int, str]:
    with signed_in(user) as client:
        page = client.post(reverse("portal:finding", kwargs={"siren": SIREN, "pk": pk}), answers, follow=False)
        return page.status_code, text_of(page)


@pytest.fixture
def finding(cast: Cast) -> Finding:
    night(cast, draft())
    return Finding.objects.get(kind="incomplete")


def test_open_findings_are_listed_and_lead_to_their_rows(cast: Cast, finding: Finding) -> None:
    page = look(cast.people["manager"], "findings")
    assert f"/espace/{SIREN}/a-traiter/{finding.pk}/" in text_of(page)
    assert "1 constat" in text_of(page)
    shown = text_of(look(cast.people["manager"], "finding", pk=finding.pk))
    assert "La fin d’appels, ou leur réponse, n’a jamais été enregistrée" in shown
    assert "du=2026-11-25&au=2026-11-25" in shown.replace("&amp;", "&")
    assert f"/espace/{SIREN}/imports/" in shown


@pytest.mark.parametrize(("state", "seen"), [("", False), ("resolus", True), ("tous", True), ("moi", False)])
def test_the_list_is_filtered_by_state(cast: Cast, finding: Finding, state: str, seen: bool) -> None:
    assert step(cast.people["manager"], finding.pk, step="resolve", text="Vu avec le standard.")[0] == 302
    rows = look(cast.people["manager"], "findings", query=f"etat={state}").context["page_obj"].object_list
    assert (finding.pk in [row.pk for row in rows]) is seen


def test_pay_is_for_those_who_may_see_it(cast: Cast) -> None:
    night(cast, draft("wage_short"), draft())
    pay = Finding.objects.get(kind="wage_short")
    for role, opens in (("manager", 200), ("accountant", 200), ("supervisor", 404)):
        person = cast.people.get(role, cast.accountant)
        assert look(person, "finding", pk=pay.pk).status_code == opens
    listed = look(cast.people["supervisor"], "findings")
    assert [row.kind for row in listed.context["page_obj"].object_list] == ["incomplete"]
    assert 'class="count">1<' in listed.content.decode()
    assert 'class="count">2<' in look(cast.people["manager"], "findings").content.decode()


def test_people_work_on_a_finding_and_every_step_is_kept(cast: Cast, finding: Finding) -> None:
    manager, supervisor = cast.people["manager"], cast.people["supervisor"]
    assert step(manager, finding.pk, step="assign", to=supervisor.pk)[0] == 302
    assert step(supervisor, finding.pk, step="comment", text="Je demande le journal.")[0] == 302
    mine = look(supervisor, "findings", query="etat=moi").context["page_obj"].object_list
    assert [row.pk for row in mine] == [finding.pk]
    assert step(supervisor, finding.pk, step="resolve", text="Journal perdu.")[0] == 302
    assert step(manager, finding.pk, step="reopen", text="Retrouvé.")[0] == 302
    finding.refresh_from_db()
    assert (finding.resolved_at, finding.settled, finding.assigned_to) == (None, None, supervisor)
    notes = FindingNote.objects.filter(finding=finding).order_by("id")
    assert list(notes.values_list("kind", "by__email", "text")) == [
        ("assigned", manager.email, supervisor.email),
        ("comment", supervisor.email, "Je demande le journal."),
        ("resolved", supervisor.email, "Journal perdu."),
        ("reopened", manager.email, "Retrouvé."),
    ]
    assert "Je demande le journal." in text_of(look(manager, "finding", pk=finding.pk))


def test_a_finding_of_somebody_who_left_says_so(cast: Cast, finding: Finding) -> None:
    manager, supervisor = cast.people["manager"], cast.people["supervisor"]
    step(manager, finding.pk, step="assign", to=supervisor.pk)
    step(supervisor, finding.pk, step="comment", text="Je demande.")
    gone = "une personne qui n’est plus dans l’équipe"
    assert gone not in text_of(look(manager, "findings")) + text_of(look(manager, "finding", pk=finding.pk))
    Membership.objects.filter(user=supervisor).delete()
    assert gone in text_of(look(manager, "findings"))
    assert f"<b>{gone}</b> · commentaire" in text_of(look(manager, "finding", pk=finding.pk))


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"step": "resolve", "text": " "}, "Dites pourquoi ce constat est résolu."),
        ({"step": "reopen", "text": "Non."}, "Ce constat est déjà ouvert."),
        ({"step": "comment", "text": ""}, "Écrivez votre commentaire."),
        ({"step": "assign", "to": "99999999"}, "Cette personne n’est pas membre"),
    ],
)
def test_a_step_that_makes_no_sense_is_refused_in_words(
    cast: Cast, finding: Finding, answers: dict[str, str], said: str
) -> None:
    status, text = step(cast.people["manager"], finding.pk, **answers)
    assert (status, said in text) == (422, True)
    assert not FindingNote.objects.exists()


def test_an_accountant_comments_and_does_not_settle_what_is_not_pay(cast: Cast, finding: Finding) -> None:
    assert step(cast.accountant, finding.pk, step="comment", text="Vu en comptabilité.")[0] == 302
    page = text_of(look(cast.accountant, "finding", pk=finding.pk))
    assert ("Vu en comptabilité." in page, 'value="resolve"' in page) == (True, False)
    assert step(cast.accountant, finding.pk, step="resolve", text="Oui.")[0] == 403
    assert step(cast.people["agent"], finding.pk, step="resolve", text="Oui.")[0] == 403
    finding.refresh_from_db()
    assert finding.resolved_at is None


def test_the_rival_finds_nothing(cast: Cast, finding: Finding) -> None:
    assert look(cast.rival_owner, "finding", pk=finding.pk).status_code == 404
    assert look(cast.rival_owner, "finding", siren=RIVAL_SIREN, pk=finding.pk).status_code == 404
    assert look(cast.rival_owner, "findings", siren=RIVAL_SIREN).context["page_obj"].object_list.count() == 0


def test_a_resolution_by_hand_holds_while_the_facts_stay(cast: Cast, finding: Finding) -> None:
    step(cast.people["manager"], finding.pk, step="resolve", text="Connu.")
    night(cast, draft())
    finding.refresh_from_db()
    assert finding.resolved_at is not None
    night(cast, draft(calls=2))
    finding.refresh_from_db()
    assert (finding.resolved_at, finding.settled) == (None, None)
    last = FindingNote.objects.filter(finding=finding).latest("id")
    assert (last.kind, last.by, last.at) == ("reopened", None, NOW)
    night(cast, draft(calls=2))
    assert FindingNote.objects.filter(finding=finding).count() == 2


def test_what_the_night_resolved_comes_back_without_a_note(cast: Cast, finding: Finding) -> None:
    night(cast)
    finding.refresh_from_db()
    assert finding.resolved_at == NOW
    night(cast, draft())
    finding.refresh_from_db()
    assert finding.resolved_at is None
    assert not FindingNote.objects.exists()


def test_steps_are_never_rewritten(cast: Cast, finding: Finding) -> None:
    step(cast.people["manager"], finding.pk, step="comment", text="Un.")
    with pytest.raises(DatabaseError), transaction.atomic():
        FindingNote.objects.update(text="Deux.")
