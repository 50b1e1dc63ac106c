"""The review of files: the oldest first, a checklist with what the machine found, a decision the company reads."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Case, QuerySet, When
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from billing.portal.enrol_papers import paper_answer
from billing.portal.enrol_summary import summary_of
from billing.portal.enrol_words import sentence
from billing.rules.enrolment_check import Step, faults_of, warnings_of
from billing.selectors_enrolment import file_of
from billing.services.review_enrolment import decide_on
from illico_platform.lib.errors import IllicoError
from illico_platform.web import show
from illico_platform.web.action import ActionForm
from illico_platform.web.admin import ReadOnlyAdmin
from illico_platform.web.columns import Columns
from illico_platform.web.show import chip
from illico_platform.web.words import told
from numbers.models import Enrolment, EnrolmentDecision, PortRequest, PremiumNumber

Kind = EnrolmentDecision.Kind
Status = PremiumNumber.Status
# What the operator looks at, and the steps whose faults the machine shows beside it.
POINTS: dict[str, tuple[str, tuple[Step, ...]]] = {
    "identity": (_("Identité du représentant et de l’entreprise"), ()),
    "name": (_("Droit au nom du service"), ()),
    "eligibility": (_("Usage permis sur ce numéro"), (Step.USE, Step.LAW, Step.NUMBER)),
    "price": (_("Prix sous le plafond"), (Step.PRICE,)),
    "signage": (_("Affichage et message de prix"), (Step.PRICE,)),
    "hours": (_("Horaires"), (Step.HOURS,)),
    "directory": (_("Fiche de l’annuaire"), (Step.DIRECTORY,)),
    "documents": (_("Pièces lisibles et à jour"), (Step.DOCUMENTS,)),
    "viability": (_("Équilibre lu"), (Step.VIABILITY, Step.AGENTS)),
}


class DecisionForm(ActionForm):
    """The points ticked, the decision, the message."""

    points = forms.MultipleChoiceField(
        label=_("Points vérifiés"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(key, words) for key, (words, _steps) in POINTS.items()],
    )
    kind = forms.ChoiceField(
        label=_("Décision"),
        error_messages={
            "required": _("Choisissez une décision."),
            "invalid_choice": _("Cette décision n’est plus possible : le dossier a changé. Relisez-le, puis décidez."),
        },
    )
    seen = forms.DateTimeField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(
        label=_("Message à l’entreprise"),
        widget=forms.Textarea,
        help_text=_("Gardé avec la décision, montré dans le dossier et envoyé par courriel."),
        error_messages={"required": _("Écrivez ce que l’entreprise doit lire.")},
    )

    def __init__(self, *args: Any, kinds: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # None is chosen beforehand: a decision is taken, not left standing.
        self.fields["kind"].choices = self.fields["kind"].widget.choices = [("", _("à choisir")), *kinds]


@admin.register(Enrolment)
class EnrolmentAdmin(ReadOnlyAdmin):
    """What companies answered; a submitted file is decided on from its page."""

    _c = Columns(Enrolment)
    list_display = ["__str__", _c.link("company"), "digits", "submitted_at", "state", "review"]
    list_select_related = ["company", "number"]
    list_filter = ["number__status", "answer"]
    search_fields = ["digits", "company__name", "company__siren"]
    change_form_outer_before_template = "admin/billing/enrolment/door.html"

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        """Those that wait for an answer on top, the one submitted first before the others."""
        return [Case(When(number__status=Status.SUBMITTED, then=0), default=1).asc(), "submitted_at", "pk"]

    @admin.display(description=_("état"))
    def state(self, file: Enrolment) -> str:
        """Where the file stands: not submitted, with the operator, sent back, or as its number."""
        if file.number is None:
            return chip("draft", _("pas encore déposé"))
        if file.is_open:
            return chip("warning", file.get_answer_display())
        return chip(file.number.status, file.number.get_status_display())

    @admin.display(description="")
    def review(self, file: Enrolment) -> str:
        """The way to the review, for a file that waits for a decision."""
        if not _kinds(file):
            return ""
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:numbers_enrolment_review", args=[file.pk]), _("Examiner")
        )

    def get_urls(self) -> list[Any]:
        review, paper = self.admin_site.admin_view(self.review_view), self.admin_site.admin_view(self.paper_view)
        return [
            path("<int:pk>/examen/", review, name="numbers_enrolment_review"),
            path("<int:pk>/pieces/<int:paper>/", paper, name="numbers_enrolment_paper"),
            *super().get_urls(),
        ]

    def paper_view(self, request: HttpRequest, pk: int, paper: int) -> HttpResponseBase:
        """A document of a file, for the operator's eyes."""
        file = self._file(request, pk)
        return paper_answer(file.documents.filter(pk=paper).first() if file else None)

    def review_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The checklist and the decision."""
        file = self._file(request, pk)
        if file is None:
            messages.error(request, _("Ce dossier n’existe plus."))
            return HttpResponseRedirect(reverse("admin:numbers_enrolment_changelist"))
        kinds = _kinds(file)
        if request.method == "POST" and not kinds:
            messages.error(request, _("Ce dossier a déjà reçu une réponse : elle est ci-dessous."))
            return HttpResponseRedirect(request.path)
        seen = file.submitted_at.isoformat() if file.submitted_at else ""
        form = DecisionForm(request.POST or None, kinds=kinds, initial={"seen": seen})
        if request.method == "POST" and form.is_valid():
            try:
                self._decide(request, file, form.cleaned_data)
            except IllicoError as refusal:
                form.add_error(None, told(refusal))
                # What is shown beside the form now is the file of this moment.
                form.data = form.data.copy()
                form.data["seen"] = seen
            else:
                messages.success(request, _("La décision est gardée, l’entreprise en est avertie."))
                return HttpResponseRedirect(request.path)
        context = {
            **self.admin_site.each_context(request),
            "title": show.pair(_("Examen"), file.title),
            "file": file,
            "form": form if kinds else None,
            "decisions": file.decisions.select_related("by"),
            **_facts(file),
        }
        return TemplateResponse(
            request, "admin/billing/enrolment/review.html", context, status=422 if form.errors else 200
        )

    def _decide(self, request: HttpRequest, file: Enrolment, data: dict[str, Any]) -> None:
        page = reverse("portal:enrol_check", kwargs={"siren": file.company.siren, "pk": file.pk})
        decide_on(
            enrolment=file,
            kind=data["kind"],
            reason=data["reason"],
            checklist={key: key in data["points"] for key in POINTS},
            by=request.user,
            now=timezone.now(),
            address=request.build_absolute_uri(page),
            seen=data["seen"],
        )

    def _file(self, request: HttpRequest, pk: int) -> Enrolment | None:
        # Deciding is changing the number: who may not change numbers may not decide on files.
        if not request.user.has_perm("numbers.change_premiumnumber"):
            raise PermissionDenied
        found: QuerySet[Enrolment] = Enrolment.objects.filter(pk=pk).select_related("company", "number")
        return found.first()


def _kinds(file: Enrolment) -> list[tuple[str, str]]:
    """The decisions that the number's state allows."""
    status = file.number.status if file.number else ""
    if status == Status.SUBMITTED:
        return [
            (Kind.APPROVED, _("Accepter")),
            (Kind.CHANGES, _("Demander de compléter")),
            (Kind.REFUSED, _("Refuser")),
        ]
    return [(Kind.LIVE, _("Mettre en service"))] if status == Status.APPROVED else []


def _facts(file: Enrolment) -> dict[str, Any]:
    """What the company answered and what the machine finds, point by point."""
    now = timezone.now()
    judged = file_of(file, now=now)
    told = [*faults_of(judged), *warnings_of(judged)]
    return {
        "points": [
            {"words": words, "faults": [sentence(each) for each in told if each.step in steps]}
            for words, steps in POINTS.values()
        ],
        "answers": summary_of(file, judged),
        "port": PortRequest.objects.filter(enrolment=file).first(),
        "papers": list(file.documents.all()),
    }
