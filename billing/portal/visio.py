"""The console of agents who sign, cue or write: who waits, answer, interpreter ready, talk, end."""

import json
import secrets
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views.decorators.cache import never_cache

from agents.models import Agent
from agents.selectors_mine import agent_of
from agents.services.answer_request import answer_request, channels_of_agent, name_of
from billing.public.room_state import answer_sign, summary_of, told_to, waiting
from billing.public.visio import passed_on
from illico_platform.lib.periods import paris_day
from illico_platform.web.devices import media_servers, uses_camera
from illico_platform.web.words import told
from numbers.access.pages import CompanyPage, CompanyTemplatePage
from numbers.models import Channel, ChannelRequest
from numbers.rules.channel_clock import Phase, Side, due_ending
from numbers.selectors_requests import talk_of, waiting_requests
from numbers.services.hold_request import RequestRefused, end, say_ready


class OwnRequests(CompanyPage):
    """What the console's pages share: the agent behind the account, and the conversations that are theirs."""

    place = "visio"

    @cached_property
    def agent(self) -> Agent | None:
        return agent_of(company_id=self.company.pk, user_id=self.request.user.pk)

    def own_request(self) -> ChannelRequest:
        """The conversation that the address names; another agent's is nobody's business."""
        name = name_of(self.agent) if self.agent else ""
        rows = ChannelRequest.objects.filter(company=self.company, pk=self.kwargs["pk"], agent_name=name)
        found = rows.exclude(agent_name="").select_related("number__company").first()
        if found is None:
            raise Http404
        return found


class ConsolePage(OwnRequests, CompanyTemplatePage):
    """Who waits for this agent's skills, longest first; who is talking goes on with that."""

    template_name = "portal/visio.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        talk = self.agent and talk_of(company_id=self.company.pk, agent_name=name_of(self.agent))
        if talk:
            return redirect("portal:visio_room", siren=self.company.siren, pk=talk.pk)
        return super().get(request, *args, **kwargs)

    def get_template_names(self) -> list[str]:
        return ["portal/visio/_waiting.html"] if self.request.headers.get("HX-Request") else [self.template_name]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now, agent = timezone.now(), self.agent
        channels = channels_of_agent(agent=agent, day=paris_day(now)) if agent else frozenset()
        rows = waiting_requests(company_id=self.company.pk, channels=channels)
        # Who fell silent is no longer offered; the worker ends it.
        there = [each for each in rows if due_ending(each.moments, now) is None]
        return super().get_context_data(**kwargs) | {
            "agent": agent,
            "channels": [Channel(each).label for each in sorted(channels)],
            "waiting": [waiting(each, now=now) for each in there],
        }


class AnswerPage(OwnRequests):
    """Take a waiting request; who comes second is told so."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        wanted = ChannelRequest.objects.filter(company=self.company, pk=pk).first()
        if self.agent is None or wanted is None:
            raise Http404
        try:
            answer_request(agent=self.agent, request_id=pk, channel=wanted.channel, now=timezone.now())
        except RequestRefused as refused:
            messages.error(request, told(refused))
            return redirect("portal:visio", siren=self.company.siren)
        return redirect("portal:visio_room", siren=self.company.siren, pk=pk)


@method_decorator([never_cache, uses_camera], name="dispatch")
class RoomPage(OwnRequests, CompanyTemplatePage):
    """One conversation of the agent's: while it lasts the room, afterwards what it came to."""

    def get_template_names(self) -> list[str]:
        return ["portal/visio_ended.html" if self.found.ended_at else "portal/visio_room.html"]

    @cached_property
    def found(self) -> ChannelRequest:
        return self.own_request()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        context = super().get_context_data(**kwargs) | {"found": self.found, "side": Side.AGENT.value}
        if self.found.ended_at is not None:
            return context | summary_of(self.found, now=now)
        state = told_to(Side.AGENT, self.found, now=now)
        return context | {
            "told": state,
            "is_ready": state.phase == Phase.TALKING,
            "servers": json.dumps(media_servers(now)),
            "seat": secrets.token_hex(8),
            "has_video": self.found.channel != Channel.TEXT,
        }


class SignPage(OwnRequests):
    """The agent's page is there, and asks what there is to know."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        return JsonResponse(answer_sign(request, self.own_request(), Side.AGENT, now=timezone.now()))


class SayPage(OwnRequests):
    """A word of the agent's page to the caller's."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        return passed_on(request, self.own_request(), Side.AGENT)


class ReadyPage(OwnRequests):
    """The interpreter or the relay is set up: from here on the talk is charged."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = self.own_request()
        say_ready(request_id=found.pk, company_id=self.company.pk, agent_name=found.agent_name, now=timezone.now())
        return redirect("portal:visio_room", siren=self.company.siren, pk=pk)


class EndPage(OwnRequests):
    """The agent ends the conversation."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        end(request_id=self.own_request().pk, side=Side.AGENT, now=timezone.now())
        return redirect("portal:visio_room", siren=self.company.siren, pk=pk)
