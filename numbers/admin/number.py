"""Numbers: found in any written form, enrolled through the service, moved along their life with a reason."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter
from unfold.decorators import action

from illico_platform.lib.errors import IllicoError
from illico_platform.web import show
from illico_platform.web.action import ActionForm, ActionPage
from illico_platform.web.admin import KeptAdmin, PlatformAdmin, ReadOnlyAdmin, ReadOnlyInline
from illico_platform.web.columns import Columns
from illico_platform.web.words import told
from numbers.access import actors_of
from numbers.models import (
    Company,
    NumberAlias,
    NumberTransition,
    PremiumNumber,
)
from numbers.rules.eligibility import Payer, UseCase
from numbers.rules.lifecycle import Status, next_steps
from numbers.rules.plan import NumberRefused, normalise
from numbers.services.decide import take_step
from numbers.services.enrol import create_draft

from .channel import ChannelInline
from .opening import ExceptionInline, HolidayInline, HoursInline

# What a person does by moving a number from one state to another.
VERBS = {
    (Status.DRAFT, Status.SUBMITTED): _("Déposer le dossier"),
    (Status.SUBMITTED, Status.DRAFT): _("Renvoyer à compléter"),
    (Status.SUBMITTED, Status.APPROVED): _("Approuver"),
    (Status.APPROVED, Status.LIVE): _("Mettre en service"),
    (Status.LIVE, Status.SUSPENDED): _("Suspendre"),
    (Status.SUSPENDED, Status.LIVE): _("Reprendre"),
    (Status.CEASED, Status.QUARANTINED): _("Mettre en quarantaine"),
}
CEASE = _("Résilier")


class ReasonForm(ActionForm):
    reason = forms.CharField(
        label=_("Motif"),
        widget=forms.Textarea,
        help_text=_("Gardé avec la décision, avec votre nom et l’heure."),
        error_messages={"required": _("Donnez le motif de la décision : il sera lu par l’entreprise.")},
    )


class NewNumberForm(ActionForm):
    company = forms.ModelChoiceField(
        Company.objects.filter(is_active=True), label=_("Entreprise"), empty_label=_("Choisir")
    )
    use_case = forms.ChoiceField(
        label=_("Usage"),
        choices=PremiumNumber.UseCase.choices,
        help_text=_("Demandé d’abord : la loi interdit certains numéros payants à certains usages."),
    )
    payer = forms.ChoiceField(label=_("Qui paie"), choices=PremiumNumber.Payer.choices)
    written = forms.CharField(
        label=_("Numéro"), help_text=_("Sous toute forme : 0 892 69 00 01, +33 892 690 001, 3939.")
    )
    label = forms.CharField(label=_("Nom du service"), required=False, max_length=120)


class TransitionInline(ReadOnlyInline):
    model = NumberTransition
    fields = ["at", "from_status", "to_status", "by", "reason"]
    verbose_name_plural = _("vie du numéro")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("by")


@admin.register(PremiumNumber)
class PremiumNumberAdmin(KeptAdmin):
    """A number's facts are fixed when it is enrolled; only its service name and hours are edited here."""

    _c = Columns(PremiumNumber)
    list_display = ["__str__", _c.link("company"), "label", _c.chip("status"), "payer", "use_case", "created_at"]
    list_select_related = ["company"]
    list_filter = ["status", "payer", "family", "use_case", ("company", AutocompleteSelectFilter)]
    search_fields = ["digits", "label", "company__name", "company__siren"]
    readonly_fields = ["company", "digits", "e164", "family", "payer", "use_case", "status", "created_at"]
    fields = ["company", "digits", "label", "status", "payer", "use_case", "family", "e164", "created_at"]
    inlines = [TransitionInline, HoursInline, ExceptionInline, HolidayInline, ChannelInline]
    actions = ["approve_chosen", "suspend_chosen", "resume_chosen"]
    change_form_outer_before_template = "admin/numbers/premiumnumber/decisions.html"

    def get_urls(self) -> list[Any]:
        decide = self.admin_site.admin_view(self.decide_view)
        return [path("decide/<str:to_status>/", decide, name="numbers_premiumnumber_decide"), *super().get_urls()]

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        try:
            return queryset.filter(digits=normalise(search_term).digits), False
        except NumberRefused:
            return super().get_search_results(request, queryset, search_term)

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        page = ActionPage(
            title=_("Inscrire un numéro"),
            intro=_("Le numéro entre en brouillon. Les règles d’éligibilité décident de ce qui est permis."),
            submit=_("Inscrire le numéro"),
            form=NewNumberForm,
            run=lambda data: self._enrol(request, data),
        )
        return page.respond(self, request)

    def _enrol(self, request: HttpRequest, data: dict[str, Any]) -> str:
        number, assessment = create_draft(
            company=data["company"],
            written=data["written"],
            use_case=UseCase(data["use_case"]),
            payer=Payer(data["payer"]),
            by=request.user,
            now=timezone.now(),
            label=data["label"],
        )
        messages.success(request, _("Le numéro %(number)s est inscrit en brouillon.") % {"number": number})
        if assessment.answer.value == "warn":
            messages.warning(request, assessment.reason_en if show.is_english() else assessment.reason_fr)
        return reverse("admin:numbers_premiumnumber_change", args=[number.pk])

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        number = kwargs.get("obj")
        if number is not None and self.has_change_permission(request, number):
            context["decisions"] = self.decisions(request, number)
        return super().render_change_form(request, context, *args, **kwargs)

    def decisions(self, request: HttpRequest, number: PremiumNumber) -> list[dict[str, str]]:
        """The steps that this person may take with this number: verb and address."""
        here = Status(number.status)
        return [
            {"verb": VERBS.get((here, step), CEASE), "url": f"{self._decide_url(step)}?ids={number.pk}"}
            for step in next_steps(here, actors=actors_of(request.user, number.company))
        ]

    def decide_view(self, request: HttpRequest, to_status: str) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        ids = [int(part) for part in request.GET.get("ids", "").split(",") if part.isdigit()]
        numbers = list(PremiumNumber.objects.filter(pk__in=ids).select_related("company"))
        if not numbers or to_status not in [each.value for each in Status]:
            messages.error(request, _("Choisissez au moins un numéro."))
            return HttpResponseRedirect(reverse("admin:numbers_premiumnumber_changelist"))
        step = Status(to_status)
        page = ActionPage(
            title=VERBS.get((Status(numbers[0].status), step), CEASE),
            intro=_("La décision est datée et signée ; elle se lit dans la vie du numéro."),
            submit=_("Confirmer"),
            form=ReasonForm,
            subjects=[
                _("%(number)s · %(company)s · aujourd’hui « %(state)s »")
                % {"number": number, "company": number.company, "state": number.get_status_display()}
                for number in numbers
            ],
            run=lambda data: self._decide(request, numbers, step, data["reason"]),
        )
        return page.respond(self, request)

    def _decide(self, request: HttpRequest, numbers: list[PremiumNumber], step: Status, reason: str) -> str:
        """Take the step for each number; one number's refusal is raised, several are reported one by one."""
        for number in numbers:
            try:
                take_step(number=number, to_status=step, by=request.user, now=timezone.now(), reason=reason)
            except IllicoError as refusal:
                if len(numbers) == 1:
                    raise
                messages.error(request, show.pair(number, told(refusal)))
            else:
                messages.success(
                    request,
                    _("%(number)s est maintenant « %(state)s ».")
                    % {"number": number, "state": number.get_status_display()},
                )
        if len(numbers) == 1:
            return reverse("admin:numbers_premiumnumber_change", args=[numbers[0].pk])
        return reverse("admin:numbers_premiumnumber_changelist")

    @action(description=_("Approuver…"), permissions=["change"])
    def approve_chosen(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse:
        return self._ask(Status.APPROVED, queryset)

    @action(description=_("Suspendre…"), permissions=["change"])
    def suspend_chosen(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse:
        return self._ask(Status.SUSPENDED, queryset)

    @action(description=_("Mettre ou remettre en service…"), permissions=["change"])
    def resume_chosen(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse:
        return self._ask(Status.LIVE, queryset)

    def _ask(self, step: Status, queryset: QuerySet) -> HttpResponse:
        ids = ",".join(str(pk) for pk in queryset.values_list("pk", flat=True))
        return HttpResponseRedirect(f"{self._decide_url(step)}?ids={ids}")

    @staticmethod
    def _decide_url(step: Status) -> str:
        return reverse("admin:numbers_premiumnumber_decide", args=[step.value])


@admin.register(NumberTransition)
class NumberTransitionAdmin(ReadOnlyAdmin):
    """Each step in a number's life: who, when, why."""

    _c = Columns(NumberTransition)
    list_display = ["at", _c.link("number"), _c.chip("from_status"), _c.chip("to_status"), _c.link("by"), "reason"]
    list_select_related = ["number", "by"]
    list_filter = ["to_status", ("number", AutocompleteSelectFilter)]
    search_fields = ["number__digits", "by__email", "reason"]
    ordering = ["-id"]


@admin.register(NumberAlias)
class NumberAliasAdmin(PlatformAdmin):
    """Which queue or line name of a source stands for which number."""

    _c = Columns(NumberAlias)
    list_display = ["name", _c.link("source"), _c.link("number")]
    list_select_related = ["source", "number"]
    list_filter = [("source", AutocompleteSelectFilter), ("number", AutocompleteSelectFilter)]
    search_fields = ["name", "number__digits", "source__name"]
    autocomplete_fields = ["source", "number"]
