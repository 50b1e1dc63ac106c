"""A person's own page: name, language, colours, and all that is stored about them."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import UpdateView
from django.views.generic.base import View

from numbers.models import User
from numbers.selectors_team import stored_about


class NameForm(forms.ModelForm):
    """How others see the person."""

    class Meta:
        model = User
        fields = ["first_name", "last_name"]
        labels = {"first_name": gettext_lazy("Prénom"), "last_name": gettext_lazy("Nom")}


class PersonPage(LoginRequiredMixin, UpdateView):
    """Profile and data."""

    template_name = "account/person.html"
    form_class = NameForm

    def get_object(self, queryset: Any = None) -> Any:
        return self.request.user

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"stored": stored_about(self.request.user)}

    def form_valid(self, form: Any) -> HttpResponse:
        form.save()
        messages.success(self.request, _("C’est enregistré."))
        return redirect("person")


class MyDataDownload(LoginRequiredMixin, View):
    """What is stored about the person, as a file."""

    def get(self, request: HttpRequest) -> HttpResponse:
        response = JsonResponse(stored_about(request.user), json_dumps_params={"ensure_ascii": False, "indent": 2})
        response["Content-Disposition"] = 'attachment; filename="mes-donnees-illico.json"'
        return response
