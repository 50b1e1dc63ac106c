"""What the menu of a company's space says of this app: how many findings are open."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.http import HttpRequest

from billing.models import Finding
from billing.rules.checks_kinds import PAY_KINDS
from numbers.access.places import sees_pay


def open_findings(request: HttpRequest) -> dict[str, Any]:
    """Context of the space's pages: the open findings that the person
    may see, counted once by the page that shows its menu, else never."""
    match = request.resolver_match
    if match is None or "portal" not in match.namespaces:
        return {}
    siren = match.kwargs["siren"]
    hidden = () if sees_pay(getattr(request, "space_role", "")) else PAY_KINDS
    rows = Finding.objects.filter(company__siren=siren, resolved_at=None).exclude(kind__in=hidden)
    count: Callable[[], int] = cache(rows.count)
    return {"open_findings": count}
