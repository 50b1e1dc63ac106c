"""The public pages: the directory of live numbers, one number, what crawlers may read."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from agents.selectors_evidence import asked_on
from billing import selectors_public
from billing.models.tariff import CAP_MICROS
from billing.public.cached import remembered, shared
from billing.public.limit import WINDOW_S, asks_too_often
from billing.public.shown import asked_words, shown
from billing.selectors_jobs import last_whole_month
from billing.selectors_public import PublicNumber
from illico_platform.lib.periods import paris_day
from illico_platform.web.pages import CappedPaginator
from illico_platform.web.words import told
from numbers.models import PremiumNumber
from numbers.rules.plan import NumberRefused, normalise

PER_PAGE = 30
WAGE_BP = 6_000  # the promise in words; what is held and proven follows the dated policy
LONGEST_QUESTION = 80


@dataclass(frozen=True)
class Leaf:
    """One page of the directory, as it is kept: nothing in it asks the database again."""

    rows: list[PublicNumber]
    total: int
    number: int
    num_pages: int
    is_capped: bool
    uses: list[str] = field(default_factory=list)

    @property
    def paginator(self) -> "Leaf":
        return self

    @property
    def has_other_pages(self) -> bool:
        return self.num_pages > 1

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def has_next(self) -> bool:
        return self.number < self.num_pages

    @property
    def previous_page_number(self) -> int:
        return self.number - 1

    @property
    def next_page_number(self) -> int:
        return self.number + 1


@require_safe
@shared
def directory(request: HttpRequest) -> HttpResponse:
    """What the numbers promise, and all that are in service; searched by number or words, filtered by use."""
    question = request.GET.get("q", "").strip()[:LONGEST_QUESTION]
    if question and asks_too_often(request):
        return _said(request, "too_often", 429, {"Retry-After": str(WINDOW_S)})
    use = request.GET.get("usage", "")
    use = use if use in PremiumNumber.UseCase.values else ""
    page = request.GET.get("page", "1")
    now = timezone.now()
    day = paris_day(now)
    leaf, asked = remembered(
        lambda: (_leaf(question, use, page, day), asked_on(day)), "leaf", question, use, page, day=day
    )
    labels = dict(PremiumNumber.UseCase.choices)
    address = request.GET.copy()
    address.pop("page", None)
    context = {
        "question": question,
        "use": use,
        "uses": [(each, labels[each]) for each in leaf.uses],
        "numbers": [shown(each, now=now) for each in leaf.rows],
        "page_obj": leaf,
        "address": address.urlencode(),
        "cap_micros": CAP_MICROS,
        "wage_bp": WAGE_BP,
        "asked": asked_words(asked),
        "canonical": _canonical(request, reverse("home"), leaf.number),
        # A page of results is one of many views of the same numbers: the numbers' own pages are indexed.
        "is_indexed": not (question or use),
    }
    return render(request, "public/home.html", context)


@require_safe
@shared
def number(request: HttpRequest, written: str) -> HttpResponse:
    """All that anybody may know of one number in service."""
    try:
        digits = normalise(written).digits
    except NumberRefused as refusal:
        return _said(request, "unreadable", 404, refusal=told(refusal))
    if digits != written:
        return redirect("public_number", digits, permanent=True)
    now = timezone.now()
    day = paris_day(now)
    found, asked = remembered(lambda: (_one(digits, day), asked_on(day)), "page", digits, day=day)
    if found is None:
        state = selectors_public.state_of(digits=digits)
        return _said(request, state or "unknown", 410 if state == "ceased" else 404, digits=digits)
    address = reverse("public_number", args=[digits])
    context = {
        "number": shown(found, now=now),
        "jobs": remembered(lambda: last_whole_month(digits=digits, before=day.replace(day=1)), "jobs", digits, day=day),
        "asked": asked_words(asked),
        "canonical": _canonical(request, address),
    }
    return render(request, "public/number.html", context)


@require_safe
@cache_control(public=True, max_age=86_400)
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers may read: the directory; nobody's space."""
    closed = [reverse("portal_entry"), reverse("admin:index"), "/compte/"]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), "Allow: /"]
    lines.append(f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def _leaf(question: str, use: str, page: str, day: date) -> Leaf:
    rows = selectors_public.live_numbers(**_asked(question), use_case=use)
    pages = CappedPaginator(rows, PER_PAGE)
    cut = pages.get_page(page)
    numbers = selectors_public.described(cut.object_list, day=day)
    uses = selectors_public.uses_offered()
    return Leaf(numbers, pages.count, cut.number, pages.num_pages, pages.is_capped, uses)


def one_number(digits: str, day: date) -> PublicNumber | None:
    """All that anybody may know of a number in service, as it was found within the last minutes."""
    return remembered(lambda: _one(digits, day), "number", digits, day=day)


def _one(digits: str, day: date) -> PublicNumber | None:
    rows = selectors_public.live_numbers(digits=digits).filter(digits=digits)
    return next(iter(selectors_public.described(rows, day=day)), None)


def _asked(question: str) -> dict[str, Any]:
    """A number however it is written, part of one, or words."""
    try:
        return {"digits": normalise(question).digits}
    except NumberRefused:
        bare = "".join(question.split())
        if bare.isascii() and bare.isdigit():
            return {"digits": bare}
        return {"words": question.split()}


def _canonical(request: HttpRequest, path: str, page: int = 1) -> str:
    return request.build_absolute_uri(path + (f"?page={page}" if page > 1 else ""))


def _said(
    request: HttpRequest, what: str, status: int, headers: dict[str, str] | None = None, **context: Any
) -> HttpResponse:
    """A page that says in a sentence why there is nothing to show."""
    response = render(request, "public/nothing.html", {"what": what, **context}, status=status)
    for name, value in (headers or {}).items():
        response[name] = value
    return response
