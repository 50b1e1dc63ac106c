"""The second wall between companies: PostgreSQL itself shows the portal's role the rows of one company only.

Which tables stand behind it is declared in ``illico_platform.wall``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

PORTAL_ROLE = "illico_portal"
COMPANY_SETTING = "illico.company_id"
# A page reads few rows: helpers and compiled plans would cost it, and the pages beside it, more than they bring.
_PLAIN_PLANS = "set_config('max_parallel_workers_per_gather', '0', true), set_config('jit', 'off', true)"


@contextmanager
def walled(*, company_id: int) -> Iterator[None]:
    """Run the block in one transaction as the portal's role, which sees and writes this company's rows alone.

    Everything that reads must happen inside: query sets are lazy. What fails inside is rolled back as a whole. Inside
    another wall it ends where that one goes on.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('role'), current_setting(%s, true)", [COMPANY_SETTING])
            before = cursor.fetchone()
            _enter(cursor, PORTAL_ROLE, str(company_id))
        yield
        # At the end of an inner transaction nothing is reset; a failure rolls both back by itself.
        with connection.cursor() as cursor:
            _enter(cursor, *before)


def _enter(cursor: Any, role: str, company: str | None) -> None:
    cursor.execute(
        f"SELECT {_PLAIN_PLANS}, set_config('role', %s, true), set_config(%s, %s, true)",
        [role, COMPANY_SETTING, company],
    )
