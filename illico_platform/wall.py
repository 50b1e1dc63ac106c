"""Which rows the portal's database role may see and write: one line per table, put up after every migration.

Every table of the apps stands in ``WALLED``, ``SHARED`` or ``HIDDEN``; a test and a system check hold it.
"""

import json
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connection, transaction

ROLE = "illico_portal"
POLICY = "portal"
WRITING = {"INSERT", "UPDATE", "DELETE"}
MINE = "(SELECT NULLIF(current_setting('illico.company_id', true), '')::bigint)"

# Table: the column that names the company, or a column and the walled table it points into.
WALLED = {
    "numbers_company": "id",
    "numbers_membership": "company_id",
    "numbers_invitation": "company_id",
    "numbers_payoutaccount": "company_id",
    "numbers_premiumnumber": "company_id",
    "numbers_numbertransition": "number_id numbers_premiumnumber",
    "numbers_openinghours": "number_id numbers_premiumnumber",
    "numbers_openingexception": "number_id numbers_premiumnumber",
    "numbers_holidayrule": "number_id numbers_premiumnumber",
    "numbers_accesschannel": "number_id numbers_premiumnumber",
    "numbers_accessopening": "access_id numbers_accesschannel",
    "numbers_channelrequest": "company_id",
    "numbers_roomsignal": "request_id numbers_channelrequest",
    "numbers_directoryrecord": "number_id numbers_premiumnumber",
    "numbers_numberreservation": "company_id",
    "numbers_enrolment": "company_id",
    "numbers_enrolmentdocument": "enrolment_id numbers_enrolment",
    "numbers_enrolmentdecision": "enrolment_id numbers_enrolment",
    "numbers_portrequest": "enrolment_id numbers_enrolment",
    "numbers_source": "company_id",
    "numbers_numberalias": "source_id numbers_source",
    "numbers_staffevent": "source_id numbers_source",
    "numbers_intake": "source_id numbers_source",
    "numbers_rejectedrow": "intake_id numbers_intake",
    "numbers_callupload": "company_id",
    "numbers_call": "company_id",
    "numbers_callday": "company_id",
    "numbers_recheck": "company_id",
    "agents_site": "company_id",
    "agents_agent": "company_id",
    "agents_pbxname": "agent_id agents_agent",
    "agents_contract": "agent_id agents_agent",
    "agents_locationproof": "agent_id agents_agent",
    "agents_teleworkagreement": "agent_id agents_agent",
    "agents_checkin": "company_id",
    "agents_presencecheck": "check_in_id agents_checkin",
    "agents_networksighting": "company_id",
    "agents_trainingsession": "company_id",
    "agents_attendance": "agent_id agents_agent",
    "agents_skill": "agent_id agents_agent",
    "agents_expirynotice": "agent_id agents_agent",
    "agents_workday": "company_id",
    "agents_shift": "company_id",
    "agents_workcorrection": "agent_id agents_agent",
    "agents_payrolldeclaration": "company_id",
    "agents_payslip": "company_id",
    "agents_payrollmonth": "company_id",
    "agents_payrollnumber": "company_id",
    "agents_payrollupload": "company_id",
    "agents_verdict": "company_id",
    "agents_verdictchange": "company_id",
    "agents_judgedday": "company_id",
    "agents_channelday": "company_id",
    "billing_tariff": "number_id numbers_premiumnumber",
    "billing_fundmonth": "company_id",
    "billing_jobmonth": "company_id",
    "billing_entry": "company_id",
    "billing_ratedcall": "company_id",
    "billing_ratedchange": "company_id",
    "billing_ratedday": "company_id",
    "billing_finding": "company_id",
    "billing_findingnote": "finding_id billing_finding",
}
# Of these a person of a company only sees some rows, by a condition of their own.
CONDITIONS = {
    "numbers_user": "id IN (SELECT user_id FROM numbers_membership)",
    "mfa_authenticator": "user_id IN (SELECT user_id FROM numbers_membership)",
    "agents_payrollfile": "id IN (SELECT file_id FROM agents_payrolldeclaration)",
    # The operator's catalogue of courses is everybody's.
    "agents_course": f"company_id IS NULL OR company_id = {MINE}",
    "agents_courseevent": f"company_id IS NULL OR company_id = {MINE}",
    # A line of the operator's own account belongs to the company's entry all the same: an entry is read whole.
    "billing_line": "EXISTS (SELECT FROM billing_entry WHERE id = entry_id)",
    "pghistory_context": "id = NULLIF(current_setting('pghistory.context_id', true), '')::uuid",
}
# The operator's tables that every company may read.
SHARED = {
    "agents_commune",
    "numbers_planceiling",
    "numbers_accessduty",
    "numbers_numberblock",
    "agents_evidencepolicy",
    "agents_workingtimerule",
    "agents_contributioncode",
    "billing_fulltime",
    "billing_vatrate",
    "billing_minimumwage",
    "billing_sharepolicy",
    "billing_wagepolicy",
    "billing_account",
    "billing_journal",
    "billing_period",
}
# Nobody's business but the operator's and the workers'.
HIDDEN = {
    "numbers_callerkey",
    "numbers_opencall",
    "numbers_user_groups",
    "numbers_user_user_permissions",
    "billing_journalyear",
    "billing_run",
    "billing_runstage",
    "numbers_numberblockevent",
    "numbers_accessdutyevent",
    "agents_evidencepolicyevent",
    "agents_workingtimeruleevent",
    "agents_contributioncodeevent",
    "billing_fulltimeevent",
    "billing_minimumwageevent",
    "billing_vatrateevent",
    "billing_sharepolicyevent",
    "billing_wagepolicyevent",
}
# Tables that a person of a company writes, straight or by a trigger of what they write.
WRITTEN = {
    "numbers_company",
    "numbers_membership",
    "numbers_invitation",
    "numbers_payoutaccount",
    "numbers_premiumnumber",
    "numbers_numbertransition",
    "numbers_openinghours",
    "numbers_openingexception",
    "numbers_holidayrule",
    "numbers_accesschannel",
    "numbers_accessopening",
    "numbers_channelrequest",
    "numbers_roomsignal",
    "numbers_directoryrecord",
    "numbers_numberreservation",
    "numbers_enrolment",
    "numbers_enrolmentdocument",
    "numbers_portrequest",
    "numbers_source",
    "numbers_numberalias",
    "numbers_callupload",
    "numbers_recheck",
    "agents_site",
    "agents_agent",
    "agents_pbxname",
    "agents_contract",
    "agents_locationproof",
    "agents_teleworkagreement",
    "agents_checkin",
    "agents_presencecheck",
    "agents_course",
    "agents_trainingsession",
    "agents_attendance",
    "agents_skill",
    "agents_workcorrection",
    "agents_shift",
    "agents_payslip",
    "agents_payrollmonth",
    "agents_payrollnumber",
    "agents_payrollupload",
    "billing_tariff",
    "billing_finding",
    "billing_findingnote",
    "pghistory_context",
}
# No password hash and no authenticator's secret leaves its table by way of the portal.
COLUMNS = {
    "numbers_user": "id, email, first_name, last_name, is_active, last_login, date_joined",
    "mfa_authenticator": "id, user_id, type",
}

