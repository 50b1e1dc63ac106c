"""Settings: the company's details, the account for payouts and who may see it, and what is stored about a person."""

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from numbers.models import PayoutAccount, User
from numbers.services.payout_account import IbanUnreadable, read_iban
from tests.cast import Cast, give_second_factor
from tests.edges.test_portal_team import as_

IBAN, OTHER = "FR76 3000 6000 0112 3456 7890 189", "DE89 3704 0044 0532 0130 00"
DETAILS = {
    "name": "Allô Conseil",
    "siret": "",
    "vat_number": "",
    "address": "2 rue B, Lille",
    "complaint_contact": "a@b.fr",
}


def settings_of(cast: Cast) -> str:
    return f"/espace/{cast.company.siren}/reglages/"


def payout_of(cast: Cast) -> str:
    return f"{settings_of(cast)}versements/"


@pytest.mark.parametrize(
    ("role", "settings_status", "payout_status"),
    [
        ("owner", 200, 200),
        ("manager", 200, 403),
        ("accountant", 200, 200),
        ("supervisor", 403, 403),
        ("agent", 403, 403),
    ],
)
def test_who_comes_in(client: Client, cast: Cast, role: str, settings_status: int, payout_status: int) -> None:
    as_(client, cast.people[role])
    assert client.get(settings_of(cast)).status_code == settings_status
    assert client.get(payout_of(cast)).status_code == payout_status


def test_the_rival_finds_nothing(client: Client, cast: Cast) -> None:
    as_(client, cast.rival_owner)
    assert client.get(settings_of(cast)).status_code == 404
    assert client.post(payout_of(cast), {"iban": IBAN}).status_code == 404


@pytest.mark.parametrize("role", ["owner", "manager"])
def test_the_details_are_changed(client: Client, cast: Cast, role: str) -> None:
    as_(client, cast.people[role])
    assert client.post(settings_of(cast), DETAILS).status_code == 302
    cast.company.refresh_from_db()
    assert (cast.company.address, cast.company.siren) == ("2 rue B, Lille", "999999006")


def test_an_accountant_reads_the_details_and_does_not_change_them(client: Client, cast: Cast) -> None:
    as_(client, cast.accountant)
    assert 'name="address"' not in client.get(settings_of(cast)).content.decode()
    assert client.post(settings_of(cast), DETAILS).status_code == 403


def test_a_number_of_another_company_is_refused(client: Client, cast: Cast) -> None:
    as_(client, cast.owner)
    response = client.post(settings_of(cast), DETAILS | {"siret": "73282932000074"})
    assert response.status_code == 422
    assert "celui d’une autre entreprise" in response.content.decode()
    assert "2 rue B, Lille" in response.content.decode()


@pytest.mark.parametrize("role", ["owner", "accountant"])
def test_the_iban_is_kept_sealed_and_shown_as_a_mask(client: Client, cast: Cast, role: str) -> None:
    as_(client, cast.people[role])
    assert client.post(payout_of(cast), {"iban": IBAN}).status_code == 302
    account = PayoutAccount.objects.get(company=cast.company)
    assert read_iban(account) == IBAN.replace(" ", "")
    for url in (payout_of(cast), settings_of(cast)):
        page = client.get(url).content.decode()
        assert "FR76 **** **** 0189" in page
        assert "30006000" not in page.replace(" ", "")


def test_no_table_holds_the_iban_in_clear(client: Client, cast: Cast) -> None:
    as_(client, cast.owner)
    client.post(payout_of(cast), {"iban": IBAN})
    client.post(payout_of(cast), {"iban": OTHER})
    events = apps.get_model("numbers", "PayoutAccountEvent").objects.order_by("pgh_id")
    assert [event.iban_mask for event in events] == ["FR76 **** **** 0189", "DE89 **** **** 3000"]
    assert "iban_sealed" not in {field.name for field in events.model._meta.fields}
    assert b"3704004405" not in bytes(PayoutAccount.objects.get().iban_sealed)


def test_the_same_iban_again_changes_nothing(client: Client, cast: Cast) -> None:
    as_(client, cast.owner).post(payout_of(cast), {"iban": IBAN})
    first = PayoutAccount.objects.values().get()
    client.post(payout_of(cast), {"iban": IBAN.lower().replace(" ", "")})
    second = PayoutAccount.objects.values().get()
    assert bytes(first.pop("iban_sealed")) == bytes(second.pop("iban_sealed"))
    assert first == second


def test_a_changed_secret_loses_the_iban_in_words(client: Client, cast: Cast, settings: object) -> None:
    as_(client, cast.owner).post(payout_of(cast), {"iban": IBAN})
    settings.PAYOUT_SECRET = "another"  # type: ignore[attr-defined]
    with pytest.raises(IbanUnreadable):
        read_iban(PayoutAccount.objects.get())
    assert client.post(payout_of(cast), {"iban": IBAN}).status_code == 302
    assert read_iban(PayoutAccount.objects.get()) == IBAN.replace(" ", "")


@pytest.mark.parametrize("written", ["", "FR76", "FR76 3000 6000 0112 3456 7890 188", "pas un IBAN"])
def test_a_wrong_iban_is_refused(client: Client, cast: Cast, written: str) -> None:
    as_(client, cast.owner)
    response = client.post(payout_of(cast), {"iban": written})
    assert response.status_code == 422
    assert "est à revoir" in response.content.decode()
    assert not PayoutAccount.objects.exists()


def test_a_manager_does_not_see_the_mask(client: Client, cast: Cast) -> None:
    as_(client, cast.owner).post(payout_of(cast), {"iban": IBAN})
    as_(client, cast.people["manager"])
    page = client.get(settings_of(cast)).content.decode()
    assert "****" not in page
    assert "Seuls les propriétaires et les comptables" in page


def test_a_persons_data_is_theirs_and_whole_and_without_secrets(client: Client, cast: Cast) -> None:
    owner = cast.owner
    assert owner is not None
    secret = give_second_factor(owner)
    client.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
    response = client.get(reverse("my_data"))
    assert "attachment" in response["Content-Disposition"]
    stored = response.json()
    assert stored["person"]["email"] == owner.email
    assert stored["companies"] == [{"company__name": "Allô Conseil", "company__siren": "999999006", "role": "owner"}]
    assert [each["type"] for each in stored["second_factors"]] == ["totp"]
    text = response.content.decode()
    assert secret not in text
    assert owner.password not in text
    assert "rival" not in text


def test_a_person_gives_their_name(client: Client, cast: Cast) -> None:
    as_(client, cast.outsider)
    assert client.post(reverse("person"), {"first_name": "Ada", "last_name": "Roux"}).status_code == 302
    assert User.objects.get(email="outsider@example.org").get_full_name() == "Ada Roux"
