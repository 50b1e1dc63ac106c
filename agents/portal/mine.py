"""What an agent does and reads for themselves: sign in to work and out, and everything that is kept about them."""

from datetime import datetime
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.mfa.webauthn.internal.auth import get_credentials
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from agents.models import Agent
from agents.selectors_evidence import Workplace, workplaces_of
from agents.selectors_mine import agent_of, at_work, kept_about
from agents.services.check_in import answer_check, check_in, check_out
from agents.services.keep_staff import StaffRefused
from agents.services.locate import network_of
from agents.services.sign_check_in import ask_to_sign, signed_by_passkey
from illico_platform.lib.periods import paris_day
from numbers.access.pages import CompanyPage, CompanyTemplatePage

_ASKED = "check-in.asked"  # where the session remembers what a passkey was asked to sign


class _OfCheckIn(CompanyPage):
    """What is read before the wall goes up: behind it nobody sees the keys of the hashes, nor people's passkeys."""

    place = "my_day"
    http_method_names = ["post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST" and request.user.is_authenticated:
            day = paris_day(timezone.now())
            self.network = network_of(get_adapter().get_client_ip(request), day=day)
            self.keys = get_credentials(request.user)
        return super().dispatch(request, *args, **kwargs)

    def agent(self) -> Agent:
        """The person's own row in this company."""
        found = agent_of(company_id=self.company.pk, user_id=self.request.user.pk)
        if found is None:
            raise Http404
        return found

    def workplace(self, agent: Agent, now: datetime) -> Workplace:
        """The place that was chosen.

        Raises:
            StaffRefused: nothing proves it.
        """
        chosen = self.request.POST.get("workplace")
        found = next((each for each in workplaces_of(agent=agent, now=now) if each.key == chosen), None)
        if found is None:
            raise StaffRefused("workplace", _("Choisissez un lieu de travail qui est prouvé."))
        return found


class SignPage(_OfCheckIn):
    """What the person's passkey is to sign for the place they chose."""

    def post(self, request: HttpRequest) -> JsonResponse:
        now = timezone.now()
        try:
            agent = self.agent()
            place = self.workplace(agent, now)
        except StaffRefused as refused:
            return JsonResponse({"fault": str(refused)}, status=422)
        options, asked = ask_to_sign(keys=self.keys, agent=agent, workplace=place.key, now=now)
        request.session[_ASKED] = asked
        return JsonResponse(options)


class CheckInPage(_OfCheckIn):
    """Sign in, answer that one is there, sign out: what the button says; then back to the day."""

    def post(self, request: HttpRequest) -> HttpResponse:
        agent = self.agent()
        try:
            messages.success(request, self._do(agent, request.POST.get("do", "")))
        except StaffRefused as refused:
            messages.error(request, str(refused))
        return redirect("portal:my_day", siren=self.company.siren)

    def _do(self, agent: Agent, what: str) -> str:
        now = timezone.now()
        if what == "out":
            check_out(agent=agent, now=now)
            return _("Sortie signée.")
        if what == "here":
            question = at_work(agent=agent, now=now).question
            if question is not None:
                answer_check(check=question, now=now)
            return _("Merci, c’est noté.")
        workplace = self.workplace(agent, now)
        assertion = self._assertion(agent, workplace, now)
        check_in(agent=agent, workplace=workplace, network=self.network, assertion=assertion, now=now)
        return _("Arrivée signée par votre clé d’accès.") if assertion else _("Arrivée signée.")

    def _assertion(self, agent: Agent, workplace: Workplace, now: datetime) -> dict[str, str] | None:
        """What the passkey signed, when it was asked to; a question is answered once."""
        asked = self.request.session.pop(_ASKED, None)
        answer = self.request.POST.get("assertion", "")
        if not answer:
            return None
        return signed_by_passkey(
            keys=self.keys, asked=asked, answer=answer, agent=agent, workplace=workplace.key, now=now
        )


class MyFilePage(CompanyTemplatePage):
    """Everything that is kept about the person, in words."""

    place = "my_file"
    template_name = "portal/my_file.html"

    @cached_property
    def agent(self) -> Agent | None:
        return agent_of(company_id=self.company.pk, user_id=self.request.user.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kept = kept_about(agent=self.agent, now=timezone.now()) if self.agent else {}
        return super().get_context_data(**kwargs) | kept
