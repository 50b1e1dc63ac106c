"""The documents of a file: joined, read back by the company alone, taken out again."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from billing.rules.enrolment_check import Step
from illico_platform.lib.errors import IllicoError
from illico_platform.web.private_files import open_file
from illico_platform.web.words import told
from numbers.access.pages import CompanyFormPage
from numbers.models import EnrolmentDocument
from numbers.services.keep_enrolment import add_paper, remove_paper

from .enrol import FilePage
from .enrol_forms_service import PaperForm


class PapersStep(FilePage, CompanyFormPage):
    """What is joined and what is still missing."""

    step = Step.DOCUMENTS
    form_class = PaperForm
    template_name = "portal/enrol/papers.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.file.is_open:
            return redirect(self.address("enrol_check"))
        return super().get(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        content = form.cleaned_data["content"]
        try:
            add_paper(
                enrolment=self.file,
                kind=form.cleaned_data["kind"],
                content=content,
                name=content.name,
                by=self.request.user,
                now=self.now,
            )
        except IllicoError as refusal:
            form.add_error("content", told(refusal))
            return self.form_invalid(form)
        messages.success(self.request, _("La pièce est jointe."))
        return redirect(self.address("enrol_step", step=self.step.value))

    def get_initial(self) -> dict[str, Any]:
        """The first kind that is missing."""
        missing = [each.code.removeprefix("no_") for each in self.faults if each.step is self.step]
        return {"kind": missing[0]} if missing else {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "papers": list(self.file.documents.all()),
            "missing": self.told([each for each in self.faults if each.step is self.step]),
        }


class PaperFile(FilePage):
    """A document as it was brought."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return paper_answer(self.file.documents.filter(pk=kwargs["paper"]).first())


class PaperRemoval(FilePage):
    """Take a document out; asked by a button, so only POST."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            remove_paper(enrolment=self.file, paper_id=kwargs["paper"], by=request.user, now=self.now)
        except IllicoError as refusal:
            messages.error(request, told(refusal))
        else:
            messages.success(request, _("La pièce est retirée."))
        return redirect(self.address("enrol_step", step=Step.DOCUMENTS.value))


def paper_answer(paper: EnrolmentDocument | None) -> FileResponse:
    """The bytes of a document, to download; never shown inside the site.

    Raises:
        Http404: there is none, or its copy is gone.
    """
    if paper is None:
        raise Http404
    try:
        content = open_file(paper.path)
    except FileNotFoundError:
        raise Http404 from None
    answer = FileResponse(content, as_attachment=True, filename=paper.name, content_type=paper.media_type)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
