"""What stands in the database of the wall that ``wall`` declares: every difference, one sentence each."""

from django.db import connection

from illico_platform import wall

KINDS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
# Told apart from rights on a whole table: those of one column are rights too.
COLUMN_KINDS = ("SELECT", "INSERT", "UPDATE", "REFERENCES")

TABLES = """
    SELECT relname, relispartition, relrowsecurity FROM pg_class
     WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') ORDER BY relname"""
RIGHTS = """
    SELECT c.relname, kind FROM pg_class c, unnest(%s) AS kind
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
       AND has_table_privilege(%s, c.oid, kind)"""
COLUMN_RIGHTS = """
    SELECT c.relname, kind, string_agg(a.attname, ', ' ORDER BY a.attname)
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped,
           unnest(%s) AS kind
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
       AND NOT has_table_privilege(%s, c.oid, kind) AND has_column_privilege(%s, c.oid, a.attnum, kind)
     GROUP BY 1, 2"""
POLICIES = """
    SELECT tablename, policyname, permissive = 'PERMISSIVE' AND cmd = 'ALL' AND roles = ARRAY[%s::name],
           md5(%s::jsonb ->> tablename || qual || with_check) = (
               SELECT obj_description(oid, 'pg_policy') FROM pg_policy
                WHERE polname = policyname AND polrelid = tablename::regclass)
      FROM pg_policies WHERE schemaname = 'public' AND roles && ARRAY[%s, 'public']::name[]"""


def faults() -> list[str]:
    """How the wall in the database differs from its declaration; empty when it stands as declared."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [wall.ROLE])
        if cursor.fetchone() is None:
            return [f"there is no role {wall.ROLE}"]
        cursor.execute("SELECT pg_has_role(current_user, %s, 'SET')", [wall.ROLE])
        entered = [] if cursor.fetchone()[0] else [f"the application may not become {wall.ROLE}"]
    return entered + _policy_faults() + _right_faults()


def _policy_faults() -> list[str]:
    known = wall.conditions()
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        guarded = {table: secured for table, _, secured in cursor.fetchall()}
        cursor.execute(POLICIES, [wall.ROLE, wall.seals(), wall.ROLE])
        policies = {(table, name): bool(ours and sealed) for table, name, ours, sealed in cursor.fetchall()}
    found = [f"{table} is missing" for table in known if table not in guarded]
    found += [f"{table} has no row security" for table in known if guarded.get(table) is False]
    found += [
        f"{table} has another policy than declared"
        for table in known
        if table in guarded and not policies.get((table, wall.POLICY))
    ]
    declared = {(table, wall.POLICY) for table in known}
    return found + [f"{table} has a policy {name} nobody declared" for table, name in sorted(set(policies) - declared)]


def _right_faults() -> list[str]:
    declared = wall.rights()
    with connection.cursor() as cursor:
        cursor.execute(RIGHTS, [list(KINDS), wall.ROLE])
        held = {(table, kind) for table, kind in cursor.fetchall()}
        cursor.execute(COLUMN_RIGHTS, [list(COLUMN_KINDS), wall.ROLE, wall.ROLE])
        columns = {(table, kind): names for table, kind, names in cursor.fetchall()}
    wanted = {(table, kind) for table, kinds in declared.items() for kind in kinds}
    wanted_columns = {(table, "SELECT"): ", ".join(sorted(names.split(", "))) for table, names in wall.COLUMNS.items()}
    found = [f"{table} lacks {kind}" for table, kind in sorted(wanted - held)]
    found += [f"{table} grants {kind}" for table, kind in sorted(held - wanted)]
    for key in sorted(columns.keys() | wanted_columns.keys()):
        if columns.get(key) != wanted_columns.get(key):
            found.append(f"{key[0]} grants {key[1]} on other columns than declared")
    return found
