"""The second wall: what PostgreSQL itself lets the portal's role see and write, whatever a page forgets."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.core.checks import Tags, run_checks
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.utils import ProgrammingError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path, re_path
from pytest_django import Settings

from agents.models import Agent, Site
from billing.models import Entry, Finding
from illico_platform import wall
from illico_platform.terminal import ensure_schema
from illico_platform.urls import urlpatterns as site_patterns
from illico_platform.wall_state import faults
from numbers.access.pages import CompanyPage
from numbers.access.wall import walled
from numbers.models import Company, PremiumNumber, User
from tests.admin_rows import fill
from tests.cast import Cast, make_agent

APPS = ("numbers", "agents", "billing", "pghistory")
OTHERS = {"mfa_authenticator"}  # whether a colleague has a second factor, never its secret
REFUSED = "row-level security|permission denied"


def tables() -> set[str]:
    """Every table of the apps, those between two models included."""
    models = [model for app in APPS for model in apps.get_app_config(app).get_models(include_auto_created=True)]
    return {model._meta.db_table for model in models} - {"pghistory_events"}  # a query over histories, no table


def rows(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def standing() -> tuple[Any, ...]:
    """Who the connection is, and for which company."""
    [found] = rows("SELECT current_user, current_setting('role'), current_setting('illico.company_id', true)")
    return found


@pytest.fixture
def filled(cast: Cast) -> Cast:
    """Rows of every model, and of the rival at least a number, an agent and a finding."""
    fill(cast)
    make_agent(cast.rival_source, "R001")
    Finding.objects.create(
        key="rival", kind="k", severity="error", company=cast.rival, title="Rivale", action="a",
        first_seen_on=date(2026, 11, 24), last_seen_on=date(2026, 11, 24),
    )  # fmt: skip
    return cast


# ---- The declaration ------------------------------------------------------------------------------------------


def test_every_table_stands_on_one_side_of_the_wall() -> None:
    histories = {table for table in wall.event_tables() if table.removesuffix("event") in wall.WALLED}
    sides = [set(wall.WALLED), set(wall.CONDITIONS), set(wall.SHARED), set(wall.HIDDEN), histories]
    assert sum(len(side) for side in sides) == len(set.union(*sides))
    assert set.union(*sides) - OTHERS == tables()
    assert set(wall.conditions()) == set(wall.WALLED) | set(wall.CONDITIONS) | histories


def test_what_is_written_stands_behind_the_wall() -> None:
    assert set(wall.WALLED) | set(wall.CONDITIONS) >= wall.WRITTEN
    assert wall.written() <= set(wall.conditions())
    facts = {
        "numbers_call",
        "agents_verdict",
        "billing_ratedcall",
        "billing_entry",
        "billing_line",
        "billing_fundmonth",
    }
    assert not facts & wall.WRITTEN


# ---- What stands in the database ------------------------------------------------------------------------------


def test_the_policies_are_the_declared_ones(db: None) -> None:
    """Each is written a second time under another name: PostgreSQL then has both in its own words."""
    for table, condition in wall.conditions().items():
        [(secured,)] = rows("SELECT relrowsecurity FROM pg_class WHERE relname = %s", table)
        assert secured, table
        with connection.cursor() as cursor:
            cursor.execute(
                f'CREATE POLICY again ON "{table}" TO {wall.ROLE} USING ({condition}) WITH CHECK ({condition})'
            )
    shapes = "tablename, permissive, roles::text, cmd, qual, with_check"
    drawn = rows(f"SELECT {shapes} FROM pg_policies WHERE policyname = 'again' ORDER BY 1")
    stand = rows(f"SELECT {shapes} FROM pg_policies WHERE policyname <> 'again' AND schemaname = 'public' ORDER BY 1")
    assert drawn == stand
    assert len(stand) == len(wall.conditions())


def test_the_role_has_the_declared_rights_and_no_other(db: None) -> None:
    granted: dict[str, set[str]] = {}
    for table, kind in rows(
        "SELECT table_name, privilege_type FROM information_schema.role_table_grants WHERE grantee IN (%s, 'PUBLIC') "
        "AND table_schema = 'public'",
        wall.ROLE,
    ):
        granted.setdefault(table, set()).add(kind)
    reads, writes = {"SELECT"}, {"SELECT", "INSERT", "UPDATE", "DELETE"}
    seen = (set(wall.conditions()) | wall.SHARED) - set(wall.COLUMNS)
    assert granted == {table: writes if table in wall.written() else reads for table in seen}
    columns = rows(
        "SELECT table_name, column_name, privilege_type FROM information_schema.column_privileges"
        " WHERE grantee = %s AND NOT table_name = ANY (%s)",
        wall.ROLE,
        list(granted),
    )
    wanted = {(table, name.strip(), "SELECT") for table, names in wall.COLUMNS.items() for name in names.split(",")}
    assert set(columns) == wanted


def test_no_partition_is_read_past_its_table(filled: Cast) -> None:
    partitions = rows("SELECT relname FROM pg_class WHERE relispartition AND relkind = 'r'")
    assert len(partitions) >= 3
    for (partition,) in partitions:
        with pytest.raises(ProgrammingError, match="permission denied"), walled(company_id=filled.company.pk):
            rows(f'SELECT 1 FROM "{partition}"')


def test_the_check_of_the_database_says_what_is_stale(db: None) -> None:
    assert faults() == []
    for statement, fault in (
        ("ALTER TABLE numbers_call DISABLE ROW LEVEL SECURITY", "numbers_call has no row security"),
        ("ALTER POLICY portal ON agents_agent USING (true)", "agents_agent has another policy than declared"),
        ("DROP POLICY portal ON agents_site", "agents_site has another policy than declared"),
        ("CREATE POLICY wide ON billing_entry USING (true)", "billing_entry has a policy wide nobody declared"),
        (f"GRANT SELECT ON numbers_callerkey TO {wall.ROLE}", "numbers_callerkey grants SELECT"),
        (f"GRANT UPDATE ON billing_entry TO {wall.ROLE}", "billing_entry grants UPDATE"),
        (f"GRANT SELECT (password) ON numbers_user TO {wall.ROLE}", "numbers_user grants SELECT on other columns"),
        ("GRANT SELECT ON numbers_opencall TO PUBLIC", "numbers_opencall grants SELECT"),
        (f"REVOKE INSERT ON agents_site FROM {wall.ROLE}", "agents_site lacks INSERT"),
    ):
        with connection.cursor() as cursor:
            cursor.execute(statement)
        assert any(found.startswith(fault) for found in faults()), statement
        [stale] = [each for each in run_checks(databases=["default"]) if each.id == "illico.W013"]
        assert "migrate" in stale.hint
        call_command("migrate", verbosity=0)
        assert faults() == [], statement


def test_any_command_puts_a_stale_wall_up_again(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE numbers_call DISABLE ROW LEVEL SECURITY")
    ensure_schema()
    assert faults() == []


def test_a_condition_that_changed_in_the_code_is_seen(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(wall.WALLED, "agents_site", "id")
    assert "agents_site has another policy than declared" in faults()


@pytest.mark.parametrize(
    ("statement", "error"),
    [
        (f"ALTER ROLE {wall.ROLE} SUPERUSER", "illico.E010"),
        (f"ALTER ROLE {wall.ROLE} BYPASSRLS", "illico.E010"),
        (f"GRANT pg_read_all_data TO {wall.ROLE}", "illico.E010"),
        (f"ALTER TABLE numbers_call OWNER TO {wall.ROLE}", "illico.E011"),
    ],
)
def test_a_role_above_the_wall_is_refused(db: None, statement: str, error: str) -> None:
    assert run_checks(tags=[Tags.database], databases=["default"]) == []
    with connection.cursor() as cursor:
        cursor.execute(statement)
    assert error in [each.id for each in run_checks(tags=[Tags.database], databases=["default"])]


def test_production_does_not_sign_in_as_a_superuser(db: None, settings: Settings) -> None:
    [(mighty,)] = rows("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = session_user")
    settings.ILLICO_ENV = "production"
    errors = [each.id for each in run_checks(tags=[Tags.database], databases=["default"])]
    assert errors == (["illico.E012"] if mighty else [])


# ---- A page that forgets its company --------------------------------------------------------------------------


class Forgetful(CompanyPage):
    """A page whose deed is given by the test: it names no company."""

    deed: Callable[[], Any] = staticmethod(lambda: None)
    done: list[Any] = []

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        Forgetful.done.append(Forgetful.deed())
        return HttpResponse("fait")

    post = get


urlpatterns = [
    re_path(r"^espace/(?P<siren>[0-9]{9})/oubli/$", Forgetful.as_view(place="dashboard")),
    path("", lambda request: HttpResponse("")),
    *site_patterns,
]


@pytest.fixture
def forgetful(client: Client, cast: Cast, settings: Settings) -> Iterator[Callable[..., Any]]:
    """Have the deed done in a real request of the company's manager; answers with what it returned."""
    settings.ROOT_URLCONF = __name__
    client.force_login(cast.people["manager"])

    def does(deed: Callable[[], Any]) -> Any:
        Forgetful.deed, Forgetful.done = staticmethod(deed), []
        assert client.post(f"/espace/{cast.company.siren}/oubli/").status_code == 200
        return Forgetful.done[0]

    return does


