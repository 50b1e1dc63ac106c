"""What an agent does and reads for themselves: sign in to work and out, and everything that is kept about them."""

import hashlib
import json
import time
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from agents.models import Agent, CheckIn
from agents.selectors_evidence import workplaces_of
from agents.selectors_mine import agent_of, at_work, kept_about
from agents.services.check_in import answer_check, check_in, check_out
from agents.services.keep_staff import StaffRefused
from agents.services.locate import network_of
from illico_platform.lib.periods import paris_day
from numbers.access.pages import CompanyPage, CompanyTemplatePage

SIGNED_WITHIN_S = 300  # how long ago a passkey may have been used to sign a check-in


class CheckInPage(CompanyPage):
    """Sign in, answer that one is there, sign out: what the button says; then back to the day."""

    place = "my_day"
    http_method_names = ["post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST" and request.user.is_authenticated:
            # Before the wall goes up: behind it nobody reads the keys of the hashes.
            day = paris_day(timezone.now())
            self.network = network_of(get_adapter().get_client_ip(request), day=day)
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        agent = agent_of(company_id=self.company.pk, user_id=request.user.pk)
        if agent is None:
            raise Http404
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
        chosen = self.request.POST.get("workplace")
        workplace = next((each for each in workplaces_of(agent=agent, now=now) if each.key == chosen), None)
        if workplace is None:
            raise StaffRefused("workplace", _("Choisissez un lieu de travail qui est prouvé."))
        signature, digest = self._signature()
        check_in(
            agent=agent, workplace=workplace, network=self.network, signature=signature, signed_sha256=digest, now=now
        )
        return _("Arrivée signée.")

    def _signature(self) -> tuple[str, str]:
        """By a passkey that was used just now, else by the open session; what was signed is kept as a hash."""
        for record in reversed(get_authentication_records(self.request, self.request.user)):
            is_fresh = time.time() - record.get("at", 0) < SIGNED_WITHIN_S
            if is_fresh and record.get("type") == "webauthn":
                text = json.dumps(record, sort_keys=True, default=str)
                return CheckIn.Signature.PASSKEY, hashlib.sha256(text.encode()).hexdigest()
        return CheckIn.Signature.SESSION, ""


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
