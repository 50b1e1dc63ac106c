"""A page that asks for what an action needs, calls one service, and says in words why it was refused."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django import forms
from django.contrib.admin import ModelAdmin
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from illico_platform.lib.errors import IllicoError

_WIDGETS: dict[type[forms.Field], type[forms.Widget]] = {
    forms.ChoiceField: UnfoldAdminSelectWidget,
    forms.ModelChoiceField: UnfoldAdminSelectWidget,
    forms.CharField: UnfoldAdminTextInputWidget,
}


class FilePicker(forms.ClearableFileInput):
    """A plain file input: the browser's own, which everybody knows."""

    template_name = "django/forms/widgets/file.html"


class ActionForm(forms.Form):
    """A form whose plain fields look like the rest of the admin."""

    required_css_class = "required"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, item in self.fields.items():
            widget = _WIDGETS.get(type(item))
            if isinstance(item.widget, forms.Textarea):
                item.widget = UnfoldAdminTextareaWidget(attrs={"rows": 3})
            elif widget is not None and not item.widget.is_hidden:
                choices = getattr(item.widget, "choices", None)
                item.widget = widget()
                if choices is not None:
                    item.widget.choices = choices
            if item.help_text:
                item.widget.attrs["aria-describedby"] = f"id_{name}_help"


@dataclass
class ActionPage:
    """One action's page.

    Args:
        title: its h1; intro: what will happen, in one or two sentences; submit: the verb on the button.
        form: class of the form; initial: what it starts with; subjects: what the action is about, one line each.
        run: takes the cleaned data, calls the service, returns the page to go to or the answer itself; an
            ``IllicoError`` that it raises is shown on the form, and nothing typed is lost.
    """

    title: str
    intro: str
    submit: str
    form: type[forms.Form]
    run: Callable[[dict[str, Any]], str | HttpResponse]
    initial: dict[str, Any] = field(default_factory=dict)
    subjects: list[Any] = field(default_factory=list)

    def respond(self, model_admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
        """The page, or the way on when the action was done."""
        if request.method == "POST":
            form = self.form(request.POST, request.FILES, initial=self.initial)
            if form.is_valid():
                try:
                    done = self.run(form.cleaned_data)
                    return HttpResponseRedirect(done) if isinstance(done, str) else done
                except IllicoError as error:
                    form.add_error(None, str(error))
        else:
            form = self.form(initial=self.initial)
        context = {
            **model_admin.admin_site.each_context(request),
            "model_admin": model_admin,
            "title": self.title,
            "page": self,
            "form": form,
            "media": form.media,
        }
        return TemplateResponse(request, "admin/action.html", context, status=422 if form.errors else 200)


@contextmanager
def stored(upload: UploadedFile) -> Iterator[Path]:
    """An uploaded file on disk for as long as a service reads it; removed afterwards."""
    with tempfile.NamedTemporaryFile(suffix=Path(upload.name or "").suffix) as file:
        for chunk in upload.chunks():
            file.write(chunk)
        file.flush()
        yield Path(file.name)
