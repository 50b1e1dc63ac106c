"""Where the month will end: what is due and the days it is stretched over are of the same calls."""

from datetime import timedelta
from decimal import Decimal

from django.db import connection

from billing.services.take_in import show_at_once
from tests.admin_rows import store_day
from tests.cast import SIREN, Cast
from tests.edges.portal import EVENING, THAT_NIGHT, look, play_evening

# Due to wages from the priced calls alone, cents rounded once per number, over the days that are posted.
_DUE = """
    SELECT sum(cents) / 100, max(last) FROM (
        SELECT round(sum(c.ht_micros) * 0.6 / 10000) AS cents, max(c.day) AS last
          FROM billing_ratedcall c JOIN numbers_company o ON o.id = c.company_id
          JOIN billing_ratedday d ON d.number_id = c.number_id AND d.day = c.day AND d.posted_revision > 0
         WHERE o.siren = %s AND c.month = '2026-11-01' GROUP BY c.number_id) AS numbers
"""


def test_calls_that_wait_for_their_posting_do_not_lower_the_landing(cast: Cast) -> None:
    play_evening(cast)
    store_day(cast, day=EVENING + timedelta(days=1))
    show_at_once(source=cast.source, now=THAT_NIGHT + timedelta(days=1))
    with connection.cursor() as cursor:
        cursor.execute(_DUE, [SIREN])
        due, last = cursor.fetchone()
    assert (due, last) == (Decimal("4.33"), EVENING)
    for route in ("dashboard", "wages"):
        page = look(cast.people["manager"], route, at=THAT_NIGHT + timedelta(days=1))
        landing = page.context["landing"]
        assert (landing["elapsed"], landing["due"]) == (last.day, round(due * 30 / last.day, 2))
