"""The wall between companies, looked at by ``manage.py check --database default``, ``migrate`` and ``serve``.

What ``migrate`` mends is a warning: as an error it would keep ``migrate`` from mending it.
"""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from illico_platform import wall
from illico_platform.wall_state import faults

POWERS = """
    SELECT r.rolsuper OR r.rolbypassrls OR r.rolcreaterole
           OR EXISTS (SELECT FROM pg_auth_members m WHERE m.member = r.oid),
           ARRAY(SELECT c.relname::text FROM pg_class c WHERE c.relowner = r.oid ORDER BY 1)
      FROM pg_roles r WHERE r.rolname = %s"""


@register(Tags.database)
def check_portal_role(
    app_configs: Iterable[Any] | None, databases: Iterable[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """E010, E011: a role that rises above the wall, or owns what stands behind it, is held by nothing."""
    if not databases:
        return []
    with connection.cursor() as cursor:
        cursor.execute(POWERS, [wall.ROLE])
        mighty, owned = cursor.fetchone() or (False, [])
    found: list[CheckMessage] = []
    if mighty:
        hint = f"ALTER ROLE {wall.ROLE} NOSUPERUSER NOBYPASSRLS NOCREATEROLE; and revoke the roles granted to it."
        found.append(Error(f"The role {wall.ROLE} may pass the wall between companies.", hint=hint, id="illico.E010"))
    if owned:
        hint = f"ALTER TABLE {owned[0]} OWNER TO the application's role; row security does not hold an owner."
        found.append(Error(f"The role {wall.ROLE} owns {', '.join(owned)}.", hint=hint, id="illico.E011"))
    return found


@register(Tags.database)
def check_login_role(
    app_configs: Iterable[Any] | None, databases: Iterable[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """E012: a stolen password of a superuser is the whole server; the application owns its tables, that is enough."""
    if not databases or settings.ILLICO_ENV != "production":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = session_user AND (rolsuper OR rolbypassrls)")
        mighty = cursor.fetchone()
    if mighty is None:
        return []
    hint = "Let DATABASE_URL name a role made by CREATE ROLE name LOGIN CREATEROLE, owner of the database."
    return [Error(f"The application signs in to PostgreSQL as {mighty[0]}, a superuser.", hint=hint, id="illico.E012")]


@register(Tags.database)
def check_wall_stands(
    app_configs: Iterable[Any] | None, databases: Iterable[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """W013: policies or rights in the database are not those declared; before ``migrate`` they cannot be."""
    if not databases:
        return []
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return []
    found = faults()
    if not found:
        return []
    told = "; ".join(found[:5]) + (f"; and {len(found) - 5} more" if len(found) > 5 else "")
    message = f"The wall between companies is stale: {told}."
    return [checks.Warning(message, hint="Run manage.py migrate.", id="illico.W013")]
