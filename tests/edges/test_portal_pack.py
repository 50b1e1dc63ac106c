"""The auditor's pack as people download it: from the company's space, and from the administration."""

import io
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import reverse

from billing.selectors_pack import MOST_CALLS
from billing.services.export import plan_export, write_export
from numbers.models import CallDay
from tests.cast import SIREN, Cast
from tests.edges.portal import EVENING, look, play_evening, signed_in, text_of
from tests.exported import TODAY

pytestmark = pytest.mark.django_db
DAYS = f"first={EVENING}&last={EVENING}"


def pack_of(cast: Cast) -> bytes:
    plan = plan_export(report="proofs", company=cast.company, since=EVENING, until=EVENING, today=TODAY)
    out = io.BytesIO()
    write_export(plan, out)
    return out.getvalue()


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def test_owners_and_accountants_get_the_pack_that_the_terminal_makes(cast: Cast) -> None:
    play_evening(cast)
    for who in (cast.owner, cast.accountant, cast.admin):
        answer = look(who, "pack", query=DAYS)
        assert answer["Content-Disposition"].endswith(f'"dossier-de-preuve-{SIREN}-{EVENING}-{EVENING}.zip"')
        assert body(answer) == pack_of(cast)
    for role in ("manager", "supervisor", "agent"):
        assert look(cast.people[role], "pack", query=DAYS).status_code == 403
        assert "dossier-de-preuve" not in look(cast.people[role], "agents").content.decode()
    assert look(cast.rival_owner, "pack", query=DAYS).status_code == 404
    assert reverse("portal:pack", args=[SIREN]) in look(cast.owner, "agents").content.decode()


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("first=2026-11-25&last=2026-11-24", "Le dernier jour précède le premier."),
        ("first=2026-11-31&last=2026-12-01", "Saisissez une date valide"),
        ("first=2026-10-01&last=2026-10-31", "il n’y a rien à prouver"),
        (DAYS, "choisissez moins de jours"),
    ],
)
def test_what_cannot_be_packed_is_said_and_nothing_typed_is_lost(cast: Cast, query: str, sentence: str) -> None:
    play_evening(cast)
    CallDay.objects.update(calls=MOST_CALLS)
    page = look(cast.owner, "pack", query=query)
    assert page.status_code == 422
    assert sentence in text_of(page)
    assert query[6:16] in page.content.decode()


def test_the_operator_s_people_get_it_from_the_verdicts(cast: Cast) -> None:
    play_evening(cast)
    asked = {"company": cast.company.pk, "first": str(EVENING), "last": str(EVENING)}
    address = reverse("admin:agents_verdict_make_pack")
    with signed_in(cast.admin) as client:
        assert "Dossier de preuve" in text_of(client.get(reverse("admin:agents_verdict_changelist")))
        assert client.get(reverse("admin:agents_verdict_pack"), follow=True).redirect_chain == [(address, 302)]
        assert body(client.post(address, asked)) == pack_of(cast)
        refused: HttpResponse = client.post(address, asked | {"last": "2026-11-01"})
    assert (refused.status_code, "précède" in text_of(refused)) == (422, True)
    with signed_in(cast.owner) as client:
        assert client.get(address).status_code == 302
