"""Base of every page of a company's space: who may enter, behind which wall, with which menu."""

from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.generic import FormView, ListView, TemplateView
from django.views.generic.base import View

from illico_platform.web.pages import CappedPaginator
from illico_platform.web.second_factor import operator_lacks_second_factor
from numbers.models import Company, Membership

from . import sees_all, visible_companies
from .places import OPERATOR, PLACES, SECOND_FACTOR, places_of
from .wall import walled

SAFE = ("GET", "HEAD", "OPTIONS")


class CompanyPage(View):
    """A page about one company, named by the SIREN in its address.

    A stranger gets 404, so that nobody learns which companies exist; a member without the role gets 403. Owners,
    accountants and the operator's people are first led to their second factor. The view and its template run inside
    the wall of that company: a query set that forgets its company still finds that company's rows only. An answer must
    not be read later than that: no streaming of lazy query sets.

    Attributes:
        place: the menu's entry that the page belongs to, a key of ``PLACES``.
        roles: who may enter; None is whoever may enter the place.
    """

    place = "dashboard"
    roles: frozenset[str] | None = None
    company: Company
    role: str

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        self.company = self._company(request, kwargs.pop("siren"))
        self.role = role_in(request, self.company)
        allowed = PLACES[self.place].roles if self.roles is None else self.roles
        if self.role not in allowed and (self.role != OPERATOR or PLACES[self.place].is_personal):
            raise PermissionDenied
        if self.role == OPERATOR and request.method not in SAFE:
            raise PermissionDenied
        if self._must_get_second_factor():
            request.session["wanted"] = request.get_full_path() if request.method in SAFE else ""
            return redirect("second_factor_wanted")
        request.space_role = self.role  # type: ignore[attr-defined]  # what the menu may count
        with walled(company_id=self.company.pk):
            response = super().dispatch(request, *args, **kwargs)
            if hasattr(response, "render"):
                response.render()
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        return context | {
            "company": self.company,
            "role": self.role,
            "place": self.place,
            "places": places_of(self.role),
            "may_write": self.role != OPERATOR,
        }

    def _must_get_second_factor(self) -> bool:
        if self.role == OPERATOR:
            return operator_lacks_second_factor(self.request.user)
        return self.role in SECOND_FACTOR and not is_mfa_enabled(self.request.user)

    def _company(self, request: HttpRequest, siren: str) -> Company:
        company = visible_companies(request.user).filter(siren=siren).first()
        if company is None:
            raise Http404
        return company


def role_in(request: HttpRequest, company: Company) -> str:
    """The person's role in a company that they may see; ``OPERATOR`` for the operator's staff."""
    role = Membership.objects.filter(user_id=request.user.pk, company=company).values_list("role", flat=True).first()
    if role is None and sees_all(request.user):
        return OPERATOR
    return role or ""


class CompanyTemplatePage(CompanyPage, TemplateView):
    """A page that shows something."""


class CompanyFormPage(CompanyPage, FormView):
    """A page with a form; what was refused is answered with 422, so that scripts and tests see it too."""

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


class CompanyList(CompanyPage, ListView):
    """A page of rows, filtered, sorted and cut into pages by its address.

    Attributes:
        filterset_class: a ``django_filters.FilterSet``, or None.
    """

    paginator_class = CappedPaginator
    paginate_by = 50
    filterset_class: type | None = None

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        if self.filterset_class is None:
            return rows
        self.filterset = self.filterset_class(self.request.GET, queryset=rows, request=self.request)
        return self.filterset.qs

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        address = self.request.GET.copy()
        address.pop("page", None)
        filters = {"filter": self.filterset} if self.filterset_class else {}
        return super().get_context_data(**kwargs) | filters | {"address": address.urlencode()}