def visible_models() -> list[type[Any]]:
    seen = set(wall.WALLED) | set(wall.conditions())
    found = [model for app in APPS for model in apps.get_app_config(app).get_models()]
    return [model for model in found if model._meta.db_table in seen and not model._meta.proxy]


def test_an_unscoped_query_finds_the_companys_rows_only(filled: Cast, forgetful: Callable[..., Any]) -> None:
    found = forgetful(lambda: {model: model._base_manager.count() for model in visible_models()})
    with walled(company_id=filled.rival.pk):
        rivals = {model: model._base_manager.count() for model in visible_models()}
    empty = [model._meta.label for model, count in found.items() if not count and model._meta.app_label != "pghistory"]
    assert empty == []
    for model, count in found.items():
        everything = model._base_manager.count()
        assert count + rivals[model] <= everything, model
        if wall.conditions()[model._meta.db_table] == f"company_id = {wall.MINE}":
            assert count == model._base_manager.filter(company=filled.company).count(), model
    assert found[PremiumNumber] == 2
    assert found[Company] == rivals[Company] == 1


def test_without_a_company_the_role_finds_nothing(filled: Cast) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {wall.ROLE}")
        assert {model: model._base_manager.count() for model in visible_models() if model._base_manager.exists()} == {}
        cursor.execute("SET LOCAL ROLE NONE")


