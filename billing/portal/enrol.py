"""Enrol a number: the files of a company, one file's base, its check and its submission."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _

from billing.rules.enrolment_check import Fault, File, Step, faults_of, warnings_of
from billing.selectors_enrolment import file_of, step_answers
from billing.services.submit_enrolment import FileIncomplete, submit_enrolment
from illico_platform.lib.errors import IllicoError
from illico_platform.web.words import told
from numbers.access.pages import CompanyPage, CompanyTemplatePage
from numbers.access.places import RUNS_THE_COMPANY
from numbers.models import Enrolment
from numbers.rules.plan import family_of
from numbers.rules.signage import signage, spoken_notice
from numbers.selectors_enrolment import open_enrolments
from numbers.services.keep_enrolment import FileClosed, discard, start

from .enrol_summary import summary_of
from .enrol_words import QUESTIONS, STATES, TITLES, sentence

STEPS = list(Step)


@dataclass(frozen=True)
class StepState:
    """A step in the margin: its rank, words, state, and where it is."""

    rank: int
    key: str
    title: Promise
    state: str
    words: Promise
    address: str
    is_here: bool


class FilePage(CompanyPage):
    """A page of one file of the company: owner and manager only."""

    place = "numbers"
    roles = RUNS_THE_COMPANY
    step: Step | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.now = timezone.now()
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def file(self) -> Enrolment:
        """The file named by the address, of this company; 404 otherwise."""
        found = Enrolment.objects.filter(company=self.company, pk=self.kwargs["pk"])
        file = found.select_related("company", "number").first()
        if file is None:
            raise Http404
        return file

    @cached_property
    def judged(self) -> File:
        return file_of(self.file, now=self.now)

    @cached_property
    def faults(self) -> list[Fault]:
        return faults_of(self.judged)

    def address(self, route: str, **kwargs: Any) -> str:
        return reverse(f"portal:{route}", kwargs={"siren": self.company.siren, "pk": self.file.pk, **kwargs})

    def states(self) -> list[StepState]:
        """Every step with its state: done, to review, to do."""
        faulty = {fault.step for fault in self.faults}
        has_papers = bool(self.judged.papers)
        found = []
        for rank, step in enumerate(STEPS, start=1):
            answered = bool(step_answers(self.file, step)) or (step is Step.DOCUMENTS and has_papers)
            state = "todo" if not answered else "review" if step in faulty else "done"
            address = self.address("enrol_step", step=step.value)
            here = step is self.step
            found.append(StepState(rank, step.value, TITLES[step], state, STATES[state], address, here))
        return found

    def told(self, faults: list[Fault]) -> list[dict[str, Any]]:
        """Faults in words, each with the way to its step."""
        return [
            {
                "title": TITLES[fault.step],
                "text": sentence(fault),
                "address": self.address("enrol_step", step=fault.step.value),
            }
            for fault in faults
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        at = STEPS.index(self.step) if self.step else len(STEPS)
        before = self.address("enrol_step", step=STEPS[at - 1].value) if at else ""
        return context | {
            "file": self.file,
            "steps": self.states(),
            "step_rank": at + 1,
            "question": QUESTIONS[self.step] if self.step else "",
            "before": before,
            "check_address": self.address("enrol_check"),
        }


class FilesPage(CompanyTemplatePage):
    """The company's files, and the button that begins one."""

    template_name = "portal/enrol/files.html"
    place = "numbers"
    roles = RUNS_THE_COMPANY

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"files": open_enrolments(self.company)}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        file = start(company=self.company, by=request.user, now=timezone.now())
        return redirect("portal:enrol_step", siren=self.company.siren, pk=file.pk, step=STEPS[0].value)


class CheckPage(FilePage, CompanyTemplatePage):
    """« Vérifier mon dossier »: all that is missing at once, then the submission; afterwards what was decided."""

    template_name = "portal/enrol/check.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "faults": self.told(self.faults) if self.file.is_open else [],
            "warnings": self.told(warnings_of(self.judged)) if self.file.is_open else [],
            "decisions": list(self.file.decisions.defer("by")),
            "said": [
                (each, self.address("enrol_step", step=each.step.value) if self.file.is_open else "")
                for each in summary_of(self.file, self.judged)
            ],
            "papers": [] if self.file.is_open else list(self.file.documents.all()),
            "refusal": kwargs.get("refusal", ""),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            submit_enrolment(enrolment=self.file, by=request.user, now=self.now)
        except FileClosed:
            # A second click, or a colleague was faster: the page shows where the file stands.
            return redirect(self.address("enrol_check"))
        except FileIncomplete:
            return self.render_to_response(self.get_context_data(), status=422)
        except IllicoError as refusal:
            return self.render_to_response(self.get_context_data(refusal=told(refusal)), status=422)
        messages.success(request, _("Le dossier est déposé. Nous vous écrivons dès qu’il est examiné."))
        return redirect(self.address("enrol_check"))


class DiscardPage(FilePage, CompanyTemplatePage):
    """Throw away a file that was never submitted, after saying what goes."""

    template_name = "portal/enrol/discard.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            discard(enrolment=self.file, by=request.user, now=self.now)
        except IllicoError as refusal:
            messages.error(request, told(refusal))
            return redirect(self.address("enrol_check"))
        messages.success(request, _("Le dossier est supprimé et son numéro libéré."))
        return HttpResponseRedirect(reverse("portal:enrol", kwargs={"siren": self.company.siren}))


class TextsFile(FilePage):
    """The signage and the spoken notice as a text file."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        texts = texts_of(self.judged)
        if texts is None:
            raise Http404
        body = f"{self.file.title}\n\n{texts['signage']}\n\n{texts['notice']}\n".rstrip() + "\n"
        answer = HttpResponse(body, content_type="text/plain; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="illico-{self.judged.digits or "numero"}.txt"'
        return answer


def texts_of(file: File, price_micros: int | None = None) -> dict[str, str] | None:
    """What stands beside the number and what callers hear, at this price or the file's; None while it is unknown."""
    price = file.price_micros if price_micros is None else price_micros
    family = family_of(file.digits) if file.digits else None
    if price is None or family is None:
        return None
    paid = price if file.choice == "caller" else 0
    try:
        return {
            "signage": signage(family, caller_price_micros=paid),
            "notice": spoken_notice(family, caller_price_micros=paid),
        }
    except ValueError:
        return None
