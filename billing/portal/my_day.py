"""An agent's own day, made for a phone: at work or not, what was answered, what it earned for wages, what ends soon."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agents.models.verdict import VerdictKind
from agents.selectors_evidence import policy_on
from agents.selectors_mine import agent_of, at_work
from agents.selectors_renewals import renewals
from agents.selectors_roster import next_shifts
from billing.selectors_mine import my_day
from billing.services.dispute import dispute
from illico_platform.lib.periods import paris_day
from numbers.access.pages import CompanyFormPage, CompanyTemplatePage

_LABELS = dict(VerdictKind.choices)


class MyDayPage(CompanyTemplatePage):
    """The page that an agent opens at the start of work."""

    place = "my_day"
    template_name = "portal/my_day.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context, now = super().get_context_data(**kwargs), timezone.now()
        agent = agent_of(company_id=self.company.pk, user_id=self.request.user.pk)
        if agent is None:
            return context | {"agent": None}
        day = my_day(agent=agent, day=paris_day(now))
        return context | {
            "agent": agent,
            "at_work": at_work(agent=agent, now=now),
            "my_day": day,
            "shifts": next_shifts(agent=agent, now=now),
            "rows": [(each, _LABELS[each.verdict.verdict]) for each in day.calls],
            "renewals": renewals(company_id=self.company.pk, agent_id=agent.pk, now=now),
            "needs_passkey": policy_on(day.day).needs_passkey,
            "has_passkey": self.request.user.authenticator_set.filter(type="webauthn").exists(),
        }


class DisputeForm(forms.Form):
    """What the agent contests, in their words."""

    text = forms.CharField(
        label=gettext_lazy("Ce qui ne va pas"),
        max_length=1_000,
        help_text=gettext_lazy(
            "Un appel qui n’est pas compté, des heures, un bulletin : dites le jour et ce que vous avez vu."
        ),
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class DisputePage(CompanyFormPage):
    """Contest something: it becomes a finding that the company must answer."""

    place = "my_day"
    form_class = DisputeForm
    template_name = "portal/agent_form.html"

    def form_valid(self, form: DisputeForm) -> HttpResponse:
        agent = agent_of(company_id=self.company.pk, user_id=self.request.user.pk)
        if agent is None:
            raise Http404
        dispute(agent=agent, text=form.cleaned_data["text"], now=timezone.now())
        messages.success(self.request, _("Votre contestation est transmise à votre entreprise."))
        return redirect("portal:my_day", siren=self.company.siren)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "title": _("Contester"),
            "intro": _("Votre entreprise et l’exploitant lisent votre message, et gardent ce qui en a été fait."),
            "submit": _("Transmettre"),
            "whose": _("Ma journée"),
            "back": reverse("portal:my_day", kwargs={"siren": self.company.siren}),
        }
