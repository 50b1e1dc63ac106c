"""An invitation seen by who received it: what it is, and the way in."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

from numbers.services.invite import InvitationClosed, WrongAddress, accept, find_open, owns_address

from .accounts import INVITED_TO


@method_decorator(never_cache, name="dispatch")
class InvitationPage(TemplateView):
    """The link of the mail. A stranger signs in or up first and comes back; the invited person accepts."""

    template_name = "portal/invitation.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            invitation = find_open(token=self.kwargs["token"], now=timezone.now())
        except InvitationClosed as refusal:
            return self.render_to_response({"refusal": str(refusal)}, status=410)
        user = request.user
        if user.is_authenticated:
            request.session[INVITED_TO] = request.path  # an address added for it leads back here
        query = urlencode({"next": request.path, "email": invitation.email})
        return self.render_to_response(
            {
                "invitation": invitation,
                "is_theirs": user.is_authenticated and owns_address(user=user, email=invitation.email),
                "login": f"{reverse('account_login')}?{query}",
                "signup": f"{reverse('account_signup')}?{query}",
            }
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect(f"{reverse('account_login')}?{urlencode({'next': request.path})}")
        try:
            membership = accept(token=self.kwargs["token"], by=request.user, now=timezone.now())
        except InvitationClosed as refusal:
            return self.render_to_response({"refusal": str(refusal)}, status=410)
        except WrongAddress as refusal:
            return self.render_to_response({"refusal": str(refusal)}, status=403)
        request.session.pop(INVITED_TO, None)
        messages.success(request, _("Vous faites partie de l’équipe de %(name)s.") % {"name": membership.company.name})
        return redirect("portal_entry")
