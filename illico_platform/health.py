"""Whether the site can work: database, broker, and whether the night came to its end. For monitors, without secrets."""

from datetime import timedelta
from typing import Any

import redis
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from illico_platform.lib.periods import paris_day

TIMEOUT_S = 2
# The night of a day starts at 02:15 on the next; by 06:00 it should have ended.
NIGHT_ENDS_BY = timedelta(hours=6)


@require_safe
@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """200 while pages can be served, 503 when the database or the broker does not answer.

    A night that is late, or that put companies aside, is told but does not take the site out of service.
    """
    database = _database()
    broker = _broker()
    night = _night() if database == "ok" else {"state": "unknown"}
    works = database == broker == "ok"
    found = {"status": "ok" if works else "down", "database": database, "broker": broker, "night": night}
    return JsonResponse(found, status=200 if works else 503)


def _database() -> str:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = '{TIMEOUT_S}s'")
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "down"
    return "ok"


def _broker() -> str:
    client = redis.Redis.from_url(
        settings.CELERY_BROKER_URL, socket_connect_timeout=TIMEOUT_S, socket_timeout=TIMEOUT_S
    )
    try:
        client.ping()
    except redis.RedisError:
        return "down"
    finally:
        client.close()
    return "ok"


def _night() -> dict[str, Any]:
    """The day that the last night closed, and whether it is the one that should be closed by now."""
    run = apps.get_model("billing", "Run").objects.order_by("-id").values("day", "status").first()
    if run is None:
        return {"state": "none yet"}
    due = paris_day(timezone.now() - NIGHT_ENDS_BY) - timedelta(days=1)
    state = run["status"] if run["day"] >= due else "late"
    return {"state": state, "day": run["day"].isoformat()}
