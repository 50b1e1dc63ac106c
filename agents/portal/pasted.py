"""Forms that take a pasted list: the good lines go in, the others stay in the field with what is wrong."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agents.rules.pasted import RefusedLine
from illico_platform.web.words import said

MOST_AT_ONCE = 500


def lines_field(*, label: Any, help_text: Any, required: Any, rows: int) -> forms.CharField:
    """The field of the list."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows, "spellcheck": "false"}),
        error_messages={"required": required},
    )


class PastedForm(forms.Form):
    """A form whose field ``lines`` is a list."""

    def clean_lines(self) -> str:
        lines = str(self.cleaned_data["lines"])
        if len(lines.splitlines()) > MOST_AT_ONCE:
            raise forms.ValidationError(
                _("Une liste compte %(most)s lignes au plus : donnez la suite ensuite."), params={"most": MOST_AT_ONCE}
            )
        return lines


def what_is_left(refused: Sequence[RefusedLine]) -> tuple[str, list[str]]:
    """The text of the refused lines, for the field, and the sentence of each, in their order."""
    ordered = sorted(refused, key=lambda each: each.line)
    return "\n".join(each.text for each in ordered), [said(each.sentence) for each in ordered]
