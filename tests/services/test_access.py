"""Who sees which company, and who may act for it."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import FieldError

from agents.models import Contract
from numbers.access import RoleMissing, actors_of, require_role, scope, sees_all, visible_companies
from numbers.models import Company, Membership, OpeningHours, PremiumNumber, Source, User
from numbers.rules.lifecycle import Actor
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def names(user: User | AnonymousUser) -> list[str]:
    return [company.name for company in visible_companies(user)]


def test_members_see_their_company_and_staff_sees_all(cast: Cast) -> None:
    assert names(cast.owner) == names(cast.accountant) == ["Allô Conseil"]
    assert names(cast.rival_owner) == ["Rivale"]
    assert names(cast.outsider) == []
    assert names(cast.admin) == ["Allô Conseil", "Rivale"]


def test_a_member_of_two_companies_sees_both_once(cast: Cast) -> None:
    Membership.objects.create(user=cast.owner, company=cast.rival, role="agent")
    assert names(cast.owner) == ["Allô Conseil", "Rivale"]
    assert [c.name for c in visible_companies(cast.owner, roles=["owner"])] == ["Allô Conseil"]
    assert scope(PremiumNumber.objects.all(), cast.owner).count() == 3
    assert scope(PremiumNumber.objects.all(), cast.owner, roles=["owner", "manager"]).count() == 2


@pytest.mark.parametrize("staff", [True, False])
def test_anonymous_and_deactivated_people_see_nothing(cast: Cast, staff: bool) -> None:
    user = cast.admin if staff else cast.owner
    user.is_active = False
    for nobody in (user, AnonymousUser()):
        assert names(nobody) == []
        assert not sees_all(nobody)
        assert actors_of(nobody, cast.company) == frozenset()
        assert not scope(PremiumNumber.objects.all(), nobody).exists()


def test_staff_without_superuser_rights_sees_all(cast: Cast) -> None:
    cast.outsider.is_staff = True
    assert len(names(cast.outsider)) == 2
    assert scope(Source.objects.all(), cast.outsider).count() == 2


def test_lists_are_scoped_along_their_path(cast: Cast) -> None:
    assert {n.digits for n in scope(PremiumNumber.objects.all(), cast.owner)} == {"0892690001", "0892690002"}
    assert scope(OpeningHours.objects.all(), cast.rival_owner, path="number__company").count() == 7
    assert scope(Contract.objects.all(), cast.rival_owner, path="agent__company").count() == 0
    assert [c.name for c in scope(Company.objects.all(), cast.rival_owner)] == ["Rivale"]


def test_rows_without_a_company_are_the_operators(cast: Cast) -> None:
    Source.objects.create(name="carrier", kind="carrier", company=None)
    assert [source.name for source in scope(Source.objects.all(), cast.owner)] == ["pbx1"]
    assert scope(Source.objects.all(), cast.admin).count() == 3


@pytest.mark.parametrize("who", ["owner", "admin"])
def test_a_list_with_a_wrong_path_is_an_error_not_an_open_door(cast: Cast, who: str) -> None:
    with pytest.raises(FieldError):
        scope(OpeningHours.objects.all(), getattr(cast, who), path="company")


def test_people_act_in_the_roles_they_have(cast: Cast) -> None:
    assert actors_of(cast.owner, cast.company) == {Actor.OWNER}
    assert actors_of(cast.owner, cast.rival) == frozenset()
    assert actors_of(cast.admin, cast.rival) == actors_of(None, cast.rival) == {Actor.OPERATOR}


def test_an_action_asks_for_one_of_its_roles(cast: Cast) -> None:
    require_role(cast.owner, cast.company, Actor.OWNER, Actor.MANAGER)
    require_role(cast.admin, cast.company)
    for user, company in ((cast.accountant, cast.company), (cast.owner, cast.rival), (cast.outsider, cast.company)):
        with pytest.raises(RoleMissing):
            require_role(user, company, Actor.OWNER, Actor.MANAGER)


def test_every_role_of_a_membership_is_an_actor() -> None:
    assert {Actor(role) for role in Membership.Role.values} == set(Actor) - {Actor.OPERATOR}