# PostgreSQL keeps a condition in its own words. A hash of ours and of its own beside the policy tells whether either
# changed since.
SEAL = """DO $$ DECLARE each record; BEGIN
    FOR each IN SELECT tablename, md5(%(conditions)s::jsonb ->> tablename || qual || with_check) AS seal
                  FROM pg_policies WHERE schemaname = 'public' AND policyname = %(policy)s LOOP
        EXECUTE format('COMMENT ON POLICY %%I ON %%I IS %%L', %(policy)s, each.tablename, each.seal);
    END LOOP; END $$"""


def conditions() -> dict[str, str]:
    """The condition under which the portal's role sees a row, per table; a tracked table's history follows it."""
    found = {table: _condition(rule) for table, rule in WALLED.items()} | CONDITIONS
    for table in event_tables():
        base = table.removesuffix("event")
        if base in WALLED:
            rule = "pgh_obj_id" if WALLED[base] == "id" else WALLED[base]
            found[table] = _condition(rule)
    return found


def written() -> set[str]:
    """The tables that the portal's role may write, histories included."""
    return WRITTEN | {table for table in event_tables() if table.removesuffix("event") in WRITTEN}


def event_tables() -> list[str]:
    """The history tables of the apps' models."""
    return sorted(model._meta.db_table for model in apps.get_models() if model._meta.db_table.endswith("event"))


