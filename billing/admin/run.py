"""Nights and what they found; a night is started from here and followed on its page."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from kombu.exceptions import OperationalError
from unfold.contrib.filters.admin import AutocompleteSelectFilter, RangeDateFilter
from unfold.decorators import action

from billing.admin.words import COUNTS, STAGES
from billing.models import Run, RunStage
from billing.services.night import COMPANY_STAGES
from billing.tasks import night
from illico_platform.lib.errors import IllicoError
from illico_platform.lib.periods import paris_day
from illico_platform.web import show
from illico_platform.web.action import ActionForm, ActionPage
from illico_platform.web.admin import ReadOnlyAdmin
from illico_platform.web.columns import Columns

PARKED = RunStage.Status.PARKED


class BrokerUnreachable(IllicoError):
    """The task could not be handed over; nothing was started."""


class NightForm(ActionForm):
    day = forms.DateField(
        label=_("Journée à clore"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Tout est jugé et tarifé ; seules les journées finies jusqu’à celle-ci sont comptabilisées."),
    )

    def clean_day(self) -> Any:
        day = self.cleaned_data["day"]
        if day >= paris_day(timezone.now()):
            raise forms.ValidationError(_("Cette journée n’est pas finie : choisissez hier au plus tard."))
        return day


@admin.register(Run)
class RunAdmin(ReadOnlyAdmin):
    """Nights: the day each closed, how far it is, what each company's stages did."""

    _c = Columns(Run)
    list_display = ["day", _c.chip("status"), _c.whole("companies"), "started_at", "ended_at"]
    list_filter = ["status", ("day", RangeDateFilter)]
    search_fields = ["day"]
    actions_list = ["start"]
    change_form_template = "admin/billing/run/page.html"

    def get_urls(self) -> list[Any]:
        own = [
            path("lancer/", self.admin_site.admin_view(self.start_view), name="billing_run_start"),
            path("attendre/<int:after>/", self.admin_site.admin_view(self.await_view), name="billing_run_await"),
            path("<int:pk>/avancement/", self.admin_site.admin_view(self.progress_view), name="billing_run_progress"),
        ]
        return [*own, *super().get_urls()]

    def has_start_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("billing.add_run")

    @action(description=_("Lancer une nuit"), url_path="aller-lancer", permissions=["start"])
    def start(self, request: HttpRequest) -> HttpResponse:
        return self.start_view(request)

    def start_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_start_permission(request):
            raise PermissionDenied
        page = ActionPage(
            title=_("Lancer une nuit"),
            intro=_("Les étapes reprennent là où elles en étaient : relancer une nuit ne compte rien deux fois."),
            submit=_("Lancer la nuit"),
            form=NightForm,
            initial={"day": paris_day(timezone.now()) - timedelta(days=1)},
            run=self._dispatch,
        )
        return page.respond(self, request)

    def _dispatch(self, data: dict[str, Any]) -> str:
        last = Run.objects.order_by("-id").values_list("pk", flat=True).first() or 0
        try:
            night.apply_async(args=[str(data["day"])], retry=False)
        except OperationalError as error:
            raise BrokerUnreachable(str(_("La file des tâches ne répond pas : rien n’a été lancé."))) from error
        return reverse("admin:billing_run_await", args=[last])

    def await_view(self, request: HttpRequest, after: int) -> HttpResponse:
        """Until a worker takes the night: then its page."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        taken = Run.objects.filter(pk__gt=after).order_by("id").first()
        if taken:
            return HttpResponseRedirect(reverse("admin:billing_run_change", args=[taken.pk]))
        context = {**self.admin_site.each_context(request), "model_admin": self, "title": _("La nuit attend son tour")}
        return TemplateResponse(request, "admin/billing/run/waiting.html", context)

    def progress_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = self.get_object(request, str(pk))
        if run is None or not self.has_view_permission(request, run):
            raise PermissionDenied
        return TemplateResponse(request, "admin/billing/run/_progress.html", progress_of(run))

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        if kwargs.get("obj") is not None:
            context |= progress_of(kwargs["obj"])
        return super().render_change_form(request, context, *args, **kwargs)


def progress_of(run: Run) -> dict[str, Any]:
    """How far a run is: steps done of all, and each stage with its counts."""
    stages = list(run.stages.select_related("company").order_by("-id")[:500])
    ended = run.stages.exclude(company=None).exclude(status=RunStage.Status.RUNNING).count()
    steps = run.companies * len(COMPANY_STAGES)
    return {
        "run": run,
        "is_running": run.status == Run.Status.RUNNING,
        "percent": 100 if run.status != Run.Status.RUNNING else min(99, 100 * ended // steps if steps else 0),
        "ended": ended,
        "steps": steps,
        "stages": [
            {
                "row": stage,
                "name": STAGES.get(stage.stage, stage.stage),
                "counts": " · ".join(
                    f"{COUNTS.get(name, name)} {show.whole(value)}" for name, value in stage.counts.items() if value
                ),
            }
            for stage in stages
        ],
        "parked": [(stage, STAGES.get(stage.stage, stage.stage)) for stage in stages if stage.status == PARKED],
    }


def _words(counts: dict[str, int]) -> str:
    return " · ".join(f"{COUNTS.get(name, name)} {show.whole(value)}" for name, value in counts.items() if value)


@admin.register(RunStage)
class RunStageAdmin(ReadOnlyAdmin):
    """Stages of nights, per company."""

    _c = Columns(RunStage)
    list_display = ["stage", _c.link("company"), _c.link("run"), _c.chip("status"), "started_at", "ended_at", "reason"]
    list_select_related = ["company", "run"]
    list_filter = ["status", "stage", ("company", AutocompleteSelectFilter)]
    search_fields = ["company__name", "stage", "reason"]
    ordering = ["-id"]