@pytest.mark.parametrize(
    "deed",
    [
        lambda cast: Site.objects.create(company=cast.rival, name="Ailleurs", commune_insee="59350"),
        lambda cast: Site.objects.update(company=cast.rival),
        lambda cast: PremiumNumber.objects.filter(pk=cast.numbers["0892690001"].pk).update(company=cast.rival),
        lambda cast: Company.objects.create(name="Neuve", siren="999999204"),
        lambda cast: Entry.objects.update(label="autre"),
        lambda cast: Entry.objects.all()._raw_delete("default"),
        lambda cast: User.objects.update(is_staff=True),
        lambda cast: list(User.objects.values_list("password", flat=True)),
        lambda cast: list(User.objects.values_list("is_superuser", flat=True)),
        lambda cast: rows("SELECT * FROM django_session"),
        lambda cast: rows("SELECT * FROM mfa_authenticator"),
        lambda cast: rows("SELECT * FROM numbers_callerkey"),
        lambda cast: rows("TRUNCATE agents_site"),
        lambda cast: rows("ALTER TABLE agents_site DISABLE ROW LEVEL SECURITY"),
        lambda cast: rows("CREATE TABLE mine (id int)"),
    ],
)
def test_what_is_another_companys_or_nobodys_is_neither_read_nor_written(
    filled: Cast, deed: Callable[[Cast], Any]
) -> None:
    with pytest.raises(DatabaseError, match=f"{REFUSED}|must be owner"), walled(company_id=filled.company.pk):
        deed(filled)


