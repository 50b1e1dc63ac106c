"""The second wall between companies: PostgreSQL itself shows the portal's role the rows of one company only.

Which tables stand behind it is declared in ``illico_platform.wall``.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

PORTAL_ROLE = "illico_portal"
COMPANY_SETTING = "illico.company_id"


@contextmanager
def walled(*, company_id: int) -> Iterator[None]:
    """Run the block in one transaction as the portal's role, which sees and writes this company's rows alone.

    Everything that reads must happen inside: query sets are lazy. What fails inside is rolled back as a whole.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {PORTAL_ROLE}")
            cursor.execute("SELECT set_config(%s, %s, true)", [COMPANY_SETTING, str(company_id)])
        yield
        # At the end of an inner transaction nothing is reset; a failure rolls both back by itself.
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE NONE")
            cursor.execute("SELECT set_config(%s, '', true)", [COMPANY_SETTING])
