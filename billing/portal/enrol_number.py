"""The number of a file: searched in the operator's blocks and reserved, or brought from another operator."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from billing.rules.enrolment_check import Step, highest_price, warnings_of
from billing.selectors_enrolment import step_answers
from illico_platform.lib.errors import IllicoError
from illico_platform.lib.periods import paris_day
from illico_platform.web.words import said, told
from numbers.access.pages import CompanyTemplatePage
from numbers.models import PortRequest
from numbers.rules.eligibility_choices import KINDS
from numbers.rules.plan import display
from numbers.rules.rio import row_on
from numbers.selectors_enrolment import reservation_of, search_numbers
from numbers.services.keep_enrolment import bring_number, choose_number

from .enrol import STEPS, FilePage
from .enrol_forms import PortForm, SearchForm

FAMILIES = {key: family for key, family, _payer in KINDS}


class NumberStep(FilePage, CompanyTemplatePage):
    """Search and reserve, or bring; each choice is saved as it is made."""

    step = Step.NUMBER
    template_name = "portal/enrol/number.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.file.is_open:
            return redirect(self.address("enrol_check"))
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """« Réserver » names digits; « Apporter » a written number; anything else goes on."""
        if "digits" in request.POST:
            return self._reserve(request.POST["digits"])
        if "bring" in request.POST:
            return self._bring()
        if not self.file.digits:
            refusal = _("Choisissez un numéro dans la liste, ou apportez le vôtre.")
            return self.render_to_response(self.get_context_data(refusal=refusal), status=422)
        return redirect(self.address("enrol_step", step=STEPS[STEPS.index(self.step) + 1].value))

    def _reserve(self, digits: str) -> HttpResponse:
        try:
            choose_number(enrolment=self.file, step=self.step.value, digits=digits, by=self.request.user, now=self.now)
        except IllicoError as refusal:
            return self.render_to_response(self.get_context_data(refusal=told(refusal)), status=422)
        messages.success(self.request, _("Le %(number)s vous est réservé 48 heures.") % {"number": display(digits)})
        return redirect(self.address("enrol_step", step=self.step.value))

    def _bring(self) -> HttpResponse:
        form = PortForm(self.request.POST)
        if form.is_valid():
            try:
                bring_number(
                    enrolment=self.file, step=self.step.value, by=self.request.user, now=self.now, **form.cleaned_data
                )
            except IllicoError as refusal:
                form.add_error("written", told(refusal))
            else:
                return redirect(self.address("enrol_step", step=self.step.value))
        return self.render_to_response(self.get_context_data(port_form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        search = SearchForm(self.request.GET if "q" in self.request.GET else {"easy": "on"})
        wanted = search.cleaned_data if search.is_valid() else {"q": "", "easy": True}
        family = FAMILIES.get(self.judged.choice)
        port = PortRequest.objects.filter(enrolment=self.file).first()
        digits = self.file.digits
        return super().get_context_data(**kwargs) | {
            "search": search,
            "found": self._found(family.value, wanted) if family else [],
            "family_known": family is not None,
            "chosen": display(digits) if digits else "",
            "reservation": reservation_of(digits, company=self.company, now=self.now) if digits else None,
            "port": port,
            "rio_source": said(known.source) if (known := row_on(paris_day(self.now))) else "",
            "port_form": kwargs.get("port_form") or PortForm(initial=_port_initial(port)),
            "refusal": kwargs.get("refusal", ""),
            "to_review": self.told(
                [each for each in [*self.faults, *warnings_of(self.judged)] if each.step is self.step]
            )
            if step_answers(self.file, self.step)
            else [],
        }

    def _found(self, family: str, wanted: dict[str, Any]) -> list[dict[str, Any]]:
        """The free numbers, block by block, with the highest price that each block allows."""
        found = search_numbers(
            family=family, holding=wanted["q"], easy=wanted["easy"], company=self.company, now=self.now
        )
        return [
            {
                "block": str(block),
                "highest": highest_price(replace(self.judged, digits=numbers[0], block_micros=block.ceiling_micros)),
                "numbers": [{"digits": each, "shown": display(each)} for each in numbers],
            }
            for block, numbers in found
        ]


def _port_initial(port: PortRequest | None) -> dict[str, str]:
    return {"written": display(port.digits), "rio": port.rio} if port else {}
