"""Every address of the site, walked by the anonymous, the rival, each role, the operator: who comes in where."""

from collections.abc import Iterable
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from illico_platform import wall
from numbers.access.places import ITS_OWN, OPERATOR, PLACES, SECOND_FACTOR
from numbers.models import Company, Membership, User
from tests.addresses import LITERAL, Address, addresses, portal_addresses
from tests.admin_rows import fill
from tests.cast import Cast, give_second_factor

TOKEN = "t" * 32
# Addresses outside a company's space that anybody may open; whatever is new must be put here, or in the space.
PUBLIC = {
    *("home", "public_number", "health", "robots", "sitemap", "set_language", "set_theme"),
    *("visio", "visio_room", "visio_sign", "visio_say", "visio_leave"),
    *("account_login", "account_logout", "account_signup", "account_inactive", "account_email_verification_sent"),
    *("account_reset_password", "account_reset_password_done", "account_reset_password_from_key"),
    *("account_reset_password_from_key_done", "account_confirm_login_code"),
    *("mfa_authenticate", "mfa_login_webauthn", "invitation"),
}
# Those that ask who one is, and show nothing of a company that is not one's own.
SIGNED_IN = {
    *("portal_entry", "second_factor_wanted", "person", "recovery_codes", "my_data", "new_company"),
    *("account_email", "account_change_password", "account_set_password", "account_reauthenticate"),
    *("mfa_index", "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "mfa_activate_totp", "mfa_deactivate_totp"),
    *("mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_download_recovery_codes"),
    *("mfa_list_webauthn", "mfa_add_webauthn", "mfa_remove_webauthn", "mfa_edit_webauthn"),
    *("usersessions_list", "communes"),
}

# Downloads of what the cast has not: whoever may enter learns that there is nothing. Their own tests have the files.
DOWNLOADS = {
    "portal:import_refused",
    "portal:enrol_paper",
    "portal:enrol_texts",
    "portal:agreement_evidence",
    "portal:certificate_evidence",
}


def came_in(address: Address, status: int) -> bool:
    """Whether the answer is one of somebody who may enter."""
    return status in (200, 302, 405) or (status == 404 and address.name in DOWNLOADS)


@pytest.fixture
def filled(cast: Cast) -> Cast:
    """A row of every kind that an address names; everybody who needs a second factor has one."""
    fill(cast)
    for user in (cast.owner, cast.accountant, cast.rival_owner):
        give_second_factor(user)
    return cast


class Visitor:
    """A person with a browser: a valid CSRF token, and no exception let through."""

    def __init__(self, user: User | None = None) -> None:
        self.client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        if user is not None:
            self.client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        self.client.cookies[settings.CSRF_COOKIE_NAME] = TOKEN

    def get(self, url: str) -> Any:
        return self.client.get(url)

    def post(self, url: str) -> Any:
        return self.client.post(url, {}, headers={"X-CSRFToken": TOKEN})


def fingerprint() -> dict[str, Any]:
    """Every row of every table that a company's space could touch."""
    found = {}
    with connection.cursor() as cursor:
        for table in [*wall.conditions(), *wall.SHARED, *wall.HIDDEN, "mfa_authenticator", "account_emailaddress"]:
            cursor.execute(f"""SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM "{table}" t""")
            found[table] = cursor.fetchone()
    return found


def walk(visitor: Visitor, places: Iterable[tuple[Address, str]], *, expected: set[int]) -> list[str]:
    """Those addresses that answer a GET or a POST otherwise than expected, or that changed anything."""
    before, faults = fingerprint(), []
    for address, url in places:
        for method in (visitor.get, visitor.post):
            response = method(url)
            if response.status_code not in expected:
                faults.append(f"{address.pattern}: {method.__name__} {url} answered {response.status_code}")
    after = fingerprint()
    return faults + [f"{table} changed" for table in before if before[table] != after[table]]


def places_of(company: Company, *, siren: str = "") -> list[tuple[Address, str]]:
    return [(address, address.of(company, siren=siren)) for address in portal_addresses()]


def test_every_address_is_in_the_space_or_on_a_list() -> None:
    outside = {a.name for a in addresses() if not a.is_portal and not a.name.startswith("admin:")}
    assert outside - PUBLIC - SIGNED_IN == set(), "a new address: in the space, or on one of the two lists"
    assert (PUBLIC | SIGNED_IN) - outside == set(), "on a list, but gone"
    assert [a.name for a in portal_addresses() if not a.is_portal] == []
    assert [a.name for a in addresses() if a.is_portal and "(?P<siren>" not in a.pattern] == []


def test_every_address_has_a_name_of_its_own() -> None:
    names = [(a.name, *LITERAL.findall(a.pattern)) for a in addresses() if not a.name.startswith("admin:")]
    assert sorted(names) == sorted(set(names))


def test_the_anonymous_are_led_to_the_login(filled: Cast) -> None:
    login, visitor = reverse("account_login"), Visitor()
    assert walk(visitor, places_of(filled.company), expected={302}) == []
    for address, url in places_of(filled.company):
        for response in (visitor.get(url), visitor.post(url)):
            assert response["Location"].startswith(f"{login}?"), address.name
    for name in sorted(SIGNED_IN):
        url = reverse(name, args=[1] if name in ("mfa_remove_webauthn", "mfa_edit_webauthn") else [])
        assert visitor.get(url).status_code == 302, name
        assert visitor.get(url)["Location"].startswith(login), name


def test_the_rival_is_told_that_there_is_no_such_company(filled: Cast) -> None:
    for user in (filled.rival_owner, filled.outsider):
        assert walk(Visitor(user), places_of(filled.company), expected={404}) == []


def test_the_rival_finds_no_object_of_the_company_under_their_own_name(filled: Cast) -> None:
    named = [(a, url) for a, url in places_of(filled.company, siren=filled.rival.siren) if a.objects]
    agent = User.objects.create_user("rival_agent@example.org", "un mot de passe long")
    Membership.objects.create(user=agent, company=filled.rival, role="agent")
    for user, is_own in ((filled.rival_owner, False), (agent, True)):
        visitor, mine = Visitor(user), [(a, url) for a, url in named if (a.roles == ITS_OWN) is is_own]
        assert mine
        assert walk(visitor, mine, expected={404, 405}) == []
        # A page answers 405 to a method that it does not have; one of the two must have found nothing.
        for address, url in mine:
            assert 404 in (visitor.get(url).status_code, visitor.post(url).status_code), address.name


@pytest.mark.parametrize("role", ["owner", "manager", "supervisor", "accountant", "agent"])
def test_each_role_comes_in_where_its_role_says_so(filled: Cast, role: str) -> None:
    visitor = Visitor(filled.people[role])
    closed = [(a, url) for a, url in places_of(filled.company) if role not in a.roles]
    assert walk(visitor, closed, expected={403}) == []
    before = fingerprint()
    answers = [(a, visitor.get(url).status_code) for a, url in places_of(filled.company) if role in a.roles]
    assert [(address.pattern, status) for address, status in answers if not came_in(address, status)] == []
    assert {table for table, rows in fingerprint().items() if rows != before[table]} == set()
    if role == "agent":
        assert {address.page.place for address, _ in answers if address.page} == {"my_day", "my_file", "visio"}


def test_an_owner_or_accountant_without_a_second_factor_gets_no_further(cast: Cast) -> None:
    fill(cast)
    wanted = reverse("second_factor_wanted")
    for role in SECOND_FACTOR:
        visitor = Visitor(cast.people[role])
        open_to_them = [(a, url) for a, url in places_of(cast.company) if role in a.roles]
        assert walk(visitor, open_to_them, expected={302}) == []
        assert {visitor.get(url)["Location"] for _, url in open_to_them} == {wanted}


def test_the_operator_reads_everything_and_writes_nothing(filled: Cast) -> None:
    visitor, before = Visitor(filled.admin), fingerprint()
    everything = [(a, url) for a, url in places_of(filled.company) if a.roles != ITS_OWN]
    own = [(a, url) for a, url in places_of(filled.company) if a.roles == ITS_OWN]
    assert walk(visitor, own, expected={403}) == []
    read = [(address, visitor.get(url).status_code) for address, url in everything]
    assert [(address.pattern, status) for address, status in read if not came_in(address, status)] == []
    written = {address.pattern: visitor.post(url).status_code for address, url in places_of(filled.company)}
    assert {name: status for name, status in written.items() if status != 403} == {}
    assert {table for table, rows in fingerprint().items() if rows != before[table]} == set()


def test_no_post_without_a_token(filled: Cast) -> None:
    visitor = Visitor(filled.people["manager"])
    del visitor.client.cookies[settings.CSRF_COOKIE_NAME]
    for address, url in places_of(filled.company):
        assert visitor.client.post(url, {}).status_code == 403, address.name


def test_the_menu_leads_where_the_role_may_go(filled: Cast) -> None:
    assert OPERATOR not in {role for place in PLACES.values() for role in place.roles}
    for role, user in filled.people.items():
        for place in PLACES.values():
            status = Visitor(user).get(reverse(f"portal:{place.route}", args=[filled.company.siren])).status_code
            assert (status == 200) == (role in place.roles), (role, place.route)
