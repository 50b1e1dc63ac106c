"""The inbox of what a person must look at: list, one finding, and what people do about it."""

import re
from datetime import date
from typing import Any

import django_filters
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Case, F, IntegerField, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import lazy
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.models import Finding, FindingNote
from billing.models.finding_sums import sum_of
from billing.models.finding_words import law_of
from billing.portal.finding_links import action_of, rows_of_finding
from billing.rules.checks_kinds import KINDS, PAY_KINDS
from billing.services import settle_finding
from illico_platform.lib.errors import IllicoError
from numbers.access.pages import CompanyList, CompanyPage, CompanyTemplatePage
from numbers.access.places import sees_pay
from numbers.models import Membership

_STATES = [("moi", gettext_lazy("confiés à moi")), ("resolus", gettext_lazy("résolus")), ("tous", gettext_lazy("tous"))]


def _in_short(meaning: str) -> str:
    """What a kind means, up to its first colon or semicolon."""
    return re.split(r"\s?[:;]\s", _(meaning))[0].rstrip(".")


_KINDS = [(kind, lazy(_in_short, str)(meaning)) for kind, (_severity, meaning, _what_to_do) in KINDS.items()]


class FindingFilter(django_filters.FilterSet):
    """Open findings unless the address asks for others."""

    etat = django_filters.ChoiceFilter(
        label=gettext_lazy("Suivi"), choices=_STATES, method="_kept", empty_label=gettext_lazy("ouverts")
    )
    gravite = django_filters.ChoiceFilter(
        label=gettext_lazy("Gravité"),
        field_name="severity",
        choices=Finding.Severity.choices,
        empty_label=gettext_lazy("toutes"),
    )
    mois = django_filters.ChoiceFilter(
        label=gettext_lazy("Mois"), field_name="detail__month", empty_label=gettext_lazy("tous")
    )
    nature = django_filters.ChoiceFilter(
        label=gettext_lazy("Nature"), field_name="kind", choices=_KINDS, empty_label=gettext_lazy("toutes")
    )

    class Meta:
        model = Finding
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        months = self.queryset.order_by().values_list("detail__month", flat=True).distinct()
        self.filters["mois"].extra["choices"] = [
            (month, capfirst(date_format(date.fromisoformat(f"{month}-01"), "YEAR_MONTH_FORMAT")))
            for month in sorted(filter(None, months), reverse=True)
        ]

    def _kept(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        rows = super().filter_queryset(queryset)
        state = self.form.cleaned_data.get("etat") or ""
        if state == "resolus":
            return rows.exclude(resolved_at=None)
        if state == "moi":
            return rows.filter(resolved_at=None, assigned_to_id=self.request.user.pk)
        return rows if state == "tous" else rows.filter(resolved_at=None)


class _Findings(CompanyPage):
    place = "findings"

    def seen(self) -> QuerySet[Finding]:
        """The company's findings that the role may see, with the address of whom each is given to."""
        hidden = () if sees_pay(self.role) else PAY_KINDS
        rows = Finding.objects.filter(company=self.company).exclude(kind__in=hidden)
        # Whoever left the company stands behind the wall: their address is empty, their key is not.
        return rows.annotate(assignee=F("assigned_to__email"))


class FindingsPage(_Findings, CompanyList):
    """The list, worst first."""

    template_name = "portal/findings.html"
    filterset_class = FindingFilter

    def get_queryset(self) -> QuerySet[Finding]:
        self.queryset = self.seen()
        worst = Case(
            *(When(severity=severity, then=Value(rank)) for rank, severity in enumerate(("error", "warning", "info"))),
            output_field=IntegerField(),
        )
        return super().get_queryset().order_by("resolved_at", worst, "-last_seen_on", "-id")


class FindingPage(_Findings, CompanyTemplatePage):
    """One finding: what it means, the rows it speaks of, what to do, and what was done."""

    template_name = "portal/finding.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        finding = get_object_or_404(self.seen(), pk=self.kwargs["pk"])
        context = super().get_context_data(**kwargs)
        may_settle = context["may_write"] and self.role in settle_finding.settlers(finding.kind)
        notes = FindingNote.objects.filter(finding=finding).annotate(author=F("by__email")).defer("by")
        known = KINDS.get(finding.kind)
        return context | {
            "finding": finding,
            "meaning": f"{_(known[1]) if known else finding.said} {law_of(finding.detail)}",
            "what_to_do": _(known[2]) if known else finding.action,
            "sum": sum_of(finding.kind, finding.detail),
            "rows": rows_of_finding(finding, self.company, pay=sees_pay(self.role)),
            "act": action_of(finding, self.company),
            "notes": notes,
            "may_settle": may_settle,
            "may_comment": context["may_write"] and self.role in settle_finding.commenters(finding.kind),
            "members": self._members(finding) if may_settle else [],
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        finding = get_object_or_404(self.seen(), pk=self.kwargs["pk"])
        step = request.POST.get("step", "")
        allowed = settle_finding.commenters if step == "comment" else settle_finding.settlers
        if self.role not in allowed(finding.kind):
            raise PermissionDenied
        text = request.POST.get("text", "")
        try:
            said = self._step(finding, step, text)
        except IllicoError as error:
            return self.render_to_response(self.get_context_data(fault=str(error), typed=text), status=422)
        messages.success(request, said)
        return redirect(request.path)

    def _step(self, finding: Finding, step: str, text: str) -> str:
        """Do one step and say that it is done."""
        who: dict[str, Any] = {"finding": finding, "by": self.request.user, "now": timezone.now()}
        if step == "assign":
            to = self.request.POST.get("to", "")
            settle_finding.assign(to=int(to) if to.isdecimal() else None, **who)
            return _("C’est noté.")
        if step == "comment":
            settle_finding.comment(text=text, **who)
            return _("Commentaire ajouté.")
        if step == "resolve":
            settle_finding.resolve(reason=text, **who)
            return _("Constat résolu.")
        if step == "reopen":
            settle_finding.reopen(reason=text, **who)
            return _("Constat rouvert.")
        raise PermissionDenied

    def _members(self, finding: Finding) -> list[dict[str, Any]]:
        """Those to whom the finding may be given."""
        roles = list(settle_finding.settlers(finding.kind))
        rows = Membership.objects.filter(company=self.company, role__in=roles).order_by("user__email")
        return list(rows.values("user_id", "user__email"))