def rights() -> dict[str, set[str]]:
    """The rights of the portal's role on whole tables, per table."""
    writable = written()
    found = {table: {"SELECT"} for table in conditions().keys() | SHARED if table not in COLUMNS}
    return {table: kinds | (WRITING if table in writable else set()) for table, kinds in found.items()}


def seals() -> str:
    """What each policy's comment is made of beside the policy itself, as a JSON object by table."""
    return json.dumps(conditions())


def put_up_wall(**kwargs: Any) -> None:
    """Create the role when there is none, and give it exactly these rights; where they stand it touches nothing.

    Receiver of ``post_migrate``; a flush, which changes no table, sends the signal without a plan.
    """
    from illico_platform.wall_state import faults

    if "plan" not in kwargs or not faults():
        return
    with transaction.atomic(), connection.cursor() as cursor:
        # A database migrated half the way, forth or back, holds some of the tables.
        for statement in statements(set(connection.introspection.table_names(cursor))):
            cursor.execute(statement)
        cursor.execute(SEAL, {"policy": POLICY, "conditions": seals()})


def statements(tables: set[str]) -> Iterator[str]:
    """The SQL of the wall around these tables, in order; ``SEAL`` follows."""
    yield f"""DO $$ BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') THEN CREATE ROLE {ROLE} NOLOGIN; END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"""  # another database of the server did it
    yield f"""DO $$ BEGIN
        IF NOT pg_has_role(current_user, '{ROLE}', 'SET') THEN
            EXECUTE format('GRANT {ROLE} TO %I', current_user);
        END IF;
    EXCEPTION WHEN unique_violation OR SQLSTATE 'XX000' THEN NULL; END $$"""
    yield f"GRANT USAGE ON SCHEMA public TO {ROLE}"
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {ROLE}, PUBLIC"
    # A second policy widens the first: none that the role falls under may stand beside ours.
    yield f"""DO $$ DECLARE each record; BEGIN
        FOR each IN SELECT policyname, tablename FROM pg_policies
                     WHERE schemaname = 'public' AND roles && ARRAY['{ROLE}', 'public']::name[] LOOP
            EXECUTE format('DROP POLICY %I ON %I', each.policyname, each.tablename);
        END LOOP; END $$"""
    known = {table: condition for table, condition in conditions().items() if table in tables}
    for table, condition in known.items():
        yield f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY'
        yield f'CREATE POLICY {POLICY} ON "{table}" TO {ROLE} USING ({condition}) WITH CHECK ({condition})'
    for table, kinds in rights().items():
        if table in tables:
            yield f'GRANT {", ".join(sorted(kinds))} ON "{table}" TO {ROLE}'
    for table in COLUMNS.keys() & tables:
        yield f'GRANT SELECT ({COLUMNS[table]}) ON "{table}" TO {ROLE}'


def _condition(rule: str) -> str:
    column, _, parent = rule.partition(" ")
    return f"{column} IN (SELECT id FROM {parent})" if parent else f"{column} = {MINE}"
