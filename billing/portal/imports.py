"""Imports: what came in, a file given, the progress of the work on it. The work itself is a worker's."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from billing.portal.import_forms import SourceForm, UploadForm
from billing.portal.import_words import refusal_words
from billing.selectors_imports import intakes_of
from billing.services.take_upload import bytes_read, restart_upload
from billing.tasks import take_in_upload
from illico_platform.lib.errors import IllicoError
from numbers.access.pages import CompanyFormPage, CompanyList, CompanyTemplatePage
from numbers.access.places import RUNS_THE_COMPANY, RUNS_THE_FLOOR
from numbers.models import CallUpload, Intake, Source
from numbers.services.keep_upload import forget_upload, keep_upload
from numbers.services.locks import is_locked
from numbers.services.name_sources import NameTaken, add_source

State = CallUpload.State
# A task taken up by a worker shows it by its lock at once; until then it may stand in a queue for a while.
PATIENCE = timedelta(minutes=2)
REFUSED_FOR = timedelta(days=3)
_STAGES = [State.WAITING, State.READING, State.JUDGING, State.DONE]


class OfImports:
    """What pages about imports share."""

    place = "imports"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        return context | {"may_set_up": self.role in RUNS_THE_COMPANY}  # type: ignore[attr-defined]


class ImportListPage(OfImports, CompanyList):
    """Files taken in, newest first; above them the uploads that are not done."""

    template_name = "portal/imports.html"

    def get_queryset(self) -> QuerySet[Intake]:
        return intakes_of(company_id=self.company.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        uploads = CallUpload.objects.filter(company=self.company).exclude(state=State.DONE)
        # What was refused is told for some days; what failed stands until somebody starts it again.
        uploads = uploads.exclude(state=State.REFUSED, created_at__lt=timezone.now() - REFUSED_FOR).select_related(
            "source"
        )
        return super().get_context_data(**kwargs) | {
            "uploads": uploads[:10],
            "sources": Source.objects.of_files().filter(company=self.company),
        }


class UploadNewPage(OfImports, CompanyFormPage):
    """Give a file: it is kept encrypted, then a worker takes it in."""

    template_name = "portal/import_new.html"
    form_class = UploadForm
    roles = RUNS_THE_FLOOR

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not Source.objects.of_files().filter(company=self.company, is_active=True).exists():
            if self.role in RUNS_THE_COMPANY:
                return redirect("portal:source_new", siren=self.company.siren)
            return self.render_to_response(self.get_context_data(form=None))
        return super().get(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"company": self.company}

    def get_initial(self) -> dict[str, Any]:
        sources = Source.objects.of_files().filter(company=self.company)
        wanted = self.request.GET.get("source", "")
        last = Intake.objects.filter(source__in=sources.filter(pk=wanted) if wanted.isdigit() else sources).first()
        return {"source": wanted, **({"source": last.source_id, "connector": last.connector} if last else {})}

    def form_valid(self, form: UploadForm) -> HttpResponse:
        given = form.cleaned_data
        try:
            upload = keep_upload(
                company=self.company,
                source=given["source"],
                connector=given["connector"],
                name=given["file"].name,
                chunks=given["file"].chunks(),
                by=self.request.user,
                now=timezone.now(),
            )
        except IllicoError as error:
            form.add_error("file", str(error))
            return self.form_invalid(form)
        transaction.on_commit(lambda: take_in_upload.delay(upload.pk))
        return redirect("portal:upload", siren=self.company.siren, pk=upload.pk)


class UploadPage(OfImports, CompanyTemplatePage):
    """How far the work on an upload is; once done, its import. Left and opened again, it tells the same."""

    template_name = "portal/upload.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.headers.get("HX-Request"):
            self.template_name = "portal/imports/_progress.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.upload = self._upload()
        if self.upload.state == State.DONE and self.upload.intake_id:
            answer = redirect("portal:import", siren=self.company.siren, pk=self.upload.intake_id)
            if request.headers.get("HX-Request"):
                answer = HttpResponse(headers={"HX-Redirect": answer["Location"]})
            return answer
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        upload = self._upload()
        if request.POST.get("geste") == "supprimer":
            if not upload.is_working:
                forget_upload(upload)
                messages.success(request, _("Le fichier gardé est supprimé."))
        elif restart_upload(upload=upload):
            transaction.on_commit(lambda: take_in_upload.delay(upload.pk))
            messages.success(request, _("Le travail est relancé : il reprend dès qu’il a son tour."))
        if upload.intake_id and upload.state == State.DONE:
            return redirect("portal:import", siren=self.company.siren, pk=upload.intake_id)
        return redirect("portal:upload", siren=self.company.siren, pk=upload.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        upload = self.upload
        read = {State.WAITING: 0, State.READING: bytes_read(upload)}.get(upload.state, upload.size)
        return super().get_context_data(**kwargs) | {
            "upload": upload,
            "read": read,
            "share": 100 * read // upload.size if upload.size else 100,
            "stages": [(each.label, each == upload.state) for each in _STAGES],
            "is_stuck": is_stuck(upload),
            "is_waiting": upload.state == State.WAITING,
            "is_refused": upload.state == State.REFUSED,
            "is_failed": upload.state == State.FAILED,
            "error": refusal_words(upload.error) if upload.error else "",
        }

    def _upload(self) -> CallUpload:
        rows = CallUpload.objects.filter(company=self.company).select_related("source")
        return get_object_or_404(rows, pk=self.kwargs["pk"])


class SourceNewPage(OfImports, CompanyFormPage):
    """Add a PBX of the company."""

    template_name = "portal/source_new.html"
    form_class = SourceForm
    roles = RUNS_THE_COMPANY

    def get_initial(self) -> dict[str, Any]:
        return super().get_initial() | {"name": f"{slugify(self.company.name)[:40]}-pbx"}

    def form_valid(self, form: SourceForm) -> HttpResponse:
        try:
            source = add_source(company=self.company, **form.cleaned_data)
        except NameTaken as refusal:
            form.add_error("name", str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, _("Source ajoutée. Déposez maintenant un de ses fichiers."))
        answer = redirect("portal:import_new", siren=self.company.siren)
        answer["Location"] += f"?source={source.pk}"
        return answer


def is_stuck(upload: CallUpload) -> bool:
    """Whether nobody works on an upload that should be worked on: the worker died, or none is there."""
    if not upload.is_working or is_locked("upload", upload.pk):
        return False
    since = upload.created_at if upload.state == State.WAITING else upload.started_at
    return since is not None and timezone.now() - since > PATIENCE