def test_another_companys_rows_are_not_there_to_change(filled: Cast) -> None:
    theirs = Agent.objects.filter(company=filled.rival)
    with walled(company_id=filled.company.pk):
        assert theirs.update(display_name="Volé") == 0
        assert theirs.delete() == (0, {})
        assert PremiumNumber.objects.filter(digits="0892690009").update(label="volé") == 0
    assert theirs.get().display_name == "Agent R001"


def test_a_child_cannot_be_hung_on_another_companys_number(filled: Cast) -> None:
    theirs = filled.numbers["0892690009"]
    with pytest.raises(DatabaseError, match=REFUSED), walled(company_id=filled.company.pk):
        theirs.hours.model.objects.create(number=theirs, weekday=0, opens_s=1, closes_s=2, valid_from=date(2027, 1, 1))


# ---- After the page -------------------------------------------------------------------------------------------


class Slipped(Exception):
    pass


def slip() -> None:
    raise Slipped


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "deed",
    [lambda: "fine", slip, lambda: rows("SELECT 1 / 0"), lambda: rows("SELECT * FROM numbers_callerkey")],
    ids=["a quiet page", "a page that raises", "a failed statement", "a refused statement"],
)
def test_the_connection_is_the_applications_again_after_a_page(
    cast: Cast, client: Client, settings: Settings, deed: Callable[[], Any]
) -> None:
    """Outside any transaction of a test: the same connection serves the next request."""
    settings.ROOT_URLCONF = __name__
    client.raise_request_exception = False
    client.force_login(cast.people["manager"])
    before, process = standing(), rows("SELECT pg_backend_pid()")
    Forgetful.deed, Forgetful.done = staticmethod(lambda: (standing(), deed())), []
    client.get(f"/espace/{cast.company.siren}/oubli/")
    assert rows("SELECT pg_backend_pid()") == process
    assert standing()[:2] == before[:2]
    assert not standing()[2]
    assert PremiumNumber.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_inside_the_page_the_connection_is_the_portals(cast: Cast, client: Client, settings: Settings) -> None:
    settings.ROOT_URLCONF = __name__
    client.force_login(cast.people["manager"])
    Forgetful.deed, Forgetful.done = staticmethod(standing), []
    client.get(f"/espace/{cast.company.siren}/oubli/")
    assert Forgetful.done == [(wall.ROLE, wall.ROLE, str(cast.company.pk))]


def test_a_caught_failure_inside_leaves_the_wall_standing(cast: Cast) -> None:
    outside = standing()
    with walled(company_id=cast.company.pk):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows("INSERT INTO agents_site (company_id, name) VALUES (%s, NULL)", cast.company.pk)
        assert standing() == (wall.ROLE, wall.ROLE, str(cast.company.pk))
        assert PremiumNumber.objects.count() == 2
    assert standing()[:2] == outside[:2]


def test_a_wall_inside_a_wall_ends_where_the_outer_one_goes_on(cast: Cast) -> None:
    with walled(company_id=cast.company.pk):
        with walled(company_id=cast.rival.pk):
            assert PremiumNumber.objects.get().digits == "0892690009"
        assert PremiumNumber.objects.count() == 2
        with pytest.raises(Slipped), walled(company_id=cast.rival.pk):
            slip()
        assert standing()[2] == str(cast.company.pk)
        assert PremiumNumber.objects.count() == 2
    assert PremiumNumber.objects.count() == 3
