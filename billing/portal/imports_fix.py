"""One import and one source: what was refused and why, and the way to put it right."""

import gzip
from datetime import timedelta
from itertools import islice
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from agents.services.keep_staff import StaffRefused, add_name
from billing.portal.import_forms import AliasForm, PersonForm, format_words
from billing.portal.import_words import expected_words, field_words, ignored_words
from billing.portal.imports import OfImports
from billing.portal.rows import calls_address
from billing.selectors_imports import (
    earlier_import,
    faulty_rows,
    intakes_of,
    unknown_names,
    waiting_names,
)
from billing.tasks import replay
from illico_platform.lib.errors import UnusableInput
from illico_platform.lib.periods import paris_day
from numbers.access.pages import CompanyPage, CompanyTemplatePage
from numbers.access.places import RUNS_THE_COMPANY, RUNS_THE_FLOOR
from numbers.models import CallUpload, Intake, Source
from numbers.services.keep_upload import open_upload
from numbers.services.name_sources import name_number

SHOWN = 200
LOOK_BACK = timedelta(days=90)


class _Fixing(OfImports, CompanyTemplatePage):
    """A page with several small forms: the one that was refused comes back with its fault."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.role not in RUNS_THE_COMPANY:
            raise PermissionDenied
        form = self.form_of(request.POST)
        if form.is_valid() and self.work(form):
            return redirect(request.path)
        return self.render_to_response(self.get_context_data(refused=form), status=422)

    def form_of(self, answers: Any) -> Any:
        raise NotImplementedError

    def work(self, form: Any) -> bool:
        """Call the service; False with an error on the form when it refused."""
        raise NotImplementedError


class ImportPage(_Fixing):
    """What became of one file, line by line where it was refused."""

    template_name = "portal/import.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.headers.get("HX-Request"):
            self.template_name = "portal/imports/_waiting.html"

    def get_context_data(self, refused: AliasForm | None = None, **kwargs: Any) -> dict[str, Any]:
        intake = self._intake()
        faulty = list(faulty_rows(intake=intake)[:SHOWN])
        waiting = waiting_names(intake=intake)
        return super().get_context_data(**kwargs) | {
            "intake": intake,
            "format": format_words(intake.connector),
            "earlier": earlier_import(intake=intake),
            "calls_url": calls_address(self.company, fichier=intake.pk),
            "ignored": [(cause, ignored_words(cause), rows) for cause, rows in sorted(intake.ignored.items())],
            "faulty": [(row, field_words(row.field), expected_words(row.expected, is_number=False)) for row in faulty],
            "faulty_count": max(len(faulty), intake.rejected - intake.rejects.filter(payload__isnull=False).count()),
            "waiting": [(each, self._form(rank, each.name, refused)) for rank, each in enumerate(waiting)],
            "waiting_calls": sum(each.calls for each in waiting),
            "replayed": intake.rejects.filter(replayed_at__isnull=False).count(),
            "is_replaying": any(each.is_known for each in waiting),
            "upload": CallUpload.objects.filter(company=self.company, intake=intake).exclude(path="").first(),
        }

    def form_of(self, answers: Any) -> AliasForm:
        return AliasForm(answers, company=self.company)

    def work(self, form: AliasForm) -> bool:
        source = self._intake().source
        name_number(source=source, **form.cleaned_data)
        transaction.on_commit(lambda: replay.delay(source.pk))
        messages.success(self.request, _("Rattaché. Les appels de cette file sont repris."))
        return True

    def _intake(self) -> Intake:
        return get_object_or_404(intakes_of(company_id=self.company.pk), pk=self.kwargs["pk"])

    def _form(self, rank: int, name: str, refused: AliasForm | None) -> AliasForm:
        if refused is not None and refused.data.get("name") == name:
            return refused
        return AliasForm(initial={"name": name}, company=self.company, auto_id=f"id_%s_{rank}")


class RefusedLines(OfImports, CompanyPage):
    """The refused lines as they stood in the file, to be corrected and given again; the header first, if it has one."""

    roles = RUNS_THE_FLOOR

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        intake = get_object_or_404(intakes_of(company_id=self.company.pk), pk=pk)
        upload = CallUpload.objects.filter(company=self.company, intake=intake).exclude(path="").first()
        if upload is None:
            raise Http404
        wanted = set(faulty_rows(intake=intake).values_list("line", flat=True))
        try:
            lines = _lines(upload, wanted)
        except UnusableInput as error:
            messages.error(request, str(error))
            return redirect("portal:import", siren=self.company.siren, pk=pk)
        answer = HttpResponse(b"".join(lines), content_type="application/octet-stream")
        answer["Content-Disposition"] = f'attachment; filename="lignes-refusees-{pk}.{_ending(upload)}"'
        answer["Cache-Control"] = "private, no-store"
        return answer


class SourcePage(_Fixing):
    """One source: its clock, what its names stand for, and the names that nobody knows."""

    template_name = "portal/source.html"

    def get_context_data(self, refused: PersonForm | None = None, **kwargs: Any) -> dict[str, Any]:
        source, today = self._source(), paris_day(timezone.now())
        unknown = unknown_names(source=source, first=today - LOOK_BACK, last=today)
        span = {"du": today - timedelta(days=30), "au": today}
        return super().get_context_data(**kwargs) | {
            "source": source,
            "aliases": source.aliases.select_related("number").order_by("name"),
            "names": source.agent_names.select_related("agent").order_by("name"),
            "unknown": [(each, self._form(rank, each, refused)) for rank, each in enumerate(unknown)],
            "unproven_url": calls_address(self.company, promesse="unproven", **span),
            "intakes": intakes_of(company_id=self.company.pk).filter(source=source)[:10],
        }

    def form_of(self, answers: Any) -> PersonForm:
        return PersonForm(answers, company=self.company)

    def work(self, form: PersonForm) -> bool:
        source = self._source()
        try:
            add_name(source=source, **form.cleaned_data)
        except StaffRefused as refusal:
            form.add_error(None, str(refusal))
            return False
        transaction.on_commit(lambda: replay.delay(source.pk))
        messages.success(self.request, _("Rattaché. Les appels répondus sous ce nom sont jugés de nouveau."))
        return True

    def _source(self) -> Source:
        return get_object_or_404(Source, company=self.company, pk=self.kwargs["pk"])

    def _form(self, rank: int, each: Any, refused: PersonForm | None) -> PersonForm:
        if refused is not None and refused.data.get("name") == each.name:
            return refused
        initial = {"name": each.name, "valid_from": each.first}
        return PersonForm(initial=initial, company=self.company, auto_id=f"id_%s_{rank}")


def _lines(upload: CallUpload, wanted: set[int]) -> list[bytes]:
    with open_upload(upload) as kept:
        packed = kept.read(2) == b"\x1f\x8b"
        kept.seek(0)
        file = gzip.GzipFile(fileobj=kept) if packed else kept
        with_head = wanted | ({1} if _ending(upload) == "csv" else set())
        last = max(with_head, default=0)
        return [line for number, line in enumerate(islice(file, last), 1) if number in with_head]


def _ending(upload: CallUpload) -> str:
    """« csv » for tables that begin with a header."""
    return "csv" if upload.connector == "generic-csv" else "log"
