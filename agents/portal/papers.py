"""Documents behind what is said of agents: asked for in a form, and given back as a download."""

from typing import Any

from django import forms
from django.http import FileResponse, Http404
from django.utils.translation import gettext_lazy as _

from agents.services.keep_paper import kind_of_evidence
from agents.services.keep_staff import StaffRefused
from illico_platform.web.private_files import open_file


class PaperForm(forms.Form):
    """A form with a document."""

    evidence = forms.FileField(
        label=_("Pièce"),
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/jpeg,image/png"}),
        help_text=_("PDF, JPEG ou PNG, 10 Mo au plus. Seuls les membres de votre entreprise peuvent la lire."),
    )

    def clean_evidence(self) -> Any:
        evidence = self.cleaned_data["evidence"]
        try:
            kind_of_evidence(evidence)
        except StaffRefused as refused:
            raise forms.ValidationError(str(refused)) from refused
        return evidence


def paper_of(file: str, *, name: str) -> FileResponse:
    """A kept document as a download: it never opens inside our pages."""
    try:
        paper = open_file(file)
    except FileNotFoundError:
        raise Http404 from None
    media, extension = kind_of_evidence(paper)
    answer = FileResponse(paper, as_attachment=True, filename=f"{name}.{extension}", content_type=media)
    answer["Cache-Control"] = "private, no-store"
    return answer
